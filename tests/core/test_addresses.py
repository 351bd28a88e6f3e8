"""Addresses that are looked up once are those that Django would look up."""

import uuid

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from core.addresses import address

ONE, ANOTHER = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("name", "rows"), [("my_writing", []), ("quiz_paper", [ONE]), ("learn", [ONE, ANOTHER]), ("learn", [ANOTHER, ONE])]
)
def test_each_is_the_one_that_is_looked_up_anew(name, rows, language):
    with translation.override(language):
        assert address(name, *rows) == reverse(name, args=rows)


def test_a_page_that_there_is_not_is_an_error():
    with pytest.raises(NoReverseMatch):
        address("quiz_paper")
