"""The code of a certificate's public page: unguessable, and made to be typed from paper. Pure, but for chance.

28 characters of an alphabet of 32 are 140 bits. It has no letters that are mistaken for digits or for each other
(i, l, o, u), and small and capital letters are the same, so that a code can be read out over the telephone.
"""

import re
import secrets
from urllib.parse import urlsplit

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 28
GROUP = 4

_MISTAKEN = str.maketrans({"o": "0", "i": "1", "l": "1"})
_BETWEEN = re.compile(r"[\s\-‐‑–—_.]+")
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new() -> str:
    """A code that nobody can guess and no other certificate has."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """The code as it is written on paper and in addresses: in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(written: str) -> str | None:
    """The code that a person means, from what they typed or pasted, a whole address included; None if it is none.

    A serial number is none: it is for people to name a certificate by, and everyone can guess the next.
    """
    written = written.strip()
    if "/" in written:
        written = urlsplit(written).path.rstrip("/").rpartition("/")[2]
    code = _BETWEEN.sub("", written).lower().translate(_MISTAKEN)
    return code if _CODE.fullmatch(code) else None
