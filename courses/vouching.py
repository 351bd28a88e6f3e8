"""Whether the record log still vouches for the words of a release: asked for one release at a time.

`manage.py verify_records` walks the whole chain; here an auditor who looks at one page learns whether its words are
those that were recorded on the day the release was made.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from courses.models import Release, ReleaseBody
from oversight import encoding
from oversight.models import RecordEntry


class Vouched(StrEnum):
    """What the log says of a text."""

    YES = "yes"
    CHANGED = "changed"
    UNRECORDED = "unrecorded"


@dataclass(frozen=True)
class Record:
    """The entry that a release left in the log, and the digests it names. Without an entry it vouches for nothing."""

    sequence: int | None
    recorded_at: datetime | None
    digests: Mapping[tuple[str, str], str]

    def vouches(self, key: uuid.UUID, body: ReleaseBody) -> Vouched:
        """Judged by the words as they stand in the database, not by the digest beside them."""
        recorded = self.digests.get((str(key), body.language))
        if recorded is None:
            return Vouched.UNRECORDED
        return Vouched.YES if recorded == body.digest() else Vouched.CHANGED


def record_of(release: Release) -> Record:
    """What the log holds of a release. An entry that is not what its own hashes say vouches for nothing. One query."""
    entries = RecordEntry.objects.about(release).filter(kind="courses.release.made")
    entry = entries.select_related("detail").order_by("-sequence").first()
    if entry is None or not hasattr(entry, "detail") or not _is_whole(entry):
        return Record(None, None, {})
    digests = {(key, language): digest for key, language, digest in entry.detail.facts["bodies"]}
    return Record(entry.sequence, entry.recorded_at, digests)


def _is_whole(entry: RecordEntry) -> bool:
    committed = encoding.commitment(bytes.fromhex(entry.detail.salt), entry.detail.facts)
    return committed == entry.commitment and encoding.entry_hash(entry.encoded()) == entry.entry_hash
