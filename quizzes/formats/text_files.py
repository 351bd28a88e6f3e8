"""Text files from strangers: their encoding, and no more of them than a bank can be. Pure."""

import codecs
import re

from django.utils.translation import gettext_lazy as _

from quizzes.formats.neutral import Refused

LONGEST_LINE = 100_000
_LOOKED_AT = 100_000
# No encoding has these in a text: they are those of pictures, programs and documents.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NO_TEXT_FILE = _("This is no file of questions: it is neither text nor XML nor a zip archive.")


def decoded(data: bytes) -> str:
    """The text of a file, with `\\n` for each line's end. Raises Refused where its encoding cannot be sure."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        if _NO_TEXT.search(data, 0, _LOOKED_AT):
            raise Refused(_NO_TEXT_FILE) from problem
        raise Refused(
            _("Line %(line)d holds letters in an encoding we cannot be sure of. Save the file as UTF-8."),
            line=data.count(b"\n", 0, problem.start) + 1,
        ) from problem
    if "\0" in text:
        raise Refused(_NO_TEXT_FILE)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(len(line) > LONGEST_LINE for line in text.split("\n")):
        raise Refused(_("A line of it is longer than any question."))
    return text
