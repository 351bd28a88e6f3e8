"""The typefaces of the documents, as they lie on the disk. `font_making` makes them, this finds them.

Apart from the making, because its tools take seconds and memory to load, and a web process needs neither.
"""

import json
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FOLDER = settings.BASE_DIR / "build" / "fonts"
# Written last: says what the fonts were made from, and which code points they hold.
STAMP = FOLDER / "made-from.json"

FAMILY = "Plumbline Sans"
ARABIC_FAMILY = "Plumbline Sans Arabic"


class FontsMissing(RuntimeError):
    """The typefaces have not been made yet, or the web fonts are not there to make them from."""


def folder() -> Path:
    """Where the typefaces are; FontsMissing where they have not been made."""
    if not STAMP.exists():
        raise FontsMissing("The certificates' fonts have not been made yet. Run manage.py build_fonts.")
    return FOLDER


@lru_cache(maxsize=1)
def letters() -> frozenset[int]:
    """The code points that a document can show."""
    return frozenset(json.loads((folder() / STAMP.name).read_text())["letters"])


def writable(text: str) -> str | None:
    """The text in letters that the typefaces have; None where one is missing that nothing can stand for.

    A mark that the typefaces lack is left out, and its letter kept: ʿAlī becomes Alī. What only steers the direction
    or the joining of letters stays.
    """
    written = []
    for letter in unicodedata.normalize("NFC", " ".join(text.split())):
        if ord(letter) in letters() or unicodedata.category(letter) == "Cf":
            written.append(letter)
            continue
        parts = [part for part in unicodedata.normalize("NFKD", letter) if ord(part) in letters()]
        if not parts and unicodedata.category(letter) in ("Lu", "Ll", "Lt", "Lo", "Nd"):
            return None
        written.extend(parts)
    return "".join(written)


def can_write(text: str) -> bool:
    """Whether the typefaces have every letter that is needed; also true as long as there are no typefaces to ask."""
    try:
        return writable(text) is not None
    except FontsMissing:
        return True
