"""Where something is used: a picture, document, page, quiz, item bank, instrument, national slot or kind of block.

Wagtail keeps an index of what refers to a picture or page, and warns by it before it deletes one. That index knows the
published words alone, and no words such as an instrument's name: this looks into drafts too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from core.blocks import InstrumentBlock, NationalBlock, NationalSlot, QuotationBlock
from courses.inside import Words, blocks_of
from courses.links.finding import Kind, links_of
from quizzes.models import Quiz


class What(models.TextChoices):
    PICTURE = "picture", gettext_lazy("Pictures")
    DOCUMENT = "document", gettext_lazy("Documents, recordings and captions")
    PAGE = "page", gettext_lazy("Pages")
    QUIZ = "quiz", gettext_lazy("Quizzes")
    BANK = "bank", gettext_lazy("Item banks")
    INSTRUMENT = "instrument", gettext_lazy("Instruments")
    NATIONAL = "national", gettext_lazy("National slots")
    BLOCK = "block", gettext_lazy("Kinds of blocks")


_KINDS = {
    What.PICTURE: (Kind.IMAGE, get_image_model),
    What.DOCUMENT: (Kind.DOCUMENT, get_document_model),
    What.PAGE: (Kind.PAGE, lambda: Page),
    What.QUIZ: (Kind.QUIZ, lambda: Quiz),
    # A bank is used where a quiz is that draws from it.
    What.BANK: (Kind.QUIZ, lambda: Quiz),
}


@dataclass
class Place:
    """One block of a page, or, with an empty `block`, one of its fields. `detail` is what it says of the thing."""

    page: int
    title: str
    language: str
    block: str
    block_id: str
    detail: str = ""
    published: bool = False
    drafted: bool = False


@dataclass
class Used:
    """A thing and where it is used. `number` is its row's, if it has one; `is_gone` says that the row has gone."""

    name: str
    number: int | None = None
    is_gone: bool = False
    places: list[Place] = field(default_factory=list)


def used(what: What, every: Iterable[Words]) -> list[Used]:
    """What is used in these pages, by name, with all places. Three queries at most."""
    if what in _KINDS:
        return _rows(what, every)
    meets = _MEETS[what]
    things: dict[str, Used] = {}
    places: dict[tuple, Place] = {}
    for words in every:
        for name, block, block_id, detail in meets(words):
            place = places.setdefault(
                (name, words.page.pk, block_id, detail),
                Place(words.page.pk, words.page.title, words.language, str(block.label), block_id, detail),
            )
            if not (place.published or place.drafted):
                things.setdefault(name, Used(name)).places.append(place)
            place.published |= not words.is_draft
            place.drafted |= words.is_draft
    return sorted(things.values(), key=lambda thing: thing.name.casefold())


def _rows(what: What, every: Iterable[Words]) -> list[Used]:
    kind, model = _KINDS[what]
    places: dict[int, list[Place]] = {}
    for link in links_of(every):
        if link.kind == kind and link.target.isdecimal():
            places.setdefault(int(link.target), []).append(
                Place(
                    link.page,
                    link.title,
                    link.language,
                    link.block,
                    link.block_id,
                    link.words,
                    link.published,
                    link.drafted,
                )
            )
    chosen = model().objects.all()
    if kind == Kind.QUIZ:
        chosen = chosen.select_related("bank").prefetch_related("texts")
    rows = chosen.in_bulk(list(places))
    if what == What.BANK:
        things = _banks(rows, places)
    else:
        things = [
            Used(
                str(rows[number]) if number in rows else _("gone: number %(number)d") % {"number": number},
                number,
                number not in rows,
                met,
            )
            for number, met in places.items()
        ]
    return sorted(things, key=lambda thing: thing.name.casefold())


def _banks(quizzes: dict[int, Quiz], places: dict[int, list[Place]]) -> list[Used]:
    """The banks of these quizzes, each place with the quiz that draws there."""
    found: dict[int, Used] = {}
    for number, quiz in quizzes.items():
        bank = found.setdefault(quiz.bank_id, Used(str(quiz.bank), quiz.bank_id))
        bank.places += [replace(place, detail=quiz.title_in(place.language)[0]) for place in places[number]]
    return list(found.values())


Meeting = tuple[str, blocks.Block, str, str]


def _meets_blocks(words: Words) -> Iterator[Meeting]:
    for block, block_id, _value in blocks_of(words):
        yield str(block.label), block, block_id, ""


def _meets_slots(words: Words) -> Iterator[Meeting]:
    for block, block_id, value in blocks_of(words):
        slot = (value or {}).get("slot") if isinstance(block, NationalBlock) else None
        if slot:
            yield str(NationalSlot(slot).label) if slot in NationalSlot.values else slot, block, block_id, ""


def _instrument_of(block: blocks.Block, value) -> tuple[str, str]:
    if not isinstance(block, InstrumentBlock | QuotationBlock) or not value:
        return "", ""
    return (value.get("instrument") or "").strip(), (value.get("clause") or "").strip()


def _meets_instruments(words: Words) -> Iterator[Meeting]:
    for block, block_id, value in blocks_of(words):
        name, clause = _instrument_of(block, value)
        if name:
            yield name, block, block_id, clause


_MEETS = {What.BLOCK: _meets_blocks, What.NATIONAL: _meets_slots, What.INSTRUMENT: _meets_instruments}


def named_in_one_language(things: list[Used], keys: dict[int, str]) -> list[Used]:
    """Instruments under one name in all languages: the same block of a translated page cites the same instrument.

    `keys` gives each page's translation key. The name is the reader's language's, then English, then the first met.
    """
    names: dict[tuple[str, str], dict[str, str]] = {}
    for thing in things:
        for place in thing.places:
            names.setdefault((keys[place.page], place.block_id), {})[place.language] = thing.name
    found: dict[str, Used] = {}
    for thing in things:
        for place in thing.places:
            alike = names[keys[place.page], place.block_id]
            name = alike.get(get_language() or "") or alike.get("en") or thing.name
            found.setdefault(name, Used(name)).places.append(place)
    return sorted(found.values(), key=lambda thing: thing.name.casefold())
