"""A bank's list: what each item is and how far it is, found by its words, at a cost that does not grow."""

import pytest
from django.urls import reverse

from quizzes import services
from quizzes.models import Item, ItemBank, ItemVersion
from quizzes.services import Draft
from quizzes.services.drafting import newest_of
from tests.factories.people import NOW
from tests.factories.quizzes import a_bank, a_bank_of, true_or_false, weighed
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def at(bank, query=""):
    return reverse("itembank:inspect", args=[bank.pk]) + query


def a_draft(bank, key, item=None, **fields):
    kind, structure, texts = item or weighed("single_choice", ("en",), a="1", b="0")
    return services.write_draft(bank, key, Draft(kind, 2, structure, texts, **fields))


def in_french(client):
    client.cookies["django_language"] = "fr"


def test_a_bank_shows_its_items_in_the_author_s_language(writing):
    bank = a_bank(3, languages=("en", "fr"))
    assert "3" in page(writing, "/cms/item-banks/")
    assert "item-2 asks in en." in page(writing, at(bank))
    in_french(writing)
    shown = page(writing, at(bank))
    assert "item-2 asks in fr." in shown
    assert "asks in en." not in shown


def test_an_item_without_words_in_the_author_s_language_says_which_language_it_is_in(writing):
    bank = a_bank(1, languages=("en",))
    in_french(writing)
    assert '<span class="questions-stem" lang="en" dir="auto">item-0 asks in en.</span>' in page(writing, at(bank))


def states(client, bank):
    response = client.get(at(bank))
    return {row.key: str(row.state) for row in response.context["page"]}


def test_the_list_says_how_far_each_item_is(writing, author, reviewer):
    bank = a_bank_of(true_or_false(True), true_or_false(True), true_or_false(False))
    who = {"actor": author, "now": NOW}
    services.retire(Item.objects.get(bank=bank, key="item-2"), **who)
    a_draft(bank, "item-1")
    a_draft(bank, "new")
    for key in ("asked", "approved", "returned", "waits"):
        draft = a_draft(bank, key)
        if key != "waits":
            services.review(draft.item, "ask", digest=draft.digest, **who)
    for key, deed in (("approved", "approve"), ("returned", "return")):
        item = Item.objects.get(key=key)
        services.review(item, deed, digest=newest_of(item).digest, remark="Because.", actor=reviewer, now=NOW)
    services.ask_for_publication(bank, ["waits"], reason="It is needed.", **who)
    assert states(writing, bank) == {
        "item-0": "published",
        "item-1": "changed",
        "item-2": "retired",
        "new": "draft",
        "asked": "in_review",
        "approved": "approved",
        "returned": "returned",
        "waits": "waiting",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=OTHER", {"other"}),
        ("?q=says+so", {"wordy"}),
        ("?q=ÉCHANTILLON", {"wordy"}),
        ("?kind=true_false", {"item-0"}),
        ("?state=draft", {"other", "wordy"}),
        ("?difficulty=2", {"other", "wordy"}),
        ("?tag=gifts", {"other"}),
        ("?rad_factor=7", {"wordy"}),
        ("?lacks=fr", {"item-0", "other"}),
        ("?kind=nonsense&difficulty=x", {"item-0", "other", "wordy"}),
        ("?q=nowhere", set()),
    ],
)
def test_items_are_found_by_words_of_any_language_and_by_what_they_are(writing, query, found):
    bank = a_bank_of(true_or_false(True))
    a_draft(bank, "other", tags=["gifts"])
    kind, structure, texts = weighed("single_choice", ("en", "fr"), a="1", b="0")
    texts["en"]["stem"], texts["fr"]["stem"] = "The officer says so.", "Un échantillon ?"
    a_draft(bank, "wordy", (kind, structure, texts), rad_factors=[7])
    assert {row.key for row in writing.get(at(bank, query)).context["page"]} == found


def test_a_bank_is_listed_a_page_at_a_time(writing):
    bank = a_bank(51)
    assert len(writing.get(at(bank)).context["page"]) == 50
    assert len(writing.get(at(bank, "?p=2")).context["page"]) == 1


def test_a_bank_costs_the_same_for_few_items_and_for_many(writing):
    few, many = a_bank(1), a_bank(60)
    for query in ("", "?q=asks&state=published"):
        counts = [
            len(queries_of(lambda bank=bank, query=query: page(writing, at(bank, query)))) for bank in (few, many)
        ]
        assert counts[0] == counts[1]


def test_an_author_begins_a_bank_and_nobody_else_does(writing, reviewing):
    assert reviewing.post(reverse("itembank:add"), {"title": "Gifts"}).status_code == 302
    assert not ItemBank.objects.exists()
    for _number in range(2):
        assert writing.post(reverse("itembank:add"), {"title": "Gifts at work"}).status_code == 302
    writing.post(reverse("itembank:add"), {"title": "الهدايا"})
    assert sorted(ItemBank.objects.values_list("slug", flat=True)) == ["bank", "gifts-at-work", "gifts-at-work-2"]


def test_an_item_shows_its_newest_version_with_its_key(writing):
    bank = a_bank(1)
    version = ItemVersion.objects.get(item__bank=bank)
    structure = version.structure
    structure["options"][3]["mechanism"] = "attribution_of_blame"
    second = ItemVersion.objects.create(
        item=version.item,
        number=2,
        difficulty=3,
        structure=structure,
        published_at=NOW,
        tags=["refuse"],
        rad_factors=[7],
    )
    second.texts.create(language="en", content=version.texts.get().content | {"stem": "The second wording."})
    shown = page(writing, reverse("itembank:item", args=[bank.pk, "item-0"]))
    for words in ("The second wording.", "Code of conduct", "refuse", "Attribution of blame", "Bright line", "Best"):
        assert words in shown
    assert writing.get(reverse("itembank:item", args=[bank.pk, "unknown"])).status_code == 404


def test_a_retired_item_is_drawn_by_no_quiz_that_is_released_from_now_on_until_it_is_back(writing, author):
    bank = a_bank(2)
    address = reverse("itembank:item", args=[bank.pk, "item-0"])
    assert writing.post(address, {"do": "retire"}).status_code == 302
    assert len(services.published_items(bank.pk)) == 1
    assert "no quiz that is released from now on draws it" in page(writing, address)
    assert writing.post(address, {"do": "restore"}).status_code == 302
    assert len(services.published_items(bank.pk)) == 2
    assert list(Item.objects.get(bank=bank, key="item-0").events.values_list("deed", flat=True)) == [
        "retire",
        "restore",
    ]
