"""Writing iCalendar files (RFC 5545): whole days with a title, for people's own calendars to subscribe to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

CONTENT_TYPE = "text/calendar; charset=utf-8"
# A line holds at most 75 octets, without its end; what is longer goes on behind a space on the next one.
OCTETS_A_LINE = 75


@dataclass(frozen=True)
class WholeDay:
    """An entry of one day. `uid` names it for ever: whoever subscribes moves the entry when its day changes."""

    uid: str
    day: date
    title: str
    text: str = ""
    url: str = ""


def write(entries: Iterable[WholeDay], *, name: str, now: datetime) -> str:
    """The file: UTF-8 when encoded, lines end as the standard has them. `now` is an aware instant."""
    return "".join(_folded(line) for line in _lines(entries, name, now))


def _lines(entries: Iterable[WholeDay], name: str, now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plumbline//Dates//EN", "METHOD:PUBLISH")
    yield f"NAME:{_text(name)}"
    yield f"X-WR-CALNAME:{_text(name)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:P1D"
    for entry in entries:
        yield "BEGIN:VEVENT"
        yield f"UID:{_text(entry.uid)}"
        yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_text(entry.title)}"
        if entry.text:
            yield f"DESCRIPTION:{_text(entry.text)}"
        if entry.url:
            yield f"URL:{entry.url}"
        yield "TRANSP:TRANSPARENT"  # nobody is busy the whole day
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _text(value: str) -> str:
    """A text with what has a meaning of its own escaped; characters that control something are left out."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    flat = "\\n".join(escaped.splitlines())
    return "".join(letter for letter in flat if letter.isprintable())


def _folded(line: str) -> str:
    """A line as it is written, never cut within a letter."""
    pieces, piece, octets = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > OCTETS_A_LINE:
            pieces.append(piece)
            piece, octets = "", 1  # the space that says: it goes on
        piece += letter
        octets += size
    return "\r\n ".join([*pieces, piece]) + "\r\n"
