"""An author brings questions in and takes a bank out: looked at, shown, confirmed; all of it or nothing."""

import re
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from oversight.models import RecordEntry
from people.models import Role
from people.services import grant_role
from quizzes import tasks
from quizzes.banking import arrivals, importing, progress
from quizzes.models import Item, ItemBank, ItemVersion, QuestionFile
from tests.factories.people import NOW, an_account, sign_in
from tests.queries import queries_of
from tests.quizzes.test_bank_commands import HOSTILE_XML, PARTLY, hostile_zip
from tests.quizzes.test_banking import GIFT, publish
from tests.quizzes.test_banking import bring as bring_at_once

pytestmark = pytest.mark.django_db


MANY = "\n\n".join(f"// [id:q{number}]\n::q{number}::Is it {number}? {{T}}" for number in range(1, 4))


@pytest.fixture
def author():
    account = an_account()
    grant_role(account, Role.AUTHOR, actor=None, now=NOW)
    account.refresh_from_db()
    return account


@pytest.fixture
def browser(client, author):
    return sign_in(client, author)


def bring(author, data=GIFT, name="gifts.txt", *, bank=None, now=None):
    file = ContentFile(data.encode() if isinstance(data, str) else data, name=name)
    return arrivals.bring(file, format="", spoken="en", bank=bank, actor=author, now=now or timezone.now())


def work(brought, now=None):
    arrivals.carry_on(brought.pk, now=now or timezone.now())
    brought.refresh_from_db()
    return brought


def is_kept(brought):
    return storages["private"].exists(brought.file)


def upload(browser, data=GIFT, name="gifts.txt", **more):
    file = SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)
    return browser.post(reverse("import_questions"), {"file": file, "language": "en", **more})


def page(browser, brought, **query):
    return browser.get(reverse("question_file", args=[brought.uuid]), query)


def test_who_waits_is_told_how_many_questions_are_read(browser, author, monkeypatch):
    brought = bring(author, MANY)
    waiting = page(browser, brought).content.decode()
    assert "waits for its turn" in waiting and "<progress" not in waiting
    shown, tell = [], progress.tell

    def seen(*told):
        tell(*told)
        shown.append(page(browser, brought).content.decode())

    monkeypatch.setattr(progress, "tell", seen)
    work(brought)
    assert len(shown) == 3
    assert "1 of 3 questions are read." in shown[0]
    assert re.search(r'<progress aria-label="Questions read" value="2" max="3">', shown[1])
    assert "<progress" not in page(browser, brought).content.decode()
    browser.post(reverse("question_file", args=[brought.uuid]))
    assert "waits for its turn" in page(browser, brought).content.decode(), "the first reading's figures are forgotten"
    work(brought)
    assert "It is being imported." in shown[3]
    assert "The drafts are being written." in shown[5]
    assert brought.state == "done"


def test_progress_is_told_for_each_hundredth_part(author, monkeypatch):
    brought, told = bring(author), []

    class Cache:
        def set(self, key, entry, seconds):
            told.append(entry["done"])

    monkeypatch.setattr(progress, "cache", Cache())
    for done in range(1, 5001):
        progress.tell(brought, done, 5000)
    assert (len(told), told[-1]) == (100, 5000)


# --- In -------------------------------------------------------------------------------------------------------------


def test_a_file_is_shown_first_and_becomes_drafts_when_its_bringer_says_so(browser):
    answer = upload(browser, PARTLY)
    brought = QuestionFile.objects.get()
    assert answer["Location"] == reverse("question_file", args=[brought.uuid])
    waiting = page(browser, brought)
    assert waiting["Refresh"] == "3"
    work(brought)
    shown = page(browser, brought).content.decode()
    assert "Import 2 questions as drafts" in shown
    assert "hamper" in shown and "It is a description and asks nothing." in shown
    assert not Item.objects.exists()
    browser.post(reverse("question_file", args=[brought.uuid]))
    assert work(brought).state == "done"
    assert ItemVersion.objects.filter(published_at=None).count() == 2
    assert not is_kept(brought)
    assert "It is imported." in page(browser, brought).content.decode()
    assert RecordEntry.objects.get(kind="quizzes.bank.imported").actor == brought.actor.uuid


def test_one_kind_of_result_can_be_looked_at_alone_a_hundred_at_a_time(browser, author):
    many = "".join(f"// [id:q{number}]\nQuestion {number}? {{=yes ~no}}\n\n" for number in range(130))
    brought = work(bring(author, many + "\n::Note::It asks nothing.\n"))
    first, second = page(browser, brought).content.decode(), page(browser, brought, p=2).content.decode()
    assert "q99" in first and "q100" not in first and "Page 1 of 2" in first
    assert "q129" in second
    refused = page(browser, brought, result="refused").content.decode()
    assert "asks nothing" in refused and "q99" not in refused
    assert 'href="?result=new&amp;p=2"' in page(browser, brought, result="new").content.decode()
    assert page(browser, brought, result="nonsense", p="x").status_code == 200


def test_into_the_bank_from_which_one_came(browser, author):
    bank = ItemBank.objects.create(slug="all", title="All questions")
    assert (
        f'<option value="{bank.pk}" selected'
        in browser.get(reverse("import_questions"), {"bank": bank.pk}).content.decode()
    )
    upload(browser, bank=bank.pk)
    brought = work(QuestionFile.objects.get())
    arrivals.confirm(brought, actor=author)
    work(brought)
    assert ItemBank.objects.get().items.count() == 2


def test_confirmed_twice_and_worked_on_twice_it_comes_in_once(author):
    brought = work(bring(author))
    assert arrivals.confirm(brought, actor=author)
    assert not arrivals.confirm(brought, actor=author)
    for _time in range(2):
        arrivals.carry_on(brought.pk, now=NOW)
    assert Item.objects.count() == 2
    assert RecordEntry.objects.filter(kind="quizzes.bank.imported").count() == 1


def test_nobody_else_works_on_a_file_until_its_worker_is_silent_for_too_long(author, monkeypatch):
    brought = bring(author)
    now = timezone.now()
    QuestionFile.objects.update(lease_until=now + arrivals.LEASE)
    assert work(brought, now).state == "checking"
    assert work(brought, now + arrivals.LEASE + timedelta(seconds=1)).state == "checked"


def test_what_is_done_is_what_was_shown(author):
    bring_at_once()
    brought = work(bring(author, GIFT.replace("~Yes", "~Perhaps")))
    bring_at_once(GIFT.replace("~Yes", "~Never"))
    publish(ItemBank.objects.get())
    arrivals.confirm(brought, actor=author)
    assert work(brought).state == "checked"
    assert "was changed in the meantime" in brought.problem
    assert not ItemVersion.objects.filter(published_at=None).exists()
    arrivals.confirm(brought, actor=author)
    assert work(brought).state == "done"
    assert ItemVersion.objects.get(published_at=None).number == 2


def test_a_change_at_the_very_moment_is_looked_at_again(author, monkeypatch):
    brought = work(bring(author))
    arrivals.confirm(brought, actor=author)

    def changed(*args, **kwargs):
        raise importing.ChangedMeanwhile

    monkeypatch.setattr(importing, "carry_out", changed)
    assert work(brought).state == "checking"
    assert is_kept(brought)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (HOSTILE_XML, "document type"),
        (hostile_zip(), "is no name for a file"),
        (b"Dear colleague", "none of the formats"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_reason_and_not_kept(browser, data, why):
    upload(browser, data)
    brought = work(QuestionFile.objects.get())
    assert (brought.state, is_kept(brought)) == ("refused", False)
    shown = page(browser, brought).content.decode()
    assert "Nothing was imported." in shown and why in shown


def test_the_reason_is_told_in_the_language_of_its_bringer(author):
    with translation.override("fr"):
        brought = bring(author, b" \n")
    with translation.override("en"):
        problem = work(brought).problem
    assert problem and "empty" not in problem


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(browser, monkeypatch):
    monkeypatch.setattr("quizzes.banking.views.MOST_BYTES", 10)
    answer = upload(browser)
    assert answer.status_code == 422
    assert "Split it." in answer.content.decode()
    assert not QuestionFile.objects.exists()


def test_what_fails_half_way_leaves_nothing_and_is_tried_again(author, monkeypatch):
    brought = work(bring(author))
    arrivals.confirm(brought, actor=author)

    def fails(*args, **kwargs):
        raise RuntimeError("the worker's last word")

    monkeypatch.setattr(importing.records, "append", fails)
    with pytest.raises(RuntimeError):
        arrivals.carry_on(brought.pk, now=NOW)
    brought.refresh_from_db()
    assert (brought.state, Item.objects.count(), is_kept(brought)) == ("importing", 0, True)
    monkeypatch.undo()
    assert work(brought).state == "done"


def test_what_kills_three_workers_or_takes_too_long_is_given_up(author, monkeypatch):
    brought = bring(author)
    QuestionFile.objects.update(tries=arrivals.MOST_TRIES)
    assert work(brought).state == "refused"
    slow = bring(author)

    def takes_too_long(*args, **kwargs):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(arrivals, "_look", takes_too_long)
    tasks.carry_on_questions(slow.pk)
    slow.refresh_from_db()
    assert (slow.state, is_kept(slow)) == ("refused", False)


def test_a_lost_file_and_a_lost_right_end_the_import(author):
    lost, late = work(bring(author)), work(bring(author))
    storages["private"].delete(lost.file)
    arrivals.confirm(lost, actor=author)
    assert "The file is lost" in work(lost).problem
    arrivals.confirm(late, actor=author)
    type(author).objects.filter(pk=author.pk).update(is_active=False)
    assert "may no longer" in work(late).problem
    assert not Item.objects.exists()


def test_others_files_are_nobodys_business(client, author):
    brought = work(bring(author))
    other = an_account(None, Role.AUTHOR)
    assert page(sign_in(client, other), brought).status_code in (302, 403, 404)
    with pytest.raises(PermissionDenied):
        arrivals.confirm(brought, actor=other)
    with pytest.raises(PermissionDenied):
        arrivals.discard(brought, actor=other)
    with pytest.raises(PermissionDenied):
        bring(an_account(None, Role.TUTOR))


def test_a_file_that_nobody_wants_is_taken_away(browser, author):
    brought = work(bring(author))
    browser.post(reverse("question_file", args=[brought.uuid]), {"discard": ""})
    assert not QuestionFile.objects.exists() and not is_kept(brought)
    old, waiting = work(bring(author, now=NOW - timedelta(days=2))), bring(author, now=NOW - timedelta(days=2))
    tasks.clear_questions()
    assert not is_kept(old) and is_kept(waiting)
    assert QuestionFile.objects.get() == waiting


def test_the_page_asks_the_database_as_often_for_many_questions_as_for_few(browser, author):
    many = "".join(f"// [id:q{number}]\nQuestion {number}? {{=yes ~no}}\n\n" for number in range(90))
    few = work(bring(author))
    large = work(bring(author, many, "many.txt"))
    assert len(queries_of(lambda: page(browser, few))) == len(queries_of(lambda: page(browser, large)))


# --- Out ------------------------------------------------------------------------------------------------------------


def test_an_author_sees_what_would_be_left_out_and_takes_the_bank(browser):
    bring_at_once(GIFT + "\n// [id:essay]\nWhy?{}\n")
    bank = ItemBank.objects.get()
    address = reverse("export_bank", args=[bank.pk])
    assert address in browser.get(reverse("itembank:inspect", args=[bank.pk])).content.decode()
    looked = browser.post(address, {"format": "gift", "language": "en", "look": ""}).content.decode()
    assert "The file would hold 3 questions." in looked and "not wholly" in looked
    assert not RecordEntry.objects.filter(kind="quizzes.bank.exported").exists()
    taken = browser.post(address, {"format": "qti3", "language": "en"})
    assert taken["Content-Disposition"] == 'attachment; filename="gifts-qti3.zip"'
    assert taken.content.startswith(b"PK")
    assert RecordEntry.objects.get(kind="quizzes.bank.exported").detail.facts["questions"] == 3
    assert browser.post(address, {"format": "pdf", "language": "en"}).status_code == 422


def test_the_list_of_banks_leads_to_the_import(browser):
    assert reverse("import_questions") in browser.get(reverse("itembank:index")).content.decode()


def test_only_who_writes_questions_finds_these_pages(client):
    bank = ItemBank.objects.create(slug="gifts", title="Gifts")
    reader = sign_in(client, an_account(None, Role.TRAINING_MANAGER))
    for address in (reverse("import_questions"), reverse("export_bank", args=[bank.pk])):
        assert reader.get(address).status_code in (302, 403)
        assert reader.post(address, {"format": "gift", "language": "en"}).status_code in (302, 403)
