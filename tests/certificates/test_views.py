"""The public page, the holder's own pages, and those of the people who answer for certificates."""

import re
from datetime import timedelta

import pytest
import redis
from django.urls import reverse
from django.utils import translation

from certificates import codes, documents, guessing, services, views
from certificates.models import Certificate
from core import languages
from oversight.models import FourEyesRequest
from people.models import Role
from tests.factories.certificates import (
    NOW,
    TITLES,
    a_certificate,
    a_group,
    a_release,
    an_enrolment,
    in_a_high_risk_post,
)
from tests.factories.people import an_account, an_administration, sign_in

UNKNOWN = "2" * codes.LENGTH

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages' clock stands at the hour of issue; a test can move it on: `today(days=200)`."""
    at = {"now": NOW}
    monkeypatch.setattr(views.timezone, "now", lambda: at["now"])

    def move(**by):
        at["now"] = NOW + timedelta(**by)

    return move


@pytest.fixture
def administration():
    return an_administration(name="Customs of the North")


@pytest.fixture
def holder(administration):
    return an_account(administration, full_name="Анна Иванова", latin_name="Anna Ivanova")


@pytest.fixture
def certificate(holder):
    return a_certificate(holder)


@pytest.fixture
def officers(administration):
    return [an_account(administration, Role.CERTIFYING_OFFICER) for _ in range(2)]


def public(certificate):
    return reverse("verify", args=[codes.grouped(certificate.code)])


def in_language(language, name, *arguments):
    with translation.override(language):
        return reverse(name, args=arguments)


def page(response):
    return response.content.decode()


class TestThePublicPage:
    def test_everyone_sees_what_the_certificate_says_and_that_it_holds(self, client, certificate):
        response = client.get(public(certificate))
        assert response.status_code == 200
        for said in ("Анна Иванова", "Anna Ivanova", "The offer", "12.5 hours", "1 March 2025", certificate.serial):
            assert said in page(response)
        assert "Customs of the North" in page(response)
        assert "Today, 1 March 2025: Valid" in page(response)

    @pytest.mark.parametrize("language", languages.codes())
    def test_it_speaks_the_visitors_language(self, client, certificate, language):
        response = client.get(public(certificate), headers={"accept-language": language})
        assert f'<html lang="{language}"' in page(response)
        assert TITLES[language] in page(response)

    def test_it_says_when_the_time_is_over(self, client, certificate, today):
        today(days=400)
        assert ": Expired" in page(client.get(public(certificate)))

    @pytest.mark.parametrize("high_risk", [True, False])
    def test_it_does_not_tell_the_day_of_expiry(self, client, holder, high_risk):
        if high_risk:
            in_a_high_risk_post(holder)
        certificate = a_certificate(holder)
        shown = page(client.get(public(certificate)))
        assert "2026" not in shown
        assert "September" not in shown
        assert "xpire" not in shown

    def test_a_post_with_high_risk_cannot_be_told_from_another(self, client, administration):
        exposed, other = (an_account(administration, full_name="Ana") for _ in range(2))
        in_a_high_risk_post(exposed)
        shown = []
        for user in (exposed, other):
            certificate = a_certificate(user)
            text = page(client.get(public(certificate)))
            for own in (codes.grouped(certificate.code), certificate.serial):
                text = text.replace(own, "")
            shown.append(text)
        assert strip_nonces(shown[0]) == strip_nonces(shown[1])

    def test_a_superseded_one_says_so_and_does_not_lead_to_the_newer_one(self, client, holder, certificate, today):
        course = certificate.enrolment.release.course
        newer = a_certificate(holder, group=a_group(holder.administration, a_release(course=course)))
        shown = page(client.get(public(certificate)))
        assert ": Superseded" in shown
        # Two days of issue half a year apart would tell of a high-risk post.
        assert codes.grouped(newer.code) not in shown
        assert newer.serial not in shown

    def test_a_revocation_shows_at_once_and_without_its_reason(self, client, certificate, officers):
        assert ": Valid" in page(client.get(public(certificate)))
        services.revoke(certificate, reason="Bought from a broker.", actor=officers[0], now=NOW)
        shown = page(client.get(public(certificate)))
        assert ": Revoked" in shown
        assert "Bought" not in shown

    def test_no_cache_keeps_it_and_no_search_engine_lists_it(self, client, certificate):
        for address in (public(certificate), reverse("verify", args=[UNKNOWN]), reverse("verify_code")):
            response = client.get(address)
            assert "no-store" in response["Cache-Control"]
            assert "noindex" in response["X-Robots-Tag"]

    def test_a_visitor_gets_no_cookie(self, client, certificate):
        assert not client.get(public(certificate)).cookies

    def test_it_takes_one_query(self, client, certificate, django_assert_num_queries):
        client.get(public(certificate))
        with django_assert_num_queries(1):
            client.get(public(certificate))

    def test_the_code_may_be_written_without_hyphens_and_in_capitals(self, client, certificate):
        assert client.get(reverse("verify", args=[certificate.code.upper()])).status_code == 200

    def test_a_name_cannot_bring_markup(self, client, administration):
        certificate = a_certificate(an_account(administration, full_name="<script>alert(1)</script>"))
        assert "<script>alert" not in page(client.get(public(certificate)))


def strip_nonces(text):
    return [line for line in text.splitlines() if "nonce=" not in line]


class TestAnUnknownCode:
    @pytest.mark.parametrize("code", [UNKNOWN, "nonsense", "DIAN-2025-000001"])
    def test_it_is_not_found_and_says_what_to_check(self, client, code):
        response = client.get(reverse("verify", args=[code]))
        assert response.status_code == 404
        assert "No certificate has this code" in page(response)
        assert "letter by letter" in page(response)

    def test_a_serial_number_opens_nothing(self, client, certificate):
        assert client.get(reverse("verify", args=[certificate.serial])).status_code == 404

    def guess(self, client, times, **address):
        return [client.get(reverse("verify", args=[UNKNOWN]), **address).status_code for _ in range(times)]

    def test_guessing_is_slowed(self, client):
        answers = self.guess(client, guessing.UNKNOWN_CODES + 2)
        assert answers == [404] * guessing.UNKNOWN_CODES + [429] * 2
        response = client.get(reverse("verify", args=[UNKNOWN]))
        assert int(response["Retry-After"]) == guessing.WINDOW_SECONDS
        assert "For ten minutes" in page(response)

    def test_a_known_code_is_answered_whoever_guesses_beside_it(self, client, certificate):
        self.guess(client, guessing.UNKNOWN_CODES + 1)
        assert client.get(public(certificate)).status_code == 200

    def test_known_codes_are_not_counted(self, client, certificate):
        for _ in range(guessing.UNKNOWN_CODES + 1):
            client.get(public(certificate))
        assert self.guess(client, 1) == [404]

    def test_others_are_not_slowed(self, client):
        self.guess(client, guessing.UNKNOWN_CODES + 1, REMOTE_ADDR="192.0.2.1")
        assert self.guess(client, 1, REMOTE_ADDR="192.0.2.2") == [404]

    def test_the_many_addresses_of_one_household_count_as_one(self, client):
        for last in range(guessing.UNKNOWN_CODES):
            self.guess(client, 1, REMOTE_ADDR=f"2001:db8::{last:x}")
        assert self.guess(client, 1, REMOTE_ADDR="2001:db8::ffff") == [429]
        assert self.guess(client, 1, REMOTE_ADDR="2001:db8:0:1::1") == [404]

    def test_without_a_cache_the_page_still_answers(self, client, monkeypatch):
        def is_down(*arguments, **named):
            raise redis.ConnectionError("down")

        monkeypatch.setattr(guessing.cache, "add", is_down)
        assert self.guess(client, 1) == [404]


class TestEnteringACode:
    def test_a_typed_code_leads_to_the_page(self, client, certificate):
        typed = codes.grouped(certificate.code).upper().replace("-", " ")
        response = client.get(reverse("verify_code"), {"code": typed})
        assert response.url == public(certificate)

    @pytest.mark.parametrize(("typed", "says"), [("", "Please enter the code"), ("DIAN-2025-000001", "serial number")])
    def test_what_is_no_code_is_explained(self, client, typed, says):
        response = client.get(reverse("verify_code"), {"code": typed})
        assert response.status_code == 422
        assert says in page(response)


class TestMyCertificates:
    def test_a_learner_sees_their_own_with_the_day_of_expiry(self, client, holder, certificate):
        sign_in(client, holder)
        for address in (in_language("en", "my_certificates"), in_language("en", "my_certificate", certificate.uuid)):
            shown = page(client.get(address))
            assert certificate.serial in shown
            assert "1 March 2026" in shown

    def test_switching_language_stays_on_the_certificate_which_says_the_same(self, client, holder, certificate):
        sign_in(client, holder)
        with translation.override("en"):
            english = client.get(reverse("my_certificate", args=[certificate.uuid])).content.decode()
        link = re.search(r'href="(/language/ar/\?next=[^"]+)"', english)[1]
        there = client.get(link.replace("&amp;", "&"))["Location"]
        with translation.override("ar"):
            assert there == reverse("my_certificate", args=[certificate.uuid])
        arabic = client.get(there).content.decode()
        assert re.search(r'<html[^>]* lang="ar"[^>]* dir="rtl"', arabic)
        for said in (certificate.serial, certificate.holder_name, codes.grouped(certificate.code)):
            assert said in english
            assert said in arabic
        assert f'lang="ar" dir="rtl">{TITLES["ar"]}' in arabic
        assert f'lang="en" dir="ltr">{TITLES["en"]}' in english
        assert english.count('class="tag good"') == arabic.count('class="tag good"')

    def test_switching_language_on_the_public_page_stays_on_it(self, client, certificate):
        with translation.override("en"):
            english = client.get(reverse("verify", args=[codes.grouped(certificate.code)])).content.decode()
        link = re.search(r'href="(/language/ru/\?next=[^"]+)"', english)[1]
        there = client.get(link.replace("&amp;", "&"))["Location"]
        with translation.override("ru"):
            assert there == reverse("verify", args=[codes.grouped(certificate.code)])
        russian = client.get(there).content.decode()
        assert TITLES["ru"] in russian
        assert certificate.serial in russian

    @pytest.mark.parametrize("name", ["my_certificate", "certificate_pdf", "certificate_pdf_state"])
    def test_anothers_certificate_does_not_exist(self, client, administration, certificate, name):
        sign_in(client, an_account(administration))
        assert client.get(in_language("en", name, certificate.uuid)).status_code == 404

    @pytest.mark.parametrize("name", ["my_certificate", "certificate_pdf", "certificate_pdf_state"])
    def test_visitors_are_asked_to_sign_in(self, client, certificate, name):
        response = client.get(in_language("en", name, certificate.uuid))
        assert response.url.startswith(reverse("account_login"))

    def test_an_officers_own_page_is_not_for_colleagues(self, client, officers, certificate):
        sign_in(client, officers[0])
        assert client.get(in_language("en", "my_certificate", certificate.uuid)).status_code == 404

    def test_the_old_one_leads_its_holder_to_the_newer_one(self, client, holder, certificate):
        course = certificate.enrolment.release.course
        newer = a_certificate(holder, group=a_group(holder.administration, a_release(course=course)))
        sign_in(client, holder)
        shown = page(client.get(in_language("en", "my_certificate", certificate.uuid)))
        assert in_language("en", "my_certificate", newer.uuid) in shown

    def test_the_number_of_queries_does_not_grow(self, client, holder, django_assert_num_queries):
        sign_in(client, holder)
        a_certificate(holder)
        client.get(in_language("en", "my_certificates"))
        for _ in range(5):
            a_certificate(holder)
        with django_assert_num_queries(2):
            client.get(in_language("en", "my_certificates"))

    def test_without_any_the_page_says_how_to_get_one(self, client, administration):
        sign_in(client, an_account(administration))
        assert "No certificates yet" in page(client.get(in_language("en", "my_certificates")))


@pytest.mark.usefixtures("typefaces")
class TestThePdf:
    @pytest.fixture
    def rung(self, monkeypatch):
        calls = []
        monkeypatch.setattr("core.bell.current_app.send_task", lambda name, args: calls.append((name, args)))
        return calls

    def test_until_it_is_there_a_page_waits_for_it_and_rings(self, client, holder, certificate, rung):
        sign_in(client, holder)
        response = client.get(in_language("ar", "certificate_pdf", certificate.uuid))
        assert response.status_code == 202
        assert rung == [("certificates.tasks.render", [certificate.pk, "ar"])]
        assert '<meta http-equiv="refresh"' in page(response)
        state = in_language("ar", "certificate_pdf_state", certificate.uuid)
        assert state in page(response)
        assert client.get(state).json() == {"ready": False}
        documents.ensure(certificate, "ar", now=NOW)
        assert client.get(state).json() == {"ready": True}

    @pytest.mark.parametrize("who", ["holder", "officer", "auditor"])
    def test_who_may_read_it_gets_it_in_the_language_of_the_address(self, client, holder, officers, certificate, who):
        reader = {"holder": holder, "officer": officers[0]}.get(who) or an_account(holder.administration, Role.AUDITOR)
        document = documents.ensure(certificate, "ru", now=NOW)
        sign_in(client, reader)
        response = client.get(in_language("ru", "certificate_pdf", certificate.uuid))
        assert response["Content-Type"] == "application/pdf"
        assert response.content == documents.content_of(document)
        assert f"{certificate.serial}-ru.pdf" in response["Content-Disposition"]
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("role", [Role.TUTOR, Role.TRAINING_MANAGER, Role.AUTHOR])
    def test_no_other_role_may(self, client, administration, certificate, role):
        documents.ensure(certificate, "en", now=NOW)
        sign_in(client, an_account(administration, role))
        assert client.get(in_language("en", "certificate_pdf", certificate.uuid)).status_code == 404

    def test_nor_an_officer_of_another_administration(self, client, certificate):
        documents.ensure(certificate, "en", now=NOW)
        sign_in(client, an_account(an_administration(), Role.CERTIFYING_OFFICER))
        assert client.get(in_language("en", "certificate_pdf", certificate.uuid)).status_code == 404

    def test_one_that_cannot_be_written_says_so_and_nobody_waits(self, client, administration, rung):
        holder = an_account(administration, full_name="ანა")
        certificate = a_certificate(holder)
        sign_in(client, holder)
        response = client.get(in_language("en", "certificate_pdf", certificate.uuid))
        assert response.status_code == 409
        assert "Latin letters" in page(response)
        assert rung == []


class TestTheOfficersList:
    @pytest.fixture
    def many(self, administration):
        group = a_group(administration)
        names = [("Анна Иванова", "Anna Ivanova"), ("Ана Мария", "Ana María"), ("عمر", "Omar"), ("Boris", "")]
        return [
            a_certificate(an_account(administration, full_name=own, latin_name=latin), group=group)
            for own, latin in names
        ]

    def found(self, client, text):
        response = client.get(reverse("certificates"), {"q": text})
        assert response.status_code == 200
        return {shown.holder for shown in response.context["certificates"]}

    def test_names_are_found_in_either_script_without_regard_to_capitals(self, client, many, officers):
        sign_in(client, officers[0])
        assert self.found(client, "") == {"Анна Иванова", "Ана Мария", "عمر", "Boris"}
        assert self.found(client, "иван") == {"Анна Иванова"}
        assert self.found(client, "IVANOVA") == {"Анна Иванова"}
        assert self.found(client, "MARÍA") == {"Ана Мария"}
        assert self.found(client, "عمر") == {"عمر"}
        assert self.found(client, "a.*") == set()
        assert self.found(client, "nobody") == set()

    def test_serials_are_found_as_people_read_them_out(self, client, many, officers):
        third = many[2]
        sign_in(client, officers[0])
        for text in (third.serial, third.serial.lower(), "2025-000003", "000003", "3"):
            assert self.found(client, text) == {third.holder_name}
        assert self.found(client, "2024-000003") == set()
        assert self.found(client, "XX-2025-000003") == set()

    @pytest.mark.parametrize("text", ["\x00", "9" * 40, "%", "' OR 1=1 --", "\\", "(", "٣" * 3])
    def test_nothing_that_can_be_typed_breaks_the_search(self, client, many, officers, text):
        sign_in(client, officers[0])
        self.found(client, text)

    def test_no_day_of_expiry_is_shown_to_those_who_are_not_its_holder(self, client, certificate, officers):
        sign_in(client, officers[0])
        for address in (reverse("certificates"), reverse("certificate", args=[certificate.uuid])):
            assert "2026" not in page(client.get(address))

    def test_the_number_of_queries_does_not_grow(self, client, many, officers, django_assert_num_queries):
        sign_in(client, officers[0])
        client.get(reverse("certificates"))
        group = a_group(officers[0].administration)
        for _ in range(10):
            a_certificate(an_account(officers[0].administration), group=group)
        with django_assert_num_queries(3):
            client.get(reverse("certificates"))

    @pytest.mark.parametrize("role", [None, Role.TUTOR, Role.TRAINING_MANAGER, Role.AUTHOR])
    def test_it_is_for_those_who_certify_or_audit(self, client, administration, certificate, role):
        sign_in(client, an_account(administration, *([role] if role else [])))
        for address in (reverse("certificates"), reverse("certificate", args=[certificate.uuid])):
            assert client.get(address).status_code == 403

    def test_another_administrations_certificates_do_not_exist(self, client, certificate):
        sign_in(client, an_account(an_administration(), Role.CERTIFYING_OFFICER))
        assert self.found(client, "") == set()
        for name in ("certificate", "certificate_revoke"):
            assert client.get(reverse(name, args=[certificate.uuid])).status_code == 404


class TestRevokingByTwoPeople:
    def test_from_the_request_to_the_public_page(self, client, certificate, officers):
        first, second = officers
        ask = reverse("certificate_revoke", args=[certificate.uuid])
        sign_in(client, first)
        assert ask in page(client.get(reverse("certificate", args=[certificate.uuid])))
        response = client.post(ask, {"reason": "Issued to the wrong person."})
        request = FourEyesRequest.objects.get()
        assert response.url == reverse("oversight:request", args=[request.uuid])

        decide = reverse("oversight:decide", args=[request.uuid])
        decision = {"decision": "approve", "reason": "It is so."}
        assert client.post(decide, decision).status_code == 403
        assert ": Valid" in page(client.get(public(certificate)))

        sign_in(client, second)
        assert certificate.serial in page(client.get(response.url))
        assert client.post(decide, decision).status_code == 302
        client.logout()
        assert ": Revoked" in page(client.get(public(certificate)))

    def test_a_second_request_for_the_same_one_is_refused_in_words(self, client, certificate, officers):
        services.ask_for_revocation(certificate, reason="Wrong.", actor=officers[0], now=NOW)
        sign_in(client, officers[1])
        response = client.post(reverse("certificate_revoke", args=[certificate.uuid]), {"reason": "Wrong."})
        assert response.status_code == 409
        assert "already waiting" in page(response)

    @pytest.mark.parametrize("data", [{}, {"reason": ""}, {"reason": "  "}])
    def test_a_reason_is_asked_for(self, client, certificate, officers, data):
        sign_in(client, officers[0])
        response = client.post(reverse("certificate_revoke", args=[certificate.uuid]), data)
        assert response.status_code == 422
        assert "Please give a reason" in page(response)
        assert not FourEyesRequest.objects.exists()

    def test_an_auditor_reads_and_cannot_ask(self, client, administration, certificate):
        sign_in(client, an_account(administration, Role.AUDITOR))
        ask = reverse("certificate_revoke", args=[certificate.uuid])
        assert ask not in page(client.get(reverse("certificate", args=[certificate.uuid])))
        assert client.post(ask, {"reason": "Wrong."}).status_code == 403

    def test_nobody_asks_about_their_own(self, client, officers):
        certificate = a_certificate(officers[0])
        sign_in(client, officers[0])
        response = client.post(reverse("certificate_revoke", args=[certificate.uuid]), {"reason": "Wrong."})
        assert response.status_code == 403


def test_a_completed_course_is_on_its_holders_page(client, holder):
    services.issue(an_enrolment(holder).pk, now=NOW)
    sign_in(client, holder)
    assert Certificate.objects.get().serial in page(client.get(in_language("en", "my_certificates")))


def test_the_page_tells_the_day_of_issue_in_the_issuer_s_second_calendar_too(client, certificate, administration):
    """Also to a visitor, who has no administration. The paper keeps the day that it was issued with."""
    administration.second_calendar = "islamic-umalqura"
    administration.save()
    page = client.get(public(certificate)).content.decode()
    assert "1 March 2025 (1 Ramadan 1446 AH)" in page
