"""Numbers as questions have them: decimal texts, exact, without needless zeros. Pure."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

# As much as a structure takes (quizzes.kinds.choices.check_fraction).
DECIMALS_OF_A_FRACTION = 7
DECIMALS = 20
LONGEST = 40
_NUMBER = re.compile(r"[+-]?(?:\d{1,20}(?:[.,]\d{0,20})?|[.,]\d{1,20})(?:[eE][+-]?\d{1,2})?", re.ASCII)
_EXACT = Context(prec=80)


def number(text: str) -> Decimal | None:
    """A number as authors write it, with a point or a comma for the decimals; None for what is none."""
    text = text.strip()
    if len(text) > LONGEST or not _NUMBER.fullmatch(text):
        return None
    value = Decimal(text.replace(",", "."))
    return value if len(written(value)) <= LONGEST else None


def written(value: Decimal) -> str:
    """The decimal text of a number: never an exponent, no zeros at the end, no minus before nothing."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0", "-") else text


def fraction(percent: str) -> Decimal | None:
    """A share of the points from a percentage, rounded to what a structure takes; None for what is none."""
    value = number(percent)
    if value is None or abs(value) > 100:
        return None
    return rounded(_EXACT.divide(value, Decimal(100)))


def rounded(share: Decimal) -> Decimal:
    return share.quantize(Decimal(1).scaleb(-DECIMALS_OF_A_FRACTION), ROUND_HALF_EVEN)


def percent(share: str) -> str:
    """The percentage of a share: `0.3333333` is `33.33333`."""
    return written(Decimal(share) * 100)


def inverse(value: Decimal) -> tuple[str, bool]:
    """One divided by a number, as a decimal text, and whether that is exact."""
    result = _EXACT.divide(Decimal(1), value).quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_EVEN, _EXACT)
    return written(result), _EXACT.multiply(result, value) == 1


def product(share: str, points: str) -> str:
    """What a share of some points is."""
    return written(_EXACT.multiply(Decimal(share), Decimal(points)))
