"""Nothing that a browser gets at before the review depends on the key."""

import re

import pytest
import time_machine
from django.db import transaction

from quizzes import content, services
from quizzes.models import Attempt, ItemText, ItemVersion
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import a_release
from tests.factories.markings import have_marked
from tests.factories.people import NOW
from tests.factories.quizzes import (
    a_bank,
    a_bank_of,
    a_quiz_version,
    an_attempt,
    give_grade,
    raw_form,
    send,
)
from tests.quizzes import every_kind

pytestmark = pytest.mark.django_db

FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}
BANKS = {"scenarios": lambda: a_bank(8), "every kind": lambda: a_bank_of(*every_kind.items())}


def page(attempt, name):
    return f"/en/quiz/{attempt.uuid}/{name}/"


@pytest.fixture(params=BANKS)
def bank(request):
    with time_machine.travel(NOW, tick=False):
        yield BANKS[request.param]()


@pytest.fixture
def enrolment(bank, client):
    version = a_quiz_version(bank, draw=bank.items.count())
    enrolment = a_place(release=a_release(version))
    client.force_login(enrolment.user)
    return enrolment


@pytest.fixture
def attempt(enrolment):
    [quiz] = steps_of(enrolment, "quiz")
    version = enrolment.release.nodes.get(key=quiz.key).quiz_version
    return an_attempt(enrolment.user, version, registration=enrolment.uuid, activity=quiz.key)


def hand_in(attempt, value):
    """Each question answered, those with options by the one that stands at this place, and handed in."""
    for position in range(len(attempt.served_items)):
        send(attempt, position, fields=forms(attempt, position + 1)[int(value) - 1])
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)


def forms(attempt, number):
    """What the page of a question may send: each of its options, or two answers that say different things."""
    item = attempt.served_items[number - 1]
    if "options" in item["arrangement"]:
        places = range(1, len(item["arrangement"]["options"]) + 1)
        return [raw_form(number - 1, str(place), sequence=place) for place in places]
    kind = content.item_version(item["version"]).kind
    return [every_kind.form(number, kind, which, sequence=which + 1) for which in (0, 1)]


def everything(client, enrolment, attempt):
    """Each page and answer that a browser can get at, without what is random in every page."""
    [quiz] = steps_of(enrolment, "quiz")
    count = len(attempt.served_items)
    answers = [client.get(f"/en/learn/{enrolment.uuid}/{quiz.key}/"), client.get(page(attempt, "state"))]
    if attempt.state == Attempt.State.IN_PROGRESS:
        paper = page(attempt, "")[:-1]
        answers += [client.get(page(attempt, number)) for number in range(1, count + 1)]
        answers += [client.get(paper), client.get(page(attempt, "check"))]
        answers += [
            client.post(page(attempt, number), form, **FETCH)
            for number in range(1, count + 1)
            for form in forms(attempt, number)
        ]
        answers += [client.get(page(attempt, number)) for number in range(1, count + 1)]
        for number in range(1, count + 1):
            answers += [client.post(page(attempt, number), raw_form(number - 1, sequence=8), **FETCH)]
            answers += [client.post(page(attempt, number), raw_form(number - 1, "9", sequence=9))]
        answers += [client.get(page(attempt, "check")), client.get(paper)]
        # Then the whole form: with what is saved already, with one answer that does not exist, and with one again.
        whole = {}
        for number in range(1, count + 1):
            whole |= {f"{name}": value for name, value in forms(attempt, number)[0].items()} | {
                f"q{number}-sequence": 20
            }
        answers += [client.post(paper, whole), client.post(paper, whole | {"q1": "9", "q1-sequence": 21})]
        answers += [client.post(paper, whole | {"to": "check"}), client.get(paper)]
    else:
        answers += [client.get(page(attempt, "result"))]
    assert {answer.status_code for answer in answers} <= {200, 302, 400, 409}
    return [(answer.status_code, sorted(headers(answer)), masked(answer.content.decode())) for answer in answers]


def everything_undone(*arguments):
    """The same, and what it saved taken back, so that it can be done again."""
    with transaction.atomic():
        shown = everything(*arguments)
        transaction.set_rollback(True)
    return shown


def masked(text):
    text = re.sub(r'nonce="[^"]+"', "", text)
    text = re.sub(r'name="start_key" value="[^"]+"', "", text)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def headers(answer):
    return [(name, re.sub(r"'nonce-[^']+'", "", value)) for name, value in answer.items()]


def turn_the_key():
    """Another key for every item, and other words for all that is told afterwards; the same to be seen before."""
    for version in ItemVersion.objects.all():
        TURNS[version.kind](version.structure)
        version.save()
    for text in ItemText.objects.all():
        for holder, name in told_afterwards(text.content):
            holder[name] = f"Something else than {holder[name]}"
        text.save()
    content.forget()


def turn_ratings(structure):
    for option, rating in rotated(structure["options"], "rating"):
        option.update(rating=rating, bright_line=rating == "breach", mechanism="dehumanisation")


def turn_fractions(structure):
    for option, fraction in rotated(structure["options"], "fraction"):
        option["fraction"] = fraction


def turn_truth(structure):
    structure["correct"] = not structure["correct"]


def turn_order(structure):
    structure["elements"].reverse()
    structure["credit"] = "whole"


def turn_pairs(structure):
    targets = structure["targets"]
    structure["pairs"] = {prompt: targets[targets.index(old) - 1] for prompt, old in structure["pairs"].items()}


def turn_gaps(structure):
    text, choice, number = structure["gaps"]
    turn_rules(text)
    turn_fractions(choice)
    turn_figures(number)
    text["points"] = "7"


def turn_rules(structure):
    structure.update({name: not structure[name] for name in ("case", "accents", "wildcards")})


def turn_figures(structure):
    for answer in structure["answers"]:
        answer["value"], answer["tolerance"] = "77", "7"


def turn_number(structure):
    turn_figures(structure)
    structure["units"] = [{"unit": "mile", "factor": "1"}]


def turn_areas(structure):
    for area, fraction in rotated(structure["areas"], "fraction"):
        area.update(fraction=fraction, shape="rect", coords=[1, 2, 3, 4])


def turn_fields(structure):
    for field in structure["fields"]:
        field["wrong"] = not field["wrong"]


def turn_rubric(structure):
    structure["rubric"][0]["levels"].append({"key": "l2", "points": "9"})


def rotated(options, part):
    values = [option[part] for option in options]
    return list(zip(options, [*values[1:], values[0]], strict=True))


TURNS = {
    "scenario": turn_ratings,
    "single_choice": turn_fractions,
    "multiple_choice": turn_fractions,
    "true_false": turn_truth,
    "ordering": turn_order,
    "matching": turn_pairs,
    "gap_fill": turn_gaps,
    "short_answer": turn_rules,
    "numerical": turn_number,
    "hotspot": turn_areas,
    "document": turn_fields,
    "essay": turn_rubric,
}

# The parts of words that are told afterwards, or are a key themselves, whatever their kind and however deep they lie.
AFTERWARDS = {"rationale", "hints", "consequence", "rationalisation", "feedback", "accepted", "rubric", "for_markers"}


def told_afterwards(words, *, inside=False):
    """Where in an item's words the texts lie that no page may show before the review: (what holds it, its key)."""
    for name, value in list(words.items()) if isinstance(words, dict) else list(enumerate(words)):
        secret = (inside or name in AFTERWARDS) and name != "fraction"
        if isinstance(value, (dict, list)):
            yield from told_afterwards(value, inside=secret)
        elif secret and value:
            yield words, name


def secrets():
    """The words that no page may show before the review."""
    return {holder[name] for text in ItemText.objects.all() for holder, name in told_afterwards(text.content)}


def test_an_open_attempt_looks_the_same_under_another_key(client, enrolment, attempt):
    before = everything_undone(client, enrolment, attempt)
    assert [secret for secret in secrets() if any(secret in text for _status, _headers, text in before)] == []
    turn_the_key()
    assert everything_undone(client, enrolment, attempt) == before


@pytest.mark.parametrize("value", ["1", "2"])
def test_an_attempt_that_waits_for_its_grade_looks_the_same_under_another_key(client, enrolment, attempt, value):
    hand_in(attempt, value)
    before = everything(client, enrolment, attempt)
    assert [secret for secret in secrets() if any(secret in text for _status, _headers, text in before)] == []
    turn_the_key()
    assert everything(client, enrolment, attempt) == before


def test_the_review_is_where_it_shows(client, enrolment, attempt):
    """The comparison above would pass on pages that never show anything."""
    hand_in(attempt, "1")
    give_grade(attempt, now=NOW)
    have_marked(attempt)
    attempt.refresh_from_db()
    before = everything(client, enrolment, attempt)
    turn_the_key()
    assert everything(client, enrolment, attempt) != before


def test_what_a_kind_gives_its_page_is_the_same_under_another_key(attempt):
    def shown():
        return [
            content.kind_of(item["version"]).shown(
                content.item_version(item["version"]).structure,
                item["arrangement"],
                content.item_text(item["version"], "en")[1],
                None,
            )
            for item in attempt.served_items
        ]

    before = shown()
    turn_the_key()
    assert shown() == before


def test_the_seed_never_reaches_the_browser_neither_do_an_author_s_own_keys(client, enrolment, attempt):
    """With the seed and this code anybody could work out where an author's first option went."""
    seed = attempt.served["seed"]
    shown = everything_undone(client, enrolment, attempt)
    hand_in(attempt, "1")
    shown += everything(client, enrolment, attempt)
    give_grade(attempt, now=NOW)
    attempt.refresh_from_db()
    shown += everything(client, enrolment, attempt)
    texts = [text + repr(sent) for _status, sent, text in shown]
    assert len(seed) > 8
    assert not any(seed in text or str(int(seed, 16)) in text for text in texts)
    chosen = re.compile(r'type="(?:radio|checkbox)" name="q\d+" value="([^"]*)"')
    values = {value for text in texts for value in chosen.findall(text)}
    assert values <= {"1", "2", "3", "4"}
