"""How private writing lies in the database: nobody reads it there, and nobody sees which lesson it is about.

Each writer has keys of their own, derived from SECRET_KEY and the account's UUID. Words are sealed with AES-256-GCM,
bound to their place, so that a row copied to another person or another place opens no more. The place itself is kept
as a keyed hash. Words are filled up to full blocks, so that their length tells little. What this does and does not
protect against: docs/decisions/0010-private-writing.md.
"""

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_BLOCK = 256  # bytes
_NONCE = 12  # bytes


class Unreadable(Exception):
    """Sealed for another person or another place, or under a SECRET_KEY that this installation no longer has."""


@dataclass(frozen=True)
class Keys:
    """One writer's keys under one SECRET_KEY."""

    hiding: bytes
    sealing: bytes

    def page(self, node: uuid.UUID) -> str:
        """The hidden name of a step."""
        return self._hidden(b"page", node.bytes)

    def slot(self, kind: str, node: uuid.UUID, place: str) -> str:
        """The hidden name of one place for writing."""
        return self._hidden(b"slot", node.bytes, kind.encode(), place.encode())

    def seal(self, words: dict, slot: str) -> str:
        """Words that JSON can hold, unreadable but to `unseal` with the same slot."""
        plain = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
        plain += b" " * (-len(plain) % _BLOCK)
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self.sealing).encrypt(nonce, plain, slot.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def unseal(self, sealed: str, slot: str) -> dict:
        """The words again, or Unreadable."""
        raw = base64.urlsafe_b64decode(sealed)
        try:
            return json.loads(AESGCM(self.sealing).decrypt(raw[:_NONCE], raw[_NONCE:], slot.encode()))
        except InvalidTag as problem:
            raise Unreadable from problem

    def _hidden(self, *parts: bytes) -> str:
        named = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return base64.urlsafe_b64encode(hmac.digest(self.hiding, named, hashlib.sha256)).decode().rstrip("=")


def keyring(writer: uuid.UUID) -> list[Keys]:
    """A writer's keys, today's first; then those of every earlier SECRET_KEY that the installation still knows."""
    return [_keys(secret, writer) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@lru_cache(maxsize=1024)
def _keys(secret: str, writer: uuid.UUID) -> Keys:
    derived = HKDF(SHA256(), length=64, salt=None, info=b"plumbline private writing 1 " + writer.bytes).derive(
        secret.encode()
    )
    return Keys(hiding=derived[:32], sealing=derived[32:])
