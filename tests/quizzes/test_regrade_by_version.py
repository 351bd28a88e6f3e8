"""A regrade by the key of a newer published version, where that differs in the key alone."""

import copy

import pytest
from django.test import Client
from django.urls import reverse

from oversight import four_eyes
from oversight.models import FourEyesRequest
from people.models import Role
from quizzes import services
from quizzes.kinds import KINDS
from quizzes.models import Attempt, ItemAdjustment, ItemVersion
from quizzes.services import Draft
from quizzes.services.proposing import newer_keys
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.factories.quizzes import a_bank_of, a_quiz_version, an_attempt, give_grade, send
from tests.quizzes import every_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]


def other_key(kind, structure, texts):
    """The same item with another key, as its author corrects it."""
    structure, texts = copy.deepcopy(structure), copy.deepcopy(texts)
    if kind == "scenario":
        structure["options"][0]["rating"], structure["options"][1]["rating"] = "breach", "best"
        structure["options"][1]["bright_line"] = False
    elif kind in ("single_choice", "multiple_choice"):
        structure["options"][0]["fraction"], structure["options"][-1]["fraction"] = (
            structure["options"][-1]["fraction"],
            structure["options"][0]["fraction"],
        )
    elif kind == "true_false":
        structure["correct"] = not structure["correct"]
    elif kind == "ordering":
        structure["elements"].reverse()
    elif kind == "matching":
        structure["pairs"] = dict.fromkeys(structure["pairs"], structure["targets"][0])
    elif kind == "gap_fill":
        structure["gaps"][0]["points"] = "7"
    elif kind == "short_answer":
        for words in texts.values():
            words["accepted"].append({"text": "backhander", "fraction": "1"})
    elif kind == "numerical":
        structure["answers"][0]["tolerance"] = "7"
    elif kind == "hotspot":
        structure["areas"][0]["fraction"], structure["areas"][1]["fraction"] = "0", "1"
    elif kind == "document":
        for field in structure["fields"]:
            field["wrong"] = not field["wrong"]
    return structure, texts


def publish(item, kind, structure, texts):
    version = services.write_draft(item.bank, item.key, Draft(kind, 1, structure, texts))
    ItemVersion.objects.filter(pk=version.pk).update(published_at=NOW)
    return version


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "essay"])
def test_a_newer_version_of_every_kind_that_differs_in_its_key_alone_is_offered(kind):
    each = next(item for item in every_kind.items() if item[0] == kind)
    first = ItemVersion.objects.get(item__bank=a_bank_of(each))
    structure, texts = other_key(*each)
    newer = publish(first.item, kind, structure, texts | {"fr": texts["en"]})
    [(version, proposal)] = newer_keys(first).items()
    assert version == newer
    assert proposal.structure == structure
    assert set(proposal.texts) == {"en", "ar"}, "nobody was asked in the language that is new"


def test_a_version_that_asks_something_else_is_not_offered_nor_is_one_that_is_the_same():
    kind, structure, texts = next(item for item in every_kind.items() if item[0] == "numerical")
    first = ItemVersion.objects.get(item__bank=a_bank_of((kind, structure, texts)))
    publish(first.item, kind, structure, texts)
    publish(first.item, kind, *other_key(kind, structure, texts | {"en": texts["en"] | {"stem": "How heavy now?"}}))
    publish(first.item, kind, *other_key(kind, structure, {"en": texts["en"]}))
    assert newer_keys(first) == {}


def test_a_draft_is_not_offered():
    each = next(item for item in every_kind.items() if item[0] == "numerical")
    first = ItemVersion.objects.get(item__bank=a_bank_of(each))
    services.write_draft(first.item.bank, first.item.key, Draft(each[0], 1, *other_key(*each)))
    assert newer_keys(first) == {}


def test_an_author_regrades_a_typed_answer_by_the_newer_version_on_the_page():
    here = an_administration()
    each = next(item for item in every_kind.items() if item[0] == "short_answer")
    bank = a_bank_of(each)
    first = ItemVersion.objects.get(item__bank=bank)
    learner = an_account(here)
    attempt = an_attempt(learner, a_quiz_version(bank, draw=1))
    send(attempt, 0, "backhander")
    services.submit_attempt(attempt, learner=learner, now=NOW)
    give_grade(attempt, now=NOW)
    publish(first.item, each[0], *other_key(*each))

    author = sign_in(Client(), an_account(here, Role.AUTHOR))
    address = reverse("regrade_item", args=[first.uuid])
    page = author.get(address).content.decode()
    assert "Judge by the key of a newer version" in page
    form = {"deed": "change_key", "reason": "The everyday word was left out.", "by_version": ""}
    refused = author.post(address, form | {"look": "1"})
    assert "Choose the version whose key counts." in refused.content.decode()
    looked = author.post(address, form | {"by_version": "2", "look": "1"})
    assert looked.context["preview"].newly_passed == 1
    author.post(address, form | {"by_version": "2", "ask": "1"})
    request = FourEyesRequest.objects.get()
    four_eyes.approve(request, reason="Right.", actor=an_account(here, Role.SUBJECT_REVIEWER), now=NOW)
    adjustment = ItemAdjustment.objects.get()
    assert adjustment.version == first
    assert adjustment.texts["en"]["accepted"][-1]["text"] == "backhander"
    assert Attempt.objects.get().served_items[0]["version"] == first.pk
