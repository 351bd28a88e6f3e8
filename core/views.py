"""Pages that have no domain."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from core.loopback import is_loopback
from core.models import OutgoingMail

LETTERS_SHOWN = 50


@never_cache
def demonstration_mail(request):
    """The latest letters of the outbox, for trying the platform without a mail server.

    It shows other people's letters: only in a demonstration, and only on the machine it runs on.
    """
    if not settings.DEMONSTRATION or not is_loopback(request):
        raise Http404
    letters = OutgoingMail.objects.order_by("-written_at", "-pk")[:LETTERS_SHOWN]
    return render(request, "demo/mail.html", {"letters": letters})
