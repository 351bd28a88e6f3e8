"""What every test may ask for.

@pytest.mark.django_db     the usual case: the test's changes are rolled back
@pytest.mark.committing    the test really commits (threads, other processes, on_commit): it gets a copy of the
                           migrated database to itself. Not together with django_db
@pytest.mark.queue         a real broker and a real worker: the fixtures of tests/concurrency
@pytest.mark.e2e           a browser before the whole running system: the fixtures of tests/e2e
@pytest.mark.any_database  asks a database, but what it states is not about one: it runs on SQLite alone
@pytest.mark.long          load, scale and long journeys: `make test-long`
"""

import os
import shutil
from contextlib import ExitStack, closing

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.utils import translation

from cohorts import asked
from courses import national, reading, search, wordings
from people import kept_calendars, page_heads
from quizzes import content
from tests import databases

_SHARED = pytest.StashKey[databases.Watch]()


def pytest_configure(config):
    """What every start of the platform has made before: the texts in all languages, and a place for static files."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        call_command("messages", "compile", verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, pytestconfig):
    """One copy of the migrated template for the whole process; replaces pytest-django's own way.

    Open while it is made and not for longer: a test that asks a database and has no mark for one would commit into
    what all the others share.
    """
    with ExitStack() as kept:
        with django_db_blocker.unblock():
            kept.enter_context(databases.copy())
        pytestconfig.stash[_SHARED] = kept.enter_context(closing(databases.Watch()))
        yield
        del pytestconfig.stash[_SHARED]


@pytest.fixture(autouse=True)
def _nothing_committed(pytestconfig):
    """Rows that one test leaves in the database of all are found here, and not by some other test much later."""
    yield
    shared = pytestconfig.stash.get(_SHARED, None)
    if shared and shared.has_changed():
        pytest.fail("It committed into the database that all tests share. Mark it `committing`, or `django_db`.")


@pytest.fixture
def committing_database(django_db_setup, django_db_blocker):
    """A database of the test's own, in which it may commit from as many threads and processes as it likes."""
    with django_db_blocker.unblock(), databases.copy():
        yield


@pytest.fixture(autouse=True)
def _database_for_committing_tests(request):
    if request.node.get_closest_marker("committing"):
        if request.node.get_closest_marker("django_db"):
            pytest.fail("A test marked `committing` has a database of its own; take the mark `django_db` away.")
        request.getfixturevalue("committing_database")


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """No test finds what another one cached, or speaks the language it spoke, so that their order does not matter.

    A rolled-back row gives its id to the next test's, so what processes keep of rows that never change goes too.
    """
    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()
    page_heads.forget()
    kept_calendars.forget()
    national.forget()
    wordings.forget()
    content.forget()
    reading.forget()
    asked.forget()
    search.forget()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, the tests that ask a database something: the others would only say the same again."""
    if "DATABASE_URL" not in os.environ:
        return
    asking = [item for item in items if _asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


def _asks_a_database(item):
    marks = {mark.name for mark in item.iter_markers()}
    return "any_database" not in marks and bool(
        marks & {"django_db", "committing", "queue", "e2e"} or {"db", "django_db_setup"} & set(item.fixturenames)
    )


def pytest_unconfigure(config):
    # The process that began the run made the folder; its parallel workers use rooms within it.
    if "PYTEST_XDIST_WORKER" not in os.environ and "PLUMBLINE_TEST_DATA" in os.environ:
        shutil.rmtree(os.environ["PLUMBLINE_TEST_DATA"], ignore_errors=True)
