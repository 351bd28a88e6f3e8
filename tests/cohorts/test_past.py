"""The auditor's day: the release a learner held, each page as it was shown, and whether the log vouches for it."""

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts import moving, past, services
from courses import corrections, vouching
from courses.models import ReleaseBody
from courses.vouching import Vouched
from oversight import four_eyes
from oversight.models import RecordEntry
from people.models import Role
from tests.courses.test_corrections import SAID
from tests.factories.cohorts import a_group, a_place, steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.people import NOW, an_account, an_administration, sign_in

pytestmark = pytest.mark.django_db

BEGAN = NOW
MOVED = NOW + datetime.timedelta(days=10)
CORRECTED = NOW + datetime.timedelta(days=20)
TODAY = NOW + datetime.timedelta(days=30)


@pytest.fixture(autouse=True)
def _no_bell(monkeypatch):
    monkeypatch.setattr(moving, "ring", lambda move_id: None)


@pytest.fixture
def place():
    """Begun, one lesson done, moved to a release with other words, and then corrected by law."""
    with time_machine.travel(BEGAN, tick=False):
        place = a_place(group=a_group(an_administration(time_zone="UTC"), a_release(languages=("en", "ar"))))
        first = steps_of(place, "lesson")[0]
        services.complete_lesson(place, first, learner=place.user, now=BEGAN)
    newer = a_newer_release(place.release, reworded=[steps_of(place, "lesson")[1].key])
    order = moving.begin(place.cohort, newer, reason="x", actor=None, now=MOVED)
    moving.carry_on(order.pk, now=MOVED)
    author, lawyer = (an_account(place.administration, role) for role in (Role.AUTHOR, Role.LEGAL_REVIEWER))
    asked = corrections.propose(**SAID, actor=author, now=CORRECTED)
    four_eyes.approve(asked, reason="x", actor=lawyer, now=CORRECTED)
    place.refresh_from_db()
    return place


@pytest.fixture
def auditing(client, place):
    with time_machine.travel(TODAY, tick=False):
        yield sign_in(client, an_account(place.administration, Role.AUDITOR))


def address(place, moment, **query):
    tail = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/oversight/places/{place.uuid}/{moment:%Y}-{moment.month}-{moment.day}/?{tail}"


def text_of(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def day(place, moment):
    return past.day_of(place, moment.date())


class TestReleases:
    def test_before_the_place_was_given_there_is_none(self, place):
        assert past.releases_held(place, day(place, BEGAN - datetime.timedelta(days=1))) == []

    def test_each_day_has_the_release_of_that_day(self, place):
        move = place.moves.get()
        for moment, release in (
            (BEGAN, move.from_release),
            (MOVED - datetime.timedelta(days=1), move.from_release),
            (MOVED + datetime.timedelta(days=1), move.to_release),
            (TODAY, move.to_release),
        ):
            assert past.releases_held(place, day(place, moment)) == [past.Held(release, None, None)]

    def test_on_the_day_of_the_move_there_are_two(self, place):
        move = place.moves.get()
        assert past.releases_held(place, day(place, MOVED)) == [
            past.Held(move.to_release, MOVED, None),
            past.Held(move.from_release, None, MOVED),
        ]

    def test_the_day_is_the_administration_s(self, place):
        place.administration.time_zone = "America/Bogota"
        span = past.day_of(place, datetime.date(2026, 3, 2))
        assert span.starts == datetime.datetime(2026, 3, 2, tzinfo=ZoneInfo("America/Bogota"))
        assert span.ends - span.starts == datetime.timedelta(days=1)


class TestVouching:
    def test_the_log_vouches_for_every_text_of_a_release(self, place):
        record = vouching.record_of(place.release)
        bodies = ReleaseBody.objects.filter(node__release=place.release).select_related("node")
        assert {record.vouches(body.node.key, body) for body in bodies} == {Vouched.YES}

    def test_a_text_that_was_changed_is_found_even_with_its_digest(self, place):
        record = vouching.record_of(place.release)
        body = ReleaseBody.objects.filter(node__release=place.release).select_related("node").first()
        body.html = "<p>Other words.</p>"
        body.sha256 = body.digest()
        assert record.vouches(body.node.key, body) == Vouched.CHANGED

    def test_an_entry_that_is_not_whole_vouches_for_nothing(self, place, monkeypatch):
        monkeypatch.setattr(vouching.encoding, "commitment", lambda salt, facts: "0" * 64)
        assert vouching.record_of(place.release).sequence is None


class TestPages:
    def page(self, client, place, moment, number, **query):
        [node] = place.release.nodes.filter(kind="lesson").order_by("position")[number : number + 1]
        return text_of(client.get(address(place, moment, step=node.key, **query)))

    def test_an_auditor_finds_the_day_and_every_look_is_recorded(self, place, auditing):
        form = {"staff_number": place.user.staff_number.lower(), "cohort": place.cohort.uuid, "day": "2026-03-02"}
        answer = auditing.post("/oversight/places/", form)
        assert answer["Location"] == address(place, BEGAN)[:-1]
        shown = text_of(auditing.get(answer["Location"]))
        assert place.user.full_name in shown
        assert "<h1>2 March 2026</h1>" in shown
        entry = RecordEntry.objects.get(kind="cohorts.past_day.read")
        assert (entry.subject, entry.detail.facts["day"]) == (place.uuid, "2026-03-02")

    def test_each_day_shows_its_own_words(self, place, auditing):
        before = self.page(auditing, place, BEGAN, 1)
        after = self.page(auditing, place, MOVED + datetime.timedelta(days=1), 1)
        assert "Words, said better." not in before
        assert "Words, said better." in after
        for shown in (before, after):
            assert "The record log vouches for these words" in shown

    def test_a_correction_shows_from_its_day_on_with_the_old_words(self, place, auditing):
        before = self.page(auditing, place, CORRECTED - datetime.timedelta(days=1), 0)
        after = self.page(auditing, place, CORRECTED, 0)
        assert "Better words" not in before
        assert '<ins class="corrected">Better words</ins>' in after
        assert f"<del>{SAID['old']}</del>" in after
        assert "The record log vouches for these words" in after

    def test_a_page_is_shown_in_each_of_its_languages(self, place, auditing):
        arabic = self.page(auditing, place, BEGAN, 0, language="ar")
        assert 'lang="ar" dir="rtl"' in arabic
        russian = self.page(auditing, place, BEGAN, 0, language="ru")
        assert "did not exist in Russian" in russian

    def test_what_was_not_done_yet_is_not_shown_as_done(self, place, auditing):
        lesson = steps_of(place, "lesson")[1]
        services.complete_lesson(place, lesson, learner=place.user, now=TODAY - datetime.timedelta(days=1))
        early = text_of(auditing.get(address(place, MOVED + datetime.timedelta(days=1))))
        late = text_of(auditing.get(address(place, TODAY)))
        assert (early.count("<td>–</td>"), late.count("<td>–</td>")) == (2, 1)

    @pytest.mark.parametrize(
        "form",
        [
            {"staff_number": "unknown"},
            {"cohort": "x"},
            {"day": "2026-13-01"},
            {"day": "2030-01-01"},
        ],
    )
    def test_what_does_not_exist_is_said_at_its_field(self, place, auditing, form):
        whole = {"staff_number": place.user.staff_number, "cohort": place.cohort.uuid, "day": "2026-03-02"}
        answer = auditing.post("/oversight/places/", whole | form)
        assert answer.status_code == 422
        assert not RecordEntry.objects.filter(kind="cohorts.past_day.read").exists()

    def test_days_to_come_and_nonsense_are_404(self, place, auditing):
        good = address(place, TODAY)
        for wrong in (
            address(place, TODAY + datetime.timedelta(days=2)),
            good.replace("2026-4-1", "2026-13-1"),
            good + "step=nonsense",
            good + f"step={place.uuid}",
            good + f"release={place.uuid}",
        ):
            assert auditing.get(wrong).status_code == 404, wrong

    def test_nobody_but_another_s_auditor_of_the_same_administration(self, place, auditing):
        ours = place.administration
        for other, status in (
            (an_account(ours, Role.TRAINING_MANAGER, Role.TUTOR, Role.AUTHOR, Role.LEGAL_REVIEWER), 403),
            (an_account(None, Role.AUDITOR), 404),
            (place.user, 403),
        ):
            sign_in(auditing, other)
            assert auditing.get(address(place, BEGAN)).status_code == status
        place.user.roles = ["auditor"]
        place.user.save()
        sign_in(auditing, place.user)
        assert auditing.get(address(place, BEGAN)).status_code == 404

    @pytest.mark.parametrize("lessons", [10, 200])
    def test_a_day_costs_the_same_whatever_the_course(self, client, lessons):
        with time_machine.travel(BEGAN, tick=False):
            place = a_place(release=a_release(lessons=lessons))
            sign_in(client, an_account(place.administration, Role.AUDITOR))
            client.get(address(place, BEGAN))
            with CaptureQueriesContext(connection) as captured:
                client.get(address(place, BEGAN))
        assert len(captured) <= 18
