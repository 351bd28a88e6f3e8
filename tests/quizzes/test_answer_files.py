"""Files as answers: what is taken, what is refused, whose they are, and how long."""

import datetime
import os
from pathlib import Path, PurePosixPath

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.module_loading import import_string

from quizzes import errors, services
from quizzes.models import AnswerFile, Attempt
from quizzes.services import answer_files
from tests.factories.markings import a_quiz_with_essays, hand_in_files
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import a_quiz_version, an_attempt, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung")]

PDF, TXT = ("essay.pdf", b"%PDF-1.7 words"), ("notes.txt", b"Words")


@pytest.fixture
def attempt():
    return an_attempt(quiz_version=a_quiz_with_essays(2, files=2))


def answer(attempt, position=0):
    return attempt.responses.filter(position=position).order_by("-sequence").first().answer


def stored(attempt):
    return [storages["private"].exists(path) for path in attempt.files.values_list("path", flat=True)]


def test_files_come_with_the_answer_and_are_kept_apart_from_what_everybody_reads(attempt):
    hand_in_files(attempt, PDF, TXT)
    files = attempt.files.all()
    assert answer(attempt) == {"shape": 1, "text": "See the file.", "files": [str(each.uuid) for each in files]}
    assert [(each.name, each.kind, each.size) for each in files] == [("essay.pdf", "pdf", 14), ("notes.txt", "txt", 5)]
    assert stored(attempt) == [True, True]
    assert "Rosa" not in files[0].path


def test_a_save_of_the_words_alone_keeps_the_files(attempt):
    hand_in_files(attempt, PDF)
    send(attempt, 0, "Other words.", sequence=2)
    assert answer(attempt) == {"shape": 1, "text": "Other words.", "files": [str(attempt.files.get().uuid)]}
    send(attempt, 0, sequence=3)
    assert answer(attempt)["files"]


def test_what_is_taken_back_is_gone_with_its_bytes(attempt, committed):
    hand_in_files(attempt, PDF, TXT)
    gone, kept = attempt.files.all()
    with committed():
        hand_in_files(attempt, text="", sequence=2, take_back=[str(gone.uuid)])
    assert list(attempt.files.all()) == [kept]
    assert answer(attempt)["files"] == [str(kept.uuid)]
    assert not storages["private"].exists(gone.path)
    with committed():
        hand_in_files(attempt, text="", sequence=3, take_back=[str(kept.uuid)])
    assert answer(attempt) is None


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (("essay.exe", b"MZ"), "Files of this kind are not taken"),
        (("essay.docx", b"PK"), "Files of this kind are not taken"),
        (("essay.pdf", b"<html>"), "not what its name says"),
        (("essay.txt", b""), "empty"),
        (("noextension", b"Words"), "Files of this kind are not taken"),
    ],
)
def test_what_is_refused_is_said_and_the_words_are_kept_all_the_same(attempt, file, why):
    with pytest.raises(errors.FileRefused, match=why):
        hand_in_files(attempt, TXT, file, text="My words")
    assert answer(attempt)["text"] == "My words"
    assert [each.name for each in attempt.files.all()] == ["notes.txt"]


def test_more_files_than_may_be_handed_in_are_refused_and_those_before_kept(attempt):
    hand_in_files(attempt, PDF, TXT)
    with pytest.raises(errors.FileRefused, match="At most 2 files"):
        hand_in_files(attempt, ("third.txt", b"More"), sequence=2)
    assert attempt.files.count() == 2
    assert len(answer(attempt)["files"]) == 2


def test_nobody_lists_or_takes_back_another_s_file(attempt):
    hand_in_files(attempt, PDF)
    theirs = str(attempt.files.get().uuid)
    mine = an_attempt(quiz_version=attempt.quiz_version)
    send(mine, 0, fields={"q1": "Words", "q1-file": theirs})
    assert answer(mine)["files"] == []
    hand_in_files(mine, TXT, sequence=2, take_back=[theirs])
    assert stored(attempt) == [True]
    hand_in_files(attempt, sequence=1, position=1, take_back=[theirs])
    assert stored(attempt) == [True]


@pytest.mark.parametrize("late", [True, False])
def test_after_handing_in_or_the_deadline_nothing_comes_or_goes(attempt, late, tmp_path):
    hand_in_files(attempt, PDF)
    own = str(attempt.files.get().uuid)
    now = NOW
    if late:
        now = attempt.deadline + datetime.timedelta(seconds=1)
    else:
        services.submit_attempt(attempt, learner=attempt.learner, now=NOW)
    with pytest.raises((errors.TimeIsUp, errors.AlreadySubmitted)):
        hand_in_files(attempt, TXT, sequence=2, take_back=[own], now=now)
    assert stored(attempt) == [True]


def test_a_file_that_comes_in_the_grace_is_kept_with_its_answer(attempt):
    Attempt.objects.filter(pk=attempt.pk).update(grace_until=attempt.deadline + datetime.timedelta(minutes=2))
    hand_in_files(attempt, TXT, now=attempt.deadline + datetime.timedelta(seconds=30))
    assert stored(attempt) == [True]


def test_a_question_without_files_takes_none():
    attempt = an_attempt(quiz_version=a_quiz_with_essays())
    with pytest.raises(errors.UnknownOption):
        hand_in_files(attempt, TXT)
    with pytest.raises(errors.UnknownOption):
        hand_in_files(an_attempt(quiz_version=a_quiz_version()), TXT)
    assert not AnswerFile.objects.exists()


def test_a_request_that_comes_twice_adds_its_file_once(attempt):
    hand_in_files(attempt, TXT)
    with pytest.raises(errors.ChangedElsewhere):
        hand_in_files(attempt, TXT)
    assert attempt.files.count() == 1


def kept_on_disk():
    """Every file below the folder of answers."""
    return {path.name for path in Path(storages["private"].path(answer_files.FOLDER)).rglob("*.*")}


def aged(place, now, **age):
    """As if it had been written so long before `now`."""
    at = (now - datetime.timedelta(**age)).timestamp()
    os.utime(storages["private"].path(place), (at, at))
    return place


@pytest.fixture
def storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return storages["private"]


class TestWhatNoRowNames:
    def test_a_failure_at_the_second_file_leaves_nothing_of_the_first(self, attempt, storage, monkeypatch):
        save = type(storage).save

        def full(self, name, content, **how):
            if content.size == len(TXT[1]):
                raise OSError("no space left on device")
            return save(self, name, content, **how)

        monkeypatch.setattr(type(storage), "save", full)
        with pytest.raises(OSError, match="no space"):
            hand_in_files(attempt, PDF, TXT)
        assert not kept_on_disk()
        assert not attempt.files.exists()

    def test_a_failure_of_the_save_leaves_none_of_them(self, attempt, storage, monkeypatch):
        def failing(*args, **how):
            raise RuntimeError

        monkeypatch.setattr(answer_files, "save_response", failing)
        with pytest.raises(RuntimeError):
            hand_in_files(attempt, PDF, TXT)
        assert not kept_on_disk()

    def test_it_is_removed_after_a_day_and_what_a_row_names_never(self, attempt, storage):
        assert services.clear_unnamed_files(NOW) == 0
        hand_in_files(attempt, PDF)
        [named] = attempt.files.values_list("path", flat=True)
        aged(named, NOW, days=400)
        for number, age in enumerate(({"hours": 23}, {"hours": 25}, {"days": 90})):
            aged(storage.save(f"answers/2025/1{number}/left-{number}.txt", ContentFile(b"Words")), NOW, **age)
        other = aged(storage.save("questions/bank.xml", ContentFile(b"<quiz/>")), NOW, days=9)
        assert services.clear_unnamed_files(NOW) == 2
        assert kept_on_disk() == {PurePosixPath(named).name, "left-0.txt"}
        assert storage.exists(other)
        assert services.clear_unnamed_files(NOW + datetime.timedelta(hours=2)) == 1
        assert stored(attempt) == [True]

    def test_the_beat_asks_for_it_every_day(self, storage, settings):
        [entry] = [each for each in settings.CELERY_BEAT_SCHEDULE.values() if each["task"].endswith("answer_files")]
        assert entry["schedule"] == 86_400
        left = storage.save("answers/2025/12/left.txt", ContentFile(b"Words"))
        aged(left, timezone.now(), days=2)
        import_string(entry["task"])()
        assert not storage.exists(left)


class TestThePage:
    @pytest.fixture(autouse=True)
    def _signed_in(self, attempt, client):
        client.force_login(attempt.learner)

    @pytest.fixture(autouse=True)
    def _now(self):
        with time_machine.travel(NOW, tick=False):
            yield

    def post(self, client, attempt, number=1, sequence=1, **fields):
        form = {f"q{number}-sequence": sequence} | {
            f"q{number}{'-' if part else ''}{part}": value for part, value in fields.pop("parts").items()
        }
        return client.post(f"/en/quiz/{attempt.uuid}/{number}/", form)

    def test_a_file_is_added_listed_fetched_and_taken_back_without_scripts(self, attempt, client):
        where = f"/en/quiz/{attempt.uuid}/1/"
        assert 'enctype="multipart/form-data"' in client.get(where).content.decode()
        file = SimpleUploadedFile("Mon mémoire.txt", b"Words")
        response = self.post(client, attempt, parts={"": "My words", "upload": file, "add": "1"})
        assert response["Location"] == where
        shown = client.get(where).content.decode()
        kept = attempt.files.get()
        assert "Mon mémoire.txt" in shown
        assert "My words" in shown
        got = client.get(f"/en/quiz/{attempt.uuid}/files/{kept.uuid}/")
        assert b"".join(got.streaming_content) == b"Words"
        assert got["Content-Disposition"].startswith("attachment;")
        response = self.post(client, attempt, sequence=2, parts={"": "My words", "remove": str(kept.uuid)})
        assert response["Location"] == where
        assert not attempt.files.exists()

    def test_going_on_takes_a_chosen_file_along(self, attempt, client):
        response = self.post(client, attempt, parts={"": "", "upload": SimpleUploadedFile("a.txt", b"Words")})
        assert response["Location"].endswith("/2/")
        assert attempt.files.count() == 1

    def test_a_refused_file_is_said_on_the_page_with_the_words_that_were_kept(self, attempt, client):
        file = SimpleUploadedFile("a.pdf", b"no pdf")
        response = self.post(client, attempt, parts={"": "My words", "upload": file, "add": "1"})
        assert response.status_code == 422
        assert "not what its name says" in response.content.decode()
        assert "My words" in response.content.decode()

    def test_it_is_nobody_else_s(self, attempt, client):
        hand_in_files(attempt, PDF)
        client.force_login(an_account())
        assert client.get(f"/en/quiz/{attempt.uuid}/files/{attempt.files.get().uuid}/").status_code == 404
