"""Bringing a course in from an archive: all of it, or nothing.

A course that is not here comes with its published pages published and its drafts as drafts. One that is here is
refused unless the importer asks for an update; then every difference becomes a draft revision of the page and a new
version of the item, for an author to look at. Releases, frozen quizzes and attempts are never touched.
"""

import uuid
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from core.languages import codes
from courses.curriculum import SOURCE_LANGUAGE, ensure_homes
from courses.exchange import archive, fields, markup, media, translations
from courses.exchange.contents import Contents, PageEntry, contents_of, read_page_name
from courses.exchange.plans import Plan, plan_of
from courses.exchange.reading import Reader, Refused
from courses.languages.glossary import keep_terms
from courses.models import CoursePage
from quizzes.exchange import take_bank, take_quiz
from quizzes.models import Item, Quiz

Progress = Callable[[int, int], None]


class AlreadyHere(Refused):
    """The course, or a part of it, is here and says something else. `plan` tells what."""

    def __init__(self, plan: Plan):
        super().__init__(_("The course is here already and differs. Nothing was changed."))
        self.plan = plan


@dataclass
class Outcome:
    """What an import did, or, after a dry run, would do."""

    plan: Plan
    manifest: dict
    course: CoursePage | None


def import_course(
    path: Path | str | IO[bytes],
    *,
    actor,
    now: datetime,
    update: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    begun: Callable[[], None] = lambda: None,
    recorded: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Check an archive and bring its course in. Atomic; files are written by their content and removed on failure.

    Raises Refused for an archive that cannot be trusted, AlreadyHere for a course that differs from what is here when
    no update was asked for. After a dry run nothing is written at all. `begun` is called first in the transaction of a
    change and may raise to leave all as it is; `recorded` is called last in it, to write down what the change was.
    `progress` hears how many of how many pages are in: others do not see them before the end.
    """
    with archive.opened(path) as opened:
        contents = contents_of(opened)
        plan, here = plan_of(contents)
        if plan.differs and not update and not dry_run:
            raise AlreadyHere(plan)
        if dry_run or plan.is_empty:
            return Outcome(plan, opened.manifest, None)
        settled = media.Settled()
        try:
            with transaction.atomic():
                begun()
                course = _Import(contents, plan, here, settled, actor, now, progress).run()
                outcome = Outcome(plan, opened.manifest, course)
                recorded(outcome)
        except BaseException:
            settled.take_away()
            raise
        return outcome


class Inward:
    """Turns an archive's names into the numbers of rows that are here by now."""

    trusting = False

    def __init__(self, rows: dict[str, int]):
        self._rows = rows
        self.missing: list[str] = []

    def reference(self, kind: str, value: str) -> int | None:
        found = self._rows.get(value)
        if found is None and kind == "page":
            key, language = read_page_name(value)
            found = (
                Page.objects.filter(translation_key=key, locale__language_code=language)
                .values_list("pk", flat=True)
                .first()
            )
        if found is None:
            self.missing.append(value)
        return found

    def html(self, value: str) -> str:
        return markup.with_references(value, self._renamed)

    def _renamed(self, kind: str, name: str) -> str | None:
        found = self.reference(kind, name)
        return None if found is None else str(found)


class _Import:
    """One run, inside its transaction."""

    def __init__(self, contents: Contents, plan: Plan, here: dict, settled, actor, now: datetime, progress):
        self.contents = contents
        self.plan = plan
        self.here = here
        self.settled = settled
        self.actor = actor
        self.now = now
        self.progress = progress
        # An update never publishes: whoever is an author here decides.
        self.is_update = (contents.key, contents.source_language) in here
        self.rows: dict[str, int] = {}

    def run(self) -> CoursePage:
        self._bring_media()
        installed = codes()
        keep_terms(
            (term["key"], term["note"], {code: word for code, word in term["words"].items() if code in installed})
            for term in self.contents.glossary
        )
        brought = {row.key for row in self.contents.translations.rows}
        fresh = brought - _here_before(brought)
        for bank in self.contents.banks:
            take_bank(bank, now=self.now)
        for quiz in self.contents.quizzes:
            self.rows[f"quiz:{quiz['slug']}"] = take_quiz(quiz).pk
        homes = ensure_homes(list(dict.fromkeys([SOURCE_LANGUAGE, *self.contents.languages])))
        locales = {locale.language_code: locale for locale in Locale.objects.all()}
        pages = dict(self.here)
        new = [entry for entry in self.contents.pages if entry.name not in self.here]
        for entry in new:
            parent = pages[entry.parent, entry.language] if entry.parent else homes[entry.language]
            pages[entry.name] = self._add(entry, parent, locales[entry.language])
        made = {entry.name for entry in new}
        for done, entry in enumerate(self.contents.pages, start=1):
            if entry.name in made:
                self._finish(entry, pages)
            elif entry.name in self.plan.changed and not entry.alias_of:
                self._revise(entry, pages[entry.name])
            if self.progress:
                self.progress(done, len(self.contents.pages))
        course = CoursePage.objects.get(pk=pages[self.contents.key, self.contents.source_language].pk)
        if not self.is_update:
            translations.take(course, self.contents.translations, fresh)
        return course

    def _bring_media(self) -> None:
        for kind in ("image", "document"):
            for entry, member in self.contents.members_of(kind):
                with self.contents.archive.open(member) as file:
                    self.settled.settle(kind, entry, file, self.contents.facts[entry["id"]], self.actor)
        self.rows |= self.settled.made

    def _values(self, entry: PageEntry, words: dict, *, told: bool = False) -> dict:
        """The fields to set. `told`: whether the report mentions links that lead nowhere here."""
        translator = Inward(self.rows)
        values = fields.check(entry.model, Reader(words, entry.member, entry.title), translator)
        if told and translator.missing:
            self.plan.notes.append(
                _("“%(title)s” (%(language)s) leads to a page that is not here; its words stay, the link went.")
                % {"title": entry.title, "language": entry.language}
            )
        return values

    def _add(self, entry: PageEntry, parent: Page, locale: Locale) -> Page:
        """A new page in its place. What it says of pages that are still to come follows in `_finish`."""
        values = self._values(entry, entry.words)
        if parent.get_children().filter(slug=values["slug"]).exists():
            raise Refused(
                _("“%(title)s” cannot come in: another page has its address “%(slug)s”.")
                % {"title": entry.title, "slug": values["slug"]},
                entry.member,
            )
        live = entry.published is not None and not self.is_update
        page = entry.model(translation_key=entry.key, locale=locale, live=live, owner=self.actor)
        fields.assign(page, values)
        # The parent as this run holds it, because publishing it later writes its count of children back.
        with _complaints(entry):
            parent.add_child(instance=page)
        self.rows[f"page:{entry.key}:{entry.language}"] = page.pk
        return page

    def _finish(self, entry: PageEntry, pages: dict) -> None:
        """Publish a new page, or keep it as a draft, now that all it can lead to is here."""
        page = pages[entry.name]
        if entry.alias_of:
            type(page).objects.filter(pk=page.pk).update(alias_of=pages[entry.alias_of].pk)
            return
        fields.assign(page, self._values(entry, entry.words, told=True))
        revision = page.save_revision(user=self.actor, log_action=False)
        if entry.published is None or self.is_update:
            return
        with _complaints(entry):
            revision.publish(log_action=False)
        if entry.draft is not None:
            page = entry.model.objects.get(pk=page.pk)
            fields.assign(page, self._values(entry, entry.draft))
            page.save_revision(user=self.actor, log_action=False)

    def _revise(self, entry: PageEntry, page: Page) -> None:
        """A draft revision of a page that is here, where the archive says something else."""
        before = page.get_latest_revision_as_object()
        fields.assign(before, self._values(entry, entry.words, told=True))
        before.save_revision(user=self.actor, log_action=False)


def _here_before(keys: set[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the keys by which a page, a quiz or an item is known here."""
    here = Page.objects.filter(translation_key__in=keys).values_list("translation_key", flat=True)
    quizzes = Quiz.objects.filter(uuid__in=keys).values_list("uuid", flat=True)
    return {*here, *quizzes, *Item.objects.filter(uuid__in=keys).values_list("uuid", flat=True)}


@contextmanager
def _complaints(entry: PageEntry):
    """What Wagtail finds missing on a page, said as a refusal of the archive."""
    try:
        yield
    except ValidationError as problem:
        told = " ".join(f"{field}: {' '.join(words)}" for field, words in problem.message_dict.items())
        raise Refused(
            _("“%(title)s” cannot come in: %(problem)s") % {"title": entry.title, "problem": told}, entry.member
        ) from problem
