"""Whose word counts when a line is to be spared."""

import pytest
from django.test import RequestFactory

from core.bandwidth import is_spared


class Person:
    def __init__(self, saves_data):
        self.saves_data = saves_data


@pytest.mark.parametrize(
    ("cookie", "preferred", "header", "expected"),
    [
        (None, None, None, False),
        (None, None, "on", True),
        (None, None, "off", False),
        (None, False, "on", False),
        (None, True, None, True),
        ("full", True, "on", False),
        ("low", False, None, True),
        ("nonsense", None, "on", True),
    ],
)
def test_the_device_then_the_account_then_the_browser(cookie, preferred, header, expected):
    request = RequestFactory().get("/", headers={"Save-Data": header} if header else {})
    if cookie:
        request.COOKIES["line"] = cookie
    request.user = Person(preferred)
    assert is_spared(request) is expected


def test_a_request_without_anybody_is_fine():
    assert is_spared(RequestFactory().get("/")) is False
