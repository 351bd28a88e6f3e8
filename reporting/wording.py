"""Figures as a reader writes them, and reasons in words."""

from decimal import Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cohorts.rules import Reason, Risk
from reporting.scope import GroupOfRun, Scope
from reporting.statistics import tenth

# Where there is nothing to tell.
NONE = "–"
_NO_BREAK = "\u00a0"


def number(value: int) -> str:
    """1,210"""
    return number_format(value, force_grouping=True) if value > 999 else str(value)


def percent(rate: Decimal | None) -> str:
    """62.2 %"""
    return NONE if rate is None else _percent(rate, get_language())


@lru_cache(maxsize=4096)
def _percent(rate: Decimal, language: str) -> str:
    """A board writes some two hundred of the thousand that there are."""
    return _together(_("%(number)s %%") % {"number": number_format(tenth(rate), decimal_pos=1)})


def hours(minutes: Decimal | None) -> str:
    """61.5 h, from minutes"""
    if minutes is None:
        return NONE
    return _together(_("%(number)s h") % {"number": number_format(tenth(minutes / 60), decimal_pos=1)})


def _together(text: str) -> str:
    """A number and its unit, never at the two ends of a line."""
    return text.replace(" ", _NO_BREAK)


def section(number: int) -> str:
    return _("Section %(number)d") % {"number": number}


def group(each: GroupOfRun) -> str:
    return _("Section %(section)d, group %(group)d") % {"section": each.section, "group": each.number}


def part(scope: Scope) -> str:
    """The section or group that is shown; empty for everything."""
    if scope.section is None:
        return ""
    return section(scope.section) if scope.group is None else group(scope.shown[0])


def reason(why: Reason) -> str:
    """A reason of rule 11 with its figure. Of attempts it says how many were used, never how they were answered."""
    figure = why.figure
    if why.risk == Risk.IDLE:
        return ngettext("no activity for %(days)d day", "no activity for %(days)d days", figure) % {"days": figure}
    if why.risk == Risk.BEHIND:
        return _("%(percent)d %% behind planned hours") % {"percent": figure}
    return ngettext(
        "has used %(attempts)d attempt without passing", "has used %(attempts)d attempts without passing", figure
    ) % {"attempts": figure}
