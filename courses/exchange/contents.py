"""What an archive says, checked to the last field before the database hears of it."""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page

from core import languages
from courses.exchange import fields, item_media, markup, media, translations
from courses.exchange.archive import Archive
from courses.exchange.reading import Reader, Refused
from courses.languages.models import Kind
from courses.models import CoursePage
from quizzes.exchange import UNSAID, check_plan, check_version
from quizzes.kinds.contract import WrongItem
from quizzes.models import ItemKind, Quiz

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,50}")
_PAGE = re.compile(r"page:(?P<key>[0-9a-f-]{36}):(?P<language>[a-z]{2,3}(?:-[a-z0-9]{2,8})*)")
# The parts of a page's entry; the fields of its model stand in the last two.
ENTRY = ("key", "type", "parent", "alias_of", "published", "draft")


@dataclass
class PageEntry:
    """A page of an archive. `published` and `draft` are the fields as the archive has them."""

    member: str
    language: str
    key: uuid.UUID
    model: type[Page]
    parent: uuid.UUID | None
    alias_of: tuple[uuid.UUID, str] | None
    published: dict | None
    draft: dict | None

    @property
    def words(self) -> dict:
        """What is published, else the draft."""
        return self.published or self.draft

    @property
    def title(self) -> str:
        return self.words["title"]

    @property
    def name(self) -> tuple[uuid.UUID, str]:
        return self.key, self.language


@dataclass
class Contents:
    """A whole archive, checked. `item_media` are the extensions of what questions show, by digest."""

    archive: Archive
    key: uuid.UUID
    source_language: str
    pages: list[PageEntry]
    quizzes: list[dict]
    banks: list[dict]
    media: dict[str, dict[str, dict]]
    item_media: dict[str, str]
    facts: dict[str, dict]
    glossary: list[dict]
    translations: translations.Confirmations

    @property
    def languages(self) -> list[str]:
        """The source's language first."""
        return list(dict.fromkeys(page.language for page in self.pages))

    def members(self) -> Iterator[tuple[str, dict, str]]:
        """The media: kind, entry, and the member with its file."""
        for kind, entries in self.media.items():
            for entry in entries.values():
                yield kind, entry, f"files/{entry['file']}"


class Checking:
    """Follows the references of a page without a database: what they name must be in the archive or a page."""

    trusting = False

    def __init__(self, member: str, known: dict[str, set[str]]):
        self._member = member
        self._known = known

    def reference(self, kind: str, value) -> str:
        if not isinstance(value, str):
            raise self._unknown(str(value))
        if kind == "page":
            if not _PAGE.fullmatch(value):
                raise self._unknown(value)
        elif not value.startswith(f"{kind}:") or value.removeprefix(f"{kind}:") not in self._known[kind]:
            raise self._unknown(value)
        return value

    def html(self, value: str) -> str:
        if problem := markup.complaint(value):
            raise Refused(
                _("A text holds %(problem)s. It begins: %(text)s") % {"problem": problem, "text": value[:80]},
                self._member,
            )
        return markup.with_references(value, self.reference)

    def _unknown(self, value: str) -> Refused:
        return Refused(_("“%(name)s” leads to nothing in the archive.") % {"name": value[:90]}, self._member)


def read_page_name(name: str) -> tuple[uuid.UUID, str]:
    """The translation key and language in `page:<key>:<language>`."""
    found = _PAGE.fullmatch(name)
    return uuid.UUID(found["key"]), found["language"]


def contents_of(archive: Archive) -> Contents:
    """Everything in an archive, or Refused with the first thing that is wrong, its member and its place."""
    head = Reader(archive.data("course.json"), "course.json").only("shape", "key", "source_language", "languages")
    if head.text("key") != archive.manifest["course"]["key"]:
        raise head.refused(_("is another course than the manifest's"), "key")
    codes = head.sequence("languages")
    if not codes or not set(codes) <= set(languages.codes()):
        missing = ", ".join(sorted(str(code)[:12] for code in set(map(str, codes)) - set(languages.codes())))
        raise Refused(
            _("This installation lacks a language of the course: %(codes)s.") % {"codes": missing}, head.member
        )
    source = head.choice("source_language", codes)
    found, facts = _media(archive)
    quizzes, banks = _quizzes(archive)
    known = {kind: set(entries) for kind, entries in found.items()} | {"quiz": {quiz["slug"] for quiz in quizzes}}
    ordered = [source, *sorted(set(codes) - {source})]
    shown = item_media.check(archive, banks)
    _check_members(archive, ordered, found, banks, shown)
    pages = [page for code in ordered for page in _pages(archive, code, head.identity("key"), known)]
    names = {page.name for page in pages}
    for page in pages:
        if page.alias_of and page.alias_of not in names:
            raise Refused(
                _("“%(title)s” mirrors a page that is not in the archive.") % {"title": page.title}, page.member
            )
    terms = [_term(reader) for reader in Reader(archive.data("glossary.json"), "glossary.json").each("terms")]
    confirmed = _confirmations(archive, pages, quizzes, banks)
    key = head.identity("key")
    return Contents(archive, key, source, pages, quizzes, banks, found, shown, facts, terms, confirmed)


def _confirmations(archive: Archive, pages, quizzes, banks) -> translations.Confirmations:
    """How far the translations are confirmed; nothing of it in an archive from before it travelled."""
    if translations.MEMBER not in archive.names:
        return translations.Confirmations([], {})
    known = {
        Kind.PAGE: {page.key for page in pages},
        Kind.QUIZ: {uuid.UUID(quiz["uuid"]) for quiz in quizzes},
        Kind.ITEM: {uuid.UUID(item["uuid"]) for bank in banks for item in bank["items"]},
    }
    return translations.read(Reader(archive.data(translations.MEMBER), translations.MEMBER), known)


def _term(term: Reader) -> dict:
    term.only("key", "note", "words")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", term.text("key")):
        raise term.refused(_("is no short name"), "key")
    term.text("note")
    words = term.inner("words")
    for language in words.data:
        words.text(language, most=300)
    return term.data


def _check_members(archive: Archive, codes: list[str], found: dict, banks: list[dict], shown: Iterable[str]) -> None:
    """No member that nothing leads to: what is not read is not checked either."""
    wanted = {"course.json", "quizzes.json", "media.json", "glossary.json", translations.MEMBER, item_media.MEMBER}
    wanted |= {f"pages/{code}.json" for code in codes} | {f"banks/{bank['slug']}.json" for bank in banks}
    wanted |= {f"files/{entry['file']}" for entries in found.values() for entry in entries.values()}
    wanted |= {f"files/{digest}" for digest in shown}
    for name in archive.names:
        if name not in wanted:
            raise Refused(_("Nothing in the archive leads to it."), name)


# --- Pages ----------------------------------------------------------------------------------------------------------


def page_types() -> dict[str, type[Page]]:
    """The kinds of pages that a course may be made of: its own, and whatever may stand below it."""
    found, waiting = {}, [CoursePage]
    while waiting:
        model = waiting.pop()
        if model._meta.label not in found:
            found[model._meta.label] = model
            waiting += model.allowed_subpage_models()
    return found


def _pages(archive: Archive, language: str, course: uuid.UUID, known: dict) -> Iterator[PageEntry]:
    member = f"pages/{language}.json"
    reader = Reader(archive.data(member), member).only("shape", "language", "pages")
    reader.choice("language", [language])
    translator, types, above = Checking(member, known), page_types(), {}
    for entry in reader.each("pages"):
        entry.only(*ENTRY)
        model = types[entry.choice("type", types)]
        key, parent = entry.identity("key"), None
        if key in above:
            raise entry.refused(_("is there twice"), "key")
        if above:
            parent = entry.identity("parent")
            if parent not in above:
                raise entry.refused(_("is not a page before it"), "parent")
            if above[parent] not in model.allowed_parent_page_models():
                raise entry.refused(_("cannot have such a page below it"), "parent")
        elif model is not CoursePage or key != course or entry.data["parent"] is not None:
            raise entry.refused(_("is not the course, which comes first"))
        above[key] = model
        for state in ("published", "draft"):
            if entry.data[state] is not None:
                fields.check(model, entry.inner(state), translator)
        if entry.data["published"] is None and entry.data["draft"] is None:
            raise entry.refused(_("has neither published words nor a draft"))
        alias_of = entry.data["alias_of"]
        yield PageEntry(
            member,
            language,
            key,
            model,
            parent,
            read_page_name(translator.reference("page", alias_of)) if alias_of is not None else None,
            entry.data["published"],
            entry.data["draft"],
        )
    if not above:
        raise Refused(_("There is no page in it."), member)


# --- Media ----------------------------------------------------------------------------------------------------------


def _media(archive: Archive) -> tuple[dict[str, dict[str, dict]], dict[str, dict]]:
    """The entries of media.json by kind and id, and what was learned of their files."""
    reader = Reader(archive.data("media.json"), "media.json").only("shape", "images", "documents")
    found: dict[str, dict[str, dict]] = {"image": {}, "document": {}}
    facts = {}
    for kind, field in (("image", "images"), ("document", "documents")):
        for part in reader.each(field):
            entry = media.check_entry(kind, part)
            member = f"files/{entry['file']}"
            if member not in archive.names:
                raise part.refused(_("is not in the archive"), "file")
            with archive.open(member) as file:
                facts[entry["id"]] = media.check_file(kind, entry, file, member)
            found[kind][entry["id"]] = entry
    return found, facts


# --- Quizzes --------------------------------------------------------------------------------------------------------


def _quizzes(archive: Archive) -> tuple[list[dict], list[dict]]:
    quizzes = []
    for reader in Reader(archive.data("quizzes.json"), "quizzes.json").only("shape", "quizzes").each("quizzes"):
        reader.data = UNSAID | reader.data
        reader.only("slug", "uuid", "bank", "draw", "time_limit_minutes", "minutes", "texts", *UNSAID)
        reader.identity("uuid")
        for field in ("slug", "bank"):
            _check_slug(reader, field)
        for field in ("draw", "time_limit_minutes", "minutes"):
            reader.number(field)
        for language in reader.inner("texts").data:
            words = _in_language(reader, language).only("title", "introduction")
            words.text("title", most=200)
            words.text("introduction")
        _check_plan(reader)
        quizzes.append(reader.data)
    slugs = sorted({quiz["bank"] for quiz in quizzes})
    return quizzes, [_bank(archive, slug) for slug in slugs]


def _check_plan(quiz: Reader) -> None:
    for field in ("opens_at", "closes_at"):
        if quiz.data[field] is not None:
            _check_moment(quiz, field)
    quiz.number("grace_seconds", most=Quiz.LONGEST_GRACE)
    quiz.choice("review", Quiz.Review.values)
    for section in quiz.each("sections"):
        section.only("draw", "weight", "tags", "rad_factors", "difficulties", "keeps_order", "titles")
        section.number("draw", least=1)
        section.text("weight", most=20)
        section.flag("keeps_order")
        _check_tags(section)
        if not all(type(each) is int and 1 <= each <= 3 for each in section.sequence("difficulties")):
            raise section.refused(_("names a difficulty that does not exist"), "difficulties")
        titles = section.inner("titles")
        for language in titles.data:
            _check_language(section, language)
            titles.text(language, most=100)
    try:
        check_plan(quiz.data)
    except WrongItem as problem:
        raise quiz.refused(str(problem)) from problem


def _check_tags(reader: Reader) -> None:
    if not all(isinstance(tag, str) for tag in reader.sequence("tags")):
        raise reader.refused(_("is not a list of texts"), "tags")
    if not all(type(factor) is int and 1 <= factor <= 10 for factor in reader.sequence("rad_factors")):
        raise reader.refused(_("names a factor that does not exist"), "rad_factors")


def _bank(archive: Archive, slug: str) -> dict:
    member = f"banks/{slug}.json"
    bank = Reader(archive.data(member), member).only("shape", "slug", "uuid", "title", "items")
    bank.choice("slug", [slug])
    bank.identity("uuid")
    bank.text("title", most=200)
    keys = set()
    for item in bank.each("items"):
        item.only("key", "uuid", "retired", "versions").identity("uuid")
        item.flag("retired")
        _check_slug(item, "key")
        if item.data["key"] in keys:
            raise item.refused(_("is there twice"), "key")
        keys.add(item.data["key"])
        if not item.sequence("versions"):
            raise item.refused(_("has no version"))
        for version in item.each("versions"):
            _check_version(version)
    return bank.data


def _check_version(version: Reader) -> None:
    # Archives written before there were other kinds do not name it.
    version.data.setdefault("kind", ItemKind.SCENARIO)
    version.only("uuid", "number", "kind", "difficulty", "tags", "rad_factors", "structure", "published_at", "texts")
    version.identity("uuid")
    version.number("number", least=1, most=2**31 - 1)
    version.number("difficulty", least=1, most=3)
    _check_tags(version)
    version.inner("structure")
    for language in version.inner("texts").data:
        _in_language(version, language)
    _check_moment(version, "published_at")
    try:
        check_version(version.data)
    except WrongItem as problem:
        raise version.refused(str(problem)) from problem


def _check_moment(reader: Reader, field: str) -> None:
    try:
        moment = parse_datetime(reader.text(field))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise reader.refused(_("is no moment"), field)


def _in_language(reader: Reader, language: str) -> Reader:
    """The words of one language. An item may have words in a language that this installation does not offer."""
    _check_language(reader, language)
    return reader.inner("texts").inner(language)


def _check_language(reader: Reader, language: str) -> None:
    if not re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", language) or len(language) > 12:
        raise reader.refused(_("is no language"), language[:20])


def _check_slug(reader: Reader, field: str) -> None:
    if not _SLUG.fullmatch(reader.text(field)):
        raise reader.refused(_("is no short name"), field)
