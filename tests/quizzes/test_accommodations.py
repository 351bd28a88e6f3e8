"""What is granted to one learner holds in every quiz, and nobody learns why."""

import datetime
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from oversight.models import RecordDetail, RecordEntry
from people.models import Role
from quizzes import errors, services
from quizzes.accommodations import NONE, Measures
from quizzes.kinds.choices import Rating
from quizzes.models import Accommodation
from quizzes.rules import AttemptRules
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import a_release
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.factories.quizzes import a_graded_attempt, a_quiz_version, an_attempt
from tests.queries import queries_of

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
measures = st.builds(Measures, st.sampled_from(Accommodation.Time.values), st.integers(0, 5), st.booleans())


@given(measures, st.integers(1, 300), st.integers(1, 9))
def test_measures_only_add_and_leave_the_rest_as_everybody_has_it(measures, minutes, attempts):
    rules = AttemptRules(Decimal(80), attempts, DAY)
    limit = minutes * MINUTE
    assert limit <= measures.limit(limit) <= 3 * limit
    granted = measures.rules(rules)
    assert (granted.pass_mark, granted.spacing) == (rules.pass_mark, rules.spacing)
    assert granted.max_attempts == attempts + measures.extra_attempts
    assert (NONE.limit(limit), NONE.rules(rules)) == (limit, rules)


@pytest.fixture
def here(db):
    return an_administration()


@pytest.fixture
def officer(here):
    return an_account(here, Role.CERTIFYING_OFFICER)


@pytest.fixture
def learner(here):
    return an_account(here)


def give(learner, officer, category="sight", now=NOW, **measures):
    return services.grant_accommodation(learner, Measures(**measures), category=category, actor=officer, now=now)


def test_more_time_holds_in_every_quiz_and_is_frozen_on_the_attempt(learner, officer):
    granted = give(learner, officer, time_percent=150, plain_layout=True)
    first, second = (an_attempt(learner, a_quiz_version(time_limit_minutes=minutes)) for minutes in (30, 10))
    assert (first.deadline, second.deadline) == (NOW + 45 * MINUTE, NOW + 15 * MINUTE)
    services.end_accommodation(granted, actor=officer, now=NOW)
    first.refresh_from_db()
    assert (first.deadline, first.plain_layout) == (NOW + 45 * MINUTE, True)
    assert an_attempt(learner).deadline == NOW + 30 * MINUTE
    others = an_attempt()
    assert (others.deadline, others.accommodation, others.plain_layout) == (NOW + 30 * MINUTE, None, False)


def test_more_time_does_not_outlast_the_window(learner, officer):
    give(learner, officer, time_percent=200)
    assert an_attempt(learner, a_quiz_version(closes_at=NOW + 40 * MINUTE)).deadline == NOW + 40 * MINUTE


def test_another_attempt_may_start_after_the_last_of_everybody_s(learner, officer):
    version, where = a_quiz_version(), {"registration": uuid.uuid4(), "activity": uuid.uuid4()}
    for number in range(3):
        a_graded_attempt(Rating.RISKY, learner=learner, quiz_version=version, now=NOW + 2 * number * DAY, **where)
    with pytest.raises(errors.MayNotStart):
        an_attempt(learner, version, now=NOW + 8 * DAY, **where)
    give(learner, officer, extra_attempts=1)
    assert an_attempt(learner, version, now=NOW + 8 * DAY, **where).number == 4


def test_granting_again_replaces_what_was_granted_before(learner, officer):
    first = give(learner, officer, time_percent=125)
    second = give(learner, officer, extra_attempts=2, now=NOW + DAY)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (NOW + DAY, officer)
    assert services.measures_for(learner.pk) == second.measures() == Measures(extra_attempts=2)
    assert not services.end_accommodation(first, actor=officer, now=NOW + DAY)


@pytest.mark.parametrize("roles", [(), (Role.TUTOR,), (Role.TRAINING_MANAGER,), (Role.AUTHOR, Role.AUDITOR)])
def test_only_a_certifying_officer_of_the_administration_grants_and_ends(here, learner, officer, roles):
    granted = give(learner, officer, time_percent=125)
    for actor in (an_account(here, *roles), an_account(None, Role.CERTIFYING_OFFICER), an_account(is_superuser=True)):
        with pytest.raises(PermissionDenied):
            give(learner, actor, time_percent=150)
        with pytest.raises(PermissionDenied):
            services.end_accommodation(granted, actor=actor, now=NOW)
    with pytest.raises(PermissionDenied):
        give(officer, officer, time_percent=150)
    assert services.measures_for(learner.pk) == Measures(125)


def test_the_database_keeps_one_in_force_and_none_that_grants_nothing(learner, officer):
    give(learner, officer, time_percent=125)
    facts = {"learner": learner, "granted_by": officer, "granted_at": NOW, "category": "other"}
    for wrong in ({"time_percent": 150}, {"ended_at": NOW}, {"time_percent": 400, "ended_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Accommodation.objects.create(**facts | wrong)
    with pytest.raises(ValueError, match="grants something"):
        give(learner, officer)


def test_granting_and_ending_stand_in_the_record_log_without_the_reason(learner, officer):
    services.end_accommodation(give(learner, officer, time_percent=125, category="health"), actor=officer, now=NOW)
    kinds = list(RecordEntry.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds[-2:] == ["quizzes.accommodation.granted", "quizzes.accommodation.ended"]
    assert "health" not in str(list(RecordDetail.objects.values_list("facts", flat=True)))
    assert "health" not in str(an_attempt(learner).accommodation)


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_an_officer_finds_somebody_grants_sees_it_listed_and_ends_it(client, here, learner, officer):
    sign_in(client, officer)
    assert "Nothing is granted" in client.get(reverse("accommodations")).content.decode()
    found = client.post(reverse("accommodations"), {"who": learner.staff_number}).content.decode()
    address = reverse("accommodate", args=[learner.uuid])
    assert address in found
    sent = {"time_percent": "150", "extra_attempts": "1", "plain_layout": "on", "category": "reading"}
    assert client.post(address, sent)["Location"] == reverse("accommodations")
    listed = client.get(reverse("accommodations")).content.decode()
    for words in ("Half as much time again", "1 more attempt in a series", "Plain layout", "Reading and writing"):
        assert words in listed
    granted = Accommodation.objects.get()
    assert client.post(reverse("end_accommodation", args=[granted.uuid])).status_code == 302
    assert services.measures_for(learner.pk) == NONE


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"time_percent": "100", "extra_attempts": "0", "category": "sight"}, "Choose at least one thing to grant."),
        ({"time_percent": "150", "extra_attempts": "0", "category": ""}, "This field is required."),
        ({"time_percent": "1000", "extra_attempts": "0", "category": "sight"}, "1000 is not one of the"),
        ({"time_percent": "100", "extra_attempts": "6", "category": "sight"}, "less than or equal to 5"),
    ],
)
def test_what_grants_nothing_or_too_much_is_refused_and_says_why(client, learner, officer, sent, problem):
    sign_in(client, officer)
    response = client.post(reverse("accommodate", args=[learner.uuid]), sent)
    assert response.status_code == 422
    assert problem in response.content.decode()
    assert not Accommodation.objects.exists()


def test_an_officer_s_list_costs_the_same_for_few_and_for_many(client, here, officer):
    sign_in(client, officer)
    give(an_account(here), officer, time_percent=125)
    few = len(queries_of(lambda: client.get(reverse("accommodations"))))
    for _person in range(8):
        give(an_account(here), officer, time_percent=125)
    assert len(queries_of(lambda: client.get(reverse("accommodations")))) == few


def test_a_learner_sees_what_is_granted_and_whom_to_ask(client, learner, officer):
    client.force_login(learner)
    address = reverse("my_accommodation")
    assert "Nothing is granted to you" in client.get(address).content.decode()
    give(learner, officer, time_percent=200, category="movement")
    shown = client.get(address).content.decode()
    assert "Twice the time" in shown
    assert "Movement" in shown


@pytest.mark.django_db
def test_before_the_start_the_page_counts_in_what_is_granted(client):
    place = a_place(release=a_release(a_quiz_version(time_limit_minutes=20)))
    officer = an_account(place.administration, Role.CERTIFYING_OFFICER)
    give(place.user, officer, time_percent=150, extra_attempts=2)
    [quiz] = steps_of(place, "quiz")
    client.force_login(place.user)
    shown = client.get(f"/en/learn/{place.uuid}/{quiz.key}/").content.decode()
    assert "You have 30 minutes once you start." in shown
    assert "You have 5 attempts left." in shown
    assert "Your accommodation is counted in." in shown


def test_a_plain_layout_has_no_running_clock_and_nothing_beside_the_question(client, learner, officer):
    give(learner, officer, plain_layout=True)
    for person, is_plain in ((learner, True), (an_account(), False)):
        attempt = an_attempt(person)
        client.force_login(person)
        with time_machine.travel(NOW, tick=False):
            for page in ("1", "check"):
                shown = client.get(f"/en/quiz/{attempt.uuid}/{page}/").content.decode()
                assert ("data-plain" in shown) == is_plain
                assert ("data-countdown-deadline-value" in shown) != is_plain
                assert "Closes at" in shown
