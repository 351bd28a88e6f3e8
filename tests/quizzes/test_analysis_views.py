"""Item analysis in Wagtail: for those who may read the bank, without a name, and told only from enough."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from people.models import Role
from people.services import authors
from quizzes import content, services
from quizzes.models import Analysis
from quizzes.services import analysing
from tests.factories.analyses import an_analysis, an_analyst, outcomes
from tests.factories.people import an_account, sign_in
from tests.factories.quizzes import a_bank, a_bank_of, a_quiz_version
from tests.queries import queries_of
from tests.quizzes import every_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return a_quiz_version(a_bank(8, languages=("en", "fr")))


@pytest.fixture
def reading(client):
    return sign_in(client, an_analyst())


def table(version):
    return reverse("item_analysis", args=[version.quiz_id])


def page_of(analysis, place=0):
    item = analysis.results["overall"]["items"][place]["item"]
    return reverse("item_of_analysis", args=[analysis.quiz_id, analysis.uuid, item])


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_quiz_leads_to_its_analysis(reading, version):
    for address in (reverse("quiz:index"), reverse("quiz:edit", args=[version.quiz_id])):
        assert table(version) in shown(reading, address)


def test_an_author_asks_waits_and_reads(reading, version):
    outcomes(version, 120)
    assert "Analyse the answers" in shown(reading, table(version))
    assert reading.post(table(version)).status_code == 302
    waiting = reading.get(table(version))
    assert waiting["Refresh"] == "3"
    assert "waits for a worker" in waiting.content.decode()
    analysis = Analysis.objects.get()
    analysing._claim(analysis.pk, timezone.now())
    Analysis.objects.update(read=50, attempts=120)
    assert '<progress value="50" max="120">' in shown(reading, table(version))
    Analysis.objects.update(state="waiting", lease=None, lease_until=None)
    analysing.work_on(analysis.pk, clock=timezone.now)
    read = reading.get(table(version))
    assert "Refresh" not in read
    for words in ("Of 120 attempts", "item-0", "item-0 asks in en.", "Everybody was served the same questions."):
        assert words in read.content.decode()


def test_an_analysis_that_failed_says_so_and_can_be_asked_for_again(reading, version):
    outcomes(version, 30)
    asked = services.ask_for_analysis(version.quiz, actor=an_analyst(), now=timezone.now())
    analysing.give_up(asked.pk, now=timezone.now())
    page = shown(reading, table(version))
    assert "could not be finished" in page
    assert "Analyse the answers" in page


def test_with_few_new_attempts_there_is_nothing_to_ask_for(reading, version):
    outcomes(version, 10)
    page = shown(reading, table(version))
    assert "An analysis needs 20 more" in page
    assert "Analyse the answers" not in page
    assert reading.post(table(version)).status_code == 302
    assert not Analysis.objects.exists()


def test_what_is_withheld_says_why(reading, version):
    outcomes(version, 50)
    an_analysis(version.quiz)
    page = shown(reading, table(version))
    assert "Too few attempts to tell." in page
    assert "Does not apply." in page


def test_an_item_shows_its_options_its_curve_and_a_suspected_translation(reading, version):
    outcomes(version, 400)
    outcomes(version, 300, "fr", harder=2, seed=2)
    analysis = an_analysis(version.quiz)
    suspected = shown(reading, page_of(analysis, 2))
    for words in (
        "answer a in en",
        "Of learners who did equally well in the quiz",
        "probably misleads",
        "Class C of the Educational Testing Service",
        'lang="fr" dir="auto"><p>item-2 asks in fr.</p>',
        'class="line line-0"',
        'class="line line-2"',
    ):
        assert words in suspected
    assert "probably misleads" in shown(reading, table(version))
    assert "probably misleads" not in shown(reading, page_of(analysis, 1))


def test_a_language_of_few_is_told_neither_itself_nor_by_subtraction(reading, version):
    outcomes(version, 200)
    outcomes(version, 120, "fr")
    outcomes(version, 5, "ar")
    analysis = an_analysis(version.quiz)
    for page in (shown(reading, table(version)), shown(reading, page_of(analysis))):
        assert '<th scope="row">English</th>' in page or "</svg> English</th>" in page
        assert '<th scope="row">French</th>' not in page
        assert "</svg> French</th>" not in page


def test_items_of_every_kind_have_a_page(reading):
    items = list(every_kind.items())
    version = a_quiz_version(a_bank_of(*items), draw=len(items))
    outcomes(version, 120)
    analysis = an_analysis(version.quiz)
    for place in range(len(items)):
        shown(reading, page_of(analysis, place))


def test_options_that_nobody_chose_are_shown_too(reading, version):
    outcomes(version, 120)
    analysis = an_analysis(version.quiz)
    stored = analysis.results
    uses = stored["overall"]["items"][0]["options"]
    stored["overall"]["items"][0]["options"] = [use for use in uses if use["option"] != 3]
    Analysis.objects.update(results=stored)
    assert "answer d in en" in shown(reading, page_of(analysis))


def test_pages_cost_the_same_for_few_items_and_for_many(reading):
    few, many = (a_quiz_version(a_bank(size), draw=size) for size in (2, 40))
    costs = []
    for version in (few, many):
        outcomes(version, 60)
        analysis = an_analysis(version.quiz)
        content.forget()
        costs.append([len(queries_of(lambda a=a: shown(reading, a))) for a in (table(version), page_of(analysis))])
    assert costs[0] == costs[1]


@pytest.mark.parametrize("role", [Role.TRAINING_MANAGER, Role.AUDITOR, Role.TUTOR])
def test_who_is_no_author_sees_none(client, version, role):
    outcomes(version, 60)
    analysis = an_analysis(version.quiz)
    sign_in(client, an_account(None, role))
    of_quiz = reverse("item_analysis_of", args=[version.quiz_id, analysis.uuid])
    for address in (table(version), of_quiz, page_of(analysis)):
        assert client.get(address).status_code == 403
    assert client.post(table(version)).status_code == 403


def test_an_author_who_may_not_read_banks_sees_none(client, version):
    author = an_analyst()
    authors().permissions.remove(Permission.objects.get(codename="view_itembank"))
    sign_in(client, author)
    for address in (table(version), "/cms/item-analysis/999/"):
        assert client.get(address).status_code == 403


def test_an_analysis_is_found_at_its_own_quiz_alone(reading, version):
    outcomes(version, 60)
    analysis = an_analysis(version.quiz)
    other = a_quiz_version(a_bank(8))
    for address in (
        reverse("item_analysis_of", args=[other.quiz_id, analysis.uuid]),
        reverse("item_of_analysis", args=[version.quiz_id, analysis.uuid, 999_999]),
        reverse("item_analysis", args=[999_999]),
    ):
        assert reading.get(address).status_code == 404


def test_no_learner_is_named_and_no_answer_of_one_is_told(reading):
    assert {field.name for field in Analysis._meta.fields if field.is_relation} == {"quiz", "asked_by"}
