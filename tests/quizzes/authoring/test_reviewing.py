"""The review of a draft: others' eyes, one content, and a reason for what is sent back."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from people.models import Role
from quizzes import services
from quizzes.errors import NotForReview
from quizzes.models import Item, ItemEvent
from quizzes.services import Draft
from quizzes.services.drafting import seen_of
from quizzes.services.reviewing import draft_state, open_draft
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import a_bank_of, weighed

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return Item.objects.get(bank=a_bank_of(weighed("single_choice", a="1", b="0")))


def save(item, actor, stem="Another wording."):
    kind, structure, texts = weighed("single_choice", a="1", b="0")
    texts["en"]["stem"] = stem
    draft = Draft(kind, 1, structure, texts)
    return services.save_draft(item.bank, item.key, draft, {}, seen=seen_of(item), actor=actor, now=NOW)


def do(item, deed, actor, remark="Because.", digest=None):
    draft = open_draft(item)
    digest = digest or (draft.digest if draft else "")
    return services.review(item, deed, digest=digest, remark=remark, actor=actor, now=NOW)


def test_an_author_asks_and_a_subject_reviewer_approves(item, author, reviewer):
    save(item, author)
    do(item, "ask", author)
    do(item, "approve", reviewer, remark="")
    assert draft_state(open_draft(item)) == "approved"
    save(item, author)
    assert draft_state(open_draft(item)) == "approved", "the same words again are what was approved"
    save(item, author, "A third wording.")
    assert draft_state(open_draft(item)) == "draft"


def test_who_sends_back_says_why_and_the_author_asks_again(item, author, reviewer):
    save(item, author)
    do(item, "ask", author)
    with pytest.raises(ValidationError):
        do(item, "return", reviewer, remark=" ")
    do(item, "return", reviewer)
    assert draft_state(open_draft(item)) == "returned"
    do(item, "ask", author)
    assert draft_state(open_draft(item)) == "in_review"


def test_nobody_decides_on_what_they_have_written(item, here):
    both = an_account(here, Role.AUTHOR, Role.SUBJECT_REVIEWER)
    save(item, both)
    do(item, "ask", both)
    for deed in ("approve", "return"):
        with pytest.raises(PermissionDenied):
            do(item, deed, both)


def test_roles_that_do_not_write_or_review_questions_do_neither(item, here, author, reviewer):
    save(item, author)
    others = [an_account(here, Role.LEGAL_REVIEWER, Role.AUDITOR), an_account(here)]
    refused = [(deed, who) for who in others for deed in ("ask", "approve", "return", "remark")]
    # Whoever runs the machine may write, and decides nothing by it.
    refused += [("approve", an_account(here, is_superuser=True)), ("approve", author), ("ask", reviewer)]
    for deed, who in refused:
        with pytest.raises(PermissionDenied):
            do(item, deed, who)


def test_a_decision_about_words_that_have_changed_meanwhile_is_none(item, author, reviewer):
    read = save(item, author).digest
    do(item, "ask", author)
    save(item, author, "Changed meanwhile.")
    do(item, "ask", author)
    with pytest.raises(NotForReview):
        do(item, "approve", reviewer, digest=read)
    assert draft_state(open_draft(item)) == "in_review"


def test_of_two_decisions_the_second_finds_the_first(item, author, reviewer, other_reviewer):
    save(item, author)
    do(item, "ask", author)
    do(item, "approve", reviewer)
    with pytest.raises(NotForReview):
        do(item, "approve", other_reviewer)


def test_what_is_published_is_not_reviewed(item, author):
    with pytest.raises(NotForReview):
        do(item, "ask", author)


def test_the_schema_keeps_no_return_without_a_reason(item, author):
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemEvent.objects.create(item=item, deed="return", actor=author, at=NOW)


def test_the_page_does_the_deeds_and_says_what_cannot_be_done(item, author, writing, reviewing):
    digest = save(item, author).digest
    address = reverse("itembank:item", args=[item.bank_id, item.key])
    assert writing.post(address, {"do": "approve", "digest": digest}).status_code == 403
    assert writing.post(address, {"do": "ask", "digest": digest}).status_code == 302
    told = reviewing.post(address, {"do": "return", "digest": digest}, follow=True).content.decode()
    assert "Please say what should be different." in told
    shown = reviewing.get(address).content.decode()
    assert "What the draft changes in version 1" in shown
    assert "<ins>" in shown
    reviewing.post(address, {"do": "return", "digest": digest, "remark": "Name the law."})
    assert "Name the law." in writing.get(address).content.decode()
    told = reviewing.post(address, {"do": "approve", "digest": digest}, follow=True).content.decode()
    assert "not in a state in which that can be done" in told
    assert writing.post(address, {"do": "publish"}, follow=True).status_code == 200
