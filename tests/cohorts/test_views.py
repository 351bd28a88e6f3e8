"""The reader: my learning, each step, and whose it is."""

import re
import uuid

import pytest
import time_machine
from django.urls import reverse

from cohorts.models import Enrolment
from people.models import Role
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt
from tests.factories.cohorts import a_group, a_place, finish_lessons, hand_in_quiz, steps_of
from tests.factories.courses import a_release
from tests.factories.people import NOW, an_account, sign_in
from tests.factories.quizzes import a_quiz_version, give_grade
from tests.queries import queries_of

from .test_services import pass_quiz, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(client):
    with time_machine.travel(NOW, tick=False):
        release = a_release(a_quiz_version(languages=("en", "fr")), languages=("en", "fr"))
        enrolment = a_place(release=release)
        client.force_login(enrolment.user)
        yield enrolment


def url(enrolment, step, suffix="", language="en"):
    return f"/{language}/learn/{enrolment.uuid}/{step.key}/{suffix}"


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def step(enrolment, kind, place=0):
    return steps_of(enrolment, kind)[place]


class TestReading:
    @pytest.mark.parametrize("kind", ["course", "module", "lesson", "quiz"])
    def test_every_step_of_the_release_has_its_page(self, enrolment, client, kind):
        text = text_of(client.get(url(enrolment, step(enrolment, kind))))
        assert f"<title>{kind} " in text
        assert "in fr" not in text

    def test_a_step_that_the_release_does_not_have_is_404(self, enrolment, client):
        other = a_release(a_quiz_version())
        foreign = a_place(release=other)
        assert client.get(url(enrolment, step(foreign, "lesson"))).status_code == 404

    def test_doing_a_lesson_leads_on_and_shows_on_the_path(self, enrolment, client):
        first, second = step(enrolment, "lesson"), step(enrolment, "lesson", 1)
        assert client.post(url(enrolment, first, "done/"))["Location"] == url(enrolment, second)
        text = text_of(client.get(url(enrolment, first)))
        assert "You have done this lesson" in text
        assert "1 of 4 steps" in text

    def test_the_last_lesson_leads_to_the_quiz(self, enrolment, client):
        response = client.post(url(enrolment, step(enrolment, "lesson", 2), "done/"))
        assert response["Location"] == url(enrolment, step(enrolment, "quiz"))

    def test_doing_it_twice_changes_nothing(self, enrolment, client):
        client.post(url(enrolment, step(enrolment, "lesson"), "done/"))
        before = rows()
        assert client.post(url(enrolment, step(enrolment, "lesson"), "done/")).status_code == 302
        assert rows() == before

    def test_a_language_that_is_missing_shows_a_notice_and_marks_the_words(self, enrolment, client):
        text = text_of(client.get(url(enrolment, step(enrolment, "lesson"), language="ar")))
        assert '<html lang="ar" dir="rtl"' in text
        assert '<div class="flow" lang="en" dir="ltr"><p>Words of' in text
        assert re.search(r'<a class="language-name" href="/fr/learn/[^"]+" lang="fr"', text)

    def test_scenario_8_a_russian_reads_english_words_and_finds_portuguese_and_arabic(self, client):
        """The release is offered in English alone; this page exists in two languages more."""
        release = a_release(lessons=2, languages=("en", "pt", "ar"), missing={("course", "pt"), ("course", "ar")})
        enrolment = a_place(release=release)
        client.force_login(enrolment.user)
        lesson = step(enrolment, "lesson")
        text = text_of(client.get(url(enrolment, lesson, language="ru")))
        assert '<html lang="ru" dir="ltr"' in text
        assert "На вашем языке этой страницы пока нет." in text
        assert '<div class="flow" lang="en" dir="ltr"><p>Words of' in text
        links = re.findall(r'<a class="language-name" href="/(\w+)/learn/[^"]+" lang="\w+" hreflang="\w+">', text)
        assert links == ["ar", "pt"]
        arabic = text_of(client.get(url(enrolment, lesson, language="ar")))
        assert '<html lang="ar" dir="rtl"' in arabic
        assert '<div class="flow" lang="ar" dir="rtl"><p>Words of' in arabic
        for language in ("ar", "ru", "pt"):
            client.post(url(enrolment, lesson, "done/", language=language))
        assert enrolment.progress.count() == 1
        assert enrolment.credits.count() == 1

    def test_what_was_done_in_one_language_is_done_in_all(self, enrolment, client):
        client.post(url(enrolment, step(enrolment, "lesson"), "done/", language="fr"))
        assert "You have done this lesson" in text_of(client.get(url(enrolment, step(enrolment, "lesson"))))
        assert enrolment.progress.count() == 1

    def test_a_completed_course_says_so(self, enrolment, client):
        finish_lessons(enrolment)
        pass_quiz(enrolment)
        assert "You have completed this course" in text_of(client.get(url(enrolment, step(enrolment, "course"))))


class TestWhoseItIs:
    def test_somebody_else_s_enrolment_is_404_on_every_page_and_nothing_changes(self, enrolment, client):
        ours = enrolment.administration
        before = rows()
        for roles in ((), (Role.TRAINING_MANAGER,), (Role.TUTOR, Role.AUDITOR)):
            sign_in(client, an_account(ours, *roles))
            for kind in ("course", "module", "lesson", "quiz"):
                assert client.get(url(enrolment, step(enrolment, kind))).status_code == 404
            assert client.post(url(enrolment, step(enrolment, "lesson"), "done/")).status_code == 404
            start = {"start_key": str(uuid.uuid4())}
            assert client.post(url(enrolment, step(enrolment, "quiz"), "start/"), start).status_code == 404
        assert rows() == before

    def test_a_visitor_is_sent_to_sign_in(self, enrolment, client):
        client.logout()
        for address in ("/en/learn/", url(enrolment, step(enrolment, "lesson"))):
            assert client.get(address)["Location"].startswith(reverse("account_login"))

    def test_my_learning_shows_mine_alone(self, enrolment, client):
        other = a_place(group=enrolment.group)
        text = text_of(client.get("/en/learn/"))
        assert str(enrolment.uuid) in text
        assert str(other.uuid) not in text

    def test_looking_changes_nothing_and_a_deed_s_address_leads_to_its_page(self, enrolment, client):
        before = rows()
        for kind in ("lesson", "quiz"):
            for suffix in ("done/", "start/"):
                response = client.get(url(enrolment, step(enrolment, kind), suffix))
                assert response["Location"] == url(enrolment, step(enrolment, kind))
            client.get(url(enrolment, step(enrolment, kind)))
        assert rows() == before

    @pytest.mark.parametrize("state", ["withdrawn", "failed", "lapsed"])
    def test_a_closed_enrolment_says_so_and_takes_nothing(self, enrolment, client, state):
        Enrolment.objects.update(state=state)
        before = rows()
        text = text_of(client.post(url(enrolment, step(enrolment, "lesson"), "done/")), 409)
        assert "closed for you" in text
        start = {"start_key": str(uuid.uuid4())}
        assert client.post(url(enrolment, step(enrolment, "quiz"), "start/"), start).status_code == 409
        assert rows() == before


class TestStarting:
    def form(self, enrolment, client):
        text = text_of(client.get(url(enrolment, step(enrolment, "quiz"))))
        return {"start_key": re.search(r'name="start_key" value="([^"]+)"', text)[1]}

    def test_a_double_click_starts_one_attempt(self, enrolment, client):
        form = self.form(enrolment, client)
        where = url(enrolment, step(enrolment, "quiz"), "start/")
        first = client.post(where, form)
        assert client.post(where, form)["Location"] == first["Location"]
        assert Attempt.objects.count() == 1

    def test_two_windows_lead_to_the_same_attempt(self, enrolment, client):
        where = url(enrolment, step(enrolment, "quiz"), "start/")
        forms = [self.form(enrolment, client), self.form(enrolment, client)]
        assert forms[0] != forms[1]
        assert len({client.post(where, form)["Location"] for form in forms}) == 1
        assert "Go on with your attempt" in text_of(client.get(url(enrolment, step(enrolment, "quiz"))))

    @pytest.mark.parametrize("form", [{}, {"start_key": ""}, {"start_key": "1"}, {"start_key": "x" * 5000}])
    def test_a_malformed_start_changes_nothing(self, enrolment, client, form):
        before = rows()
        response = client.post(url(enrolment, step(enrolment, "quiz"), "start/"), form)
        assert "start again" in text_of(response, 400)
        assert rows() == before

    @pytest.mark.parametrize("kind", ["course", "module", "lesson"])
    def test_only_a_quiz_is_started_and_only_a_lesson_is_done(self, enrolment, client, kind):
        before = rows()
        start = {"start_key": str(uuid.uuid4())}
        assert client.post(url(enrolment, step(enrolment, kind), "start/"), start).status_code == 404
        assert client.post(url(enrolment, step(enrolment, "quiz"), "done/")).status_code == 404
        assert rows() == before

    @pytest.mark.parametrize(
        ("rating", "words"),
        [(Rating.RISKY, "A pause before the next attempt"), (Rating.BEST, "You have passed this quiz")],
    )
    def test_a_refused_start_leads_to_the_page_that_says_why(self, enrolment, client, rating, words):
        attempt = hand_in_quiz(enrolment, rating)
        give_grade(attempt, now=NOW)
        before = rows()
        start = {"start_key": str(uuid.uuid4())}
        response = client.post(url(enrolment, step(enrolment, "quiz"), "start/"), start, follow=True)
        assert words in text_of(response)
        assert rows() == before

    def test_the_pause_is_told_in_the_learner_s_own_time(self, enrolment, client):
        enrolment.user.time_zone = "Asia/Tokyo"
        enrolment.user.save()
        attempt = hand_in_quiz(enrolment, Rating.RISKY)
        give_grade(attempt, now=NOW)
        text = text_of(client.get(url(enrolment, step(enrolment, "quiz"))))
        assert "opens on 3 March 2026 at 18:30" in text


class TestQueryCounts:
    """Session with its account, enrolment, body, progress: four at most for a lesson, and nothing that grows."""

    @pytest.mark.parametrize("lessons", [10, 200])
    def test_a_lesson_takes_four_queries_at_most(self, client, lessons):
        enrolment = a_place(release=a_release(lessons=lessons))
        client.force_login(enrolment.user)
        queries = queries_of(lambda: client.get(url(enrolment, step(enrolment, "lesson"))))
        assert len(queries) <= 4, queries

    @pytest.mark.parametrize("lessons", [10, 200])
    @pytest.mark.parametrize("kind", ["course", "module"])
    def test_a_course_and_a_module_cost_the_same_whatever_their_size(self, client, lessons, kind):
        enrolment = a_place(release=a_release(lessons=lessons))
        client.force_login(enrolment.user)
        queries = queries_of(lambda: client.get(url(enrolment, step(enrolment, kind))))
        assert len(queries) <= 5, queries

    @pytest.mark.parametrize("lessons", [10, 200])
    def test_a_lesson_in_a_missing_language_asks_once_more(self, client, lessons):
        enrolment = a_place(release=a_release(lessons=lessons))
        client.force_login(enrolment.user)
        queries = queries_of(lambda: client.get(url(enrolment, step(enrolment, "lesson"), language="ru")))
        assert len(queries) <= 5, queries

    @pytest.mark.parametrize("places", [10, 200])
    def test_my_learning_costs_the_same_for_ten_places_and_for_two_hundred(self, client, places):
        """Session with its account, places with their cohort, progress."""
        user = an_account()
        release = a_release()
        group = a_group(user.administration, release)
        cohort = group.section.cohort
        for number in range(places):
            cohort.pk, cohort.uuid, cohort.name = None, uuid.uuid4(), f"Run {number}"
            cohort.save(force_insert=True)
            Enrolment.objects.create(
                administration=user.administration,
                user=user,
                cohort=cohort,
                group=group,
                release=release,
                rule_set=cohort.rule_set,
            )
        client.force_login(user)
        queries = queries_of(lambda: client.get("/en/learn/"))
        assert len(queries) == 3, queries

    @pytest.mark.parametrize("lessons", [10, 200])
    def test_doing_a_lesson_costs_the_same_whatever_the_course(self, client, lessons):
        enrolment = a_place(release=a_release(lessons=lessons))
        client.force_login(enrolment.user)
        places = iter(range(2))
        queries = queries_of(lambda: client.post(url(enrolment, step(enrolment, "lesson", next(places)), "done/")))
        assert len(queries) <= 21, queries
