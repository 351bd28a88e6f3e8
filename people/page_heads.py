"""What the head and foot of a page say about the reader's administration, kept in this process for a minute.

Every page shows it and it hardly ever changes; another process learns of a change when its minute is over.
"""

import time
from typing import NamedTuple

from people.models import Administration

KEPT_FOR_SECONDS = 60

_kept: dict[int, tuple[float, "PageHead"]] = {}


class Reporting(NamedTuple):
    """Where real offences are reported."""

    label: str
    url: str


class PageHead(NamedTuple):
    """What is shown of an administration; `reporting` is None when it named no channel.

    `second_calendar` is the one in which days are said beside the Gregorian one, empty for none.
    """

    name: str
    reporting: Reporting | None
    second_calendar: str = ""


def of_administration(administration_id: int) -> PageHead | None:
    """The head for pages of this administration's people; at most one query a minute."""
    kept = _kept.get(administration_id)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    administration = Administration.objects.filter(pk=administration_id).first()
    if administration is None:
        return None
    head = PageHead(
        name=administration.name,
        reporting=_reporting(administration),
        second_calendar=administration.second_calendar,
    )
    _kept[administration_id] = (time.monotonic() + KEPT_FOR_SECONDS, head)
    return head


def forget() -> None:
    _kept.clear()


def _reporting(administration) -> Reporting | None:
    if not (administration.reporting_channel or administration.reporting_url):
        return None
    return Reporting(label=administration.reporting_channel, url=administration.reporting_url)
