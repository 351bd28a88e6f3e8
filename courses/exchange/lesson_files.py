"""A file of lessons that somebody brings, judged by its bytes and read: Word or Markdown, and nothing else."""

from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from core import uploads
from courses.exchange.documents import Picture, Reading, from_markdown, from_word

WORD = (".docx",)
MARKDOWN = (".md", ".markdown")


def read_file(file: File, name: str, find: Callable[[str], bytes | None] = lambda source: None) -> Reading:
    """The lessons of a file. `find` gives the pictures of a Markdown file by their addresses; Word brings its own.

    Pictures are judged as uploads are and painted anew; those that are refused are left out, with a note. Raises
    uploads.Refused for a file that is no such file, or that holds no lesson.
    """
    path = PurePosixPath(name)
    if path.suffix.lower() in WORD:
        reading = _word(uploads.cleaned(file, name), path.stem)
    elif path.suffix.lower() in MARKDOWN:
        # What is not shown to readers as a file needs no kind of its own: for its bytes it is plain text.
        text = uploads.cleaned(file, f"{path.stem}.txt").read().decode("utf-8-sig")
        reading = from_markdown(text, title=path.stem, find=lambda source: find(unquote(source)))
    else:
        raise uploads.Refused(_("Only Word (.docx) and Markdown (.md) files are read."))
    if not reading.lessons:
        raise uploads.Refused(_("The file holds no words."))
    for lesson in reading.lessons:
        lesson.blocks = [(kind, value) for kind, value in lesson.blocks if _may_stay(value, reading)]
    return reading


def _word(file: File, title: str) -> Reading:
    try:
        return from_word(file, title=title)
    except Exception as problem:
        # A damaged document meets the reader with whatever its parsers raise: KeyError, ExpatError, zlib.error …
        raise uploads.Refused(_("The file cannot be read. Open it in Word and save it anew.")) from problem


def _may_stay(value, reading: Reading) -> bool:
    """Whether a block's value can be kept. A picture's bytes become what is kept of it."""
    if not isinstance(value, Picture):
        return True
    try:
        value.data = uploads.cleaned(ContentFile(value.data, name=value.name), value.name).read()
    except uploads.Refused as problem:
        reading.notes.append(
            _("The picture “%(name)s” was not taken. %(problem)s") % {"name": value.name, "problem": problem}
        )
        return False
    return True
