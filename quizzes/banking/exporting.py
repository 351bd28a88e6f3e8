"""Taking a bank out: the newest version of each item that is not retired, the open draft where there is one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from oversight import records
from quizzes.banking.here import newest_versions
from quizzes.banking.plans import Languages
from quizzes.formats import detect, texts
from quizzes.formats.neutral import Left, Medium, Message, Question, Writing
from quizzes.models import ItemBank, ItemMedia, ItemVersion
from quizzes.permissions import may_write_items

LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Export:
    """A file that was made of a bank. `left` are the questions that it could not hold, or not wholly."""

    writing: Writing
    filename: str
    language: str
    written: int
    left: tuple[Left, ...]


def export_bank(bank: ItemBank, format: str, *, language: str, actor, now: datetime) -> Export:
    """A bank in one language as a file of a format of `detect.WRITERS`, with its record in the log.

    `actor` is None for whoever runs the machine's commands. Raises PermissionDenied: the keys are in it.
    """
    if actor is not None and not may_write_items(actor):
        raise PermissionDenied
    export = foreseen(bank, format, language=language)
    facts = {
        "bank": bank.slug,
        "format": format,
        "language": language,
        "questions": export.written,
        "file": sha256(export.writing.data).hexdigest(),
    }
    with transaction.atomic():
        records.append("quizzes.bank.exported", subject=bank, facts=facts, actor=actor, now=now)
    return export


def foreseen(bank: ItemBank, format: str, *, language: str) -> Export:
    """What an export would be. Nobody has it yet, so that nothing is recorded."""
    questions, missing = _questions(bank, language)
    writing = detect.write(questions, language, format, bank.title)
    left = (*missing, *writing.left)
    return Export(
        writing,
        writing.name.replace("bank", bank.slug, 1),
        language,
        len(questions) - sum(not one.written for one in writing.left),
        left,
    )


def _questions(bank: ItemBank, language: str) -> tuple[list[Question], list[Left]]:
    """The questions of a bank, and those that cannot go out. Five queries, however many there are."""
    versions = (
        ItemVersion.objects.filter(pk__in=newest_versions(bank).values(), item__retired_at=None)
        .select_related("item")
        .prefetch_related("texts")
        .order_by("item__pk")
    )
    said = {version.pk: {text.language: text.content for text in version.texts.all()} for version in versions}
    media = _media(
        digest for version in versions for digest in _named(version.structure, said[version.pk].get(language, {}))
    )
    questions, left = [], []
    for version in versions:
        words = said[version.pk].get(language)
        reason = None
        if words is None:
            reason = Message.of(_("It has no words in %(language)s."), language=Languages.of([language]))
        elif lost := [digest for digest in _named(version.structure, words) if digest not in media]:
            reason = Message.of(_("The file of its picture or recording is lost (%(digest)s)."), digest=lost[0])
        if reason is not None or words is None:
            name = _name(next(iter(said[version.pk].values()), {"stem": version.item.key}))
            left.append(Left(version.item.key, name, written=False, reasons=(reason,) if reason else ()))
            continue
        questions.append(_question(version, words, media))
    return questions, left


def _question(version: ItemVersion, words: dict, media: dict[str, Medium]) -> Question:
    named = dict.fromkeys(_named(version.structure, words))
    return Question(
        key=version.item.key,
        name=_name(words),
        kind=version.kind,
        structure=version.structure,
        words=words,
        tags=tuple(version.tags),
        difficulty=version.difficulty,
        rad_factors=tuple(version.rad_factors),
        media=tuple(media[digest] for digest in sorted(named)),
    )


def _named(structure: dict, words: dict) -> list[str]:
    """The digests of the media that an item shows."""
    image = [structure["image"]] if "image" in structure else []
    return image + [medium["sha256"] for medium in words.get("media", [])]


def _name(words: dict) -> str:
    """What other systems list a question as: how it begins."""
    stem = texts.line(words["stem"])
    return stem if len(stem) <= LONGEST_SHOWN else stem[: LONGEST_SHOWN - 1].rstrip() + "…"


def _media(digests: Iterable[str]) -> dict[str, Medium]:
    """The media by digest; one whose file is lost is missing."""
    found = {}
    wanted = set(digests)
    for kept in ItemMedia.objects.filter(sha256__in=wanted) if wanted else []:
        try:
            with kept.file.open("rb") as file:
                data = file.read()
        except OSError:
            continue
        name = f"{kept.kind}-{kept.sha256[:12]}{PurePosixPath(kept.file.name).suffix}"
        found[kept.sha256] = Medium(kept.sha256, kept.kind, name, kept.content_type, data)
    return found
