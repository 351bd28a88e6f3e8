"""Addresses that are looked up once are those that Django would look up."""

import uuid

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from core.addresses import address, addresses

ONE, ANOTHER = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("name", "rows"), [("my_writing", []), ("quiz_paper", [ONE]), ("learn", [ONE, ANOTHER]), ("learn", [ANOTHER, ONE])]
)
def test_each_is_the_one_that_is_looked_up_anew(name, rows, language):
    with translation.override(language):
        assert address(name, *rows) == reverse(name, args=rows)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_those_of_one_page_differ_in_the_last_row(language):
    with translation.override(language):
        address_of = addresses("learn", ONE)
        assert [address_of(row) for row in (ANOTHER, ONE)] == [
            reverse("learn", args=[ONE, ANOTHER]),
            reverse("learn", args=[ONE, ONE]),
        ]
        assert addresses("quiz_paper")(ANOTHER) == reverse("quiz_paper", args=[ANOTHER])


def test_a_page_that_there_is_not_is_an_error():
    with pytest.raises(NoReverseMatch):
        address("quiz_paper")
