"""Writing a course, all of it, in all its languages, into one archive."""

import re
import tomllib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.exchange import archive, fields, item_media, markup, media, names, translations
from courses.exchange.reading import Refused, canonical
from courses.languages.glossary import terms
from courses.models import CoursePage
from courses.releases import source_of
from quizzes.exchange import bank_as_data, quiz_as_data
from quizzes.models import ItemBank, Quiz

Progress = Callable[[int, int], None]


@dataclass
class Outward:
    """Turns a course's references into names, and gathers what they lead to."""

    gathered: media.Gathered = field(default_factory=media.Gathered)
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    trusting = True

    def reference(self, kind: str, value) -> str | None:
        if kind in ("image", "document"):
            return self.gathered.name(kind, int(value))
        if kind == "quiz":
            quiz = Quiz.objects.select_related("bank").prefetch_related("texts").get(pk=value)
            self.quizzes[quiz.slug] = quiz
            return f"quiz:{quiz.slug}"
        page = Page.objects.filter(pk=value).select_related("locale").first()
        return names.page_name(page.translation_key, page.locale.language_code) if page else None

    def html(self, value: str) -> str:
        return markup.with_references(value, self._renamed)

    def _renamed(self, kind: str, identity: str) -> str | None:
        return self.reference(kind, identity) if identity.isdigit() else None


def trees_of(course: CoursePage) -> dict[str, list[Page]]:
    """The course's pages by language, each tree in its order, the source's first; pages are of their own class."""
    source = source_of(course)
    others = source.get_translations().select_related("locale").order_by("locale__language_code")
    return {
        top.locale.language_code: [
            page.specific for page in top.get_descendants(inclusive=True).order_by("path").select_related("locale")
        ]
        for top in [source, *others]
    }


def entry_of(page: Page, parent: uuid.UUID | None, translator: Outward) -> dict:
    """A page as an archive has it: what is published, and, where an author has gone on since, the draft."""
    alias_of = page.alias_of
    entry = {
        "key": str(page.translation_key),
        "type": page._meta.label,
        "parent": str(parent) if parent else None,
        "alias_of": names.page_name(alias_of.translation_key, alias_of.locale.language_code) if alias_of else None,
        "published": fields.as_data(page, translator) if page.live else None,
        "draft": None,
    }
    if not page.live or page.has_unpublished_changes:
        newest = page.get_latest_revision_as_object() if page.latest_revision_id else page
        entry["draft"] = fields.as_data(newest, translator)
    return entry


def tree_as_data(pages: list[Page], translator: Outward, told: Callable[[], None] = lambda: None) -> list[dict]:
    """The entries of one language's pages, each parent before its children."""
    by_path = {page.path: page.translation_key for page in pages}
    entries = []
    for page in pages:
        entries.append(entry_of(page, by_path.get(page.path[: -Page.steplen]), translator))
        told()
    return entries


def write_course(
    course: CoursePage,
    target: IO[bytes],
    *,
    licence: str = "",
    attribution: str = "",
    progress: Progress | None = None,
) -> dict:
    """Write a course's archive and return its manifest. Reads alone; the same course gives the same bytes.

    `progress` is told (pages done, pages in all). Raises Refused where something of the course cannot travel, such as
    an image whose file is lost.
    """
    trees = trees_of(course)
    translator, done, total = Outward(), 0, sum(map(len, trees.values()))

    def told():
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    members: dict[str, bytes | archive.Opener] = {}
    try:
        for language, pages in trees.items():
            data = {"shape": 1, "language": language, "pages": tree_as_data(pages, translator, told)}
            members[f"pages/{language}.json"] = canonical(data)
    except fields.blocks.Misshapen as problem:
        raise Refused(_("This cannot be exported: %(problem)s.") % {"problem": problem}) from problem
    source = source_of(course)
    quizzes = sorted(translator.quizzes.values(), key=lambda quiz: quiz.slug)
    members["course.json"] = canonical(_course_as_data(source, list(trees)))
    members["quizzes.json"] = canonical({"shape": 1, "quizzes": [quiz_as_data(quiz) for quiz in quizzes]})
    banks = [bank_as_data(bank) for bank in ItemBank.objects.filter(quizzes__in=quizzes).distinct()]
    members |= {f"banks/{bank['slug']}.json": canonical({"shape": 1, **bank}) for bank in banks}
    members |= item_media.members_of(banks)
    members[translations.MEMBER] = canonical(translations.as_data(source))
    members["media.json"] = canonical(_media_as_data(translator.gathered))
    members |= translator.gathered.files
    words = " ".join(text.decode() for name, text in members.items() if isinstance(text, bytes))
    members["glossary.json"] = canonical({"shape": 1, "terms": glossary_terms_in(words)})
    about = {
        "software": software(),
        "licence": licence,
        "attribution": attribution,
        "course": {"key": str(source.translation_key), "title": source.title, "languages": list(trees)},
    }
    return archive.write(target, members, about)


def _course_as_data(source: CoursePage, languages: list[str]) -> dict:
    return {
        "shape": 1,
        "key": str(source.translation_key),
        "source_language": source.locale.language_code,
        "languages": sorted(languages),
    }


def _media_as_data(gathered: media.Gathered) -> dict:
    return {
        "shape": 1,
        "images": [entry for _id, entry in sorted(gathered.entries["image"].items())],
        "documents": [entry for _id, entry in sorted(gathered.entries["document"].items())],
    }


def glossary() -> list[dict]:
    """The glossary of this installation, as archives have it."""
    return [{"key": term.key, "note": term.note, "words": term.words} for term in terms()]


def glossary_terms_in(words: str) -> list[dict]:
    """The entries of the glossary of which a word, in any language, stands in the course's words."""
    folded = words.casefold()
    return [term for term in glossary() if any(_stands_in(word, folded) for word in term["words"].values())]


def _stands_in(word: str, folded: str) -> bool:
    sought = word.casefold()
    return sought in folded and re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", folded) is not None


def software() -> str:
    """The platform's name and version, as archives name their maker."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['name']} {project['version']}"
