"""A learner's course as it was on a past day, for an auditor: the release they held, and each page's words.

Release rows never change, moves are rows of their own, and corrections have a first moment; so a day can be put
together again. What learners wrote for themselves, and what they answered, is not part of it.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from cohorts.models import Enrolment, NodeProgress
from core import slots
from courses import corrections, national, reading
from courses.correcting import Passage
from courses.models import NationalText, Release, ReleaseBody
from courses.reading import Outline, Step
from courses.vouching import Record, Vouched


@dataclass(frozen=True)
class Held:
    """A release that the learner held on the day: since when, or None for before it; until when, or None for after."""

    release: Release
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Day:
    """The day in the administration's zone, from its first instant to the first of the next."""

    starts: datetime
    ends: datetime


def day_of(enrolment: Enrolment, on: date) -> Day:
    """The day as the administration counts it."""
    zone = ZoneInfo(enrolment.administration.time_zone)
    return Day(datetime.combine(on, time(), zone), datetime.combine(on + timedelta(days=1), time(), zone))


def releases_held(enrolment: Enrolment, day: Day) -> list[Held]:
    """The releases of the day, the last one first; empty before the place was given. Two queries at most."""
    if enrolment.created_at >= day.ends:
        return []
    moves = list(enrolment.moves.select_related("from_release", "to_release").order_by("moved_at", "pk"))
    if not moves:
        return [Held(enrolment.release, None, None)]
    edges = [None, *(move.moved_at for move in moves), None]
    releases = [moves[0].from_release, *(move.to_release for move in moves)]
    held = [
        Held(release, since if since and since >= day.starts else None, until if until and until < day.ends else None)
        for release, since, until in zip(releases, edges, edges[1:], strict=False)
        if (since is None or since < day.ends) and (until is None or until >= day.starts)
    ]
    return held[::-1]


def done_by(enrolment: Enrolment, release: Release, moment: datetime) -> dict[int, datetime]:
    """The steps of a release that were done before a moment, by node, with when. One query."""
    rows = NodeProgress.objects.filter(enrolment=enrolment, node__release=release, completed_at__lt=moment)
    return dict(rows.values_list("node_id", "completed_at"))


@dataclass(frozen=True)
class Page:
    """One page as it was shown: `html` and `body` with the day's corrections, `released` the row as it was made."""

    step: Step
    body: ReleaseBody
    released: ReleaseBody
    html: SafeString
    languages: list[str]
    vouched: Vouched
    corrections: tuple[Passage, ...]


def page(
    enrolment: Enrolment, outline: Outline, key: uuid.UUID, language: str, moment: datetime, record: Record
) -> Page | None:
    """A step's page in a language, as it was shown at a moment; None for a step that the release does not have."""
    step = outline.find(key)
    if step is None:
        return None
    available = reading.languages_of(step.node_id)
    shown_in = language if language in available else step.language
    released = ReleaseBody.objects.get(node_id=step.node_id, language=shown_in)
    body = reading.corrected(released, corrections.in_force_at(shown_in, moment))
    return Page(
        step=step,
        body=body,
        released=released,
        html=slots.fill(body.html, _fillers(enrolment, body, moment)),
        languages=available,
        vouched=record.vouches(step.key, released),
        corrections=body.corrections,
    )


def _fillers(enrolment: Enrolment, body: ReleaseBody, moment: datetime) -> dict[str, slots.Filler]:
    """What stood in the places of the page: media and national words, and nothing that the learner wrote."""
    media = body.content.get("media", {})
    said: dict[str, dict[str, national.Words]] = {}
    if slots.keys_of(body.html, "national"):
        texts = NationalText.objects.filter(administration=enrolment.administration_id).in_force(moment)
        for text in texts:
            words = national.Words(text.text, text.reference, text.url, text.language)
            said.setdefault(text.slot, {})[text.language] = words
    main, name = enrolment.administration.language, enrolment.administration.name

    def national_words(slot: str) -> str:
        available = said.get(slot, {})
        order = (body.language, main, *sorted(available))
        words = next((available[language] for language in order if language in available), None)
        return national.rendered(slot, words, name)

    return {"media": lambda key: media[key]["html"] if key in media else "", "national": national_words}
