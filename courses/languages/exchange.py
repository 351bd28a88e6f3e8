"""Translation files of a course: what goes into one, and what of one that comes back would change.

A file that comes back is judged unit by unit before anything is written; what is taken becomes drafts, so that it goes
through review like every other translation.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.languages import codes
from core.wordings import SOURCE_LANGUAGE
from courses.languages import interchange, services, texts, words
from courses.languages.board import Row, glossary_rows, letter_rows, older_words, rows_of
from courses.languages.desk import laid_out
from courses.languages.models import SourceWords, TranslationWork
from courses.languages.refusals import UNDER_REVIEW, Refused
from courses.languages.status import State
from courses.languages.vocabulary import Text
from courses.permissions import may_translate
from people.models import Administration

WAITING = (State.MISSING, State.STALE)


def takes_shared(course) -> bool:
    """Whether letters, certificates and the glossary fit into a file of the course: a file has one source language."""
    return course.locale.language_code == SOURCE_LANGUAGE


def rows_for(course, language: str, *, letters_of: Administration | None, glossary: bool) -> list[Row]:
    """The texts of a course in one language, then an administration's letters and certificates and the glossary's
    entries if asked for."""
    rows = rows_of(texts.texts_of(course), [language])
    if takes_shared(course) and letters_of is not None:
        rows += letter_rows(letters_of, [language])
    if takes_shared(course) and glossary:
        rows += glossary_rows([language])
    return rows


def export(
    course, language: str, kind: str, *, everything: bool, letters_of: Administration | None = None, glossary: bool
) -> bytes:
    """A file as `xliff` or `po`, of what waits for a translator or of everything. A constant number of queries."""
    rows = rows_for(course, language, letters_of=letters_of, glossary=glossary)
    if not everything:
        rows = [row for row in rows if row.cells[0].state in WAITING]
    return interchange.write(file_of(rows, course.locale.language_code, language, everything=everything), kind)


def file_of(rows: Iterable[Row], source: str, language: str, *, everything: bool) -> interchange.File:
    rows = list(rows)
    standing = texts.passages_of_all([row.text for row in rows], language)
    older = older_words(item for row in rows for item in row.cells[0].matches)
    units = []
    for row in rows:
        cell = row.cells[0]
        for passage, found in zip(
            laid_out(row.text, standing.get(row.text.name, {}), cell.matches, older, cell.work),
            cell.matches,
            strict=True,
        ):
            if everything or found.changed:
                before = older.get(found.was_digest, "") if found.changed else ""
                units.append(
                    interchange.Unit(
                        str(row.text.kind),
                        str(row.text.key),
                        passage.path,
                        passage.source,
                        passage.value,
                        passage.label,
                        before,
                        passage.rich,
                    )
                )
    return interchange.File(source, language, tuple(units))


# --- Back again -----------------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """What becomes of a unit of a file."""

    CHANGED = "changed"
    SAME = "same"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    SOURCE_CHANGED = "source_changed"
    MARKUP = "markup"
    UNDER_REVIEW = "under_review"


@dataclass(frozen=True)
class Judged:
    """A unit with its outcome; `problem` is one of `words.PROBLEMS` where its mark-up would not stand."""

    unit: interchange.Unit
    outcome: Outcome
    title: str = ""
    problem: str = ""


@dataclass
class Plan:
    """What a file would do. `drafts` are the passages to be written, by text."""

    language: str
    judged: list[Judged] = field(default_factory=list)
    drafts: dict[tuple[str, uuid.UUID], tuple[Text, dict[str, str]]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Outcome, int]:
        found = [judged.outcome for judged in self.judged]
        return {outcome: found.count(outcome) for outcome in Outcome}

    @property
    def fingerprint(self) -> str:
        """Changes when the file would do something else than when it was looked at."""
        told = [
            (item.unit.kind, item.unit.key, item.unit.path, item.unit.target, item.outcome) for item in self.judged
        ]
        return words.digest(repr(told))


class WrongLanguage(Exception):
    """The file translates from or into another language than the one it was sent for."""


def plan(course, language: str, file: interchange.File, *, letters_of: Administration | None = None) -> Plan:
    """Judge every unit of a file against the course, an administration's letters and the glossary as they stand.

    Writes nothing. Raises WrongLanguage. A constant number of queries.
    """
    if file.target_language != language or file.source_language not in ("", course.locale.language_code):
        raise WrongLanguage
    rows = {row.text.name: row for row in rows_for(course, language, letters_of=letters_of, glossary=True)}
    named = {(unit.kind, unit.key) for unit in file.units}
    rows = {name: row for name, row in rows.items() if (name[0], str(name[1])) in named}
    standing = texts.passages_of_all([row.text for row in rows.values()], language)
    made = Plan(language)
    shown = {}
    for name, row in rows.items():
        cell = row.cells[0]
        on_desk = laid_out(row.text, standing.get(name, {}), cell.matches, {}, cell.work)
        shown[str(name[0]), str(name[1])] = (
            row.text,
            {passage.path: passage for passage in row.text.passages},
            {passage.path: passage for passage in on_desk},
            cell.work is not None and cell.work.stage == TranslationWork.Stage.SUBMITTED,
        )
    for unit in file.units:
        made.judged.append(_judge(unit, shown.get((unit.kind, unit.key)), file.escaped, made))
    return made


def _judge(unit, about, escaped: bool, made: Plan) -> Judged:
    if about is None or unit.path not in about[1]:
        return Judged(unit, Outcome.UNKNOWN)
    text, passages, on_desk, under_review = about
    passage = passages[unit.path]
    plain = escaped and not passage.rich
    source, target = (words.characters(side) if plain else side for side in (unit.source, unit.target.strip()))
    if not target:
        return Judged(unit, Outcome.EMPTY, text.title)
    if " ".join(source.split()) != " ".join(passage.text.split()):
        return Judged(unit, Outcome.SOURCE_CHANGED, text.title)
    problem = words.NOT_ALLOWED if unit.damaged else services.problem_of(passage, target)
    if problem:
        return Judged(unit, Outcome.MARKUP, text.title, problem)
    there = on_desk[unit.path]
    if target == there.value and (there.confirmed or there.written):
        return Judged(unit, Outcome.SAME, text.title)
    if under_review:
        return Judged(unit, Outcome.UNDER_REVIEW, text.title)
    made.drafts.setdefault(text.name, (text, {}))[1][unit.path] = target
    return Judged(unit, Outcome.CHANGED, text.title)


@transaction.atomic
def apply(made: Plan, *, actor, now: datetime) -> int:
    """Write what a plan would change as drafts, beside what is in the drafts already; all of it or nothing.

    Returns how many texts it was. Raises PermissionDenied, or Refused where one has gone to the reviewers meanwhile.
    """
    if not may_translate(actor) or made.language not in codes():
        raise PermissionDenied
    drafts = made.drafts.values()
    rows = TranslationWork.objects.select_for_update().filter(
        language=made.language, key__in=[text.key for text, _written in drafts]
    )
    known = {(row.kind, row.key): row for row in rows}
    if any(row.stage == row.Stage.SUBMITTED for row in known.values()):
        raise Refused(UNDER_REVIEW)
    SourceWords.objects.bulk_create(
        [SourceWords(digest=p.digest, text=p.text) for text, _written in drafts for p in text.passages],
        ignore_conflicts=True,
    )
    new, changed = [], []
    for text, written in drafts:
        work = known.get(text.name) or TranslationWork(
            kind=text.kind, key=text.key, language=made.language, turn=0, passages={"shape": 1, "passages": {}}
        )
        passages, before = {passage.path: passage for passage in text.passages}, work.passages["passages"]
        before |= {
            path: services.passage_by(actor, passages[path], target, before.get(path))
            for path, target in written.items()
        }
        work.stage, work.translator, work.changed_at, work.handed_in_at = work.Stage.DRAFT, actor, now, None
        work.turn += 1
        (changed if work.pk else new).append(work)
    TranslationWork.objects.bulk_create(new)
    TranslationWork.objects.bulk_update(
        changed, ["passages", "stage", "translator", "changed_at", "handed_in_at", "turn"]
    )
    return len(new) + len(changed)
