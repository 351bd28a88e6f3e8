"""Every write around translations: what ships, drafts, handing in, approval by a second person.

A translation reaches authors' pages and item banks when somebody else than its translator approves it, and learners
with the next release. One function is one mutation, with its permission check and, where words become readable, its
record in the log.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page, Revision

from core import wordings
from courses.languages import letters, pages, reviewing, texts, words
from courses.languages.models import GlossaryTerm, GlossaryWord, Kind, SourceWords, TranslatedFrom, TranslationWork
from courses.languages.refusals import (
    CHANGED_MEANWHILE,
    INCOMPLETE,
    NOTHING_TO_CONFIRM,
    SOURCE_CHANGED,
    UNDER_REVIEW,
    Refused,
)
from courses.languages.status import State, match, state
from courses.languages.vocabulary import Standing, Text
from courses.permissions import may_review_translation, may_translate
from oversight import records
from quizzes.services import word_item, word_quiz


class BadPassages(Exception):
    """Passages whose markup would not stand: `problems` says by path which of `words.PROBLEMS` it is."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(", ".join(problems))
        self.problems = problems


# --- What ships -----------------------------------------------------------------------------------------------------


def confirm_shipped(shipped: Iterable[Text], *, now: datetime) -> None:
    """Say of every translation of these texts that it was made from the words they have today.

    For what comes complete in all its languages, as the curriculum's files do. What is confirmed already is left as it
    is, so that doing it again writes nothing.
    """
    shipped = list(shipped)
    if not shipped:
        return
    standings = texts.standings_of(shipped, shipped[0].language)
    rows = TranslatedFrom.objects.filter(key__in=[text.key for text in shipped])
    known = {(row.kind, row.key, row.language): row for row in rows}
    for text in shipped:
        for language, standing in standings.get(text.name, {}).items():
            row = known.get((*text.name, language))
            if not standing.published or (row and row.words == standing.words and _confirmed(row) == text.source):
                continue
            with transaction.atomic():
                _write(text, language, standing.words, translator=None, reviewer=None, now=now)


def _confirmed(row: TranslatedFrom) -> list[tuple[str, str]]:
    return [(path, digest) for path, digest in row.source["passages"]]


def confirmed_of(text: Text, row: TranslatedFrom | None, standing: Standing | None) -> list[tuple[str, str]] | None:
    """The source's passages that a translation was confirmed against, None if nobody has.

    What ships is confirmed against what ships beside it, and against other words of the source once somebody has said
    that it is right for them, too.
    """
    kept = _confirmed(row) if row else None
    ships = standing.made_from if standing else None
    if ships is None:
        return kept
    if row is None or row.words != standing.words or list(ships) == text.source:
        return list(ships)
    return kept


def _write(text: Text, language: str, standing: str, *, translator, reviewer, now) -> TranslatedFrom:
    """Keep the source's words, and that a translation now stands for them."""
    keep_words(text)
    facts = {"words": standing, "translator": translator, "reviewer": reviewer, "confirmed_at": now}
    return keep_confirmation(text.kind, text.key, language, text.source, facts)


def keep_confirmation(kind: str, key, language: str, source: list, facts: dict) -> TranslatedFrom:
    """That a translation stands for these passages of its source. `facts` are the row's other fields."""
    row, _made = TranslatedFrom.objects.update_or_create(
        kind=kind,
        key=key,
        language=language,
        defaults={"source": {"shape": 1, "passages": source}, **facts},
    )
    return row


def keep_words(text: Text) -> None:
    SourceWords.objects.bulk_create(
        [SourceWords(digest=passage.digest, text=passage.text) for passage in text.passages], ignore_conflicts=True
    )


# --- Drafts ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_draft(
    text: Text, language: str, written: dict[str, str], *, actor, now: datetime, turn: int | None = None
) -> TranslationWork:
    """Keep what a translator has written so far, by path; an empty passage is one that is not translated yet.

    `turn` is the work's turn as the translator saw it, 0 for none, None for whoever did not look. Paths that the text
    does not have are left out. Whoever writes last is the translator. Raises PermissionDenied, BadPassages, or Refused
    with CHANGED_MEANWHILE.
    """
    if not may_work_on(text, actor) or not text.goes_into(language):
        raise PermissionDenied
    known = {passage.path: passage for passage in text.passages}
    kept = {path: value.strip() for path, value in written.items() if path in known and value.strip()}
    problems = {path: problem for path, value in kept.items() if (problem := problem_of(known[path], value))}
    if problems:
        raise BadPassages(problems)
    work = _locked_work(text, language)
    if turn is not None and turn != (work.turn if work else 0):
        raise Refused(CHANGED_MEANWHILE)
    if work is not None and work.stage == work.Stage.SUBMITTED:
        raise Refused(UNDER_REVIEW)
    keep_words(text)
    work = work or TranslationWork(kind=text.kind, key=text.key, language=language, turn=0)
    before = work.passages["passages"] if work.pk else {}
    work.passages = {
        "shape": 1,
        "passages": {path: passage_by(actor, known[path], value, before.get(path)) for path, value in kept.items()},
    }
    work.stage = work.Stage.RETURNED if work.note else work.Stage.DRAFT
    work.translator, work.changed_at, work.handed_in_at = actor, now, None
    work.turn += 1
    work.save()
    return work


def passage_by(actor, passage: pages.Passage, text: str, before: dict | None) -> dict:
    """A passage of a draft. Who only saves what another has written does not become its writer."""
    if before and (before["source"], before["text"]) == (passage.digest, text):
        return before
    return {"source": passage.digest, "text": text, "by": str(actor.uuid)}


def may_work_on(text: Text, user) -> bool:
    """Whether a person may translate a text and hand it in."""
    return may_translate(user) and text.is_for(user)


def may_review(user, work: TranslationWork) -> bool:
    """Whether a person may decide on a translation: neither its translator nor the writer of any passage of it."""
    return may_review_translation(user, work.translator_id) and str(user.uuid) not in work.writers


def problem_of(passage: pages.Passage, value: str) -> str:
    """What is wrong with a translation: its markup, or what a letter or certificate cannot do with it; or ""."""
    if wordings.places(value) != set(passage.places) and passage.most:
        return words.PLACES_DIFFER
    if passage.most and len(value) > passage.most:
        return words.TOO_LONG
    if not passage.can_write(value):
        return words.NOT_WRITABLE
    if not passage.rich:
        return ""
    try:
        words.check(value, len(passage.links))
    except words.BadMarkup as problem:
        return str(problem)
    return ""


@transaction.atomic
def hand_in(text: Text, language: str, *, actor, now: datetime, turn: int | None = None) -> TranslationWork:
    """Give a draft to somebody else for review. Raises PermissionDenied, or Refused."""
    work = _locked_work(text, language)
    if work is None or (turn is not None and turn != work.turn):
        raise Refused(CHANGED_MEANWHILE)
    if not may_work_on(text, actor):
        raise PermissionDenied
    if work.stage == work.Stage.SUBMITTED:
        raise Refused(UNDER_REVIEW)
    _whole(text, language, work)
    work.stage, work.handed_in_at, work.translator = work.Stage.HANDED_IN, now, actor
    work.turn += 1
    work.save()
    return work


@transaction.atomic
def send_back(text: Text, language: str, note: str, *, actor, now: datetime, turn: int | None = None):
    """Give a translation back to its translator with a note. Raises PermissionDenied, or Refused."""
    work = _handed_in(text, language, actor, turn)
    work.stage, work.note, work.returned_by, work.changed_at = work.Stage.RETURNED, note.strip(), actor, now
    work.turn += 1
    work.save()
    return work


@transaction.atomic
def approve(text: Text, language: str, *, actor, now: datetime, turn: int | None = None) -> TranslatedFrom | None:
    """Publish a translation that was handed in, by somebody else than its translator. Recorded.

    Where the course asks for review, a page goes to its reviewers instead, who publish it: then there is nothing to
    return yet. Raises PermissionDenied, or Refused where it is not what the reviewer saw, no longer fits the source,
    or the page lies before reviewers already.
    """
    work = _handed_in(text, language, actor, turn)
    whole = _whole(text, language, work)
    if text.kind == Kind.PAGE and reviewing.is_asked_for(text):
        keep_words(text)
        reviewing.submit(text, language, whole, work, actor=actor, now=now)
        return None
    standing = _PUBLISH[text.kind](text, language, whole, actor, now)
    translator = work.translator
    work.delete()
    return _confirm(text, language, standing, translator, actor, now)


@transaction.atomic
def settle(page: Page, revision: Revision, *, now: datetime) -> None:
    """The translation that lay before the reviewers is published: it stands for the words it was approved against.

    Where another revision of the page was published, nobody has confirmed those words as a translation.
    """
    work = reviewing.submitted_of(page)
    if work is None:
        return
    if work.submission["revision"] == revision.pk:
        facts = {
            "words": str(revision.pk),
            "translator": work.translator,
            "reviewer": work.approved_by,
            "confirmed_at": now,
        }
        row = keep_confirmation(work.kind, work.key, work.language, work.submission["passages"], facts)
        _record_confirmation(row, now)
    work.delete()


@transaction.atomic
def confirm_as_it_stands(text: Text, language: str, *, actor, now: datetime) -> TranslatedFrom:
    """Confirm words that were published past the translators' desk: they say what the source says today. Recorded.

    Raises PermissionDenied for whoever published them, or Refused where there is nothing to confirm.
    """
    standing = texts.standings_of([text], text.language).get(text.name, {}).get(language)
    if standing is None or not standing.published:
        raise Refused(NOTHING_TO_CONFIRM)
    if not may_review_translation(actor, last_editor_of(standing)) or not text.is_for(actor):
        raise PermissionDenied
    return _confirm(text, language, standing.words, None, actor, now)


def last_editor_of(standing: Standing) -> int | None:
    """Who published the words of a page, as far as Wagtail knows; nobody for what is no page."""
    if standing.page is None:
        return None
    return Page.objects.values_list("live_revision__user", flat=True).get(pk=standing.page)


def _confirm(text, language, standing, translator, reviewer, now):
    row = _write(text, language, standing, translator=translator, reviewer=reviewer, now=now)
    _record_confirmation(row, now)
    return row


def _record_confirmation(row: TranslatedFrom, now: datetime) -> None:
    facts = {
        "kind": str(row.kind),
        "key": str(row.key),
        "language": row.language,
        "source": [list(passage) for passage in row.source["passages"]],
        "words": row.words,
        "translator": str(row.translator.uuid) if row.translator else None,
    }
    records.append("courses.translation.confirmed", subject=row, facts=facts, actor=row.reviewer, now=now)


def _locked_work(text: Text, language: str) -> TranslationWork | None:
    return (
        TranslationWork.objects.select_for_update()
        .filter(kind=text.kind, key=text.key, language=language)
        .select_related(None)
        .first()
    )


def _handed_in(text, language, actor, turn) -> TranslationWork:
    work = _locked_work(text, language)
    if work is None or work.stage != work.Stage.HANDED_IN or (turn is not None and turn != work.turn):
        raise Refused(CHANGED_MEANWHILE)
    if not may_review(actor, work) or not text.is_for(actor):
        raise PermissionDenied
    return work


def _whole(text: Text, language: str, work: TranslationWork) -> dict[str, str]:
    """Every passage of the text in the language, HTML where the source has it: written now, or standing and right."""
    written = work.passages["passages"]
    row = TranslatedFrom.objects.filter(kind=text.kind, key=text.key, language=language).first()
    there = texts.standings_of([text], text.language).get(text.name, {}).get(language)
    standing = texts.passages_in(text, language)
    whole: dict[str, str] = {}
    passages = {passage.path: passage for passage in text.passages}
    for found in match(text.source, confirmed_of(text, row, there) or []):
        own, passage = written.get(found.path), passages[found.path]
        if own is not None:
            if own["source"] != found.digest:
                raise Refused(SOURCE_CHANGED)
            whole[found.path] = words.unmarked(own["text"], passage.links) if passage.rich else own["text"]
        elif not found.changed and found.was in standing:
            whole[found.path] = standing[found.was]
        else:
            raise Refused(INCOMPLETE)
    return whole


# --- Where the words go ---------------------------------------------------------------------------------------------


def _publish_page(text, language, whole, actor, now) -> str:
    return str(pages.publish(texts.page_in_source_language(text.key), language, whole, actor=actor).pk)


def _publish_quiz(text, language, whole, actor, now) -> str:
    written = word_quiz(text.key, language, whole["title"], whole.get("introduction", ""))
    return texts.state_of([written.title, written.introduction])


def _publish_item(text, language, whole, actor, now) -> str:
    content = texts.item_words(text.key, text.language, whole)
    return texts.state_of(word_item(text.key, language, content, now=now).content)


def _publish_term(text, language, whole, actor, now) -> str:
    term = GlossaryTerm.objects.get(uuid=text.key)
    GlossaryWord.objects.update_or_create(term=term, language=language, defaults={"text": whole["text"]})
    return texts.state_of(whole["text"])


def _publish_letter(text, language, whole, actor, now) -> str:
    return letters.publish(text, language, whole, actor=actor, now=now)


_PUBLISH = {
    Kind.PAGE: _publish_page,
    Kind.QUIZ: _publish_quiz,
    Kind.ITEM: _publish_item,
    Kind.TERM: _publish_term,
    Kind.LETTER: _publish_letter,
    Kind.DOCUMENT: _publish_letter,
}


def state_of(text: Text, standing: Standing | None, row: TranslatedFrom | None, work: TranslationWork | None) -> State:
    """How a text stands in a language, from its rows."""
    handed_in = None
    if work is not None and work.stage in (work.Stage.HANDED_IN, work.Stage.SUBMITTED):
        handed_in = {path: own["source"] for path, own in work.passages["passages"].items()}
    ships = standing is not None and standing.made_from is not None
    return state(
        text.source,
        published=standing is not None and standing.published,
        confirmed=confirmed_of(text, row, standing),
        untouched=ships or bool(row and standing and row.words == standing.words),
        handed_in=handed_in,
    )
