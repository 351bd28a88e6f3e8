"""Text files from strangers: their encoding, and no more of them than a bank can be. Pure."""

import codecs

from django.utils.translation import gettext_lazy as _

from quizzes.formats.neutral import Refused

LONGEST_LINE = 100_000


def decoded(data: bytes) -> str:
    """The text of a file, with `\\n` for each line's end. Raises Refused where its encoding cannot be sure."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Refused(
            _("Line %(line)d holds letters in an encoding we cannot be sure of. Save the file as UTF-8."),
            line=data.count(b"\n", 0, problem.start) + 1,
        ) from problem
    if "\0" in text:
        raise Refused(_("This is no text file."))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(len(line) > LONGEST_LINE for line in text.split("\n")):
        raise Refused(_("A line of it is longer than any question."))
    return text
