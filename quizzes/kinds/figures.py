"""Numbers as people write them, with or without a unit, and when a typed number is the accepted one.

Read are `12,5` and `12.5`, `1 234,5`, `1'234.5`, `1,234.5`, `1.234,5` and `12,34,567`, digits of any script with their
own marks (`١٢٫٥`), `1e3`, `1.2 × 10³`, and signs. A comma and a point mean one thing in Bern and another in Dakar, and
nothing in an answer tells where its writer went to school: `1,234` is read both as one and a bit and as one thousand
two hundred and thirty-four, and counts if either is right. The learner knew the number; the notation was not the
question.

Everything is reckoned exactly, in fractions: 0.1 + 0.2 is 0.3, and who is exactly at the edge of the tolerance is
within it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from quizzes.kinds.contract import LONGEST_LINE, NOTHING, UNSTORABLE, WrongItem
from quizzes.kinds.shapes import MOST_PARTS, check_decimal, check_earnable, check_parts
from quizzes.kinds.written import plain

LONGEST_UNIT = 20

DECIMAL_MARKS = ".,٫"
GROUP_MARKS = ("", ".", ",", " ", "'", "٬")

SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
# A power of ten is part of the number; a square metre may be written `m2` as well.
CARET_OF_A_UNIT = re.compile(r"(?<!10)\^")

NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?(?P<digits>[0-9.,٫٬' ]*)(?: ?(?:e|[x×*·] ?10 ?\^) ?(?P<power>[+-]?[0-9]{1,2}))?", re.IGNORECASE
)


def _notation(group: str, decimal: str) -> re.Pattern:
    """Digits in groups of three (or of two after the first three, as in India), perhaps with a decimal mark."""
    mark = re.escape(group)
    whole = rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+|[1-9][0-9]?(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}"
    return re.compile(rf"(?P<whole>{whole if group else '[0-9]*'})(?:{re.escape(decimal)}(?P<part>[0-9]*))?")


NOTATIONS = [_notation(group, decimal) for group, decimal in product(GROUP_MARKS, DECIMAL_MARKS) if group != decimal]


def _spelled(text: str) -> str:
    """A text with plain digits, single spaces and no full stop at its end."""
    text = SUPERSCRIPT.sub(lambda raised: "^" + raised[0].translate(RAISED), text)
    return " ".join(CARET_OF_A_UNIT.sub("", plain(text)).split()).rstrip(".").rstrip()


def readings(text: str) -> frozenset[Fraction]:
    """The numbers that a text may mean: none, one, or two where a comma or a point can be read in two ways."""
    return _readings(_spelled(text)) if len(text) <= LONGEST_LINE else frozenset()


def _readings(spelled: str) -> frozenset[Fraction]:
    number = NUMBER.fullmatch(spelled)
    if number is None:
        return frozenset()
    digits = number["digits"].strip()
    found = (notation.fullmatch(digits) for notation in NOTATIONS)
    values = {_value(each["whole"], each["part"] or "") for each in found if each and (each["whole"] or each["part"])}
    scale = Fraction(10) ** int(number["power"] or 0)
    return frozenset((-value if number["sign"] == "-" else value) * scale for value in values)


def _value(whole: str, part: str) -> Fraction:
    whole = re.sub("[^0-9]", "", whole)
    return Fraction(int(whole + part), 10 ** len(part))


@dataclass(frozen=True)
class Units:
    """The units in which a quantity may be given, each with what one of it is in the unit of the accepted answers.

    `bare` is whether a number without a unit counts, as one in that unit.
    """

    factors: tuple[tuple[str, Fraction], ...] = ()
    bare: bool = True

    @classmethod
    def of(cls, units: list[dict], bare: bool) -> "Units":
        return cls(tuple((_spelled(each["unit"]), Fraction(each["factor"])) for each in units), bare)

    def readings(self, text: str) -> frozenset[Fraction]:
        """The quantities that a text may mean, in the unit of the accepted answers.

        A unit stands before or after its number. Its case counts where it tells two units apart (mW, MW).
        """
        if len(text) > LONGEST_LINE:
            return frozenset()
        spelled = _spelled(text)
        measured = _measured(spelled, self.factors) or _measured(
            spelled.casefold(), [(unit.casefold(), factor) for unit, factor in self.factors]
        )
        return measured | _readings(spelled) if self.bare else measured


def _measured(spelled: str, units: Iterable[tuple[str, Fraction]]) -> frozenset[Fraction]:
    sign, size = (spelled[0], spelled[1:].strip()) if spelled[:1] in ("+", "-") else ("", spelled)
    found: set[Fraction] = set()
    for unit, factor in units:
        for number in (size.removesuffix(unit), size.removeprefix(unit)):
            if number != size and not (sign and number.strip()[:1] in ("+", "-")):
                found.update(each * factor for each in _readings(sign + number.strip()))
    return frozenset(found)


NO_UNITS = Units()


@dataclass(frozen=True)
class AcceptedFigures:
    """Accepted numbers: value, tolerance and the share that each of them earns."""

    answers: tuple[tuple[Fraction, Fraction, Fraction], ...]
    units: Units = NO_UNITS

    @classmethod
    def of(cls, answers: list[dict], units: Units = NO_UNITS) -> "AcceptedFigures":
        return cls(
            tuple(
                (Fraction(each["value"]), Fraction(each["tolerance"]), Fraction(each["fraction"])) for each in answers
            ),
            units,
        )

    def _matching(self, reading: Fraction) -> list[int]:
        return [
            number for number, (value, tolerance, _) in enumerate(self.answers) if abs(reading - value) <= tolerance
        ]

    def credit(self, typed: str) -> Fraction:
        """The best share that any reading of the answer earns; less than nothing if only a bad answer matches."""
        return max(
            (
                max((self.answers[number][2] for number in self._matching(reading)), default=NOTHING)
                for reading in self.units.readings(typed)
            ),
            default=NOTHING,
        )

    def best(self, typed: str) -> int | None:
        """The number (from 0) of the best of the answers that are matched, for its feedback."""
        matching = sorted({number for reading in self.units.readings(typed) for number in self._matching(reading)})
        return max(matching, key=lambda number: self.answers[number][2], default=None)


def check_figures(answers: Any) -> None:
    """That there are accepted numbers, one of which earns everything. Raises WrongItem."""
    if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_PARTS:
        raise WrongItem(f"it has no accepted answers, or more than {MOST_PARTS}")
    for each in answers:
        check_parts(each, {"value", "tolerance", "fraction"})
        check_decimal(each["value"])
        check_decimal(each["tolerance"], 0)
    check_earnable([each["fraction"] for each in answers])


def right_figures(answers: list[dict]) -> list[dict]:
    """The numbers that earn everything, for a review."""
    return [
        {"value": each["value"], "tolerance": each["tolerance"]} for each in answers if Fraction(each["fraction"]) == 1
    ]


def check_unit(unit: Any) -> None:
    """That something is a unit, which no digit, sign or mark of a number begins. Raises WrongItem."""
    if not isinstance(unit, str) or len(unit) > LONGEST_UNIT or UNSTORABLE.search(unit):
        raise WrongItem("a unit is no short text")
    if re.match(r"[0-9+.,٫٬'^-]|$", _spelled(unit)):
        raise WrongItem(f"“{unit}” is no unit: it could be part of a number")
