"""Each kind of item on its pages, without scripts: asked, answered, changed, emptied, and looked back at."""

import re
from html.parser import HTMLParser

import pytest
import time_machine

from quizzes import services
from quizzes.kinds import KINDS
from quizzes.models import Attempt
from tests.factories.markings import have_marked
from tests.factories.people import NOW
from tests.factories.quizzes import a_bank_of, a_quiz_version, an_attempt, give_grade
from tests.quizzes import every_kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=list(KINDS))
def kind(request):
    return request.param


@pytest.fixture(params=every_kind.LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def attempt(client, kind):
    item = next(item for item in every_kind.items() if item[0] == kind)
    attempt = an_attempt(quiz_version=a_quiz_version(a_bank_of(item), draw=1))
    client.force_login(attempt.learner)
    return attempt


class Form(HTMLParser):
    """The form of a question as a browser without scripts has it: its fields, their values and their labels."""

    def __init__(self, html):
        super().__init__()
        self.sent, self.controls, self.labelled, self.texts = {}, {}, set(), {}
        self._select = self._area = None
        self._labels = 0
        found = re.search(r'<form method="post" action="/\w+/quiz/.*?</form>', html, re.S)
        self.feed(found[0])

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        name = at.get("name", "")
        if tag == "label":
            self._labels += 1
            self.labelled.add(at.get("for"))
        if tag in ("input", "select", "textarea") and name.startswith("q") and at.get("type") != "hidden":
            own = at.get("id") or f"#{len(self.controls)}"
            self.controls[own] = self._labels > 0 or "alt" in at
        if tag == "input" and name.startswith("q"):
            if at.get("type") in ("radio", "checkbox") and "checked" not in at:
                return
            if at.get("type") != "image":
                self.sent.setdefault(name, []).append(at.get("value", ""))
        elif tag == "select":
            self._select, self.sent[name] = name, [""]
        elif tag == "option" and "selected" in at:
            self.sent[self._select] = [at["value"]]
        elif tag == "textarea":
            self._area, self.sent[name] = name, [""]

    def handle_endtag(self, tag):
        if tag == "label":
            self._labels -= 1
        if tag == "textarea":
            # A line break that comes first belongs to the markup, as browsers have it.
            self.sent[self._area][0] = self.sent[self._area][0].removeprefix("\n")
            self._area = None

    def handle_data(self, text):
        if self._area:
            self.sent[self._area][0] += text

    @property
    def unlabelled(self):
        return [own for own, inside in self.controls.items() if not inside and own not in self.labelled]


def shown(client, attempt, name=1, language="en"):
    answer = client.get(f"/{language}/quiz/{attempt.uuid}/{name}/")
    assert answer.status_code == 200
    return answer.content.decode()


def send(client, attempt, form, **headers):
    return client.post(f"/en/quiz/{attempt.uuid}/1/", form, **headers)


def saved(attempt):
    return attempt.responses.order_by("-sequence").values_list("answer", flat=True).first()


def review(client, attempt, language="en"):
    services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    give_grade(attempt, now=NOW)
    have_marked(attempt)
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.GRADED
    return shown(client, attempt, "result", language)


def test_every_field_has_a_label_and_every_id_stands_once(client, attempt, language):
    html = shown(client, attempt, language=language)
    form = Form(html)
    assert form.controls
    assert form.unlabelled == []
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for named in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html):
        assert set(named.split()) <= set(ids)
    assert "style=" not in html


def test_words_are_marked_with_their_language_and_its_direction(client, attempt, language):
    way = "rtl" if language == "ar" else "ltr"
    for html in (shown(client, attempt, language=language), review(client, attempt, language)):
        assert f'lang="{language}" dir="{way}"' in html
    # A third language is read in the source's words, and the page says so.
    assert 'lang="en" dir="ltr"' in shown(client, attempt, "result", "ru")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("hotspot", 'aria-label="Places in the picture"'), ("short_answer", "Fetch the recording.")],
    indirect=["kind"],
)
def test_what_the_platform_says_within_a_question_is_in_the_question_s_language(client, attempt, name):
    html = shown(client, attempt, language="ru")  # where there are no words in Russian
    assert html.startswith('<!doctype html>\n<html lang="ru"')
    assert name in html


def test_an_answer_comes_back_as_it_was_given_and_sending_it_again_changes_nothing(client, attempt, kind):
    sent = every_kind.form(1, kind)
    assert send(client, attempt, sent)["Location"].endswith("/check/")
    first = saved(attempt)
    assert first is not None
    again = Form(shown(client, attempt)).sent
    assert again["q1-sequence"] == ["2"]
    send(client, attempt, again)
    assert saved(attempt) == first
    assert "Every question has an answer" in shown(client, attempt, "check")


def test_an_answer_can_be_changed(client, attempt, kind):
    send(client, attempt, every_kind.form(1, kind))
    first = saved(attempt)
    if kind == "hotspot":  # the point that the page holds goes along
        other = Form(shown(client, attempt)).sent | every_kind.form(1, kind, 1, 2)
    else:
        other = every_kind.form(1, kind, 1, 2)
    send(client, attempt, other)
    assert saved(attempt) not in (first, None)
    assert attempt.responses.count() == 2


def test_an_answer_can_be_taken_back_where_the_kind_knows_none(client, attempt, kind):
    send(client, attempt, every_kind.form(1, kind))
    send(client, attempt, {"q1-sequence": "2"})
    assert (saved(attempt) is None) == KINDS[kind].can_be_emptied


@pytest.mark.parametrize(
    ("kind", "field"),
    [("gap_fill", "q1-1"), ("short_answer", "q1"), ("numerical", "q1"), ("essay", "q1")],
    indirect=["kind"],
)
def test_what_was_typed_cannot_break_the_page(client, attempt, kind, field):
    send(client, attempt, every_kind.form(1, kind) | {field: '</textarea>"><b>typed</b>'})
    for html in (shown(client, attempt), review(client, attempt)):
        assert "&lt;b&gt;typed" in html
        assert "<b>typed" not in html


def test_a_question_left_open_says_so_in_its_review(client, attempt, language):
    assert 'class="notice care"' in review(client, attempt, language)


def test_hints_and_feedback_stand_in_the_review_and_the_rationale_only_where_the_key_is_told(
    client, attempt, kind, language
):
    send(client, attempt, every_kind.form(1, kind))
    asked = shown(client, attempt, language=language)
    assert "A hint" not in asked
    assert "The rationale" not in asked
    html = review(client, attempt, language)
    if kind != "scenario":
        assert f"A hint in {language}." in html
        assert (f"The rationale in {language}." in html) == attempt.grades.get().passed
        assert f'alt="The image in {language}"' in html


def test_media_stand_after_the_stem_of_every_kind_and_are_for_the_learner_alone(client, attempt, kind, language):
    html = shown(client, attempt, language=language)
    if kind == "scenario":
        return
    form = re.search(r"<fieldset.*</fieldset>", html, re.S)[0]
    assert f'alt="The image in {language}"' in form
    addresses = set(re.findall(r'(?:src|href)="(/[a-z]+/quiz/[^"]+/media/[0-9a-f]{64}/)"', form))
    assert len(addresses) == (3 if kind == "short_answer" else 1)
    for address in addresses:
        assert client.get(address).status_code == 200
    if kind == "short_answer":
        assert "<audio controls" in form
        assert "<video controls" in form
