"""Issuing, telling the holder, and revoking."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from certificates import documents, services
from certificates.models import Certificate, CertificateDocument, Revocation
from certificates.rules import Status
from cohorts.models import Enrolment
from core.models import OutgoingMail
from oversight import four_eyes
from oversight.evidence import verify_chain, verify_rows
from oversight.models import RecordEntry
from oversight.verification import Findings
from people.models import Role
from tests.factories.certificates import (
    NOW,
    a_certificate,
    a_group,
    a_release,
    an_enrolment,
    in_a_high_risk_post,
)
from tests.factories.people import an_account, an_administration
from tests.many_hands import at_once

REASON = "Issued to the wrong person."


def entries(kind):
    return RecordEntry.objects.filter(kind=kind)


@pytest.mark.django_db
class TestIssuing:
    def test_a_completed_enrolment_has_its_certificate(self):
        user = an_account(full_name="Анна Иванова", latin_name="Anna Ivanova", language="ru")
        certificate = services.issue(an_enrolment(user).pk, now=NOW)
        assert (certificate.holder_name, certificate.holder_latin_name) == ("Анна Иванова", "Anna Ivanova")
        assert certificate.title_in("ru") == ("Предложение", "ru")
        assert (certificate.minutes, certificate.language, certificate.issued_on) == (750, "ru", date(2025, 3, 1))
        assert certificate.serial == f"{user.administration.code.upper()}-2025-000001"

    @pytest.mark.parametrize("state", [state for state in Enrolment.State if state != Enrolment.State.COMPLETED])
    def test_nobody_has_one_before_completing(self, state):
        assert services.issue(an_enrolment(an_account(), state=state).pk, now=NOW) is None
        assert not Certificate.objects.exists()

    def test_an_enrolment_that_is_gone_is_no_error(self):
        assert services.issue(999_999, now=NOW) is None

    def test_issuing_twice_leaves_one_certificate_one_record_and_one_letter(self):
        enrolment = an_enrolment(an_account(email="ana@example.org"))
        first = services.issue(enrolment.pk, now=NOW)
        assert services.issue(enrolment.pk, now=NOW + timedelta(days=400)) == first
        assert Certificate.objects.count() == entries("certificates.certificate.issued").count() == 1
        assert OutgoingMail.objects.count() == 1

    def test_what_the_certificate_says_is_frozen(self):
        user = an_account(full_name="Ana Ruiz")
        certificate = services.issue(an_enrolment(user).pk, now=NOW)
        user.full_name = "Ana Ruiz de Vega"
        user.save()
        assert Certificate.objects.get(pk=certificate.pk).holder_name == "Ana Ruiz"

    def test_the_day_of_issue_is_the_administrations(self):
        user = an_account(an_administration(time_zone="Pacific/Auckland"))
        certificate = services.issue(an_enrolment(user).pk, now=datetime(2025, 12, 31, 12, 0, tzinfo=UTC))
        assert (certificate.issued_on, certificate.year) == (date(2026, 1, 1), 2026)

    def test_a_language_that_is_not_installed_falls_back_to_the_administrations(self):
        user = an_account(an_administration(language="fr"), language="en")
        user.language = "tlh"
        user.save()
        assert services.issue(an_enrolment(user).pk, now=NOW).language == "fr"

    def test_a_title_missing_in_the_readers_language_is_named_with_the_language_it_is_in(self):
        group = a_group(an_administration(), a_release({"en": "The offer"}))
        certificate = a_certificate(an_account(group.section.cohort.administration, language="ar"), group=group)
        assert certificate.title_in("ar") == ("The offer", "en")

    def test_the_record_log_vouches_for_it(self):
        certificate = services.issue(an_enrolment(an_account()).pk, now=NOW)
        entry = entries("certificates.certificate.issued").get()
        assert (entry.subject, entry.actor) == (certificate.uuid, None)
        assert entry.detail.facts == certificate.record_facts()


@pytest.mark.django_db
class TestExpiry:
    @pytest.mark.parametrize(("high_risk", "expires"), [(True, date(2025, 9, 1)), (False, date(2026, 3, 1))])
    def test_it_expires_by_the_post_its_holder_has_on_the_day_of_issue(self, high_risk, expires):
        user = an_account()
        if high_risk:
            in_a_high_risk_post(user)
        assert services.issue(an_enrolment(user).pk, now=NOW).expires_on == expires

    def test_a_high_risk_post_that_was_left_before_does_not_count(self):
        user = an_account()
        in_a_high_risk_post(user, until=date(2025, 2, 28))
        assert services.issue(an_enrolment(user).pk, now=NOW).expires_on == date(2026, 3, 1)

    def test_a_new_cycle_supersedes_the_old_one(self):
        user = an_account()
        group = a_group(user.administration)
        course = group.section.cohort.release.course
        old = services.issue(an_enrolment(user, group).pk, now=NOW)
        again = a_group(user.administration, a_release(course=course))
        new = services.issue(an_enrolment(user, again).pk, now=NOW + timedelta(days=150))
        assert new.supersedes == old
        assert Certificate.objects.get(pk=old.pk).status(new.issued_on) == Status.SUPERSEDED
        assert new.status(new.issued_on) == Status.VALID

    def test_another_course_supersedes_nothing(self):
        user = an_account()
        services.issue(an_enrolment(user).pk, now=NOW)
        assert services.issue(an_enrolment(user).pk, now=NOW).supersedes is None


@pytest.mark.django_db
class TestSerials:
    def test_numbers_run_without_gaps_in_each_administration_and_year(self):
        north, south = an_administration(), an_administration()
        in_2026 = NOW + timedelta(days=400)
        for administration, now in [(north, NOW), (south, NOW), (north, NOW), (north, in_2026), (north, in_2026)]:
            services.issue(an_enrolment(an_account(administration)).pk, now=now)
        numbers = Certificate.objects.filter(administration=north).order_by("year", "number")
        assert list(numbers.values_list("year", "number")) == [(2025, 1), (2025, 2), (2026, 1), (2026, 2)]
        assert Certificate.objects.get(administration=south).number == 1

    def test_a_certificate_that_could_not_be_written_leaves_no_gap(self, monkeypatch):
        administration = an_administration()
        enrolment = an_enrolment(an_account(administration))

        def fails(*arguments, **named):
            raise RuntimeError("no record")

        with monkeypatch.context() as broken:
            broken.setattr(services.records, "append", fails)
            with pytest.raises(RuntimeError, match="no record"):
                services.issue(enrolment.pk, now=NOW)
        assert services.issue(enrolment.pk, now=NOW).number == 1


@pytest.mark.committing
class TestTwoWorkers:
    """Celery delivers twice, and two workers are quick."""

    def test_one_enrolment_issued_by_four_workers_at_once_has_one_certificate(self):
        enrolment = an_enrolment(an_account(email="ana@example.org"))
        issued = at_once(*[lambda: services.issue(enrolment.pk, now=NOW)] * 4)
        assert {certificate.pk for certificate in issued} == {Certificate.objects.get().pk}
        assert entries("certificates.certificate.issued").count() == 1
        assert OutgoingMail.objects.count() == 1

    def test_eight_enrolments_issued_at_once_have_eight_numbers_without_a_gap(self):
        administration = an_administration()
        group = a_group(administration)
        enrolments = [an_enrolment(an_account(administration), group) for _ in range(8)]
        at_once(*[lambda pk=each.pk: services.issue(pk, now=NOW) for each in enrolments])
        assert sorted(Certificate.objects.values_list("number", flat=True)) == list(range(1, 9))
        findings = Findings()
        verify_chain(findings)
        verify_rows(findings)
        # The builders' release has no record; of certificates and of the chain nothing may be found.
        assert [finding for finding in findings.kept if not finding.row.startswith("courses.")] == []

    def test_a_document_made_by_three_workers_at_once_is_one_row_and_one_file(self, typefaces, private_files):
        certificate = a_certificate()
        made = at_once(*[lambda: documents.ensure(certificate, "en", now=NOW)] * 3)
        assert {document.pk for document in made} == {CertificateDocument.objects.get().pk}
        assert documents.content_of(CertificateDocument.objects.get()).startswith(b"%PDF-1.7")
        assert len(list(private_files.rglob("*.pdf"))) == 1


@pytest.mark.django_db
class TestTheLetter:
    def test_the_holder_is_told_in_their_language_and_not_when_it_expires(self):
        user = an_account(email="ana@example.org", full_name="Анна Иванова", language="ru")
        certificate = services.issue(an_enrolment(user).pk, now=NOW)
        letter = OutgoingMail.objects.get()
        assert (letter.to_address, letter.language) == ("ana@example.org", "ru")
        assert "Предложение" in letter.subject
        assert f"/ru/certificates/{certificate.uuid}/" in letter.body
        assert certificate.serial in letter.body
        assert "2026" not in letter.body

    def test_without_an_address_nobody_is_written_to(self):
        services.issue(an_enrolment(an_account()).pk, now=NOW)
        assert not OutgoingMail.objects.exists()

    def test_history_that_is_written_in_bulk_tells_nobody(self):
        a_certificate(an_account(email="ana@example.org"))
        assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
class TestRevoking:
    @pytest.fixture
    def administration(self):
        return an_administration()

    @pytest.fixture
    def officers(self, administration):
        return [an_account(administration, Role.CERTIFYING_OFFICER) for _ in range(2)]

    @pytest.fixture
    def certificate(self, administration):
        return a_certificate(an_account(administration))

    def ask(self, certificate, actor, reason=REASON):
        return services.ask_for_revocation(certificate, reason=reason, actor=actor, now=NOW)

    def status(self, certificate):
        return Certificate.objects.get(pk=certificate.pk).status(certificate.issued_on)

    def test_two_people_revoke_it_together(self, certificate, officers):
        asked = self.ask(certificate, officers[0])
        assert self.status(certificate) == Status.VALID
        four_eyes.approve(asked, reason="It is so.", actor=officers[1], now=NOW)
        assert self.status(certificate) == Status.REVOKED
        revocation = Revocation.objects.get()
        assert (revocation.certificate, revocation.reason) == (certificate, REASON)
        entry = entries("certificates.certificate.revoked").get()
        assert (entry.subject, entry.actor) == (revocation.uuid, officers[1].uuid)

    def test_who_asked_cannot_approve(self, certificate, officers):
        asked = self.ask(certificate, officers[0])
        with pytest.raises(PermissionDenied):
            four_eyes.approve(asked, reason="Myself.", actor=officers[0], now=NOW)
        assert self.status(certificate) == Status.VALID

    def test_the_holder_can_neither_ask_nor_approve(self, administration, officers):
        holder = an_account(administration, Role.CERTIFYING_OFFICER)
        certificate = a_certificate(holder)
        with pytest.raises(PermissionDenied):
            self.ask(certificate, holder)
        asked = self.ask(certificate, officers[0])
        with pytest.raises(PermissionDenied):
            four_eyes.approve(asked, reason="Mine.", actor=holder, now=NOW)

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.CERTIFYING_OFFICER])
    def test_no_other_role_asks_or_approves(self, certificate, officers, administration, role):
        other = an_account(administration, role)
        with pytest.raises(PermissionDenied):
            self.ask(certificate, other)
        with pytest.raises(PermissionDenied):
            four_eyes.approve(self.ask(certificate, officers[0]), reason="So.", actor=other, now=NOW)

    def test_an_officer_of_another_administration_does_neither(self, certificate, officers):
        stranger = an_account(an_administration(), Role.CERTIFYING_OFFICER)
        with pytest.raises(PermissionDenied):
            self.ask(certificate, stranger)
        with pytest.raises(PermissionDenied):
            four_eyes.approve(self.ask(certificate, officers[0]), reason="So.", actor=stranger, now=NOW)

    def test_a_reason_is_needed(self, certificate, officers):
        with pytest.raises(ValidationError):
            self.ask(certificate, officers[0], reason="  ")

    def test_a_refused_request_changes_nothing(self, certificate, officers):
        four_eyes.refuse(self.ask(certificate, officers[0]), reason="It is not so.", actor=officers[1], now=NOW)
        assert self.status(certificate) == Status.VALID

    def test_what_is_revoked_cannot_be_asked_for_again(self, certificate, officers):
        four_eyes.approve(self.ask(certificate, officers[0]), reason="So.", actor=officers[1], now=NOW)
        with pytest.raises(four_eyes.ConflictError):
            self.ask(certificate, officers[0])

    def test_revoking_twice_leaves_the_first_revocation(self, certificate, officers):
        first = services.revoke(certificate, reason="One.", actor=officers[0], now=NOW)
        assert services.revoke(certificate, reason="Two.", actor=officers[1], now=NOW) == first
        assert Revocation.objects.get().reason == "One."

    def test_the_decider_reads_what_approval_will_do(self, certificate, officers):
        assert certificate.serial in four_eyes.consequence_of(self.ask(certificate, officers[0]))


@pytest.mark.django_db
class TestWrittenOnce:
    @pytest.fixture
    def rows(self):
        certificate = a_certificate()
        officer = an_account(certificate.administration, Role.CERTIFYING_OFFICER)
        revocation = services.revoke(certificate, reason=REASON, actor=officer, now=NOW)
        document = CertificateDocument.objects.create(
            certificate=certificate, language="en", sha256="0" * 64, rendered_at=NOW
        )
        return {"certificate": certificate, "revocation": revocation, "document": document}

    @pytest.mark.parametrize("name", ["certificate", "revocation", "document"])
    def test_a_row_is_neither_changed_nor_deleted(self, rows, name):
        row = rows[name]
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            row.save()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete(using="default")

    def test_an_enrolment_has_one_certificate(self):
        certificate = a_certificate()
        with pytest.raises(IntegrityError), transaction.atomic():
            services.write(certificate.enrolment, now=NOW)
