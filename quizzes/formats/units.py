"""Units of a number in formats that have none: they travel as the mark `plumb:units=optional,kg:1,g:0.001`."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

from django.utils.translation import gettext_lazy as _

from quizzes.formats.amounts import number, written
from quizzes.formats.neutral import Message
from quizzes.formats.texts import line
from quizzes.kinds.contract import WrongItem
from quizzes.kinds.numerical import check_units


def mark(structure: dict, marks: dict[str, str], lost: dict[Message, None]) -> None:
    if structure["unit"] == "none":
        return
    told = [f"{quote(each['unit'], safe='')}:{each['factor']}" for each in structure["units"]]
    marks["units"] = ",".join([structure["unit"], *told])
    if structure["unit"] == "required":
        lost[Message.of(_("Elsewhere its number is right without its unit, and wrong with it."))] = None
    else:
        lost[Message.of(_("Elsewhere its number is wrong with a unit."))] = None


def marked(marks: Mapping[str, str]) -> dict:
    """The parts `units` and `unit` of a structure; without units where the mark makes no sense."""
    demand, *told = marks.get("units", "none").split(",")
    pairs = [each.partition(":") for each in told]
    units = [{"unit": line(unquote(name)), "factor": _amount(factor)} for name, _colon, factor in pairs]
    try:
        check_units(units, asked_for=True)
    except WrongItem:
        return {"units": [], "unit": "none"}
    return {"units": units, "unit": demand} if demand in ("optional", "required") else {"units": [], "unit": "none"}


def _amount(factor: str) -> str:
    value = number(factor)
    return written(value) if value is not None else ""
