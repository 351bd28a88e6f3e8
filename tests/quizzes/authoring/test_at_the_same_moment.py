"""Several people at one item at the same moment: one comes first, and nobody's work is lost unseen."""

import pytest

from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.errors import ChangedByAnother, NotForReview
from quizzes.models import Item, ItemBank, ItemEvent, ItemVersion
from quizzes.services import Draft
from quizzes.services.drafting import newest_of, seen_of
from quizzes.services.reviewing import draft_state, open_draft
from tests.factories.people import NOW, an_account, an_administration
from tests.factories.quizzes import weighed
from tests.many_hands import at_once

pytestmark = pytest.mark.committing


@pytest.fixture
def bank():
    return ItemBank.objects.create(slug="bank", title="A bank")


@pytest.fixture
def people():
    here = an_administration()
    return [an_account(here, Role.AUTHOR), *(an_account(here, Role.SUBJECT_REVIEWER) for _number in range(2))]


def a_draft(stem):
    kind, structure, texts = weighed("single_choice", a="1", b="0")
    texts["en"]["stem"] = stem
    return Draft(kind, 1, structure, texts)


def save(bank, stem, actor, seen):
    return services.save_draft(bank, "gift", a_draft(stem), {}, seen=seen, actor=actor, now=NOW)


def refused(found, *kinds):
    return [each for each in found if isinstance(each, kinds)]


@pytest.mark.parametrize("is_new", [True, False])
def test_of_two_authors_who_save_at_once_the_second_is_told(bank, people, is_new):
    author = people[0]
    seen = ""
    if not is_new:
        save(bank, "Before.", author, "")
        seen = seen_of(Item.objects.get())
    found = at_once(
        *(lambda stem=stem: save(bank, stem, author, seen) for stem in ("One.", "Two.")),
        refusals=(ChangedByAnother,),
    )
    assert len(refused(found, ChangedByAnother)) == 1
    [kept] = [each for each in found if isinstance(each, ItemVersion)]
    assert newest_of(Item.objects.get()).digest == kept.digest
    assert ItemEvent.objects.count() == (1 if is_new else 2)


def test_of_two_decisions_at_once_one_counts(bank, people):
    author, *reviewers = people
    draft = save(bank, "One.", author, "")
    services.review(draft.item, "ask", digest=draft.digest, actor=author, now=NOW)
    found = at_once(
        *(
            lambda who=who: services.review(draft.item, "approve", digest=draft.digest, actor=who, now=NOW)
            for who in reviewers
        ),
        refusals=(NotForReview,),
    )
    assert len(refused(found, NotForReview)) == 1
    assert draft_state(open_draft(Item.objects.get())) == "approved"


def test_of_two_approvals_at_once_one_publishes(bank, people):
    author, *reviewers = people
    save(bank, "One.", author, "")
    request = services.ask_for_publication(bank, ["gift"], reason="New.", actor=author, now=NOW)
    found = at_once(
        *(lambda who=who: four_eyes.approve(request, reason="Read.", actor=who, now=NOW) for who in reviewers),
        refusals=(four_eyes.ConflictError,),
    )
    assert len(refused(found, four_eyes.ConflictError)) == 1
    assert RecordEntry.objects.filter(kind="quizzes.item.published").count() == 1


def test_what_is_published_while_its_author_saves_is_what_was_approved(bank, people):
    author, reviewer, _other = people
    approved = save(bank, "Approved.", author, "").digest
    seen = seen_of(Item.objects.get())
    request = services.ask_for_publication(bank, ["gift"], reason="New.", actor=author, now=NOW)
    at_once(
        lambda: four_eyes.approve(request, reason="Read.", actor=reviewer, now=NOW),
        lambda: save(bank, "Slipped in.", author, seen),
        refusals=(four_eyes.ConflictError, ChangedByAnother),
    )
    published = ItemVersion.objects.filter(published_at__isnull=False).prefetch_related("texts")
    assert {Draft.of(version).digest for version in published} <= {approved}
    assert bool(published) == (RecordEntry.objects.filter(kind="quizzes.item.published").count() == 1)
