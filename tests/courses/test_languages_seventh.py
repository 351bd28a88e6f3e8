"""A seventh language is data and a translation file: its code in the environment, and nothing in the code."""

import os
import re
import subprocess
import sys

import polib
import pytest
from django.conf import settings as project
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale

from core import languages
from courses.languages import services, texts
from courses.languages.board import board_of
from courses.languages.status import Gate, State
from courses.models import LessonPage
from courses.reading import body, outline
from courses.releases import release_course
from people.models import Role
from people.services import grant_role
from tests.factories.people import NOW, an_account, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

SEVENTH = [("fa", "Persian"), ("lt", "Lithuanian")]


@pytest.fixture
def seventh(settings, tmp_path):
    """Persian with a translation file of one sentence, Lithuanian without any."""
    folder = tmp_path / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n > 1);"}
    catalogue.append(polib.POEntry(msgid="Catalogue", msgstr="فهرست"))
    catalogue.save_as_mofile(str(folder / "django.mo"))
    settings.LOCALE_PATHS = [tmp_path, *project.LOCALE_PATHS]
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [*project.LANGUAGES, *SEVENTH]
    yield
    translation.activate(project.LANGUAGE_CODE)


def an_author(**fields):
    author = grant_role(an_account(**fields), Role.AUTHOR, actor=None, now=NOW).user
    author.refresh_from_db()
    return author


def test_the_environment_alone_adds_it():
    told = "from django.conf import settings; print([code for code, _ in settings.LANGUAGES])"
    environment = os.environ | {"MORE_LANGUAGES": "lt, fa", "DJANGO_SETTINGS_MODULE": "elearning.settings.test"}
    answer = subprocess.run(
        [sys.executable, "-c", told], env=environment, cwd=project.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "['en', 'fr', 'es', 'ar', 'pt', 'ru', 'lt', 'fa']"


def test_its_pages_speak_it_from_right_to_left_and_the_menu_names_it_in_itself(seventh, client):
    page = client.get("/fa/catalogue/").content.decode()
    assert re.search(r'<html[^>]* lang="fa"[^>]* dir="rtl"', page)
    assert "فهرست" in page
    assert re.search(r'lang="lt"[^>]*>\s*Lietuviškai', page)
    assert "فارسی" in page


def test_without_a_translation_file_its_pages_fall_back_to_english(seventh, client):
    page = client.get("/lt/catalogue/").content.decode()
    assert re.search(r'<html[^>]* lang="lt"', page)
    assert "Catalogue" in page


def test_its_course_falls_back_to_the_source_until_it_is_translated(course, seventh):
    release = release_course(course, actor=None, now=NOW)
    assert "fa" not in release.languages
    step = outline(release.pk, "fa").activities[0]
    assert (step.language, step.title) == ("en", "Lesson first en")
    assert body(step.node_id, step.language).language == "en"


def test_the_board_has_its_column_and_a_translation_makes_its_pages(course, seventh, client):
    columns = {column.code: column for column in board_of(course).columns}
    assert (columns["fa"].gate, columns["fa"].name, columns["fa"].direction) == (Gate.CLOSED, "فارسی", "rtl")
    assert columns["lt"].counts[State.TRANSLATED] == 0
    translator, reviewer = an_author(), an_author()
    for text in texts.texts_of(course).texts:
        written = {passage.path: f"واژه {number}" for number, passage in enumerate(text.passages)}
        services.save_draft(text, "fa", written, actor=translator, now=NOW)
        services.hand_in(text, "fa", actor=translator, now=NOW)
        services.approve(text, "fa", actor=reviewer, now=NOW)
    [column] = board_of(course, ["fa"]).columns
    assert column.gate == Gate.OPEN
    page = LessonPage.objects.filter(locale=Locale.objects.get(language_code="fa")).first()
    assert str(page.body[0].value) == "<p>واژه 2</p>"
    release = release_course(course, actor=None, now=NOW)
    assert "fa" in release.languages
    assert outline(release.pk, "fa").activities[0].language == "fa"
    sign_in(client, translator)
    board = client.get(reverse("translation_board", args=[course.pk])).content.decode()
    assert '<bdi lang="fa">فارسی</bdi>' in board


def test_it_is_known_by_its_regions_too(seventh):
    assert languages.supported("fa-IR") == "fa"
    assert languages.is_right_to_left("fa")
