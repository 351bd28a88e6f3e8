"""The code that opens a sitting: shown on a wall, read out, typed on any keyboard. Pure: the secret is passed in.

Six signs of seventeen make some 24 million codes. None looks or sounds like another: no 0, O, 1, I or L; of B and 8,
G and 6, S and 5, Z and 2 the digit alone; of letters that rhyme (B, C, D, E, P, T, V; J, K; M, N) one at most. Without
A, E, I, O and U hardly a code is a word.

Nothing keeps a code: it follows from the sitting, the number of its code and the installation's secret. Whoever reads
the database, a backup or the log of a database learns none, and the invigilator's page can show it at any time.
"""

import hashlib
import hmac
import uuid

ALPHABET = "23456789FHKMRTWXY"
LENGTH = 6
GROUP = 3

# What other keyboards send where these signs are meant: digits of Arabic and Persian, Cyrillic letters of one shape.
_OTHER_KEYBOARDS = str.maketrans("٢٣٤٥٦٧٨٩۲۳۴۵۶۷۸۹КМТХНУ", "2345678923456789KMTXHY")
_BETWEEN = str.maketrans("", "", " \t\r\n\u00a0\u200e\u200f-‐‑‒–—_.·")


def code_of(secret: bytes, sitting: uuid.UUID, number: int) -> str:
    """The code with this number of a sitting, without the gap in its middle."""
    drawn = int.from_bytes(hmac.digest(secret, f"sitting {sitting} {number}".encode(), hashlib.sha256))
    code = ""
    for _place in range(LENGTH):
        drawn, sign = divmod(drawn, len(ALPHABET))
        code += ALPHABET[sign]
    return code


def groups_of(code: str) -> list[str]:
    """The code as it is shown: in two groups that an ear can hold."""
    return [code[start : start + GROUP] for start in range(0, len(code), GROUP)]


def read(written: str) -> str | None:
    """The code that somebody typed, however they wrote it; None for what cannot be one."""
    code = written.translate(_BETWEEN).upper().translate(_OTHER_KEYBOARDS)
    return code if len(code) == LENGTH and all(sign in ALPHABET for sign in code) else None


def are_the_same(typed: str, code: str) -> bool:
    """Compared in a time that does not depend on where they differ."""
    return hmac.compare_digest(typed, code)
