"""Queries on SQLite, whose places for values are found once."""

import pytest
from django.db import connection

from core.sqlite import base

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="an engine for SQLite"),
]


def asked(query, values=None):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


def test_it_is_the_engine_of_an_address_of_sqlite():
    assert connection.settings_dict["ENGINE"] == "core.sqlite"
    with connection.cursor() as cursor:
        assert isinstance(cursor.cursor, base.Cursor)


@pytest.mark.parametrize("padding", ["", " " * base.LONGEST_KEPT])
def test_values_come_to_their_places_each_time(padding):
    for value in ("one", "%s", "?"):
        assert asked(f"SELECT %s, 'all 100%%', '%%s', %s{padding}", [value, 2]) == (value, "all 100%", "%s", 2)
        assert asked(f"SELECT %(named)s, '%%'{padding}", {"named": value}) == (value, "%")
    assert asked(f"SELECT '100%'{padding}") == ("100%",)


def test_a_long_query_is_not_kept():
    kept = base._converted.cache_info().currsize
    asked("SELECT %s" + " " * base.LONGEST_KEPT, [1])
    assert base._converted.cache_info().currsize == kept
