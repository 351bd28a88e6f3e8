"""A small course on disk: one module of two lessons and a quiz, in English, French and Arabic."""

import shutil

import pytest
import yaml

from courses.curriculum import load_course
from courses.models import CoursePage
from tests import databases
from tests.factories.people import NOW

LANGUAGES = ("en", "fr", "ar")
ITEMS = 4


class Files:
    """The files of the course, to be read, changed and written again."""

    def __init__(self, course):
        self.course = course
        self.module = course / "the-module"

    def write_all(self):
        self.module.mkdir(parents=True)
        self.write("module", structure())
        self.write("items", items())
        for language in LANGUAGES:
            self.write(f"lessons.{language}", lesson_words(language))
            self.write(f"items.{language}", item_words(language))

    def write(self, name, data):
        (self.module / f"{name}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")

    def read(self, name):
        return yaml.safe_load((self.module / f"{name}.yaml").read_text(encoding="utf-8"))

    def change(self, name, edit):
        """Read a file, let `edit` change its data, and write it back."""
        data = self.read(name)
        edit(data)
        self.write(name, data)

    def remove(self, name):
        (self.module / f"{name}.yaml").unlink()


@pytest.fixture(scope="module")
def _small_course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("curriculum") / "small-course"
    Files(folder).write_all()
    return folder


@pytest.fixture(scope="module")
def loaded(_small_course, django_db_setup, django_db_blocker):
    """The course is in the database of every test of the module: pages take their time, so they are made once."""
    with django_db_blocker.unblock(), databases.copy():
        load_course(_small_course, now=NOW)
        yield


@pytest.fixture
def files(_small_course, tmp_path):
    """The test's own copy of the files."""
    shutil.copytree(_small_course, tmp_path / "small-course")
    return Files(tmp_path / "small-course")


@pytest.fixture
def course(loaded, db):
    """The course's page in its source language."""
    return CoursePage.objects.get(locale__language_code="en")


def structure():
    return {
        "shape": 1,
        "key": "the-module",
        "position": 1,
        "minutes": 75,
        "objectives": [{"key": "know", "rad_factors": [7]}],
        "lessons": [
            {
                "key": key,
                "minutes": 30,
                "rad_factors": [7],
                "blocks": [{"key": "opening", "type": "prose"}, {"key": "rule", "type": "key_point"}],
            }
            for key in ("first", "second")
        ],
        "quiz": {"key": "small-quiz", "draw": 3, "time_limit_minutes": 10, "minutes": 15},
    }


def lesson_words(language):
    return {
        "shape": 1,
        "language": language,
        "course": {"title": f"Course {language}", "summary": f"Summary {language}"},
        "module": {"title": f"Module {language}", "summary": "About it", "objectives": {"know": f"Know {language}"}},
        "quiz": {"title": f"Quiz {language}", "introduction": f"Introduction {language}"},
        "lessons": {
            key: {
                "title": f"Lesson {key} {language}",
                "lede": f"Lede {key} {language}",
                "blocks": {
                    "opening": {"html": f"<p>Words of {key} in {language}.</p>"},
                    "rule": {"text": f"The rule of {key} in {language}."},
                },
            }
            for key in ("first", "second")
        },
    }


def items():
    return {
        "shape": 1,
        "bank": "small-bank",
        "items": [
            {
                "key": f"item-{number}",
                "difficulty": 1,
                "tags": ["refuse"],
                "rad_factors": [7],
                "options": [
                    {"key": "a", "rating": "best"},
                    {"key": "b", "rating": "risky"},
                    {"key": "c", "rating": "breach", "mechanism": "attribution_of_blame", "bright_line": True},
                ],
            }
            for number in range(ITEMS)
        ],
    }


def item_words(language):
    return {
        "shape": 1,
        "language": language,
        "items": {
            f"item-{number}": {
                "stem": f"Stem {number} {language}",
                "options": {
                    key: {"text": f"Answer {key} {language}", "consequence": f"Consequence {key}"} for key in "abc"
                },
            }
            for number in range(ITEMS)
        },
    }
