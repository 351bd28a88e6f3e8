"""Files that authors bring: looked at by a worker, let in by their bringer, all of it or nothing."""

import os
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.images.models import Image

from courses import tasks
from courses.arrivals import services, turn
from courses.curriculum import ensure_homes
from courses.models import Arrival, CoursePage, LessonPage, ModulePage
from oversight.models import RecordEntry
from people.models import Role
from people.services import end_role, grant_role
from tests.factories.exchange import a_picture
from tests.factories.people import NOW, an_account, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

WORDS = """# The offer

What happens first.

## Signs

| Says | Means |
| --- | --- |
| Coffee? | Money |

![A closed door](some/folder/a%20door.png)
![](none.png)

# The answer

Say no.
"""


@pytest.fixture(autouse=True)
def _nobody_has_the_turn():
    turn.leave()


@pytest.fixture
def author():
    return an_author()


def an_author():
    account = an_account()
    grant_role(account, Role.AUTHOR, actor=None, now=NOW)
    account.refresh_from_db()
    return account


@pytest.fixture
def module():
    return a_module()


def a_module():
    home = ensure_homes(["en"])["en"]
    course = home.add_child(instance=CoursePage(title="Course", summary="About it", locale=home.locale))
    return course.add_child(instance=ModulePage(title="Module", summary="About it", locale=home.locale))


def bring(module, author, words=WORDS, name="lessons.md", pictures=(), now=None):
    file = ContentFile(words.encode() if isinstance(words, str) else words, name=name)
    return services.bring_lessons(file, pictures, module, actor=author, now=now or timezone.now())


def a_door():
    return ContentFile(a_picture().read(), name="a door.png")


def work(arrival):
    services.carry_on(arrival.pk, now=timezone.now())
    arrival.refresh_from_db()
    return arrival


def kept(arrival):
    return [storages["private"].exists(place) for place in arrival.places()]


# --- Lessons --------------------------------------------------------------------------------------------------------


def test_a_file_is_shown_first_and_becomes_drafts_when_its_bringer_says_so(module, author):
    arrival = work(bring(module, author, pictures=[a_door()]))
    first, second = arrival.report["lessons"]
    assert first == {
        "title": "The offer",
        "lede": "What happens first.",
        "minutes": 1,
        "headings": ["Signs"],
        "pictures": ["A closed door"],
        "tables": 1,
    }
    assert any("none.png" in note for note in arrival.report["notes"])
    assert not LessonPage.objects.exists()
    assert services.confirm(arrival, actor=author, update=False)
    arrival.refresh_from_db()
    assert work(arrival).state == "done"
    assert [(page.title, page.live) for page in LessonPage.objects.order_by("path")] == [
        ("The offer", False),
        ("The answer", False),
    ]
    assert kept(arrival) == [False, False]
    entry = RecordEntry.objects.get(kind="courses.lessons.imported")
    assert (entry.subject, entry.actor) == (arrival.uuid, author.uuid)
    assert len(entry.detail.facts["lessons"]) == 2


def test_confirmed_twice_and_worked_on_twice_it_comes_in_once(module, author):
    arrival = work(bring(module, author))
    assert services.confirm(arrival, actor=author, update=False)
    assert not services.confirm(arrival, actor=author, update=False)
    for _time in range(2):
        services.carry_on(arrival.pk, now=NOW)
    assert LessonPage.objects.count() == 2


def test_a_lesson_of_the_same_title_is_mentioned(module, author):
    module.add_child(instance=LessonPage(title="The offer", lede="L", minutes=1, body="[]", locale=module.locale))
    assert any("already" in note for note in work(bring(module, author)).report["notes"])


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.docx", b"PK no", "not what its name says"),
        ("a.md", b"\xff\xfe", "not what its name says"),
        ("a.md", b"[x]: y", "no words"),
        ("a.exe", b"MZ", "Only Word"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason_and_not_kept(module, author, name, data, told):
    arrival = work(bring(module, author, data, name))
    assert (arrival.state, told in arrival.problem) == ("refused", True)
    assert kept(arrival) == [False]


def test_the_reason_is_told_in_the_language_of_its_bringer(module, author):
    with translation.override("fr"):
        arrival = bring(module, author, b"", "a.md")
    with translation.override("en"):
        work(arrival)
    with translation.override("fr"):
        assert arrival.problem == translation.gettext("The file is empty.") != "The file is empty."


def test_what_fails_half_way_leaves_nothing(module, author, monkeypatch):
    arrival = work(bring(module, author, pictures=[a_door()]))
    services.confirm(arrival, actor=author, update=False)
    folder = storages["default"].path("original_images")
    before = os.listdir(folder) if os.path.isdir(folder) else []

    def fails(*args, **kwargs):
        raise RuntimeError("the worker's last word")

    monkeypatch.setattr("courses.arrivals.services.records.append", fails)
    with pytest.raises(RuntimeError):
        services.carry_on(arrival.pk, now=NOW)
    arrival.refresh_from_db()
    assert (arrival.state, LessonPage.objects.count(), Image.objects.count()) == ("importing", 0, 0)
    assert (os.listdir(folder) if os.path.isdir(folder) else []) == before
    assert kept(arrival) == [True, True]
    monkeypatch.undo()
    assert work(arrival).state == "done"


def test_what_kills_three_workers_is_given_up(module, author):
    arrival = bring(module, author)
    Arrival.objects.update(tries=services.MOST_TRIES)
    assert work(arrival).state == "refused"
    assert kept(arrival) == [False]


def test_what_takes_too_long_is_given_up_and_the_next_one_rung_for(module, author, monkeypatch):
    first, second = bring(module, author), bring(module, author)
    rung = []
    monkeypatch.setattr(services, "ring", rung.append)

    def takes_too_long(*args):
        raise SoftTimeLimitExceeded

    monkeypatch.setitem(services._STEPS, ("lessons", "checking"), takes_too_long)
    tasks.carry_on_arrival(first.pk)
    first.refresh_from_db()
    assert (first.state, rung) == ("refused", [second.pk])


def test_one_at_a_time(module, author):
    first, second = bring(module, author), bring(module, author)
    assert turn.take(first)
    assert work(second).state == "checking"
    turn.tell(first, 3, 7)
    assert turn.progress_of(first) == turn.Progress(3, 7)
    assert turn.progress_of(second) is None
    turn.leave()
    assert work(second).state == "checked"


def test_without_a_cache_work_goes_on(module, author, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args: None)
    assert work(bring(module, author)).state == "checked"


def test_who_is_no_author_any_more_brings_nothing_in(module, author):
    arrival = work(bring(module, author))
    services.confirm(arrival, actor=author, update=False)
    end_role(author, Role.AUTHOR, actor=None, now=NOW)
    arrival.refresh_from_db()
    assert work(arrival).state == "refused"
    assert not LessonPage.objects.exists()
    with pytest.raises(PermissionDenied):
        bring(module, an_account())


def test_a_file_that_is_lost_is_asked_for_again(module, author):
    arrival = bring(module, author)
    storages["private"].delete(arrival.file)
    assert "again" in work(arrival).problem


def test_a_module_that_is_gone_is_named(module, author):
    arrival = bring(module, author)
    module.delete()
    arrival.refresh_from_db()
    assert "gone" in work(arrival).problem


# --- Cleared --------------------------------------------------------------------------------------------------------


def test_what_nobody_confirms_within_a_day_is_removed_and_nothing_else(module, author):
    now = timezone.now()
    old = now - services.KEPT - timedelta(minutes=1)
    left, fresh, confirmed = (bring(module, author, now=when) for when in (old, now, old))
    for arrival in (left, fresh, confirmed):
        work(arrival)
    services.confirm(confirmed, actor=author, update=False)
    storage = storages["private"]
    lost, new = (storage.save(f"{services.FOLDER}/lost", ContentFile(b"x")) for _time in range(2))
    os.utime(storage.path(lost), (old.timestamp(), old.timestamp()))
    os.utime(storage.path(confirmed.file), (old.timestamp(), old.timestamp()))
    tasks.clear_arrivals()
    assert set(Arrival.objects.values_list("pk", flat=True)) == {fresh.pk, confirmed.pk}
    assert [kept(arrival) for arrival in (left, fresh, confirmed)] == [[False], [True], [True]]
    assert (storage.exists(lost), storage.exists(new)) == (False, True)
    storage.delete(new)


# --- Pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(client, author):
    return sign_in(client, author)


def send(browser, module, name="lessons.md", data=None, **more):
    given = {
        "module": module.translation_key,
        "language": "en",
        "file": SimpleUploadedFile(name, WORDS.encode() if data is None else data),
    }
    return browser.post(reverse("import_lessons"), given | more)


def test_an_author_brings_lessons_on_pages(browser, module):
    assert (
        str(module.translation_key) in browser.get(f"{reverse('import_lessons')}?module={module.pk}").content.decode()
    )
    picture = SimpleUploadedFile("a door.png", a_picture().read())
    address = send(browser, module, pictures=[picture])["Location"]
    waiting = browser.get(address)
    assert waiting["Refresh"] == "3"
    work(Arrival.objects.get())
    shown = browser.get(address)
    assert "Refresh" not in shown
    for words in ("The offer", "Signs", "A closed door", "none.png"):
        assert words in shown.content.decode()
    browser.post(address)
    assert browser.get(address)["Refresh"] == "3"
    work(Arrival.objects.get())
    done = browser.get(address).content.decode()
    assert reverse("wagtailadmin_explore", args=[module.pk]) in done
    assert LessonPage.objects.count() == 2


def test_the_page_tells_how_far_it_is(browser, module, author):
    arrival = work(bring(module, author))
    services.confirm(arrival, actor=author, update=False)
    turn.tell(arrival, 3, 7)
    assert "3 of 7" in browser.get(reverse("arrival", args=[arrival.uuid])).content.decode()


def test_a_file_can_be_taken_away_unconfirmed(browser, module):
    address = send(browser, module)["Location"]
    arrival = work(Arrival.objects.get())
    browser.post(address, {"discard": ""})
    assert (Arrival.objects.exists(), kept(arrival)) == (False, [False])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": "a.pdf"}, "Only Word"),
        ({"language": "fr"}, "Translate it first"),
        ({"pictures": [SimpleUploadedFile("a.svg", b"<svg/>")]}, "is no picture"),
        ({"data": b""}, "empty"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_kept(browser, module, given, told):
    answer = send(browser, module, **given)
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert not Arrival.objects.exists()


def test_the_pages_cost_the_same_however_many_modules_and_lessons_there_are(browser, module, author):
    form = lambda: browser.get(reverse("import_lessons"))  # noqa: E731
    arrival = work(bring(module, author))
    report = lambda: browser.get(reverse("arrival", args=[arrival.uuid]))  # noqa: E731
    before = len(queries_of(form)), len(queries_of(report))
    for number in range(5):
        course = module.get_parent()
        course.add_child(instance=ModulePage(title=f"M{number}", summary="S", locale=module.locale))
    work(bring(module, author, "".join(f"# L{number}\n\nWords.\n\n" for number in range(9))))
    arrival = Arrival.objects.first()
    assert (len(queries_of(form)), len(queries_of(report))) == before
