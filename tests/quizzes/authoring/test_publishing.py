"""Publication takes two people, and what is published is exactly what was approved."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.models import Item, ItemBank, ItemVersion, RadFactor
from quizzes.services import Draft
from quizzes.services.drafting import seen_of
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import a_bank_of, weighed
from tests.queries import queries_of
from tests.quizzes.authoring.forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    return a_bank_of(weighed("single_choice", ("en", "fr"), a="1", b="0"))


def save(bank, key, actor, stem="A wording.", languages=("en", "fr")):
    kind, structure, texts = weighed("single_choice", languages, a="1", b="0")
    texts["en"]["stem"] = stem
    item = Item.objects.filter(bank=bank, key=key).first()
    draft = Draft(kind, 1, structure, texts)
    return services.save_draft(bank, key, draft, {}, seen=seen_of(item), actor=actor, now=NOW)


def imported(bank, count):
    """Drafts as a file brings them."""
    kind, structure, texts = weighed("single_choice", a="1", b="0")
    for number in range(count):
        services.write_draft(bank, f"new-{number}", Draft(kind, 1, structure, texts))
    return [f"new-{number}" for number in range(count)]


def ask(bank, keys, actor):
    return services.ask_for_publication(bank, keys, reason="They are needed.", actor=actor, now=NOW)


def approve(request, actor):
    return four_eyes.approve(request, reason="Read.", actor=actor, now=NOW)


def published(bank):
    return {
        version.item.key: Draft.of(version).texts["en"]["stem"]
        for version in ItemVersion.objects.filter(item__bank=bank, published_at=NOW)
        .select_related("item")
        .order_by("number")
    }


def test_many_drafts_are_published_by_one_request_of_two_people(bank, author, reviewer):
    keys = imported(bank, 12)
    request = ask(bank, keys, author)
    assert "new-1" not in published(bank)
    approve(request, reviewer)
    assert set(published(bank)) == {"item-0", *keys}
    entries = RecordEntry.objects.filter(kind="quizzes.item.published")
    assert entries.count() == 12
    facts = entries.first().detail.facts
    assert facts["request"] == str(request.uuid)
    version = ItemVersion.objects.get(uuid=entries.first().subject)
    assert facts["digest"] == Draft.of(version).digest


def test_the_published_version_before_stays_as_it_was(bank, author, reviewer):
    before = Draft.of(ItemVersion.objects.get(item__bank=bank))
    save(bank, "item-0", author, "Better words.")
    approve(ask(bank, ["item-0"], author), reviewer)
    first, second = ItemVersion.objects.filter(item__bank=bank).order_by("number")
    assert Draft.of(first) == before
    assert (second.number, Draft.of(second).texts["en"]["stem"]) == (2, "Better words.")
    assert [item.version for item in services.published_items(bank.pk)] == [second.pk]


def test_the_same_person_never_asks_and_approves(bank, here, reviewer):
    imported(bank, 1)
    both = an_account(here, Role.AUTHOR, Role.SUBJECT_REVIEWER, is_superuser=True)
    request = ask(bank, ["new-0"], both)
    with pytest.raises(PermissionDenied):
        approve(request, both)


def test_who_has_written_a_draft_does_not_approve_its_publication(bank, here, author):
    both = an_account(here, Role.AUTHOR, Role.SUBJECT_REVIEWER)
    save(bank, "mine", both)
    request = ask(bank, ["mine"], author)
    with pytest.raises(PermissionDenied):
        approve(request, both)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.LEGAL_REVIEWER, Role.TRAINING_MANAGER, Role.AUDITOR, None])
def test_only_a_subject_reviewer_approves(bank, here, author, role):
    imported(bank, 1)
    other = an_account(here, role) if role else an_account(here, is_superuser=True)
    with pytest.raises(PermissionDenied):
        approve(ask(bank, ["new-0"], author), other)


def test_a_superuser_without_a_role_does_not_ask(bank, here):
    imported(bank, 1)
    with pytest.raises(PermissionDenied):
        ask(bank, ["new-0"], an_account(here, is_superuser=True))


def test_a_draft_that_changes_after_it_was_asked_for_lets_nothing_through(bank, author, reviewer):
    keys = imported(bank, 3)
    request = ask(bank, keys, author)
    save(bank, "new-1", author, "Slipped in.")
    with pytest.raises(four_eyes.ConflictError, match="new-1"):
        approve(request, reviewer)
    assert set(published(bank)) == {"item-0"}
    request.refresh_from_db()
    assert request.state == "pending"


def test_a_draft_that_changes_back_is_what_was_asked_for(bank, author, reviewer):
    save(bank, "mine", author, "First.")
    request = ask(bank, ["mine"], author)
    save(bank, "mine", author, "Second.")
    save(bank, "mine", author, "First.")
    approve(request, reviewer)
    assert published(bank)["mine"] == "First."


def test_rows_that_were_changed_past_the_service_are_noticed(bank, author, reviewer):
    save(bank, "mine", author)
    request = ask(bank, ["mine"], author)
    text = ItemVersion.objects.get(item__key="mine").texts.get(language="fr")
    text.content["stem"] = "Glissé."
    text.save()
    with pytest.raises(four_eyes.ConflictError):
        approve(request, reviewer)


def test_a_translation_published_meanwhile_keeps_the_draft_from_replacing_it(bank, author, reviewer):
    save(bank, "item-0", author, languages=("en",))
    request = ask(bank, ["item-0"], author)
    words = weighed("single_choice", ("pt",), a="1", b="0")[2]["pt"]
    services.word_item(Item.objects.get(bank=bank).uuid, "pt", words, now=NOW)
    with pytest.raises(four_eyes.ConflictError):
        approve(request, reviewer)


def test_a_draft_that_was_sent_back_after_it_was_asked_for_lets_nothing_through(bank, author, reviewer, reviewing):
    imported(bank, 2)
    draft = save(bank, "mine", author)
    services.review(draft.item, "ask", digest=draft.digest, actor=author, now=NOW)
    request = ask(bank, ["mine", "new-0", "new-1"], author)
    services.review(draft.item, "return", digest=draft.digest, remark="The law says else.", actor=reviewer, now=NOW)
    with pytest.raises(four_eyes.ConflictError, match="mine") as problem:
        approve(request, reviewer)
    assert "sent these back" in problem.value.messages[0]
    assert set(published(bank)) == {"item-0"}
    assert not RecordEntry.objects.filter(kind="quizzes.item.published").exists()
    request.refresh_from_db()
    assert request.state == "pending"
    details = reviewing.get(reverse("publication", args=[request.uuid])).content.decode()
    assert details.count("The request cannot be approved as long as this stands.") == 1
    # Its author stands by it and asks for review again: then it is a second person's to decide.
    services.review(draft.item, "ask", digest=draft.digest, actor=author, now=NOW)
    approve(request, reviewer)
    assert {"mine", "new-0", "new-1"} <= set(published(bank))


def test_of_two_approvals_one_publishes(bank, author, reviewer, other_reviewer):
    request = ask(bank, imported(bank, 1), author)
    approve(request, reviewer)
    with pytest.raises(four_eyes.ConflictError):
        approve(request, other_reviewer)
    assert RecordEntry.objects.filter(kind="quizzes.item.published").count() == 1


def test_what_cannot_be_published_is_named(bank, author, reviewer):
    imported(bank, 3)
    draft = save(bank, "back", author)
    services.review(draft.item, "ask", digest=draft.digest, actor=author, now=NOW)
    services.review(draft.item, "return", digest=draft.digest, remark="No.", actor=reviewer, now=NOW)
    services.retire(Item.objects.get(key="new-1"), actor=author, now=NOW)
    ask(bank, ["new-0"], author)
    with pytest.raises(ValidationError) as problem:
        ask(bank, ["item-0", "back", "new-0", "new-1", "unknown"], author)
    assert [message.rpartition(": ")[2] for message in problem.value.messages] == [
        "item-0, unknown.",
        "back.",
        "new-1.",
        "new-0.",
    ]
    with pytest.raises(ValidationError):
        ask(bank, [], author)


def test_two_requests_of_one_bank_may_wait_side_by_side_for_single_items(bank, author, reviewer):
    imported(bank, 2)
    requests = [ask(bank, [key], author) for key in ("new-0", "new-1")]
    for request in requests:
        approve(request, reviewer)
    assert {"new-0", "new-1"} <= set(published(bank))


def test_the_pages_ask_and_tell_the_decider_what_changes(bank, author, writing, reviewing):
    save(bank, "item-0", author, "Better words.", languages=("en",))
    imported(bank, 2)
    address = reverse("itembank:publish", args=[bank.pk])
    page = writing.get(address).content.decode()
    assert "No more in: French" in page
    assert form_of(page)["key"] == ["item-0", "new-0", "new-1"]
    response = writing.post(address, {"key": ["item-0", "new-0"], "reason": ""})
    assert response.status_code == 422
    response = writing.post(address, {"key": ["item-0", "new-0"], "reason": "The law has changed."})
    assert response.status_code == 302
    asked = response["Location"]
    told = reviewing.get(asked).content.decode()
    assert "Learners get them with the next release of their course." in told
    [uuid] = [part for part in asked.split("/") if part.count("-") == 4]
    details = reverse("publication", args=[uuid])
    assert details in told
    read = reviewing.get(details).content.decode()
    assert "<ins>Better</ins>" in read
    assert "learners would not get it in this language any more" in read
    reviewing.post(reverse("oversight:decide", args=[uuid]), {"decision": "approve", "reason": "Read."})
    assert ItemVersion.objects.filter(item__bank=bank, published_at__isnull=False).count() == 3
    assert "This request is closed." in reviewing.get(details).content.decode()


def test_whoever_decides_sees_what_changes_beside_words_and_key(bank, author, reviewing):
    """A quiz draws by difficulty, factor and tag: no second person lets another one through unseen."""
    item = bank.items.get(key="item-0")
    was = Draft.of(item.versions.get())
    changed = replace(was, difficulty=3, tags=["gifts"], rad_factors=[4])
    services.save_draft(bank, item.key, changed, {}, seen=seen_of(item), actor=author, now=NOW)
    read = reviewing.get(reverse("publication", args=[ask(bank, [item.key], author).uuid])).content.decode()
    assert "<del>1</del><ins>3</ins>" in read
    assert "<ins>gifts</ins>" in read
    assert f"<ins>{RadFactor(4).label.split()[0]}" in read
    page = reviewing.get(reverse("itembank:item", args=[bank.pk, item.key])).content.decode()
    assert "<del>1</del><ins>3</ins>" in page


def test_what_changes_costs_the_same_for_few_and_for_many(bank, author, reviewing):
    few, many = ItemBank.objects.create(slug="few", title="Few"), ItemBank.objects.create(slug="many", title="Many")
    addresses = [
        reverse("publication", args=[ask(each, imported(each, count), author).uuid])
        for each, count in ((few, 2), (many, 18))
    ]
    counts = [len(queries_of(lambda address=address: reviewing.get(address))) for address in addresses]
    assert counts[0] == counts[1]
