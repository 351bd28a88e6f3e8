"""What is told before anything starts."""

import copy

import pytest

from core import checks


def identifiers(found):
    return [message.id for message in found]


def test_the_settings_as_they_stand_pass(settings):
    assert checks.databases_keep_the_house_rules(None) == []
    assert checks.every_language_is_known(None) == []


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_requests_are_not_transactions(settings):
    settings.DATABASES = {"default": copy.deepcopy(settings.DATABASES["default"]) | {"ATOMIC_REQUESTS": True}}
    assert identifiers(checks.databases_keep_the_house_rules(None)) == ["core.E001"]


@pytest.mark.parametrize("engine", ["core.sqlite", "django.db.backends.sqlite3"])
@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
def test_sqlite_queues_its_writers_and_holds_its_foreign_keys(settings, engine):
    settings.DATABASES = {"default": {"ENGINE": engine, "NAME": "x"}}
    assert identifiers(checks.databases_keep_the_house_rules(None)) == ["core.E002"]


def test_a_language_without_a_name_of_its_own_is_reported(settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("tlh", "Klingon")]
    assert identifiers(checks.every_language_is_known(None)) == ["core.E003"]
