"""Pages that have no domain."""

import re

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import kept_files
from core.file_kinds import KINDS
from core.loopback import is_loopback
from core.models import OutgoingMail

LETTERS_SHOWN = 50
A_YEAR = 365 * 24 * 60 * 60

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


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
    size = default_storage.size(name)
    asked = _part(request.headers.get("Range", ""), size)
    if asked is not None and asked.start >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = asked if asked is not None else range(size)
    file = default_storage.open(name)
    file.seek(part.start)
    response = FileResponse(_Portion(file, len(part)), content_type=kind.content_type)
    response.headers["Content-Length"] = str(len(part))
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    if kind.family == "document":
        response.headers["Content-Disposition"] = "attachment"
    if asked is not None:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return response


def _part(header: str, size: int) -> range | None:
    """The bytes of a plain request for one part; None for anything else, which is answered with the whole."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-":
        return None
    if not found[1]:
        return range(max(size - int(found[2]), 0), size)
    end = min(int(found[2]) + 1, size) if found[2] else size
    return range(int(found[1]), end) if int(found[1]) < end or int(found[1]) >= size else None


class _Portion:
    """The next `length` bytes of an open file, as a file: FileResponse reads it in pieces and closes it."""

    def __init__(self, file, length):
        self._file, self._left = file, length

    def read(self, size=-1):
        taken = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(taken)
        return taken

    def close(self):
        self._file.close()
