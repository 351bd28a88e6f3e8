"""iCalendar files: what comes out is what went in, in lines that every program reads."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.calendar_file import OCTETS_A_LINE, WholeDay, write

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def value_of(text, name):
    [line] = [line for line in unfolded(text) if line.startswith(f"{name}:")]
    return line.partition(":")[2]


def read(value):
    """A text's escapes undone, as a reader of the standard would."""
    out, letters = "", iter(value)
    for letter in letters:
        out += {"n": "\n", "N": "\n"}.get(follows := next(letters), follows) if letter == "\\" else letter
    return out


@given(words)
def test_a_title_comes_out_as_it_went_in_whatever_it_holds(title):
    text = write([WholeDay("a", date(2026, 5, 1), title)], name="Dates", now=NOW)
    plain = "\n".join("".join(each for each in line if each.isprintable()) for line in title.splitlines())
    assert read(value_of(text, "SUMMARY")) == plain


@given(words, words)
def test_no_line_is_longer_than_the_standard_allows_and_no_letter_is_cut(title, more):
    text = write([WholeDay("a", date(2026, 5, 1), title, more)], name=title, now=NOW)
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= OCTETS_A_LINE
        line.decode()


def test_an_entry_lasts_a_whole_day_wherever_its_reader_is():
    text = write([WholeDay("a", date(2026, 12, 31), "Last day", url="https://x.example/")], name="Dates", now=NOW)
    assert "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n" in text
    assert "DTSTAMP:20260302T093000Z" in text
    assert "URL:https://x.example/" in text


def test_a_title_cannot_smuggle_in_an_entry_of_its_own():
    text = write([WholeDay("a", date(2026, 5, 1), "x\r\nEND:VEVENT\nBEGIN:VEVENT")], name="Dates", now=NOW)
    assert unfolded(text).count("BEGIN:VEVENT") == 1


def test_without_an_entry_it_is_still_a_calendar():
    text = write([], name="Dates", now=NOW)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
