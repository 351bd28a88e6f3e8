"""A translation on its way through the review that its course asks for (docs/decisions/0022).

What the translators' second reader approves says the same as the source. Whether learners may read it is for the
subject and the legal reviewer to say, as for any other page: the translation becomes a draft of its page, which they
publish, or send back to its translator. Whoever wrote or approved it at the desk does not decide as a reviewer.
"""

from datetime import datetime

from django.db import transaction
from wagtail.models import Page, WorkflowState

from courses import review
from courses.languages import pages, texts
from courses.languages.models import Kind, TranslationWork
from courses.languages.refusals import UNDER_REVIEW, Refused
from courses.languages.vocabulary import Text
from courses.models import CoursePage, HomePage
from oversight import records


def is_asked_for(text: Text) -> bool:
    """Whether the course of a page asks for review. What its page says in the source language counts."""
    page = texts.page_in_source_language(text.key)
    course = CoursePage.objects.ancestor_of(page, inclusive=True).first()
    return course is not None and course.review_required


def submit(text: Text, language: str, whole: dict[str, str], work: TranslationWork, *, actor, now: datetime) -> None:
    """Hand an approved translation to the course's reviewers, as a draft of its page. Recorded.

    Call it inside the transaction of the approval. Raises Refused where the page lies before reviewers already: what
    an author has handed in is decided first.
    """
    source = texts.page_in_source_language(text.key)
    before = Page.objects.filter(translation_key=text.key, locale__language_code=language).first()
    earlier = before.current_workflow_state if before else None
    if earlier is not None and earlier.status == WorkflowState.STATUS_IN_PROGRESS:
        raise Refused(UNDER_REVIEW)
    draft = pages.write_draft(source, language, whole, actor=work.translator)
    page = draft.content_object.specific
    work.stage, work.approved_by, work.changed_at = work.Stage.SUBMITTED, actor, now
    work.submission = {"shape": 1, "revision": draft.pk, "passages": text.source}
    work.turn += 1
    work.save()
    facts = {
        "kind": str(text.kind),
        "key": str(text.key),
        "language": language,
        "revision": draft.pk,
        "translator": str(work.translator.uuid),
    }
    records.append("courses.translation.submitted", subject=work, facts=facts, actor=actor, now=now)
    if earlier is not None:
        earlier.resume(user=actor)
    else:
        home = page.get_ancestors().type(HomePage).last()
        (page.get_workflow() or review.attach([home])).start(page, actor)


def submitted_of(page: Page) -> TranslationWork | None:
    """The translation of this page that lies before the reviewers, locked, or None."""
    return (
        TranslationWork.objects.select_for_update(of=("self",))
        .filter(
            kind=Kind.PAGE,
            key=page.translation_key,
            language=page.locale.language_code,
            stage=TranslationWork.Stage.SUBMITTED,
        )
        .select_related("translator", "approved_by")
        .first()
    )


@transaction.atomic
def give_back(page: Page, note: str, *, actor, now: datetime) -> None:
    """A reviewer asks for changes: the translation goes back to its translator, with what the reviewer wrote."""
    work = submitted_of(page)
    if work is not None:
        work.stage, work.note, work.returned_by = work.Stage.RETURNED, note.strip(), actor
        _take_out(work, now)


@transaction.atomic
def take_back(page: Page, *, now: datetime) -> None:
    """The review was broken off: the translation waits for its second reader again."""
    work = submitted_of(page)
    if work is not None:
        work.stage = work.Stage.HANDED_IN
        _take_out(work, now)


def _take_out(work: TranslationWork, now: datetime) -> None:
    work.approved_by, work.submission, work.changed_at = None, None, now
    work.turn += 1
    work.save()
