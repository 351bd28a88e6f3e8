"""How an entry of the record log becomes bytes, and the bytes a hash. Pure: no database, no clock, no settings.

An auditor can write this again in any language from this page alone. It is final: nothing that has been hashed can
be hashed again, so a change of any rule below is a new `ENCODING_VERSION` beside this one, never in place of it.


Atoms
-----

Every hash is SHA-256 over a *frame*: the concatenation of *fields*, the first of which is a domain separator, so
that bytes hashed for one purpose can never be taken for those of another. A field is

    0x00                                             for a value that is absent (null), or
    0x01 ‖ length, 4 bytes, big-endian ‖ the bytes   for a value that is there.

The number and order of fields is fixed for each domain separator. Two different lists of values therefore never
give the same bytes, whatever the values hold: no separator can be forged inside a value.

Values become bytes so:

    text       UTF-8, as it stands, without normalisation
    integer    decimal ASCII, no leading zeros, no plus sign
    UUID       the 36 characters of the usual form, lower case, with hyphens, ASCII
    instant    ASCII `YYYY-MM-DDTHH:MM:SS.ffffffZ`, UTC, always six digits of fraction
    hash       the 64 hexadecimal digits, lower case, ASCII
    salt       the 32 raw bytes (stored and exported as 64 hexadecimal digits)

Hashes are written as 64 lower-case hexadecimal digits wherever they are stored.


Commitment to the facts (version 1)
-----------------------------------

The entry does not hold the facts, only a commitment to them; the salt and the facts stand in a detail of their own,
which can be erased while the chain stays whole. Without the salt, 32 random bytes, facts cannot be guessed from it.

    commitment = SHA-256( "plumbline/record-facts/1", salt, canonical JSON of the facts )

Canonical JSON is RFC 8785 (JSON Canonicalization Scheme) over a subset on which every database and every language
agree: null, true, false, integers from -(2**53 - 1) to 2**53 - 1, strings without U+0000 and without lone
surrogates, arrays, and objects. There are no fractions: write 12.5 hours as 750 minutes or as the text "12.5".
Object keys are sorted by their UTF-16 code units; there is no white space; strings escape only `"`, `\\` and the
control characters below U+0020 (`\\b \\t \\n \\f \\r`, others as `\\u00xx` in lower case); the result is UTF-8.
The facts are an object, and its member `shape` is the version of its shape, an integer.


The entry's hash (version 1)
----------------------------

    entry_hash = SHA-256( "plumbline/record-entry/1",
                          encoding_version   integer, 1
                          sequence           integer, from 1 without gaps
                          uuid               UUID of the entry
                          recorded_at        instant
                          kind               text, such as quizzes.grade.given
                          actor              UUID of the account that acted, absent for the system itself
                          administration     UUID, absent for what concerns the whole installation
                          subject_type       text, such as quizzes.grade
                          subject            UUID of the row the entry is about
                          commitment         hash
                          previous_hash      hash )

`previous_hash` of entry 1 is `GENESIS_HASH` = SHA-256( "plumbline/record-log/1" ): a frame of that one field.

Each entry has a detail, unless a later entry of kind `oversight.detail.erased` and subject type
`oversight.recordentry` has the entry's `uuid` as its subject: then its detail is gone, and must be.


The head's signature (version 1)
--------------------------------

A signed head says: at this instant the log reached this far. It is an Ed25519 signature (RFC 8032) over the frame
itself, not over its hash:

    "plumbline/record-head/1", sequence (integer), entry_hash (hash), signed_at (instant)
"""

import datetime
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

ENCODING_VERSION = 1

LOG_DOMAIN = "plumbline/record-log/1"
ENTRY_DOMAIN = "plumbline/record-entry/1"
FACTS_DOMAIN = "plumbline/record-facts/1"
HEAD_DOMAIN = "plumbline/record-head/1"

# The kind of entry that lets a detail be deleted, and the type of its subject.
DETAIL_ERASED = "oversight.detail.erased"
ENTRY_TYPE = "oversight.recordentry"

LARGEST_INTEGER = 2**53 - 1
SALT_BYTES = 32

_HASH = re.compile(r"[0-9a-f]{64}")


class UnknownVersion(ValueError):
    """The entry was written by rules this program does not know; it cannot be checked, which is not a pass."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The fields of an entry that are hashed, and the hash that is claimed for them."""

    sequence: int
    uuid: UUID
    recorded_at: datetime.datetime
    kind: str
    actor: UUID | None
    administration: UUID | None
    subject_type: str
    subject: UUID
    commitment: str
    previous_hash: str
    entry_hash: str = ""
    encoding_version: int = ENCODING_VERSION


def field(value: bytes | None) -> bytes:
    """One field of a frame: absent, or its length and itself."""
    if value is None:
        return b"\x00"
    return b"\x01" + len(value).to_bytes(4, "big") + value


def frame(domain: str, *values: bytes | None) -> bytes:
    """The unambiguous bytes of a list of values under a domain separator."""
    return field(domain.encode("ascii")) + b"".join(field(value) for value in values)


def instant_text(instant: datetime.datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ` of an aware instant. A naive one is an error: it names no moment."""
    if instant.tzinfo is None:
        raise ValueError("An instant in the record log needs a time zone.")
    utc = instant.astimezone(datetime.UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds") + "Z"


def instant_of(text: str) -> datetime.datetime:
    """The instant that `instant_text` wrote. Any other spelling of the same moment is refused."""
    instant = datetime.datetime.fromisoformat(text)
    if instant_text(instant) != text:
        raise ValueError(f"“{text}” is not an instant as the record log writes it.")
    return instant


def canonical_json(facts: Any) -> bytes:
    """Canonical JSON as described above.

    Raises TypeError for a value that JSON or the subset does not know (a fraction, a UUID, a date: the caller turns
    them into text) and ValueError for a number or a string outside the subset, each naming where it stands.
    """
    return json.dumps(_ordered(facts, "facts"), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def with_shape(facts: dict) -> dict:
    """The facts with the version of their shape: 1 unless they name another."""
    return facts if "shape" in facts else {"shape": 1, **facts}


def commitment(salt: bytes, facts: dict) -> str:
    """The commitment to facts under a salt of 32 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} bytes.")
    return hashlib.sha256(frame(FACTS_DOMAIN, salt, canonical_json(facts))).hexdigest()


def entry_bytes(entry: Entry) -> bytes:
    """The frame whose SHA-256 is the entry's hash; `entry.entry_hash` is not part of it.

    Raises UnknownVersion for an entry of another encoding, ValueError for a hash that is not 64 lower-case digits.
    """
    if entry.encoding_version != ENCODING_VERSION:
        raise UnknownVersion(f"This program does not know encoding {entry.encoding_version}.")
    return frame(
        ENTRY_DOMAIN,
        _integer(entry.encoding_version),
        _integer(entry.sequence),
        _uuid(entry.uuid),
        instant_text(entry.recorded_at).encode("ascii"),
        entry.kind.encode(),
        None if entry.actor is None else _uuid(entry.actor),
        None if entry.administration is None else _uuid(entry.administration),
        entry.subject_type.encode(),
        _uuid(entry.subject),
        _hash(entry.commitment),
        _hash(entry.previous_hash),
    )


def entry_hash(entry: Entry) -> str:
    return hashlib.sha256(entry_bytes(entry)).hexdigest()


def head_bytes(sequence: int, hash_of_entry: str, signed_at: datetime.datetime) -> bytes:
    """What the signature of a head signs."""
    return frame(HEAD_DOMAIN, _integer(sequence), _hash(hash_of_entry), instant_text(signed_at).encode("ascii"))


def _integer(value: int) -> bytes:
    return b"%d" % value


def _uuid(value: UUID) -> bytes:
    return str(value).encode("ascii")


def _hash(value: str) -> bytes:
    if not _HASH.fullmatch(value):
        raise ValueError("A hash is 64 lower-case hexadecimal digits.")
    return value.encode("ascii")


def _ordered(value: Any, path: str) -> Any:
    """The value with every object's members in canonical order, after checking that all of it is in the subset.

    Booleans are asked for first, because to `isinstance` they are integers. Members of an enumeration that are text
    or integers count as what they hold, not as what they print.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"{path} is an integer beyond 2**53 - 1; write it as text.")
        return int(value)
    if isinstance(value, list | tuple):
        return [_ordered(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError(f"{path} has a key that is not text.")
        keys = sorted(value, key=_utf16)
        return {_text(key, f"{path}.{key}"): _ordered(value[key], f"{path}.{key}") for key in keys}
    raise TypeError(
        f"{path} is of type {type(value).__name__}; facts are text, integers, booleans, null, lists, objects."
    )


def _text(value: str, path: str) -> str:
    if "\x00" in value:
        raise ValueError(f"{path} holds the character U+0000, which PostgreSQL cannot keep.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{path} holds half a surrogate pair, which is not text.") from error
    return str.__str__(value)


def _utf16(key: str) -> bytes:
    # surrogatepass, because the half pair is reported with its place by `_text`.
    return key.encode("utf-16-be", "surrogatepass")


GENESIS_HASH = hashlib.sha256(frame(LOG_DOMAIN)).hexdigest()
