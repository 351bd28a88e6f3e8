"""Two workers at one file: with real transactions it comes in once."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from courses.arrivals import services, turn
from courses.curriculum import ensure_homes
from courses.models import Arrival, CoursePage, LessonPage, ModulePage
from oversight.models import RecordEntry
from people.models import Role
from people.services import grant_role
from tests.factories.people import an_account
from tests.many_hands import at_once

pytestmark = pytest.mark.committing

WORDS = "".join(f"# Lesson {number}\n\nWords.\n\n" for number in range(5))


@pytest.fixture(autouse=True)
def _no_bell_and_no_turns(monkeypatch):
    monkeypatch.setattr(services, "ring", lambda arrival_id: None)
    monkeypatch.setattr(turn, "take", lambda arrival: True)


@pytest.fixture
def arrival():
    author = an_account()
    grant_role(author, Role.AUTHOR, actor=None, now=timezone.now())
    author.refresh_from_db()
    home = ensure_homes(["en"])["en"]
    course = home.add_child(instance=CoursePage(title="Course", summary="About it", locale=home.locale))
    module = course.add_child(instance=ModulePage(title="Module", summary="About it", locale=home.locale))
    file = ContentFile(WORDS.encode(), name="lessons.md")
    brought = services.bring_lessons(file, [], module, actor=author, now=timezone.now())
    services.carry_on(brought.pk, now=timezone.now())
    services.confirm(brought, actor=author, update=False)
    return brought


def test_two_workers_take_a_file_in_once(arrival):
    def work():
        services.carry_on(arrival.pk, now=timezone.now())

    at_once(work, work, work)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.tries <= 3) == (Arrival.State.DONE, True)
    assert LessonPage.objects.count() == 5
    assert RecordEntry.objects.filter(kind="courses.lessons.imported").count() == 1
