"""Medians and rates, pure. A histogram is what a database counts: how often each value occurs."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

_TENTH = Decimal("0.1")


Value = TypeVar("Value", int, Decimal)


def median(histogram: Mapping[Value, int]) -> Decimal | None:
    """The middle value, or the mean of the two in the middle; None where nothing was counted."""
    counted = sum(histogram.values())
    if not counted:
        return None
    lower, upper = (counted - 1) // 2, counted // 2
    found: list[Decimal] = []
    passed = 0
    for value in sorted(histogram):
        passed += histogram[value]
        while len(found) < 2 and (lower, upper)[len(found)] < passed:
            found.append(Decimal(value))
    return (found[0] + found[1]) / 2


def rate(part: int, whole: int) -> Decimal | None:
    """Per cent with one decimal, halves up: 753 of 1,210 is 62.2. None where there is no whole."""
    if not whole:
        return None
    return tenth(Decimal(part) * 100 / whole)


def tenth(value: Decimal) -> Decimal:
    """To one decimal, halves up."""
    return value.quantize(_TENTH, ROUND_HALF_UP)


def hours(minutes: int) -> str:
    """Whole minutes as hours to a tenth, halves up, as a machine reads it: 1.3 for 75."""
    tenths = (minutes + 3) // 6
    return f"{tenths // 10}.{tenths % 10}"
