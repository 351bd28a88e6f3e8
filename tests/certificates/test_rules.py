"""Expiry and status, rule 5 of the domain."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.rules import Status, expiry, status_on

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
months = st.integers(1, 60)


@pytest.mark.parametrize(
    ("issued", "period", "expires"),
    [
        (date(2025, 3, 1), 6, date(2025, 9, 1)),
        (date(2025, 3, 1), 12, date(2026, 3, 1)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_a_certificate_expires_months_later_clamped_to_the_end_of_the_month(issued, period, expires):
    assert expiry(issued, period) == expires


@given(days, months)
def test_expiry_falls_into_the_month_that_many_months_later(issued, period):
    expires = expiry(issued, period)
    assert (expires.year * 12 + expires.month) - (issued.year * 12 + issued.month) == period
    assert expires.day == min(issued.day, monthrange(expires.year, expires.month)[1])


@given(days, days, months)
def test_who_is_issued_later_does_not_expire_earlier(one, other, period):
    first, second = sorted([one, other])
    assert expiry(first, period) <= expiry(second, period)


@given(days, months)
def test_a_certificate_holds_to_the_day_before_its_expiry(issued, period):
    expires = expiry(issued, period)
    standing = {"expires_on": expires, "revoked": False, "superseded": False}
    assert status_on(issued, **standing) == Status.VALID
    assert status_on(expires - timedelta(days=1), **standing) == Status.VALID
    assert status_on(expires, **standing) == Status.EXPIRED


@given(days, st.none() | days, st.booleans())
def test_what_was_taken_back_stays_taken_back(on, expires, superseded):
    assert status_on(on, expires_on=expires, revoked=True, superseded=superseded) == Status.REVOKED


@given(days, st.none() | days)
def test_a_replaced_certificate_says_so_even_after_its_time(on, expires):
    assert status_on(on, expires_on=expires, revoked=False, superseded=True) == Status.SUPERSEDED


@given(days)
def test_without_a_day_of_expiry_it_never_expires(on):
    assert status_on(on, expires_on=None, revoked=False, superseded=False) == Status.VALID
