"""How the values of an item's structure are told to people."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quizzes.kinds.choices import Rating
from quizzes.models import Mechanism

RATINGS = {
    Rating.BEST: gettext_lazy("Best"),
    Rating.ACCEPTABLE: gettext_lazy("Acceptable"),
    Rating.RISKY: gettext_lazy("Risky"),
    Rating.BREACH: gettext_lazy("Breach"),
}
CREDITS = {
    "pairs": gettext_lazy("Each pair in the right order earns its share"),
    "whole": gettext_lazy("Only the whole order earns"),
}
GAP_KINDS = {
    "text": pgettext_lazy("fills a gap", "Words that are typed"),
    "choice": pgettext_lazy("fills a gap", "One of several options"),
    "number": pgettext_lazy("fills a gap", "A number that is typed"),
}
UNIT_DEMANDS = {
    "none": gettext_lazy("No unit"),
    "optional": gettext_lazy("A unit may be given"),
    "required": gettext_lazy("A unit must be given"),
}
SHAPES = {
    "rect": pgettext_lazy("shape", "Rectangle"),
    "circle": pgettext_lazy("shape", "Circle"),
    "polygon": pgettext_lazy("shape", "Polygon"),
}
_CHOICES: Mapping[str, Mapping] = {
    "rating": RATINGS,
    "credit": CREDITS,
    "kind": GAP_KINDS,
    "unit": UNIT_DEMANDS,
    "shape": SHAPES,
}


def _plain(number: Decimal) -> str:
    return format(number.normalize() if number else Decimal(0), "f")


def value_as_text(path: tuple[str, ...], value: Any) -> str:
    """A value as an author reads it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if path[-1] == "sha256" or path == ("image",):
        return str(value)[:12]
    if path[-1] == "fraction":
        return _("%(share)s per cent") % {"share": _plain(Decimal(value) * 100)}
    if path[-1] == "coords":
        return ", ".join(map(str, value))
    if path[-1] == "mechanism" and value in Mechanism.values:
        return str(Mechanism(value).label)
    if path[-1] in _CHOICES and value in _CHOICES[path[-1]]:
        return str(_CHOICES[path[-1]][value])
    return str(value)
