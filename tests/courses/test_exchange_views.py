"""An author takes a course out and brings it in on pages."""

import re

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.models import CoursePage, CourseTransfer, LessonPage
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
    return client.post(reverse("import_course"), {"archive": SimpleUploadedFile(name, data)})


def test_an_archive_is_checked_then_imported_then_exported_alike(client, author, archive):
    answer = upload(client, archive)
    report = client.get(answer["Location"])
    assert "Lesson first fr" in report.content.decode()
    assert CoursePage.objects.count() == 0
    client.post(answer["Location"])
    course = CoursePage.objects.get(locale__language_code="en")
    assert LessonPage.objects.live().count() == 6
    [transfer] = CourseTransfer.objects.all()
    assert (transfer.actor, storages["private"].exists(transfer.file)) == (author, False)
    answer = client.post(reverse("export_course", args=[course.pk]), {"licence": "", "attribution": ""})
    assert b"".join(answer.streaming_content) == archive
    kinds = list(RecordEntry.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds[-2:] == ["courses.course.imported", "courses.course.exported"]


def test_what_cannot_be_trusted_is_named_and_not_kept(client, author):
    answer = upload(client, b"not a zip")
    assert answer.status_code == 422
    assert "no zip file" in answer.content.decode()
    assert not CourseTransfer.objects.exists()


def test_a_course_that_differs_is_imported_as_drafts(client, author, archive):
    client.post(upload(client, archive)["Location"])
    lesson = LessonPage.objects.live().get(title="Lesson second fr")
    lesson.lede = "Nos propres mots"
    lesson.save_revision().publish()
    answer = upload(client, archive)
    page = client.get(answer["Location"]).content.decode()
    assert re.search(r'name="update"', page)
    client.post(answer["Location"], {"update": ""})
    lesson.refresh_from_db()
    assert (lesson.lede, lesson.has_unpublished_changes) == ("Nos propres mots", True)


def test_an_upload_is_its_bringers_alone(client, author, archive):
    address = upload(client, archive)["Location"]
    other = an_account()
    grant_role(other, Role.AUTHOR, actor=None, now=timezone.now())
    other.refresh_from_db()
    sign_in(client, other)
    assert client.get(address).status_code == 404


def test_what_a_course_came_with_goes_on_with_it(client, author, archive):
    client.post(upload(client, archive)["Location"])
    CourseTransfer.objects.update(licence="CC BY 4.0", attribution="The academy")
    course = CoursePage.objects.get(locale__language_code="en")
    page = client.get(reverse("export_course", args=[course.pk])).content.decode()
    assert "CC BY 4.0" in page
    assert "The academy" in page
