"""The record log as a file that an auditor can check without us, and the signature that pins how far it reached.

An export is JSON Lines in UTF-8, one object a line:

    {"format": "plumbline-records/1"}
    {"entry": {…}, "detail": {"salt": "…", "facts": {…}} }         one for each entry; detail null where erased
    {"head": {"sequence": …, "entry_hash": "…", "signed_at": "…", "signature": "…"}}

with each value spelled as `encoding.py` spells it. A head file holds the last line alone: it says nothing about
anybody, so it can be kept where the installation's owner cannot reach it, which is what makes it a proof.

Runs without a database and without Django:

    python -m oversight.export EXPORT PUBLIC_KEY
"""

import datetime
import json
import os
import sys
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from oversight import encoding
from oversight.verification import Chain, Detail, Finding, Findings, Head, verdict

FORMAT = "plumbline-records/1"


class ExportError(Exception):
    """The file or key cannot be used; the message says which and why."""


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a signing key in `path`, readable by its owner alone, and its public half beside it (`.pub.pem`).

    A key that stands already is read, never replaced: heads that it signed are out in the world.
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_key(path)
    with open(descriptor, "wb") as stream:
        stream.write(private)
    public_key_path(path).write_bytes(_public_pem(key.public_key()))
    return key


def public_key_path(path: Path) -> Path:
    return path.with_suffix(".pub.pem")


def read_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ExportError(f"The signing key {path} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ExportError(f"The signing key {path} is not an Ed25519 key.")
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ExportError(f"The public key {path} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise ExportError(f"The public key {path} is not an Ed25519 key.")
    return key


def sign_head(sequence: int, entry_hash: str, key: Ed25519PrivateKey, now: datetime.datetime) -> Head:
    signature = key.sign(encoding.head_bytes(sequence, entry_hash, now))
    return Head(sequence, entry_hash, now, signature.hex())


def is_signed_by(head: Head, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(bytes.fromhex(head.signature), encoding.head_bytes(head.sequence, head.entry_hash, head.signed_at))
    except (InvalidSignature, ValueError):
        return False
    return True


def write_export(
    stream: TextIO,
    log: Iterable[tuple[encoding.Entry, Detail | None]],
    key: Ed25519PrivateKey,
    now: datetime.datetime,
) -> Head:
    """Write the log, and the signed head of what was written. The log is not checked here: what is, is exported."""
    sequence, entry_hash = 0, encoding.GENESIS_HASH
    stream.write(_line({"format": FORMAT}))
    for entry, detail in log:
        stream.write(_line({"entry": _entry_values(entry), "detail": _detail_values(detail)}))
        sequence, entry_hash = entry.sequence, entry.entry_hash
    head = sign_head(sequence, entry_hash, key, now)
    write_head(stream, head)
    return head


def write_head(stream: TextIO, head: Head) -> None:
    values = {
        "sequence": head.sequence,
        "entry_hash": head.entry_hash,
        "signed_at": encoding.instant_text(head.signed_at),
        "signature": head.signature,
    }
    stream.write(_line({"head": values}))


def read_head(path: Path, key: Ed25519PublicKey) -> Head:
    """The head of a head file, or of a whole export. ExportError if there is none or `key` did not sign it."""
    last = None
    for _, values in _lines(path):
        last = values
    if last is None or "head" not in last:
        raise ExportError(f"{path} does not end with a signed head.")
    head = _head_of(path, last["head"])
    if not is_signed_by(head, key):
        raise ExportError(f"The head in {path} is not signed by this key.")
    return head


def verify_file(path: Path, key: Ed25519PublicKey, expected: Head | None = None) -> tuple[Chain, Head | None]:
    """Check an export as far as a file can be checked: chain, details, and the signature over its end.

    Returns the chain with its findings, and the head if the file has one. Raises ExportError for a file that is not
    an export at all.
    """
    chain = Chain(Findings(), expected)
    head = None
    for number, values in _lines(path):
        if number == 1:
            if values.get("format") != FORMAT:
                raise ExportError(f"{path} is not an export of the record log.")
        elif head is not None:
            chain.findings.add(Finding("after_head", f"Line {number} stands after the signed head."))
        elif "head" in values:
            head = _head_of(path, values["head"])
        else:
            chain.feed(*_entry_of(path, number, values))
    chain.finish()
    if head is None:
        chain.findings.add(Finding("no_head", "The export has no signed head: its end may have been cut off."))
    elif not is_signed_by(head, key):
        chain.findings.add(Finding("signature", "The head of the export is not signed by this key."))
    elif (head.sequence, head.entry_hash) != (chain.head_sequence, chain.head_hash):
        chain.findings.add(
            Finding(
                "other_head",
                f"The signed head names entry {head.sequence}, but the export ends with entry {chain.head_sequence}"
                " or with another hash.",
                chain.head_sequence,
            )
        )
    return chain, head


def _public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _line(values: dict) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _entry_values(entry: encoding.Entry) -> dict:
    return {
        "encoding_version": entry.encoding_version,
        "sequence": entry.sequence,
        "uuid": str(entry.uuid),
        "recorded_at": encoding.instant_text(entry.recorded_at),
        "kind": entry.kind,
        "actor": None if entry.actor is None else str(entry.actor),
        "administration": None if entry.administration is None else str(entry.administration),
        "subject_type": entry.subject_type,
        "subject": str(entry.subject),
        "commitment": entry.commitment,
        "previous_hash": entry.previous_hash,
        "entry_hash": entry.entry_hash,
    }


def _detail_values(detail: Detail | None) -> dict | None:
    return None if detail is None else {"salt": detail.salt, "facts": detail.facts}


def _lines(path: Path) -> Iterator[tuple[int, dict]]:
    try:
        # newline="\n", or a line separator inside a fact would end a line for Python and for nobody else.
        with path.open(encoding="utf-8", newline="\n") as stream:
            for number, line in enumerate(stream, start=1):
                values = json.loads(line)
                if not isinstance(values, dict):
                    raise ExportError(f"Line {number} of {path} is not an object.")
                yield number, values
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ExportError(f"{path} is not JSON Lines in UTF-8: {error}") from error


def _entry_of(path: Path, number: int, values: dict) -> tuple[encoding.Entry, Detail | None]:
    try:
        entry = values["entry"]
        detail = values["detail"]
        return (
            encoding.Entry(
                sequence=_integer(entry["sequence"]),
                uuid=_uuid(entry["uuid"]),
                recorded_at=encoding.instant_of(entry["recorded_at"]),
                kind=_text(entry["kind"]),
                actor=None if entry["actor"] is None else _uuid(entry["actor"]),
                administration=None if entry["administration"] is None else _uuid(entry["administration"]),
                subject_type=_text(entry["subject_type"]),
                subject=_uuid(entry["subject"]),
                commitment=_text(entry["commitment"]),
                previous_hash=_text(entry["previous_hash"]),
                entry_hash=_text(entry["entry_hash"]),
                encoding_version=_integer(entry["encoding_version"]),
            ),
            None if detail is None else Detail(_text(detail["salt"]), detail["facts"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ExportError(f"Line {number} of {path} is not an entry: {error}") from error


def _head_of(path: Path, values: Any) -> Head:
    try:
        return Head(
            _integer(values["sequence"]),
            _text(values["entry_hash"]),
            encoding.instant_of(values["signed_at"]),
            _text(values["signature"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ExportError(f"The head in {path} cannot be read: {error}") from error


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a number is not an integer")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is not a text")
    return value


def _uuid(value: Any) -> uuid.UUID:
    identifier = uuid.UUID(_text(value))
    if str(identifier) != value:
        raise ValueError("a UUID is not in its usual form")
    return identifier


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write("Usage: python -m oversight.export EXPORT PUBLIC_KEY\n")
        return 2
    try:
        chain, _ = verify_file(Path(arguments[0]), read_public_key(Path(arguments[1])))
    except ExportError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(verdict(chain.entries, chain.findings) + "\n")
    return 1 if chain.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
