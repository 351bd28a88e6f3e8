"""A stored file as the answer to a request, whole or the part that is asked for, so that a film can be wound."""

import re

from django.core.files.storage import Storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def file_answer(
    request: HttpRequest, storage: Storage, name: str, *, content_type: str, cache_control: str
) -> HttpResponseBase:
    """The file, or the part that the request's `Range` names. Raises FileNotFoundError where there is none."""
    size = storage.size(name)
    asked = _part(request.headers.get("Range", ""), size)
    if asked is not None and asked.start >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = asked if asked is not None else range(size)
    file = storage.open(name)
    file.seek(part.start)
    response = FileResponse(_Portion(file, len(part)), content_type=content_type)
    response.headers["Content-Length"] = str(len(part))
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = cache_control
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
