"""A stream of blocks on its way: the value as it is stored, with its references turned, its shape checked.

Blocks are told by their kind and not by their name, so that a new block of known parts travels without a line here.
What is stored is kept as it is, ids included: learners' progress and writing hang on them.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _
from wagtail import blocks

from courses.exchange import names


class Misshapen(Exception):
    """A value that its block would not have stored; the message says what is wrong, `place` where."""

    def __init__(self, problem: str, place: str):
        super().__init__(f"{place}: {problem}")


def turned(block: blocks.Block, value, translator: names.Translator, place: str):
    """The stored value of a block with its references turned. Raises Misshapen, naming the place."""
    for kind, turn in _TURNS:
        if isinstance(block, kind):
            return turn(block, value, translator, place)
    raise Misshapen(_("blocks of this kind do not travel"), place)


def _stream(block, value, translator, place):
    found = []
    for number, part in enumerate(_expected(value, list, place), start=1):
        here = f"{place} › {number}"
        part = _expected(part, dict, here)
        child = block.child_blocks.get(part.get("type"))
        if child is None:
            raise Misshapen(_("there is no block of the type “%(type)s”") % {"type": str(part.get("type"))[:40]}, here)
        _check_parts(part, {"type", "value", "id"}, here)
        here = f"{place} › {number} {child.name}"
        found.append({**part, "id": _block_id(part.get("id"), here)} if "id" in part else dict(part))
        found[-1]["value"] = turned(child, part.get("value"), translator, here)
    return found


def _struct(block, value, translator, place):
    value = _expected(value, dict, place)
    if translator.trusting:  # what a block once had and has no longer is stored still, and read by nobody
        value = {name: part for name, part in value.items() if name in block.child_blocks}
    _check_parts(value, set(block.child_blocks), place)
    return {
        name: turned(block.child_blocks[name], part, translator, f"{place} › {name}") for name, part in value.items()
    }


def _list(block, value, translator, place):
    found = []
    for number, part in enumerate(_expected(value, list, place), start=1):
        here = f"{place} › {number}"
        # Wagtail stores both: bare values, and since 2.16 values with an id of their own.
        if isinstance(part, dict) and part.get("type") == "item" and {"id", "value"} <= part.keys():
            _check_parts(part, {"type", "value", "id"}, here)
            inner = turned(block.child_block, part["value"], translator, here)
            found.append({"type": "item", "value": inner, "id": _block_id(part["id"], here)})
        else:
            found.append(turned(block.child_block, part, translator, here))
    return found


def _chooser(block, value, translator, place):
    if value is None:
        return None
    kind = names.kind_of(block.model_class)
    if kind is None:
        raise Misshapen(_("a reference of this kind does not travel"), place)
    return translator.reference(kind, value)


def _rich_text(block, value, translator, place):
    return translator.html(_expected(value, str, place))


def _text(block, value, translator, place):
    return None if value is None else _expected(value, str, place)


def _url(block, value, translator, place):
    value = _text(block, value, translator, place)
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise Misshapen(_("this is no web address"), place)
    return value


def _flag(block, value, translator, place):
    return None if value is None else _expected(value, bool, place)


def _choice(block, value, translator, place):
    for one in value if isinstance(value, list) else [value]:
        if one is not None and not isinstance(one, str | int):
            raise Misshapen(_("this is not one of the choices"), place)
    try:
        block.field.clean(value)
    except ValidationError as problem:
        if value not in (None, "", []):
            raise Misshapen(_("this is not one of the choices"), place) from problem
    return value


def _number(block, value, translator, place):
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Misshapen(_("this is not a number"), place)
    return value


def _decimal(block, value, translator, place):
    try:
        Decimal(value if value not in (None, "") else 0)
    except (InvalidOperation, TypeError, ValueError) as problem:
        raise Misshapen(_("this is not a number"), place) from problem
    return value


def _nothing(block, value, translator, place):
    if value is not None:
        raise Misshapen(_("this block has no value of its own"), place)


def _moment(parse: Callable[[str], object]):
    def turn(block, value, translator, place):
        try:
            valid = value is None or (isinstance(value, str) and parse(value) is not None)
        except ValueError:
            valid = False
        if not valid:
            raise Misshapen(_("this is no date or time"), place)
        return value

    return turn


def _block_id(value, place: str):
    if not isinstance(value, str) or not 0 < len(value) <= 64 or not value.isascii() or not value.isprintable():
        raise Misshapen(_("the block's id is not one"), place)
    return value


def _expected(value, kind: type, place: str):
    if not isinstance(value, kind):
        problem = {list: _("this is not a list"), dict: _("this is not an object"), str: _("this is not a text")}
        raise Misshapen(problem.get(kind, _("this is neither true nor false")), place)
    return value


def _check_parts(value: dict, known: set[str], place: str) -> None:
    for name in sorted(set(value) - known):
        raise Misshapen(_("“%(part)s” is unknown") % {"part": name[:40]}, place)


# The first that fits; a kind stands before what it derives from. A block of raw HTML is in none: it does not travel.
_TURNS = (
    (blocks.StreamBlock, _stream),
    (blocks.StructBlock, _struct),
    (blocks.ListBlock, _list),
    (blocks.ChooserBlock, _chooser),
    (blocks.RichTextBlock, _rich_text),
    (blocks.StaticBlock, _nothing),
    (blocks.URLBlock, _url),
    (blocks.CharBlock, _text),
    (blocks.TextBlock, _text),
    (blocks.RegexBlock, _text),
    (blocks.EmailBlock, _text),
    (blocks.BooleanBlock, _flag),
    (blocks.IntegerBlock, _number),
    (blocks.FloatBlock, _number),
    (blocks.DecimalBlock, _decimal),
    (blocks.MultipleChoiceBlock, _choice),
    (blocks.ChoiceBlock, _choice),
    (blocks.DateTimeBlock, _moment(parse_datetime)),
    (blocks.DateBlock, _moment(parse_date)),
    (blocks.TimeBlock, _moment(parse_time)),
)
