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
from courses.exchange import archive, fields, item_media, markup, media, planting, translations
from courses.exchange.contents import Contents, PageEntry, contents_of, read_page_name
from courses.exchange.plans import Plan, plan_of
from courses.exchange.reading import Reader, Refused
from courses.languages.glossary import keep_terms
from courses.models import CoursePage
from quizzes.exchange import take_bank, take_quiz
from quizzes.models import Item, Quiz

Progress = Callable[[int, int], None]

# A page's locale, owner and kind lead to rows that this import has in its hands: nobody needs to look for them again.
_SET_HERE = {field.name for field in Page._meta.fields if field.remote_field}


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
            item_media.keep(opened, contents.item_media, now=now)
            for kind, entry, member in contents.members():
                with opened.open(member) as file:
                    settled.prepare(kind, entry, file)
            with transaction.atomic():
                begun()
                running = _Import(contents, plan, here, settled, actor, now, progress)
                outcome = Outcome(plan, opened.manifest, running.run())
                recorded(outcome)
        except BaseException:
            settled.take_away()
            raise
        planting.index(running.planted)
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
        # The numbers of the pages that are new.
        self.planted: list[int] = []

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
        self._plant(new, pages, homes, locales)
        for entry in self.contents.pages:
            if entry.name in self.here and entry.name in self.plan.changed and not entry.alias_of:
                self._revise(entry, pages[entry.name])
        self._told(len(self.contents.pages))
        course = CoursePage.objects.get(pk=pages[self.contents.key, self.contents.source_language].pk)
        if not self.is_update:
            translations.take(course, self.contents.translations, fresh)
        return course

    def _bring_media(self) -> None:
        for kind, entry, member in self.contents.members():
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

    def _plant(self, new: list[PageEntry], pages: dict, homes: dict, locales: dict) -> None:
        """The pages that are not here: all of them get their numbers before any says what it leads to."""
        placed = []
        for entry in new:
            parent = pages[entry.parent, entry.language] if entry.parent else homes[entry.language]
            page = pages[entry.name] = planting.seedling(
                entry.model,
                translation_key=entry.key,
                locale=locales[entry.language],
                live=entry.published is not None and not self.is_update,
                owner=self.actor,
                **{name: entry.words[name] for name in fields.OF_A_PAGE},
            )
            placed.append((page, parent))
        self._check_addresses(new, [parent for _page, parent in placed])
        planting.place(placed)
        for entry in new:
            self.rows[f"page:{entry.key}:{entry.language}"] = pages[entry.name].pk
            self.planted.append(pages[entry.name].pk)
        for done, entry in enumerate(new, start=1):
            page = pages[entry.name]
            fields.assign(page, self._values(entry, entry.words, told=not entry.alias_of))
            with _complaints(entry):
                page.full_clean(exclude=_SET_HERE, validate_unique=False, validate_constraints=False)
            self._told(done)
        aliases = {pages[entry.name].pk: pages[entry.alias_of] for entry in new if entry.alias_of}
        planting.grow([pages[entry.name] for entry in new], aliases=aliases, user=self.actor)
        for entry in new:
            if entry.draft is not None and entry.published is not None and not (self.is_update or entry.alias_of):
                page = entry.model.objects.get(pk=pages[entry.name].pk)
                fields.assign(page, self._values(entry, entry.draft))
                page.save_revision(user=self.actor, log_action=False)

    def _check_addresses(self, new: list[PageEntry], parents: list[Page]) -> None:
        """That no page which is here has the address of a new one. Raises Refused."""
        numbers = {parent.pk for parent in parents if parent.pk is not None}
        taken = {
            (parent.pk, slug)
            for parent in Page.objects.filter(pk__in=numbers)
            for slug in parent.get_children().values_list("slug", flat=True)
        }
        seen = set()
        for entry, parent in zip(new, parents, strict=True):
            address = (parent.pk or id(parent), entry.words["slug"])
            if address in taken or address in seen:
                raise Refused(
                    _("“%(title)s” cannot come in: another page has its address “%(slug)s”.")
                    % {"title": entry.title, "slug": entry.words["slug"]},
                    entry.member,
                )
            seen.add(address)

    def _told(self, done: int) -> None:
        if self.progress:
            self.progress(done, len(self.contents.pages))

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
