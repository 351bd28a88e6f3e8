"""A passage that the law has overtaken: corrected in all releases at once, by two people, with the old words kept."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses import corrections, reading
from courses.models import Correction, CorrectionApproval, Release, ReleaseBody
from oversight import four_eyes
from oversight.evidence import verify_rows
from oversight.models import RecordEntry
from oversight.verification import Findings
from people.models import Role
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.people import NOW, an_account, an_administration, sign_in

pytestmark = pytest.mark.django_db

OLD = "Words of lesson 2 in en"
LATER = NOW + datetime.timedelta(days=3)
SAID = {
    "language": "en",
    "old": OLD,
    "new": "Better words",
    "because": "The Customs Act has changed.",
    "source": "Customs Act 2026, article 14",
    "reason": "It is in force since yesterday.",
}


@pytest.fixture
def here():
    return an_administration()


@pytest.fixture
def author(here):
    return an_account(here, Role.AUTHOR)


@pytest.fixture
def lawyer(here):
    return an_account(here, Role.LEGAL_REVIEWER)


@pytest.fixture
def releases():
    first = a_release(languages=("en", "fr"))
    return [first, a_newer_release(first)]


@pytest.fixture
def at_commit(monkeypatch):
    """What happens at the commit happens at once: these tests are rolled back."""
    monkeypatch.setattr(transaction, "on_commit", lambda deed, **_options: deed())


def propose(author, **changes):
    return corrections.propose(**SAID | changes, actor=author, now=NOW)


def correct(author, lawyer, now=LATER, **changes):
    return four_eyes.approve(propose(author, **changes), reason="I have read it.", actor=lawyer, now=now)


def lessons(release, language="en"):
    steps = reading.outline(release.pk, language).activities
    return [reading.body(step.node_id, step.language) for step in steps]


def test_nothing_changes_until_a_legal_reviewer_approves(author, lawyer, releases, at_commit):
    asked = propose(author)
    corrections.forget()
    assert [body.corrections for body in lessons(releases[0])] == [(), (), ()]
    four_eyes.approve(asked, reason="I have read it.", actor=lawyer, now=LATER)
    for release in releases:
        first, *others = lessons(release)
        assert '<ins class="corrected">Better words</ins>' in first.html
        assert [(p.because, p.source, p.since) for p in first.corrections] == [
            (SAID["because"], SAID["source"], LATER)
        ]
        assert [body.corrections for body in others] == [(), ()]


def test_a_release_made_later_with_the_old_words_is_corrected_too(author, lawyer, releases, at_commit):
    correct(author, lawyer)
    assert "Better words" in lessons(a_newer_release(releases[1]))[0].html


def test_other_languages_stay(author, lawyer, releases, at_commit):
    correct(author, lawyer)
    assert "Words of lesson 2 in fr" in lessons(releases[0], "fr")[0].html


def test_the_rows_of_a_release_stay_and_the_log_vouches_for_them(author, lawyer, releases, at_commit):
    before = list(ReleaseBody.objects.order_by("pk").values())
    correct(author, lawyer)
    assert lessons(releases[0])[0].corrections
    assert list(ReleaseBody.objects.order_by("pk").values()) == before
    findings = Findings()
    verify_rows(findings)
    assert findings.kept == []


def test_a_correction_is_never_changed(author, lawyer, releases):
    correct(author, lawyer)
    for rows in (Correction.objects, CorrectionApproval.objects):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.all()._raw_delete("default")


def test_who_proposes_and_who_decides(here, author, lawyer, releases):
    for other in (an_account(here), an_account(here, Role.TRAINING_MANAGER, Role.AUDITOR, Role.CERTIFYING_OFFICER)):
        with pytest.raises(PermissionDenied):
            propose(other)
    asked = propose(lawyer)
    second = an_account(here, Role.LEGAL_REVIEWER)
    for nobody in (lawyer, author, an_account(None, *Role), an_account(here, is_superuser=True)):
        with pytest.raises(PermissionDenied):
            four_eyes.approve(asked, reason="x", actor=nobody, now=LATER)
    assert not CorrectionApproval.objects.exists()
    four_eyes.approve(asked, reason="x", actor=second, now=LATER)
    entry = RecordEntry.objects.get(kind="courses.correction.put_in_force")
    assert entry.actor == second.uuid


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"old": "Words of lesson"}, "old"), ({"old": "A sentence that stands nowhere."}, "old"), ({"new": OLD}, "new")],
)
def test_a_passage_that_is_short_or_absent_or_unchanged_is_refused(author, releases, changes, field):
    with pytest.raises(ValidationError) as raised:
        propose(author, **changes)
    assert list(raised.value.message_dict) == [field]
    assert not Correction.objects.exists()


def test_the_decider_reads_the_words_and_on_how_many_pages_they_stand(author, releases):
    said = four_eyes.consequence_of(propose(author))
    for part in ("on 2 pages", "“Better words” instead of", OLD, SAID["because"], SAID["source"]):
        assert part in said


def test_another_process_learns_of_it_within_a_minute(author, lawyer, releases, monkeypatch):
    """The approval here rings no bell in this process: its transaction is never committed."""
    moment = [1000.0]
    monkeypatch.setattr(corrections.time, "monotonic", lambda: moment[0])
    corrections.forget()
    assert not lessons(releases[0])[0].corrections
    correct(author, lawyer)
    moment[0] += 59
    assert not lessons(releases[0])[0].corrections
    moment[0] += 2
    assert lessons(releases[0])[0].corrections


def test_reading_costs_no_query_within_the_minute(author, lawyer, releases, at_commit):
    correct(author, lawyer)
    lessons(releases[0])
    with CaptureQueriesContext(connection) as captured:
        lessons(releases[0])
    assert len(captured) == 0


def test_a_past_moment_shows_the_corrections_of_its_day(author, lawyer, releases):
    correct(author, lawyer)
    assert corrections.in_force_at("en", LATER - datetime.timedelta(seconds=1)) == ()
    assert len(corrections.in_force_at("en", LATER)) == 1


class TestPages:
    def test_a_learner_reads_the_new_words_with_the_reason(self, author, lawyer, client, at_commit):
        place = a_place(release=a_release(languages=("en", "ar")))
        correct(author, lawyer)
        client.force_login(place.user)
        lesson = steps_of(place, "lesson")[0]
        text = re.sub(r"\s+", " ", client.get(f"/en/learn/{place.uuid}/{lesson.key}/").content.decode())
        assert "Corrected on 5 March 2026:" in text
        assert '<span lang="en" dir="auto">The Customs Act has changed.</span>' in text
        assert '<ins class="corrected">Better words</ins>' in text
        assert "Corrected on" not in client.get(f"/ar/learn/{place.uuid}/{lesson.key}/").content.decode()

    def test_an_author_looks_asks_and_a_reviewer_finds_the_request(self, author, lawyer, releases, client):
        sign_in(client, author)
        looked = client.post("/en/corrections/new/", SAID | {"look": "1"}).content.decode()
        assert looked.count("lesson 2 in en</span>") == 2
        assert not Correction.objects.exists()
        nowhere = client.post("/en/corrections/new/", SAID | {"look": "1", "old": "A sentence that stands nowhere."})
        assert nowhere.status_code == 422
        answer = client.post("/en/corrections/new/", SAID | {"ask": "1"}, follow=True)
        assert "A legal reviewer decides on it." in answer.content.decode()
        assert "Not in force" in client.get("/en/corrections/").content.decode()
        sign_in(client, lawyer)
        assert "Correct a passage by law" in client.get("/oversight/").content.decode()

    @pytest.mark.parametrize("count", [2, 20])
    def test_the_list_costs_the_same_for_few_and_for_many(self, author, releases, client, count):
        for number in range(count):
            propose(author, new=f"Better words {number}")
        sign_in(client, author)
        client.get("/en/corrections/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/en/corrections/")
        assert len(captured) <= 4
        assert Release.objects.count() == 2
