"""The outbox: written with the fact it reports, delivered afterwards, once."""

import datetime
import uuid
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from core import mail, tasks
from core.models import OutgoingMail

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)


def a_letter(**fields):
    arguments = {"to_address": "rosa@example.org", "language": "ar", "subject": "شهادتك", "body": "نص", "now": NOW}
    return mail.write(**(arguments | fields))


@pytest.fixture
def broken_server(monkeypatch):
    def refuse(self, messages):
        raise SMTPServerDisconnected

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    return monkeypatch


def test_a_letter_belongs_to_the_transaction_that_writes_it():
    with pytest.raises(RuntimeError), transaction.atomic():
        a_letter()
        raise RuntimeError
    assert not OutgoingMail.objects.exists()
    assert not django_mail.outbox


def test_a_letter_is_delivered_once():
    letter = a_letter()
    assert mail.deliver(letter.pk, NOW)
    assert not mail.deliver(letter.pk, NOW)
    (sent,) = django_mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["rosa@example.org"], "شهادتك", "نص")
    assert sent.extra_headers["Content-Language"] == "ar"
    letter.refresh_from_db()
    assert (letter.sent_at, letter.tries) == (NOW, 1)


def test_a_subject_is_one_line():
    letter = a_letter(subject="Hello\r\nBcc: everyone@example.org  x", body="text")
    assert letter.subject == "Hello Bcc: everyone@example.org x"
    assert mail.deliver(letter.pk, NOW)
    assert django_mail.outbox[0].recipients() == ["rosa@example.org"]


def test_two_deliverers_share_no_letter():
    letter = a_letter()
    first = mail.claim(letter.pk, NOW)
    assert first.tries == 1
    assert mail.claim(letter.pk, NOW) is None
    assert mail.waiting_ids(NOW, 10) == []


def test_a_claim_lost_between_reading_and_writing_claims_nothing(monkeypatch):
    letter = a_letter()
    first_of = OutgoingMail.objects.none().__class__.first

    def overtaken(self):
        found = first_of(self)
        OutgoingMail.objects.filter(pk=letter.pk).update(tries=1)
        return found

    monkeypatch.setattr(OutgoingMail.objects.none().__class__, "first", overtaken)
    assert mail.claim(letter.pk, NOW) is None


def test_the_letter_of_a_deliverer_who_died_comes_back():
    letter = a_letter()
    mail.claim(letter.pk, NOW)
    assert mail.waiting_ids(NOW + mail.LEASE - datetime.timedelta(seconds=1), 10) == []
    assert mail.waiting_ids(NOW + mail.LEASE, 10) == [letter.pk]


def test_a_server_that_is_down_delays_a_letter_and_loses_none(broken_server):
    letter = a_letter()
    assert not mail.deliver(letter.pk, NOW)
    letter.refresh_from_db()
    assert letter.sent_at is None
    assert letter.try_after == NOW + datetime.timedelta(minutes=1)
    broken_server.undo()
    assert not mail.deliver(letter.pk, NOW)
    assert mail.deliver(letter.pk, NOW + datetime.timedelta(minutes=1))


def test_each_failed_try_waits_longer_up_to_six_hours():
    waits = [mail.wait_before(tries) for tries in range(1, 40)]
    assert waits[:4] == [datetime.timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits == sorted(waits)
    assert waits[-1] == datetime.timedelta(hours=6)


def test_a_failure_names_the_letter_and_never_the_person(broken_server, caplog):
    letter = a_letter()
    mail.deliver(letter.pk, NOW)
    assert str(letter.uuid) in caplog.text
    assert "rosa" not in caplog.text


def test_a_letter_that_has_gone_is_no_error():
    letter = a_letter()
    OutgoingMail.objects.all().delete()
    assert not mail.deliver(letter.pk, NOW)


def test_old_letters_are_cleared_delivered_or_not():
    month_ago = NOW - datetime.timedelta(days=31)
    delivered = a_letter(now=month_ago)
    mail.deliver(delivered.pk, month_ago)
    a_letter(now=month_ago)
    young = a_letter(now=NOW - datetime.timedelta(days=29))
    assert mail.clear(NOW) == (1, 1)
    assert list(OutgoingMail.objects.all()) == [young]


def test_the_tasks_deliver_and_clear():
    a_letter()
    a_letter(to_address="b@example.org")
    tasks.deliver_waiting_mail()
    assert len(django_mail.outbox) == 2
    OutgoingMail.objects.update(written_at=NOW - datetime.timedelta(days=3650))
    tasks.clear_sent_mail()
    assert not OutgoingMail.objects.exists()


def test_a_round_ends_before_the_workers_time_limit(monkeypatch):
    for _ in range(3):
        a_letter()
    monkeypatch.setattr(tasks, "SECONDS_A_ROUND", -1)
    tasks.deliver_waiting_mail()
    assert not django_mail.outbox


def test_a_letter_about_what_comes_to_nothing_is_withheld_and_no_other_is(mailoutbox):
    row, other = uuid.uuid4(), uuid.uuid4()
    delivered, waiting = a_letter(about=row), a_letter(about=row)
    left = [a_letter(about=other), a_letter()]
    mail.deliver(delivered.pk, NOW)
    assert list(mail.about([row])) == [waiting]
    assert mail.withhold([row]) == 1
    assert list(OutgoingMail.objects.order_by("pk")) == [delivered, *left]
    assert not mail.deliver(waiting.pk, NOW)
