"""An iCalendar file (RFC 5545) of holidays: whole days, each once or every year on its date.

The library reads lines, days and rules. It is never given the file as a whole: that would build the time zones in it,
whose rules a stranger may let repeat every second. Of the file we follow the nesting alone and keep the lines of
events that make a holiday. A rule is read, never carried out, so that no rule can be a bomb.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from icalendar.parser import Contentline, Contentlines
from icalendar.prop import vDate, vDuration, vRecur

from core import languages as installed
from core import tables
from core.tables import Unreadable
from people.holiday_import.rows import MAX_DAYS, Read, Refused, Row, Why, check_number, check_size, checked, plain

# Longer than any line of an event that we keep.
LONGEST_LINE = 2_000
MAX_LINES = 20_000
# An alarm within an event within a calendar is three deep.
DEEPEST = 8

_NAME = re.compile(r"[A-Za-z0-9-]+")
_KEPT = frozenset(
    {"DTSTART", "DTEND", "DURATION", "SUMMARY", "RRULE", "RDATE", "EXRULE", "EXDATE", "STATUS", "RECURRENCE-ID"}
)
# A repetition that a holiday does not have.
_IRREGULAR = ("RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID")
_ONE_DAY = timedelta(days=1)

_Line = tuple[dict, str]


def is_one(data: bytes) -> bool:
    """Whether the file begins as a calendar does."""
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR")


def read(data: bytes, language: str, languages: list[str]) -> Read:
    """Its events. Raises Unreadable for a file that is not a whole calendar, or one beyond measure."""
    check_size(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("The calendar is not written in UTF-8. Save it anew from its program.")) from error
    if text.count("\n") > MAX_LINES:
        raise Unreadable(
            _("The calendar has more than %(lines)d lines. Bring fewer years at a time.") % {"lines": MAX_LINES}
        )
    rows: list[Row] = []
    refused: list[Refused] = []
    for number, event in enumerate(_events(text), start=1):
        check_number(number)
        for each in _holidays(number, event, language, languages):
            if isinstance(each, Row):
                rows.append(each)
            else:
                refused.append(each)
        check_number(len(rows))
    if not rows and not refused:
        raise Unreadable(_("The file names no holiday."))
    return Read(tuple(rows), tuple(refused), is_calendar=True)


def _events(text: str) -> Iterator[list[str]]:
    """The lines of each event that we keep, in the order of the file."""
    within: list[str] = []
    event: list[str] = []
    for line in Contentlines.from_ical(text):
        if not line.strip():
            continue
        name = _NAME.match(line)
        word = name.group().upper() if name else ""
        if word == "BEGIN":
            within.append(_component(line))
            if len(within) > DEEPEST:
                raise _not_whole()
        elif word == "END":
            if not within or within.pop() != _component(line):
                raise _not_whole()
            if within == ["VCALENDAR"] and _component(line) == "VEVENT":
                yield event
                event = []
        elif not within:
            raise _not_whole()
        elif within == ["VCALENDAR", "VEVENT"] and word in _KEPT:
            event.append(line)
    if within:
        raise _not_whole()


def _component(line: str) -> str:
    return line.partition(":")[2].strip().upper()[:64]


def _not_whole() -> Unreadable:
    return Unreadable(_("The calendar is damaged or cut off. Save it anew from its program."))


class _NoHoliday(Exception):
    """An event that can be read and is no holiday."""

    def __init__(self, why: Why):
        self.why = why


def _holidays(number: int, lines: list[str], language: str, languages: list[str]) -> Iterator[Row | Refused]:
    """An event's days, one after the other, or the one reason why it has none."""
    names: dict[str, str] = {}
    try:
        said = _parts(lines)
        names = _names(said["SUMMARY"], language, languages)
        first, days, yearly = _span(said)
    except _NoHoliday as refusal:
        yield Refused(number, tables.shown(next(iter(names.values()), "")), refusal.why)
        return
    except ValueError:
        yield Refused(number, tables.shown(next(iter(names.values()), "")), Why.BROKEN)
        return
    for place in range(days):
        row = checked(number, first + place * _ONE_DAY, yearly, names)
        yield row
        if isinstance(row, Refused):
            return


def _parts(lines: list[str]) -> dict[str, list[_Line]]:
    """Parameters and values by name. Raises ValueError for a line that is none."""
    said = defaultdict(list)
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise ValueError("a line beyond measure")
        name, parameters, value = Contentline(line).parts()
        said[name.upper()].append(({key.upper(): each for key, each in parameters.items()}, value))
    return said


def _names(summaries: list[_Line], language: str, languages: list[str]) -> dict[str, str]:
    """What it is called, by language; a language that is not installed is no reason to lose the name."""
    names: dict[str, str] = {}
    for parameters, value in summaries:
        marked = parameters.get("LANGUAGE")
        own = installed.supported(marked) if isinstance(marked, str) else None
        names.setdefault(own if own in languages else language, plain(value))
    return {code: name for code, name in names.items() if name}


def _span(said: dict[str, list[_Line]]) -> tuple[date, int, bool]:
    """The first day, the number of days, and whether they return every year.

    An event that ends on the day of its beginning lasts that day. Raises _NoHoliday, or ValueError for what cannot be
    read.
    """
    if any(value.strip().upper() == "CANCELLED" for _parameters, value in said["STATUS"]):
        raise _NoHoliday(Why.CANCELLED)
    if len(said["DTSTART"]) != 1:
        raise _NoHoliday(Why.NO_DAY)
    if any(len(value.strip()) != 8 for _parameters, value in said["DTSTART"] + said["DTEND"]):
        raise _NoHoliday(Why.AT_AN_HOUR)
    first = _day(said["DTSTART"])
    if any(said[name] for name in _IRREGULAR) or len(said["RRULE"]) > 1:
        raise _NoHoliday(Why.REPEATED)
    if said["RRULE"] and not _is_every_year(said["RRULE"][0][1], first):
        raise _NoHoliday(Why.REPEATED)
    days = 1
    if said["DTEND"]:
        days = max((_day(said["DTEND"]) - first).days, 1)
    elif said["DURATION"]:
        days = max(vDuration.from_ical(said["DURATION"][0][1]).days, 1)
    if days > MAX_DAYS:
        raise _NoHoliday(Why.TOO_LONG)
    return first, days, bool(said["RRULE"])


def _is_every_year(rule: str, day: date) -> bool:
    """Whether a rule says no more than: every year on this date, for ever."""
    told = {key.upper(): value for key, value in vRecur.from_ical(rule).items()}
    told.pop("WKST", None)
    plainly = {"FREQ": ["YEARLY"], "INTERVAL": [1], "BYMONTH": [day.month], "BYMONTHDAY": [day.day]}
    return "FREQ" in told and all(value == plainly.get(key) for key, value in told.items())


def _day(lines: list[_Line]) -> date:
    value = lines[0][1].strip()
    if not (value.isascii() and value.isdigit()):
        raise ValueError(value)
    return vDate.from_ical(value)
