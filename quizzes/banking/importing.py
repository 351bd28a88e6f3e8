"""Bringing a bank of questions in: foreseen first, and then all of what was foreseen or nothing.

Everything that takes time happens before the one short transaction: reading the file, painting its pictures anew,
comparing, checking. Media are kept before it as well; where it fails, they are files that no question shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core import languages
from core.wordings import SOURCE_LANGUAGE
from oversight import records
from quizzes.banking.here import Here, standing
from quizzes.banking.plans import WRITTEN, Languages, Plan, plan_of
from quizzes.formats import detect
from quizzes.formats.drafts import Told, silent
from quizzes.formats.neutral import LONGEST_KEY, LONGEST_NAME, Message, Reading
from quizzes.formats.texts import line
from quizzes.models import ItemBank, ItemMedia
from quizzes.permissions import may_write_items
from quizzes.services.drafting import write_drafts
from quizzes.services.media import keep_cleaned_medium

_ENDINGS = (".xml", ".txt", ".gift", ".aiken", ".zip", ".csv", ".xlsx")


class ChangedMeanwhile(Exception):
    """Somebody has changed the bank since it was compared with the file. Nothing was written."""


@dataclass(frozen=True)
class Foreseen:
    """A file that was read and compared with what is here: all that an import needs to know.

    `slug` and `title` are the bank's; `here` is what it had of the file's questions, `bank` is None for one that would
    be made. `language` is the installed one that the words are taken as.
    """

    reading: Reading
    plan: Plan
    slug: str
    title: str
    bank: ItemBank | None
    language: str
    here: dict[str, Here]
    notes: tuple[Message, ...]
    sha256: str

    @property
    def brings_something(self) -> bool:
        return bool(self.plan.drafts)


def foresee(
    data: bytes,
    filename: str,
    *,
    format: str | None = None,
    language: str = "",
    into: ItemBank | None = None,
    told: Told = silent,
) -> Foreseen:
    """What a file would bring. Reads alone. Raises quizzes.formats.neutral.Refused for what cannot be read at all.

    `language` is the one the file is in where it does not say so itself, else the source language. Without `into` the
    bank is the one that the file names, else the one called as the file is. `told` hears how many questions are read.
    """
    given = languages.supported(language) or SOURCE_LANGUAGE
    kept = frozenset(ItemMedia.objects.values_list("sha256", flat=True))
    reading = detect.read(data, given, format, kept, told)
    spoken = languages.supported(reading.language)
    notes = reading.notes
    if spoken is None:
        told = Message.of(
            _("The file says that it is in “%(code)s”, which is no language here. It is taken as %(language)s."),
            code=reading.language,
            language=Languages.of([SOURCE_LANGUAGE]),
        )
        notes = (*notes, told)
    title = reading.title or _title_of(filename)
    bank = into or _bank_called(title)
    here = standing(bank, [question.key for question in reading.questions])
    # The category of another bank's questions tells them apart there, as a tag.
    also = [reading.title] if into and reading.title and reading.title != into.title else []
    plan = plan_of(reading, here, spoken or SOURCE_LANGUAGE, also)
    slug, title = (bank.slug, bank.title) if bank else (slug_of(title), title)
    return Foreseen(reading, plan, slug, title, bank, spoken or SOURCE_LANGUAGE, here, notes, sha256(data).hexdigest())


def _title_of(filename: str) -> str:
    path = PurePosixPath(filename.replace("\\", "/").rpartition("/")[2])
    while path.suffix.lower() in _ENDINGS:
        path = path.with_suffix("")
    return line(path.name)[:LONGEST_NAME] or "bank"


def slug_of(title: str) -> str:
    """The short name of a bank that is called so; of letters that are none there, a digest."""
    return slugify(title)[:LONGEST_KEY].strip("-_") or "bank-" + sha256(title.encode()).hexdigest()[:12]


def _bank_called(title: str) -> ItemBank | None:
    """The bank of this title, if there is but one, else the one with the short name that it makes."""
    titled = ItemBank.objects.filter(title=title)[:2]
    return titled[0] if len(titled) == 1 else ItemBank.objects.filter(slug=slug_of(title)).first()


def carry_out(
    foreseen: Foreseen, *, actor, now: datetime, begun: Callable[[], None] = lambda: None
) -> ItemBank | None:
    """Write the drafts that were foreseen, all of them or none; the bank, or None where nothing was to be done.

    `actor` is None for whoever runs the machine's commands. `begun` is called first in the transaction and may raise
    to leave all as it is. Raises PermissionDenied, and ChangedMeanwhile where what is here is not what was compared.
    """
    if actor is not None and not may_write_items(actor):
        raise PermissionDenied
    if foreseen.brings_something:
        _keep_media(foreseen, now)
    with transaction.atomic():
        begun()
        if not foreseen.brings_something:
            return foreseen.bank
        bank = _held(foreseen)
        if standing(bank, foreseen.here.keys() | foreseen.plan.drafts.keys()) != foreseen.here:
            raise ChangedMeanwhile
        write_drafts(bank, foreseen.plan.drafts, foreseen.plan.aside, actor=actor, now=now)
        facts = {
            "bank": bank.slug,
            "title": bank.title,
            "format": foreseen.reading.format,
            "language": foreseen.language,
            "file": foreseen.sha256,
            **foreseen.plan.counts,
        }
        records.append("quizzes.bank.imported", subject=bank, facts=facts, actor=actor, now=now)
    return bank


def _keep_media(foreseen: Foreseen, now: datetime) -> None:
    wanted = {
        medium.sha256: medium
        for row in foreseen.plan.rows
        if row.fate in WRITTEN and row.entry.question
        for medium in row.entry.question.media
    }
    here = set(ItemMedia.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
    for digest, medium in wanted.items():
        if digest not in here:
            keep_cleaned_medium(ContentFile(medium.data), medium.name, now=now)


def _held(foreseen: Foreseen) -> ItemBank:
    """The bank, held against other imports until the transaction ends; made where it was not there."""
    if foreseen.bank is None:
        bank, made = ItemBank.objects.get_or_create(slug=foreseen.slug, defaults={"title": foreseen.title})
        if not made:
            raise ChangedMeanwhile
        return bank
    bank = ItemBank.objects.select_for_update(no_key=True).filter(pk=foreseen.bank.pk).first()
    if bank is None:
        raise ChangedMeanwhile
    return bank
