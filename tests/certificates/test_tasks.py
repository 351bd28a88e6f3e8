"""What the workers do: issue, render, and find what nobody heard."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError

from certificates import services, tasks
from certificates.models import Certificate, CertificateDocument
from cohorts.models import Enrolment
from cohorts.signals import enrolment_completed
from tests.factories.certificates import NOW, a_certificate, an_enrolment
from tests.factories.people import an_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("typefaces")]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: NOW)


@pytest.fixture
def dead_broker(monkeypatch):
    def refuses(*arguments, **named):
        raise OperationalError("no broker")

    monkeypatch.setattr("core.bell.current_app.send_task", refuses)


def test_a_completion_is_heard(django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr("core.bell.current_app.send_task", lambda name, args: rung.append((name, args)))
    enrolment = an_enrolment(an_account())
    with django_capture_on_commit_callbacks(execute=True):
        enrolment_completed.send(Enrolment, enrolment=enrolment, now=NOW)
    assert rung == [("certificates.tasks.issue", [enrolment.pk])]


def test_the_document_follows_the_certificate(django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr("core.bell.current_app.send_task", lambda name, args: rung.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.issue(an_enrolment(an_account(language="ar")).pk)
    assert rung == [("certificates.tasks.render", [Certificate.objects.get().pk, "ar"])]


def test_a_dead_broker_fails_neither_the_completion_nor_the_certificate(
    django_capture_on_commit_callbacks, dead_broker
):
    enrolment = an_enrolment(an_account())
    with django_capture_on_commit_callbacks(execute=True):
        enrolment_completed.send(Enrolment, enrolment=enrolment, now=NOW)
        assert services.issue(enrolment.pk, now=NOW) is not None


def test_rendering_twice_leaves_one_document():
    certificate = a_certificate()
    tasks.render(certificate.pk, "fr")
    tasks.render(certificate.pk, "fr")
    assert CertificateDocument.objects.get().language == "fr"


def test_rows_that_have_gone_are_no_error():
    tasks.issue(999_999)
    tasks.render(999_999, "en")


def test_a_name_that_cannot_be_written_is_no_failure_of_the_task():
    tasks.render(a_certificate(an_account(full_name="ანა")).pk, "en")
    assert not CertificateDocument.objects.exists()


def test_the_sweeper_issues_and_renders_what_was_not_heard():
    enrolment = an_enrolment(an_account(language="ru"))
    tasks.sweep()
    tasks.sweep()
    assert CertificateDocument.objects.get().certificate == Certificate.objects.get(enrolment=enrolment)
    assert CertificateDocument.objects.get().language == "ru"


def test_the_sweeper_leaves_the_uncompleted_and_the_old_alone():
    an_enrolment(an_account(), state=Enrolment.State.ACTIVE)
    old = a_certificate(now=NOW - timedelta(days=8))
    tasks.sweep()
    assert Certificate.objects.get() == old
    assert not CertificateDocument.objects.exists()


def test_another_languages_document_is_not_the_holders():
    certificate = a_certificate(an_account(language="ru"))
    tasks.render(certificate.pk, "en")
    tasks.sweep()
    assert set(certificate.documents.values_list("language", flat=True)) == {"en", "ru"}


def test_one_certificate_that_fails_does_not_keep_the_others_waiting(monkeypatch):
    bad, good = (an_enrolment(an_account()) for _ in range(2))
    issue = services.issue

    def fails_for_one(enrolment_id, *, now):
        if enrolment_id == bad.pk:
            raise RuntimeError("broken")
        return issue(enrolment_id, now=now)

    monkeypatch.setattr(services, "issue", fails_for_one)
    a_certificate(an_account(full_name="ანა"))
    tasks.sweep()
    assert CertificateDocument.objects.get().certificate.enrolment == good


def test_a_sweep_that_takes_too_long_stops(monkeypatch):
    an_enrolment(an_account())

    def takes_too_long(*arguments, **named):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(services, "issue", takes_too_long)
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.sweep()
