"""Everything of a course that is translated, as texts of passages, and how it stands in each language.

A text is a page, a quiz's title and introduction, an item, a glossary entry, or a letter or certificate of an
administration. Reading a course costs a constant
number of queries, however many pages and items it has.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Max, Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.languages import codes
from core.wordings import SOURCE_LANGUAGE
from courses.languages import letters, pages, words
from courses.languages.models import GlossaryWord, Kind
from courses.languages.vocabulary import Standing, Standings, Text
from courses.models import CoursePage, LessonPage, ModulePage, ProgrammePage
from courses.releases import source_of
from quizzes.drafts.outline import label_of
from quizzes.drafts.passages import passages as passages_of
from quizzes.drafts.passages import worded
from quizzes.models import Item, ItemText, ItemVersion, Quiz, QuizText


@dataclass
class CourseTexts:
    """The texts of a course in the order in which learners meet them, and their translations; None: the glossary."""

    course: CoursePage | ProgrammePage | None
    language: str
    texts: list[Text]
    standings: Standings = field(default_factory=dict)

    @property
    def targets(self) -> list[str]:
        return [code for code in codes() if code != self.language]


def texts_of(course: CoursePage | ProgrammePage) -> CourseTexts:
    """The published words of a course with the quizzes that close its modules and the items they draw from.

    `course` is any of its pages; the words are those of its source language. A programme has the words of its
    own page: its courses are translated as courses.
    """
    course = source_of(course)
    language = course.locale.language_code
    if isinstance(course, ProgrammePage):
        texts = [_page_text(course, language, 0, course.objectives.all())]
        return CourseTexts(course, language, texts, standings_of(texts, language))
    below = {"live": True}
    modules = list(ModulePage.objects.descendant_of(course).filter(**below).order_by("position", "path"))
    lessons: dict[str, list[LessonPage]] = {}
    for lesson in LessonPage.objects.descendant_of(course).filter(**below).order_by("path"):
        lessons.setdefault(lesson.path[: -Page.steplen], []).append(lesson)
    objectives = _objectives(page__path__startswith=course.path)
    quizzes = _quizzes([module.quiz_id for module in modules if module.quiz_id], language)
    items = _items(Item.objects.filter(bank__in={quiz.bank_id for quiz, _text in quizzes.values()}), language)
    texts = [_page_text(course, language, 0, objectives.get(course.pk, ()))]
    told: set[int] = set()
    for module in modules:
        texts.append(_page_text(module, language, 1, objectives.get(module.pk, ())))
        texts += [
            _page_text(lesson, language, 2, objectives.get(lesson.pk, ())) for lesson in lessons.get(module.path, [])
        ]
        if module.quiz_id in quizzes:
            quiz, text = quizzes[module.quiz_id]
            texts.append(text)
            if quiz.bank_id not in told:
                told.add(quiz.bank_id)
                texts += items.get(quiz.bank_id, [])
    return CourseTexts(course, language, texts, standings_of(texts, language))


def text_of(kind: str, key: uuid.UUID, language: str = "") -> Text | None:
    """One text in its source language, or None where there is none; for a translation into `language`.

    What an administration says in the source's own language is made from what ships: for it, the text is that.
    """
    if kind in (Kind.LETTER, Kind.DOCUMENT):
        found = letters.text_of(key, ships=language == SOURCE_LANGUAGE)
        return found if found is not None and found.kind == kind else None
    if kind == Kind.PAGE:
        return _text_of_page(key)
    if kind == Kind.QUIZ:
        quiz = Quiz.objects.filter(uuid=key).first()
        found = _quizzes([quiz.pk], _language_of_bank(quiz.bank_id)) if quiz else {}
        return next((text for _quiz, text in found.values()), None)
    if kind == Kind.ITEM:
        item = Item.objects.filter(uuid=key)
        found = _items(item, _language_of_bank(item[0].bank_id)) if item else {}
        return next((text for texts in found.values() for text in texts), None)
    return next((text for text in glossary_texts() if text.key == key), None)


def glossary_texts() -> list[Text]:
    """The glossary's entries, in two queries."""
    entries = GlossaryWord.objects.filter(language=SOURCE_LANGUAGE).select_related("term").order_by("term__key")
    return [
        Text(
            Kind.TERM,
            word.term.uuid,
            SOURCE_LANGUAGE,
            word.text,
            0,
            (pages.Passage("text", word.text, str(_("Term"))),),
        )
        for word in entries
    ]


# --- Pages ----------------------------------------------------------------------------------------------------------


def page_in_source_language(key: uuid.UUID):
    """The page that the translations of a page are made from, or None."""
    some = Page.objects.filter(translation_key=key).first()
    if some is None:
        return None
    course = some.get_ancestors(inclusive=True).type(CoursePage, ProgrammePage).first()
    if course is None:
        return None
    course = course.specific
    language = source_of(course).locale_id
    page = Page.objects.filter(translation_key=key, locale=language).first()
    return page.specific if page else None


def _text_of_page(key):
    page = page_in_source_language(key)
    if page is None or not page.live:
        return None
    depth = {CoursePage: 0, ProgrammePage: 0, ModulePage: 1}.get(type(page), 2)
    return _page_text(page, page.locale.language_code, depth, page.objectives.all())


def _objectives(**where) -> dict[int, list]:
    """The learning objectives of some pages by page: a query for each kind of page."""
    found: dict[int, list] = {}
    for model in pages.OBJECTIVES.values():
        for objective in model.objects.filter(**where).order_by("sort_order"):
            found.setdefault(objective.page_id, []).append(objective)
    return found


def _page_text(page, language, depth, objectives=()):
    passages = tuple(pages.passages_of(page, objectives))
    return Text(Kind.PAGE, page.translation_key, language, page.title, depth, passages)


# --- Quizzes and items ----------------------------------------------------------------------------------------------


def _language_of_bank(bank_id: int) -> str:
    module = ModulePage.objects.filter(quiz__bank=bank_id).order_by("pk").first()
    course = CoursePage.objects.ancestor_of(module).first() if module else None
    return source_of(course).locale.language_code if course else SOURCE_LANGUAGE


def _quizzes(ids: Iterable[int], language: str) -> dict[int, tuple[Quiz, Text]]:
    found = {}
    for words_of in QuizText.objects.filter(quiz__in=list(ids), language=language).select_related("quiz"):
        passages = quiz_passages(words_of.title, words_of.introduction)
        text = Text(Kind.QUIZ, words_of.quiz.uuid, language, words_of.title, 2, tuple(passages))
        found[words_of.quiz_id] = (words_of.quiz, text)
    return found


def quiz_passages(title: str, introduction: str) -> list[pages.Passage]:
    found = [("title", title, _("Title")), ("introduction", introduction, _("Introduction"))]
    return [pages.Passage(path, text, label) for path, text, label in found if text.strip()]


def _newest_words(keys: Iterable[uuid.UUID]):
    """The words of the newest published version of items, in all languages."""
    versions = ItemVersion.objects.filter(item__uuid__in=keys, published_at__isnull=False)
    newest = versions.values("item").annotate(newest=Max("id")).values("newest")
    return ItemText.objects.filter(version__in=newest).select_related("version__item")


def _items(items, language: str) -> dict[int, list[Text]]:
    """Items, named by a query, as texts by their bank."""
    found: dict[int, list[Text]] = {}
    for text in _newest_words(items.values("uuid")).filter(language=language).order_by("version__item__key"):
        stem = Truncator(text.content["stem"]).words(12)
        passages = tuple(item_passages(text.content))
        found.setdefault(text.version.item.bank_id, []).append(
            Text(Kind.ITEM, text.version.item.uuid, language, stem, 3, passages)
        )
    return found


def item_passages(content: dict) -> list[pages.Passage]:
    """An item's passages: the question, then each part with what is said about it."""
    return [pages.Passage(".".join(path), text, label_of(path)) for path, text in passages_of(content)]


def item_words(key: uuid.UUID, language: str, whole: Mapping[str, str]) -> dict:
    """The words of an item that its translated passages make, by the words they were translated from."""
    source = _newest_words([key]).get(language=language).content
    return worded(source, {tuple(path.split(".")): text for path, text in whole.items()})


def state_of(content) -> str:
    """A short name for words as they stand, whatever holds them."""
    return words.digest(json.dumps(content, sort_keys=True, ensure_ascii=False))


# --- Translations ---------------------------------------------------------------------------------------------------


def standings_of(texts: Iterable[Text], language: str) -> Standings:
    """How texts of one source language stand in every other: one query for each kind that is among them."""
    keys: dict[str, set[uuid.UUID]] = {}
    for text in texts:
        keys.setdefault(str(text.kind), set()).add(text.key)
    found: Standings = {}
    for kind, read in _STANDINGS.items():
        if kind in keys:
            for key, code, standing in read(keys[kind], ~Q(**{_LANGUAGE.get(kind, "language"): language})):
                found.setdefault((kind, key), {})[code] = standing
    return found


def _standings_of_pages(keys, elsewhere):
    rows = Page.objects.filter(elsewhere, translation_key__in=keys).values_list(
        "translation_key", "locale__language_code", "live", "live_revision_id", "pk"
    )
    for key, code, live, revision, pk in rows:
        yield key, code, Standing(live, str(revision or ""), pk)


def _standings_of_quizzes(keys, elsewhere):
    for text in QuizText.objects.filter(elsewhere, quiz__uuid__in=keys).select_related("quiz"):
        yield text.quiz.uuid, text.language, Standing(True, state_of([text.title, text.introduction]))


def _standings_of_items(keys, elsewhere):
    for text in _newest_words(keys).filter(elsewhere):
        yield text.version.item.uuid, text.language, Standing(True, state_of(text.content))


def _standings_of_letters(keys, _elsewhere):
    yield from letters.standings(keys)


def _standings_of_terms(keys, elsewhere):
    for word in GlossaryWord.objects.filter(elsewhere, term__uuid__in=keys).select_related("term"):
        yield word.term.uuid, word.language, Standing(True, state_of(word.text))


_LANGUAGE = {"page": "locale__language_code"}
_STANDINGS = {
    "page": _standings_of_pages,
    "quiz": _standings_of_quizzes,
    "item": _standings_of_items,
    "term": _standings_of_terms,
    "letter": _standings_of_letters,
    "document": _standings_of_letters,
}


def passages_in(text: Text, language: str) -> dict[str, str]:
    """What stands in a language under each path: HTML for rich text. Empty where nothing stands."""
    return passages_of_all([text], language).get(text.name, {})


def passages_of_all(texts: Iterable[Text], language: str) -> dict[tuple[str, uuid.UUID], dict[str, str]]:
    """What stands in a language under each path of many texts, in one or a few queries for each kind among them."""
    keys: dict[str, set[uuid.UUID]] = {}
    for text in texts:
        keys.setdefault(str(text.kind), set()).add(text.key)
    return {
        (kind, key): passages
        for kind, read in _PASSAGES.items()
        if kind in keys
        for key, passages in read(keys[kind], language)
    }


def _passages_of_pages(keys, language):
    objectives = _objectives(page__translation_key__in=keys, page__locale__language_code=language)
    for model in pages.FIELDS:
        for page in model.objects.filter(translation_key__in=keys, locale__language_code=language):
            yield page.translation_key, pages.raw_passages(page, objectives.get(page.pk, ()))


def _passages_of_quizzes(keys, language):
    for text in QuizText.objects.filter(quiz__uuid__in=keys, language=language).select_related("quiz"):
        yield text.quiz.uuid, _by_path(quiz_passages(text.title, text.introduction))


def _passages_of_items(keys, language):
    for text in _newest_words(keys).filter(language=language):
        yield text.version.item.uuid, _by_path(item_passages(text.content))


def _passages_of_terms(keys, language):
    for word in GlossaryWord.objects.filter(term__uuid__in=keys, language=language).select_related("term"):
        yield word.term.uuid, {"text": word.text}


def _by_path(passages) -> dict[str, str]:
    return {passage.path: passage.text for passage in passages}


_PASSAGES = {
    "page": _passages_of_pages,
    "quiz": _passages_of_quizzes,
    "item": _passages_of_items,
    "term": _passages_of_terms,
    "letter": letters.passages,
    "document": letters.passages,
}
