"""What administrations say in the national slots: writing it, what is missing, and what a reader is shown."""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core import languages
from core.blocks import NationalSlot, national_slots
from courses.links import checking
from courses.links.judging import broken_among
from courses.models import LessonPage, NationalText
from courses.permissions import may_write_national_texts
from oversight import records
from people import page_heads
from people.models import Administration

KEPT_FOR_SECONDS = 60


@dataclass(frozen=True)
class Words:
    """What an administration says, in one language."""

    text: str
    reference: str
    url: str
    language: str


# --- Reading --------------------------------------------------------------------------------------------------------

# Every reader of a lesson with a slot sees them and they hardly ever change: kept in this process for a minute, like
# the heads of pages (people.page_heads). The main language of the administration stands beside them.
_kept: dict[int, tuple[float, str, dict[str, dict[str, Words]]]] = {}


def words_for(slot: str, administration_id: int, wanted: tuple[str, ...]) -> Words | None:
    """What the administration says, in the first of these languages in which it says it; else in its main language,
    else in any. At most two queries a minute, whatever the number of slots."""
    main, said = _of_administration(administration_id)
    available = said.get(slot, {})
    order = (*wanted, main, *sorted(available))
    return next((available[language] for language in order if language in available), None)


def shown(slot: str, administration_id: int, *, body_language: str) -> SafeString:
    """The slot as a reader of this administration sees it: in their language, else in the lesson's own.

    `body_language` is the language that the lesson is really in. The source stays visible.
    """
    words = words_for(slot, administration_id, (get_language(), body_language))
    head = page_heads.of_administration(administration_id)
    return rendered(slot, words, head.name if head else "")


def rendered(slot: str, words: Words | None, administration: str) -> SafeString:
    """The slot with these words, whatever the administration says today; None leaves it empty, and says so."""
    return _rendered(slot, words, administration, get_language())


@lru_cache(maxsize=512)
def _rendered(slot: str, words: Words | None, administration: str, _language: str) -> SafeString:
    """Rendered once for all who see the same; new words are another key."""
    label = NationalSlot(slot).label if slot in NationalSlot.values else ""
    context = {"words": words, "administration": administration, "label": label}
    return mark_safe(render_to_string("components/lesson/national.html", context).strip())  # noqa: S308 - a template


def _of_administration(administration_id: int) -> tuple[str, dict[str, dict[str, Words]]]:
    kept = _kept.get(administration_id)
    if kept and kept[0] > time.monotonic():
        return kept[1], kept[2]
    main = Administration.objects.values_list("language", flat=True).get(pk=administration_id)
    said: dict[str, dict[str, Words]] = {}
    for row in NationalText.objects.filter(administration=administration_id).in_force():
        said.setdefault(row.slot, {})[row.language] = Words(row.text, row.reference, row.url, row.language)
    _kept[administration_id] = (time.monotonic() + KEPT_FOR_SECONDS, main, said)
    return main, said


def forget() -> None:
    _kept.clear()


# --- Writing --------------------------------------------------------------------------------------------------------


class WrittenMeanwhile(Exception):
    """Somebody else has written the same text since the actor looked at it; nothing was written over it."""


def write(
    administration: Administration,
    slot: str,
    language: str,
    *,
    text: str,
    reference: str = "",
    url: str = "",
    after: int | None = None,
    actor,
    now: datetime,
) -> NationalText:
    """Let the administration say this from now on, in lessons that were released before as well.

    `after` is the number of the words that the actor saw, 0 for none. The same words again write nothing. Atomic, with
    its record in the log. Raises PermissionDenied or WrittenMeanwhile.
    """
    if actor is not None and not may_write_national_texts(actor, administration):
        raise PermissionDenied
    said = {"text": text, "reference": reference, "url": url}
    place = {"administration": administration, "slot": NationalSlot(slot), "language": language}
    try:
        with transaction.atomic():
            latest = NationalText.objects.filter(**place).order_by("number").last()
            if latest and all(getattr(latest, name) == value for name, value in said.items()):
                return latest
            number = latest.number if latest else 0
            if after not in (None, number):
                raise WrittenMeanwhile
            made = NationalText.objects.create(**place, **said, number=number + 1, written_at=now, written_by=actor)
            records.append(
                "courses.national_text.written", subject=made, facts=made.record_facts(), actor=actor, now=now
            )
            # This process shows it from the next page on, the others within a minute.
            transaction.on_commit(forget)
            if url:
                transaction.on_commit(partial(checking.want_of_nation, url, now=now))
    except IntegrityError as taken:
        raise WrittenMeanwhile from taken
    return made


# --- What is missing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One slot in one language: "written", "missing" (a published lesson in this language has it) or "unused".

    `is_broken`: the address that is given there is known to lead nowhere.
    """

    language: str
    state: str
    is_broken: bool = False


@dataclass(frozen=True)
class Row:
    """A slot over all installed languages."""

    slot: NationalSlot
    cells: tuple[Cell, ...]


def standing(administration: Administration) -> list[Row]:
    """What an administration has said and what published lessons still wait for. Four queries at most."""
    said = NationalText.objects.filter(administration=administration).in_force()
    written = {(slot, language): url for slot, language, url in said.values_list("slot", "language", "url")}
    broken = broken_among(url for url in written.values() if url)
    asked = {
        (slot, lesson.locale.language_code)
        for lesson in LessonPage.objects.live().select_related("locale").only("body", "locale__language_code")
        for slot in national_slots(lesson.body)
    }
    return [
        Row(slot, tuple(_cell(slot, code, written, asked, broken) for code in languages.codes()))
        for slot in NationalSlot
    ]


def _cell(slot: NationalSlot, language: str, written: dict, asked: set, broken: dict) -> Cell:
    place = slot.value, language
    if place in written:
        return Cell(language, "written", written[place] in broken)
    return Cell(language, "missing" if place in asked else "unused")


def missing(slots: set[str], language: str) -> list[tuple[Administration, list[str]]]:
    """Which administrations have not yet written which of these slots in a language; none where all have. Two queries.

    The slots come in the order in which `NationalSlot` names them.
    """
    if not slots:
        return []
    written = set(
        NationalText.objects.filter(slot__in=slots, language=language).values_list("administration_id", "slot")
    )
    gaps = [
        (administration, [slot for slot in NationalSlot.values if slot in slots - _of(written, administration.pk)])
        for administration in Administration.objects.all()
    ]
    return [(administration, lacking) for administration, lacking in gaps if lacking]


def _of(written: set[tuple[int, str]], administration_id: int) -> set[str]:
    return {slot for owner, slot in written if owner == administration_id}
