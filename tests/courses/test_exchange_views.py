"""An author takes a course out and brings it in on pages."""

import re

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.models import Arrival, CoursePage, CourseTransfer, LessonPage
from courses.tasks import carry_on_arrival
from oversight.models import RecordEntry
from people.models import Role
from people.services import grant_role
from tests import databases
from tests.factories.exchange import a_furnished_course, exported
from tests.factories.people import an_account, sign_in

from .conftest import Files

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def archive(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("pages")
    with django_db_blocker.unblock(), databases.copy():
        return exported(a_furnished_course(Files(folder / "small-course"), ("en", "fr", "ar")))[0]


@pytest.fixture
def author(client):
    account = an_account()
    grant_role(account, Role.AUTHOR, actor=None, now=timezone.now())
    account.refresh_from_db()
    sign_in(client, account)
    return account


def upload(client, data, name="course.zip"):
    """Bring an archive and have it checked. Returns the address of its page."""
    address = client.post(reverse("import_course"), {"archive": SimpleUploadedFile(name, data)})["Location"]
    work()
    return address


def work():
    """What workers do until nothing waits."""
    for arrival in Arrival.objects.waiting():
        carry_on_arrival(arrival.pk)


def test_an_archive_is_checked_then_imported_then_exported_alike(client, author, archive):
    address = upload(client, archive)
    report = client.get(address)
    assert "Lesson first fr" in report.content.decode()
    assert CoursePage.objects.count() == 0
    client.post(address)
    work()
    course = CoursePage.objects.get(locale__language_code="en")
    assert reverse("wagtailadmin_explore", args=[course.pk]) in client.get(address).content.decode()
    assert LessonPage.objects.live().count() == 6
    assert CourseTransfer.objects.get().actor == author
    answer = client.post(reverse("export_course", args=[course.pk]), {"licence": "", "attribution": ""})
    assert b"".join(answer.streaming_content) == archive
    kinds = list(RecordEntry.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds[-2:] == ["courses.course.imported", "courses.course.exported"]


def test_what_cannot_be_trusted_is_named_and_not_kept(client, author):
    page = client.get(upload(client, b"not a zip")).content.decode()
    assert "no zip file" in page
    [arrival] = Arrival.objects.all()
    assert (arrival.state, storages["private"].exists(arrival.file)) == ("refused", False)


def test_a_course_that_differs_is_imported_as_drafts(client, author, archive):
    client.post(upload(client, archive))
    work()
    lesson = LessonPage.objects.live().get(title="Lesson second fr")
    lesson.lede = "Nos propres mots"
    lesson.save_revision().publish()
    address = upload(client, archive)
    assert re.search(r'name="update"', client.get(address).content.decode())
    client.post(address, {"update": ""})
    work()
    lesson.refresh_from_db()
    assert (lesson.lede, lesson.has_unpublished_changes) == ("Nos propres mots", True)


def test_what_changed_since_it_was_checked_is_shown_before_it_is_imported(client, author, archive):
    client.post(upload(client, archive))
    work()
    address = upload(client, archive)
    Arrival.objects.filter(state="checked").update(state="importing")
    lesson = LessonPage.objects.live().get(title="Lesson second fr")
    lesson.lede = "Nos propres mots"
    lesson.save_revision().publish()
    work()
    work()
    page = client.get(address).content.decode()
    assert "changed in the meantime" in page
    assert re.search(r'name="update"', page)


def test_an_upload_is_its_bringers_alone(client, author, archive):
    address = upload(client, archive)
    other = an_account()
    grant_role(other, Role.AUTHOR, actor=None, now=timezone.now())
    other.refresh_from_db()
    sign_in(client, other)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_what_a_course_came_with_goes_on_with_it(client, author, archive):
    client.post(upload(client, archive))
    work()
    CourseTransfer.objects.update(licence="CC BY 4.0", attribution="The academy")
    course = CoursePage.objects.get(locale__language_code="en")
    page = client.get(reverse("export_course", args=[course.pk])).content.decode()
    assert "CC BY 4.0" in page
    assert "The academy" in page
