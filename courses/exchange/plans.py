"""What an import would do, compared with what is here: the dry run's report, and the reason to refuse."""

from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from courses.exchange import exporting
from courses.exchange.contents import Contents, PageEntry
from courses.exchange.reading import Refused
from quizzes.exchange import bank_as_data, changed_items, quiz_as_data
from quizzes.models import ItemBank, Quiz


@dataclass
class Change:
    """One thing that differs: where (a language, or empty), what, and which of its fields."""

    language: str
    title: str
    fields: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """What is new, what differs from what is here, and what is the same."""

    course: str
    title: str
    languages: list[str]
    new_pages: list[Change] = field(default_factory=list)
    changed_pages: list[Change] = field(default_factory=list)
    same_pages: int = 0
    only_here: list[Change] = field(default_factory=list)
    new_assessments: list[str] = field(default_factory=list)
    changed_assessments: list[str] = field(default_factory=list)
    media: int = 0
    notes: list[str] = field(default_factory=list)
    # The names of the changed pages, for the import itself; no part of the report.
    changed: set[tuple] = field(default_factory=set, repr=False)

    @property
    def differs(self) -> bool:
        """Whether anything that is here already says something else."""
        return bool(self.changed_pages or self.changed_assessments)

    @property
    def is_empty(self) -> bool:
        return not (self.new_pages or self.changed_pages or self.new_assessments or self.changed_assessments)

    def as_data(self) -> dict:
        told = asdict(self)
        del told["changed"]
        return {"shape": 1, **told}

    def lines(self) -> list[str]:
        """The report in sentences, for a terminal."""
        told = [f"{self.title} ({', '.join(self.languages)})"]
        told.append(ngettext("%(count)d new page", "%(count)d new pages", len(self.new_pages)) % _of(self.new_pages))
        told.append(
            ngettext("%(count)d page differs", "%(count)d pages differ", len(self.changed_pages))
            % _of(self.changed_pages)
        )
        told += [f"  [{one.language}] {one.title}: {', '.join(one.fields)}" for one in self.changed_pages]
        told.append(
            ngettext("%(count)d page is the same", "%(count)d pages are the same", self.same_pages)
            % {"count": self.same_pages}
        )
        if self.only_here:
            told.append(_("Here and not in the archive, and left as they are:"))
            told += [f"  [{one.language}] {one.title}" for one in self.only_here]
        told += self.new_assessments + self.changed_assessments
        told.append(
            ngettext("%(count)d image or document", "%(count)d images and documents", self.media)
            % {"count": self.media}
        )
        return told + self.notes


def _of(changes: list) -> dict:
    return {"count": len(changes)}


def plan_of(contents: Contents) -> tuple[Plan, dict]:
    """Compare an archive with what is here; also the pages here, by their (translation key, language).

    Raises Refused where a page or slug stands in the way that no import may touch.
    """
    keys = {page.key for page in contents.pages}
    here = {
        (page.translation_key, page.locale.language_code): page.specific
        for page in Page.objects.filter(translation_key__in=keys).select_related("locale").specific()
    }
    plan = Plan(
        course=str(contents.key),
        title=contents.pages[0].title,
        languages=contents.languages,
        media=sum(len(entries) for entries in contents.media.values()) + len(contents.item_media),
    )
    translator = exporting.Outward()
    for entry in contents.pages:
        page = here.get(entry.name)
        if page is None:
            plan.new_pages.append(Change(entry.language, entry.title))
        elif type(page) is not entry.model:
            raise Refused(_("“%(title)s” is here as a page of another kind.") % {"title": page.title}, entry.member)
        elif found := _differing(entry, page, translator):
            plan.changed_pages.append(Change(entry.language, entry.title, found))
            plan.changed.add(entry.name)
        else:
            plan.same_pages += 1
    _find_what_is_only_here(plan, contents, here)
    _compare_assessments(plan, contents)
    _compare_glossaries(plan, contents)
    return plan, here


def _differing(entry: PageEntry, page: Page, translator: exporting.Outward) -> list[str]:
    """The fields in which a page here differs from the archive's: none where all is as it left, or as it was brought.

    What an update has brought stands in the newest draft.
    """
    found = exporting.entry_of(page, None, translator)
    if (found["published"], found["draft"]) == (entry.published, entry.draft):
        return []
    newest = found["draft"] or found["published"]
    return [name for name, value in entry.words.items() if newest.get(name) != value]


def _find_what_is_only_here(plan: Plan, contents: Contents, here: dict) -> None:
    wanted = {entry.name for entry in contents.pages}
    for code in contents.languages:
        top = here.get((contents.key, code))
        if top is None:
            continue
        for page in top.get_descendants().order_by("path"):
            if (page.translation_key, code) not in wanted:
                plan.only_here.append(Change(code, page.title))


def _compare_assessments(plan: Plan, contents: Contents) -> None:
    banks = {bank.slug: bank for bank in ItemBank.objects.filter(slug__in=[bank["slug"] for bank in contents.banks])}
    for data in contents.banks:
        if data["slug"] not in banks:
            plan.new_assessments.append(_("New item bank “%(title)s”") % {"title": data["title"]})
            continue
        added, changed = changed_items(bank_as_data(banks[data["slug"]]), data)
        where = {"bank": data["slug"], "items": ", ".join(added)}
        if added:
            plan.changed_assessments.append(_("Item bank “%(bank)s” gains: %(items)s") % where)
        if changed:
            where["items"] = ", ".join(changed)
            plan.changed_assessments.append(_("Item bank “%(bank)s” gets new versions of: %(items)s") % where)
    quizzes = Quiz.objects.filter(slug__in=[quiz["slug"] for quiz in contents.quizzes])
    here = {quiz.slug: quiz_as_data(quiz) for quiz in quizzes.select_related("bank").prefetch_related("texts")}
    for data in contents.quizzes:
        if data["slug"] not in here:
            plan.new_assessments.append(_("New quiz “%(slug)s”") % {"slug": data["slug"]})
        elif _without_uuid(here[data["slug"]]) != _without_uuid(data):
            plan.changed_assessments.append(_("Quiz “%(slug)s” changes") % {"slug": data["slug"]})


def _without_uuid(data: dict) -> dict:
    return {name: value for name, value in data.items() if name != "uuid"}


def _compare_glossaries(plan: Plan, contents: Contents) -> None:
    """Terms are decided by each installation: one that is here stays as it is, and only new ones are taken."""
    here = {term["key"]: term for term in exporting.glossary()}
    differ = [term["key"] for term in contents.glossary if term["key"] in here and term != here[term["key"]]]
    if differ:
        plan.notes.append(
            _("The glossary of this installation has other words for: %(terms)s. They stay.")
            % {"terms": ", ".join(differ)[:500]}
        )
