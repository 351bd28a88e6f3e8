"""The pages where a second person decides, and the auditor's page of the log."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from oversight import four_eyes, records, views
from oversight.models import FourEyesRequest, RecordEntry, Verification
from people.models import Administration, Office, Role

State = FourEyesRequest.State


@pytest.fixture
def now():
    """The views ask the clock."""
    return timezone.now()


@pytest.fixture(autouse=True)
def second_factor_given(settings):
    """What these pages ask is independence and role; that staff give a second factor is asked elsewhere."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "SecondFactor" not in each]


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def auditor(account):
    return account("Aisha", Role.AUDITOR)


def address(name, four_eyes_request):
    return reverse(f"oversight:{name}", args=[four_eyes_request.uuid])


def listed(show):
    return reverse("oversight:requests") + f"?show={show}"


def is_not_found(answer):
    """Asked with `follow`: what is not found is looked for once more under the reader's language."""
    return answer.status_code == 404


def press(client, four_eyes_request, decision="approve", reason="I have seen the decree.", follow=False):
    form = {"decision": decision, "reason": reason}
    return client.post(address("decide", four_eyes_request), form, follow=follow)


def state_of(four_eyes_request):
    return FourEyesRequest.objects.get(pk=four_eyes_request.pk).state


class TestDeciding:
    def test_the_page_says_who_asks_why_and_what_will_happen(self, as_, approver, ask):
        page = as_(approver).get(address("request", ask())).content.decode()
        for words in ("Rename an office", "Rosa", "Sami", "The ministry has renamed it.", "will be called New name"):
            assert words in page

    def test_a_second_person_approves(self, as_, approver, ask):
        made = ask()
        answer = press(as_(approver), made)
        assert answer.status_code == 302
        assert state_of(made) == State.APPROVED
        assert Office.objects.get().name == "New name"
        assert "carried out" in as_(approver).get(answer.url).content.decode()

    def test_a_second_person_refuses(self, as_, approver, ask):
        made = ask()
        press(as_(approver), made, "refuse")
        assert state_of(made) == State.REFUSED
        assert Office.objects.get().name == "Old name"

    @pytest.mark.parametrize("decision", ["approve", "refuse"])
    @pytest.mark.parametrize("party", ["requester", "subject_person"])
    def test_a_party_to_the_request_is_forbidden_to_decide(self, as_, ask, request, party, decision):
        made = ask()
        assert press(as_(request.getfixturevalue(party)), made, decision).status_code == 403
        assert state_of(made) == State.PENDING

    def test_a_superuser_is_forbidden_to_decide_their_own_request(self, as_, requester, ask):
        made = ask()
        requester.is_superuser = True
        requester.save()
        assert press(as_(requester), made).status_code == 403

    def test_without_the_role_it_is_forbidden(self, as_, account, ask):
        made = ask()
        client = as_(account("Lea"))
        assert client.get(address("request", made)).status_code == 403
        assert press(client, made).status_code == 403

    def test_a_party_is_told_so_even_when_the_form_is_empty(self, as_, requester, ask):
        assert press(as_(requester), ask(), reason="").status_code == 403

    def test_for_another_administration_the_request_does_not_exist(self, as_, account, ask):
        made = ask()
        south = Administration.objects.create(code="south", name="Customs of the South")
        client = as_(account("Stefan", Role.TRAINING_MANAGER, administration=south))
        assert is_not_found(client.get(address("request", made), follow=True))
        assert is_not_found(press(client, made, follow=True))
        assert state_of(made) == State.PENDING

    @pytest.mark.parametrize("form", [{"reason": " "}, {"decision": "perhaps"}, {"reason": "x" * 2001}])
    def test_a_wrong_form_says_so_and_decides_nothing(self, as_, approver, ask, form):
        made = ask()
        answer = press(as_(approver), made, **form)
        assert answer.status_code == 200
        assert "error-summary" in answer.content.decode()
        assert state_of(made) == State.PENDING

    def test_who_comes_too_late_is_told_what_stands(self, as_, approver, ask, requester, now):
        made = ask()
        four_eyes.withdraw(made, actor=requester, now=now)
        answer = press(as_(approver), made)
        assert answer.status_code == 409
        assert "closed already: Withdrawn" in answer.content.decode()

    def test_what_has_run_out_offers_no_form(self, as_, approver, ask, now):
        made = ask(now=now - datetime.timedelta(days=15))
        client = as_(approver)
        assert "<textarea" not in client.get(address("request", made)).content.decode()
        assert press(client, made).status_code == 409

    def test_looking_decides_nothing(self, as_, approver, ask):
        assert as_(approver).get(address("decide", ask())).status_code == 405

    def test_the_requester_withdraws_and_sees_no_form_to_decide(self, as_, requester, ask):
        made = ask()
        client = as_(requester)
        page = client.get(address("request", made)).content.decode()
        assert "<textarea" not in page
        assert "Withdraw the request" in page
        client.post(address("withdraw", made))
        assert state_of(made) == State.WITHDRAWN

    def test_nobody_else_withdraws(self, as_, approver, ask):
        made = ask()
        assert as_(approver).post(address("withdraw", made)).status_code == 403
        assert state_of(made) == State.PENDING

    def test_an_auditor_reads_and_decides_nothing(self, as_, auditor, ask):
        made = ask()
        client = as_(auditor)
        page = client.get(address("request", made))
        assert page.status_code == 200
        assert "<textarea" not in page.content.decode()
        assert press(client, made).status_code == 403

    def test_an_auditor_does_not_read_what_concerns_the_auditor(self, as_, auditor, ask):
        assert as_(auditor).get(address("request", ask(subject_person=auditor))).status_code == 403

    def test_what_was_written_is_shown_as_text(self, as_, approver, ask):
        made = ask(reason="<script>alert(1)</script>")
        assert "<script>alert" not in as_(approver).get(address("request", made)).content.decode()


class TestLists:
    def test_visitors_sign_in_first(self, client, db):
        for name in ("requests", "records"):
            answer = client.get(reverse(f"oversight:{name}"))
            assert answer.status_code == 302
            assert reverse("account_login") in answer.url

    def test_what_waits_is_shown_to_those_who_may_decide(self, as_, approver, requester, subject_person, ask):
        made = ask()
        shown = {
            user.full_name: address("request", made) in as_(user).get(reverse("oversight:requests")).content.decode()
            for user in (approver, requester, subject_person)
        }
        assert shown == {"Anton": True, "Rosa": False, "Sami": False}

    def test_my_requests_are_mine(self, as_, approver, requester, ask):
        made = ask()
        assert address("request", made) in as_(requester).get(listed("mine")).content.decode()
        assert address("request", made) not in as_(approver).get(listed("mine")).content.decode()

    def test_decided_shows_what_i_decided_and_to_the_auditor_all(self, as_, approver, requester, auditor, ask, now):
        made = ask()
        four_eyes.refuse(made, reason="No.", actor=approver, now=now)
        shown = {
            user.full_name: address("request", made) in as_(user).get(listed("decided")).content.decode()
            for user in (approver, requester, auditor)
        }
        assert shown == {"Anton": True, "Rosa": False, "Aisha": True}

    def test_a_list_that_does_not_exist_is_not_found(self, as_, approver):
        assert is_not_found(as_(approver).get(listed("all"), follow=True))

    def test_the_number_of_queries_does_not_grow_with_the_requests(
        self, as_, approver, ask, office, django_assert_max_num_queries
    ):
        for number in range(views.REQUESTS_PER_PAGE + 5):
            ask(subject=Office.objects.create(administration=office.administration, kind="regional", name=number))
        client = as_(approver)
        with django_assert_max_num_queries(5):
            page = client.get(reverse("oversight:requests")).content.decode()
        assert "Waiting for you (30)" in page
        assert "Page 1 of 2" in page


class TestTheLog:
    @pytest.fixture
    def entries(self, office, requester, now):
        with transaction.atomic():
            return [
                records.append(
                    "people.office.named", subject=office, facts={"note": "secret"}, actor=requester, now=now
                )
                for _ in range(views.RECORDS_PER_PAGE + 20)
            ]

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
    def test_only_auditors_read_it(self, as_, account, role):
        assert as_(account("Lea", role)).get(reverse("oversight:records")).status_code == 403

    def test_it_names_no_person_and_no_fact(self, as_, auditor, entries, requester):
        page = as_(auditor).get(reverse("oversight:records")).content.decode()
        assert str(requester.uuid) in page
        assert requester.full_name not in page
        assert "secret" not in page

    def test_one_turns_its_pages_both_ways(self, as_, auditor, entries):
        client = as_(auditor)

        def numbers(query=""):
            return [entry.sequence for entry in client.get(reverse("oversight:records") + query).context["entries"]]

        assert numbers() == list(range(70, 20, -1))
        assert numbers("?before=21") == list(range(20, 0, -1))
        assert numbers("?after=20") == list(range(70, 20, -1))

    @pytest.mark.parametrize("query", ["?before=x", "?before=-1", "?after=", f"?before={10**30}", "?before=١"])
    def test_a_place_that_does_not_exist_is_not_found(self, as_, auditor, query):
        assert is_not_found(as_(auditor).get(reverse("oversight:records") + query, follow=True))

    def test_the_number_of_queries_does_not_grow_with_the_log(
        self, as_, auditor, entries, django_assert_max_num_queries
    ):
        client = as_(auditor)
        with django_assert_max_num_queries(5):
            client.get(reverse("oversight:records"))

    def test_entries_of_another_administration_are_not_shown(self, as_, account, entries):
        south = Administration.objects.create(code="south", name="Customs of the South")
        client = as_(account("Stefan", Role.AUDITOR, administration=south))
        assert client.get(reverse("oversight:records")).context["entries"] == []

    def test_it_says_how_the_last_verification_ended(self, as_, auditor, now):
        client = as_(auditor)
        assert "Not verified yet" in client.get(reverse("oversight:records")).content.decode()
        kept = {"head_sequence": 9, "head_hash": "ab" * 32, "witnessed_rows": 4, "entries": 9}
        Verification.objects.create(verified_at=now, findings=0, **kept)
        assert "Holds" in client.get(reverse("oversight:records")).content.decode()
        Verification.objects.create(verified_at=now, findings=2, first_finding="Entry 3 has been changed.", **kept)
        page = client.get(reverse("oversight:records")).content.decode()
        assert "Does not hold" in page
        assert "Entry 3 has been changed." in page

    def test_reading_it_writes_nothing(self, as_, auditor, entries):
        as_(auditor).get(reverse("oversight:records"))
        assert RecordEntry.objects.count() == len(entries)
