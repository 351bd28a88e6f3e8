"""Which addresses of other hosts are to be asked, and asking them: one at a time for each host.

The rows are the queue. A worker claims one, asks, and writes the answer down; it may die anywhere, and the sweeper
frees what it had claimed.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from billiard.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from core import bell
from courses.inside import pages_of, words_of
from courses.links import fetching
from courses.links.finding import Kind, lead_of_address, links_of
from courses.models import CheckedAddress, CoursePage, NationalText, ProgrammePage
from courses.permissions import may_exchange

Outcome = CheckedAddress.Outcome
# Longer than any question takes.
CLAIMED_FOR = timedelta(minutes=2)
# What counts as one round when we ask whether anybody answered.
ROUND = timedelta(days=1)
# Outcomes for which nobody was asked.
UNASKED = (Outcome.UNASKED, Outcome.INSIDE, Outcome.WRONG)


def digest_of(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def addresses_of(course: CoursePage | ProgrammePage) -> set[str]:
    """The addresses of other hosts that a course's pages lead to, in published words and drafts."""
    return {link.target for link in links_of(words_of(pages_of(course))) if link.kind == Kind.EXTERNAL}


def addresses_of_nations() -> set[str]:
    """The addresses of other hosts that administrations give in national slots today. One query."""
    given = NationalText.objects.in_force().exclude(url="").values_list("url", flat=True)
    return {target for url in given for kind, target, _words in lead_of_address(url, "") if kind == Kind.EXTERNAL}


def want_of_nation(address: str, *, now: datetime) -> None:
    """Have an address asked that an administration has just given."""
    if address in addresses_of_nations():
        _want([address], now)
        ring()


def want_course(course: CoursePage | ProgrammePage, *, actor, now: datetime) -> None:
    """Have every address of a course asked anew. Asked twice, it is one question. Raises PermissionDenied."""
    if not may_exchange(actor):
        raise PermissionDenied
    _want(addresses_of(course), now)
    ring()


def want_everything(*, now: datetime) -> None:
    """Have every address of every course and national text asked anew, and forget those that nothing leads to."""
    addresses = addresses_of_nations()
    for kind in (CoursePage, ProgrammePage):
        # One of its pages stands for all languages.
        for course in {course.translation_key: course for course in kind.objects.all()}.values():
            addresses |= addresses_of(course)
    wanted = {digest_of(address) for address in addresses}
    gone = set(CheckedAddress.objects.values_list("digest", flat=True)) - wanted
    CheckedAddress.objects.filter(digest__in=gone, claimed_at=None).delete()
    _want(addresses, now)
    ring()


def _want(addresses: Iterable[str], now: datetime) -> None:
    rows = {digest_of(address): address for address in sorted(addresses)}
    # Those that wait already keep their place.
    CheckedAddress.objects.filter(digest__in=rows, wanted_at=None).update(wanted_at=now)
    CheckedAddress.objects.bulk_create(
        [
            CheckedAddress(digest=digest, address=address, host=fetching.host_of(address)[:255], wanted_at=now)
            for digest, address in rows.items()
        ],
        ignore_conflicts=True,
    )


def ring() -> None:
    """Ask a worker to go on."""
    bell.ring("courses.tasks.ask_addresses")


def ask_next(*, clock: Callable[[], datetime], ask: Callable[[str], fetching.Answer] = fetching.ask) -> bool:
    """Ask one address that waits, whose host nobody else is asking. Whether there was one."""
    claimed = _claim(clock())
    if claimed is None:
        return False
    try:
        answer = ask(claimed.address)
    except SoftTimeLimitExceeded:
        answer = fetching.Answer(Outcome.SILENT)
    now = clock()
    facts = {"outcome": answer.outcome, "status": answer.status, "moved_to": answer.moved_to, "asked_at": now}
    if answer.outcome not in (*UNASKED, Outcome.SILENT):
        facts["answered_at"] = now
    CheckedAddress.objects.filter(pk=claimed.pk).update(claimed_at=None, wanted_at=None, **facts)
    return True


def _claim(now: datetime) -> CheckedAddress | None:
    busy = CheckedAddress.objects.filter(claimed_at__isnull=False).values("host")
    for row in CheckedAddress.objects.waiting().filter(claimed_at=None).exclude(host__in=busy)[:20]:
        try:
            with transaction.atomic():
                if CheckedAddress.objects.filter(pk=row.pk, claimed_at=None).update(claimed_at=now):
                    return row
        except IntegrityError:  # somebody has begun to ask this host
            continue
    return None


def sweep(*, now: datetime) -> None:
    """Free what a worker had claimed that went, and ring while addresses wait."""
    CheckedAddress.objects.filter(claimed_at__lt=now - CLAIMED_FOR).update(claimed_at=None)
    if CheckedAddress.objects.waiting().exists():
        ring()


def seems_offline() -> bool:
    """Whether hosts were asked in the last round and none answered: then the way out is missing, not the pages.

    One query.
    """
    last = CheckedAddress.objects.aggregate(
        asked=Max("asked_at", filter=~Q(outcome__in=UNASKED)), answered=Max("answered_at")
    )
    if last["asked"] is None:
        return False
    return last["answered"] is None or last["answered"] < last["asked"] - ROUND
