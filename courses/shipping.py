"""Whether loading the curriculum may write: what authors changed on the platform since the last load stays theirs."""

import enum
import hashlib
import json
from collections.abc import Callable

from courses.models import ShippedWords


class Verdict(enum.Enum):
    WRITE = enum.auto()
    SAME = enum.auto()
    KEEP = enum.auto()


def digest_of(data) -> str:
    """SHA-256 of data as canonical JSON."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Ledger:
    """What loading has written so far, read once for a load. `told` hears of each thing that is kept.

    `kept` holds the names of what authors changed, whether or not the shipped words have changed too.
    """

    def __init__(self, told: Callable[[str], None] = lambda line: None):
        self._digests = dict(ShippedWords.objects.values_list("name", "digest"))
        self._told = told
        self.kept: set[str] = set()

    def verdict(self, name: str, label: str, *, here: str | None, shipped: str, edited: bool = False) -> Verdict:
        """What to do with what ships, given the digest of what is `here`, None where there is nothing.

        `edited` is known of the row itself (a draft in work; somebody's revision): it decides where nothing was
        recorded, as in an installation that loaded before there was a ledger.
        """
        recorded = self._digests.get(name)
        if here is None:
            return Verdict.WRITE
        if here == shipped:
            self.wrote(name, shipped)
            return Verdict.SAME
        if not edited and recorded in (None, here):
            return Verdict.WRITE
        self.kept.add(name)
        if recorded != shipped:
            self._told(f"{label}: was changed here and stays; the words that ship have changed too.")
        return Verdict.KEEP

    def wrote(self, name: str, digest: str) -> None:
        """Record what loading wrote, in the transaction that wrote it."""
        if self._digests.get(name) != digest:
            ShippedWords.objects.update_or_create(name=name, defaults={"digest": digest})
            self._digests[name] = digest

    def names(self, prefix: str) -> set[str]:
        """The rest of every recorded name that begins so."""
        return {name.removeprefix(prefix) for name in self._digests if name.startswith(prefix)}
