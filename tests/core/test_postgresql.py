"""A connection that the server has ended is not used again, and one that stands is not asked about."""

import contextlib
import time

import pytest
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a file does not hang up"),
]


@pytest.fixture
def kept():
    """A second connection, as a web server's thread keeps it from request to request."""
    other = connection.copy()
    other.settings_dict = {**other.settings_dict, "CONN_HEALTH_CHECKS": True}
    other.connect()
    with contextlib.closing(other):
        yield other


def ask(wrapper, sql, *parameters):
    with wrapper.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def end(wrapper):
    """The server ends a connection, and what it says of that has arrived."""
    [pid] = ask(wrapper, "SELECT pg_backend_pid()")
    assert ask(connection, "SELECT pg_terminate_backend(%s, 5000)", pid) == (True,)
    deadline = time.monotonic() + 10
    while wrapper.is_usable() and time.monotonic() < deadline:
        time.sleep(0.01)
    return pid


def test_a_connection_that_stands_is_usable_and_not_asked(kept):
    [before] = ask(kept, "SELECT pg_backend_pid()")
    asked = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    assert kept.is_usable()
    assert ask(connection, asked, before) == ("SELECT pg_backend_pid()",)


def test_a_connection_that_the_server_has_ended_is_replaced_before_the_next_request(kept):
    pid = end(kept)
    assert not kept.is_usable()
    kept.close_if_unusable_or_obsolete()
    [anew] = ask(kept, "SELECT pg_backend_pid()")
    assert anew != pid


def test_what_the_server_says_unasked_is_no_end(kept):
    ask(kept, "SELECT set_config('application_name', 'kept', false)")
    ask(connection, "SELECT pg_reload_conf()")
    assert kept.is_usable()
    assert ask(kept, "SELECT 1") == (1,)


def test_after_an_error_the_server_is_asked(kept):
    [pid] = ask(kept, "SELECT pg_backend_pid()")
    kept.errors_occurred = True
    assert kept.is_usable()
    assert ask(connection, "SELECT query FROM pg_stat_activity WHERE pid = %s", pid) == ("SELECT 1",)
