"""Pages that have no domain."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import kept_files
from core.file_answers import file_answer
from core.file_kinds import KINDS
from core.loopback import is_loopback
from core.models import OutgoingMail

LETTERS_SHOWN = 50
A_YEAR = 365 * 24 * 60 * 60


@never_cache
def demonstration_mail(request):
    """The latest letters of the outbox, for trying the platform without a mail server.

    It shows other people's letters: only in a demonstration, and only on the machine it runs on.
    """
    if not settings.DEMONSTRATION or not is_loopback(request):
        raise Http404
    letters = OutgoingMail.objects.order_by("-written_at", "-pk")[:LETTERS_SHOWN]
    return render(request, "demo/mail.html", {"letters": letters})


@require_safe
def kept_file(request, path):
    """A file that a release holds on to, whole or the part that is asked for, so that a film can be wound.

    Its name is its content, so it may be remembered for ever. Documents are handed over, never shown as a page.
    """
    name = f"{kept_files.FOLDER}/{path}"
    kind = KINDS.get(name.rpartition(".")[2])
    if kind is None or not default_storage.exists(name):
        raise Http404
    response = file_answer(
        request,
        default_storage,
        name,
        content_type=kind.content_type,
        cache_control=f"public, max-age={A_YEAR}, immutable",
    )
    if kind.family == "document":
        response.headers["Content-Disposition"] = "attachment"
    return response
