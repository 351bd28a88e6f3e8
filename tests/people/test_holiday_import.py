"""Holidays from a file: what is read, what is refused and why, and what entering it does to those that there are."""

import contextlib
import datetime
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.models import RecordEntry
from people import calendars, holiday_import
from people.holiday_import import MAX_BYTES, MAX_ROWS, Unreadable, Why
from people.models import Holiday, Role
from people.working_days import MOST_YEARLY, DayOff
from tests.factories.people import NOW, a_holiday, an_account, sign_in
from tests.queries import queries_of

LANGUAGES = ["en", "fr", "ar"]
MAY_DAY = datetime.date(2026, 5, 1)


def read(data, language="en"):
    data = data if isinstance(data, bytes) else data.encode()
    return holiday_import.read(data, language=language, languages=LANGUAGES)


def calendar(*events):
    """A calendar of events, each given as its lines."""
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//B//EN\r\n{body}END:VCALENDAR\r\n"


def event(*more, day="20260501", name="Labour Day"):
    return "\r\n".join([f"DTSTART;VALUE=DATE:{day}", f"SUMMARY:{name}", *more])


def days_of(data, **options):
    found = read(data, **options)
    assert not found.refused
    return [(row.day.isoformat(), row.yearly, dict(row.names)) for row in found.rows]


def reasons(data):
    return [each.why for each in read(data).refused]


# --- Tables ---------------------------------------------------------------------------------------------------------


def test_a_table_names_days_in_several_languages():
    table = "day,yearly,name_en,name_fr\n2026-05-01,yes,Labour Day,Fête du Travail\n2026-03-20,,Eid al-Fitr,\n"
    assert days_of(table) == [
        ("2026-05-01", True, {"en": "Labour Day", "fr": "Fête du Travail"}),
        ("2026-03-20", False, {"en": "Eid al-Fitr"}),
    ]


def test_a_name_without_a_language_is_in_the_one_that_was_chosen():
    assert days_of("\ufeffday;name\n2026-05-01;عيد العمال\n", language="ar") == [
        ("2026-05-01", False, {"ar": "عيد العمال"})
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("01.05.2026,,May Day", Why.NO_DAY),
        ("2026-02-30,,May Day", Why.NO_DAY),
        ("2026-W18-5,,May Day", Why.NO_DAY),
        (",,May Day", Why.NO_DAY),
        ("1066-10-14,,Battle", Why.TOO_FAR),
        ("2026-05-01,,", Why.NAMELESS),
        (f"2026-05-01,,{'x' * 101}", Why.LONG_NAME),
        ("2026-05-01,perhaps,May Day", Why.NEITHER_YES_NOR_NO),
    ],
)
def test_a_line_that_is_wrong_is_refused_with_its_number_and_the_others_are_read(row, why):
    found = read(f"day,yearly,name\n{row}\n2026-12-25,yes,Christmas\n")
    assert [(each.place, each.why) for each in found.refused] == [(2, why)]
    assert [each.place for each in found.rows] == [3]
    assert found.refused[0].why.words


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("", "is empty"),
        ("day,name\n", "names no holiday"),
        ("day,colour\n2026-05-01,red\n", "“colour” is not known"),
        ("day,yearly\n2026-05-01,yes\n", "must name a column “day” and one with names"),
        ("name\nMay Day\n", "must name a column “day”"),
        ("day,day,name\n2026-05-01,2026-05-02,x\n", "twice"),
        ("day,name\n2026-05-01,a,b\n", "3 cells"),
        (b"PK\x03\x04rest", "workbook"),
        (b"day,name\n2026-05-01,\xff\xfe\n", "encoding"),
        ("day,name\n" + "2026-05-01,x\n" * (MAX_ROWS + 1), "more than 300 holidays"),
        (b"x" * (MAX_BYTES + 1), "larger than 512 kB"),
        ("BEGIN:VCALENDAR\r\n" + "X:Y\r\n" * 21_000 + "END:VCALENDAR", "more than 20000 lines"),
        (calendar(*[event()] * (MAX_ROWS + 1)), "more than 300 holidays"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260501\r\n", "damaged or cut off"),
        ("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "damaged or cut off"),
        ("BEGIN:VCALENDAR\r\n" + "BEGIN:X\r\n" * 5_000, "damaged or cut off"),
        (calendar().encode() + b"SUMMARY:\xff", "UTF-8"),
        (calendar(), "names no holiday"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(data, says):
    with pytest.raises(Unreadable, match=says):
        read(data)


# --- Calendars ------------------------------------------------------------------------------------------------------


def test_an_event_of_a_whole_day_is_a_holiday_of_that_day():
    assert days_of(calendar(event("DTEND;VALUE=DATE:20260502"))) == [("2026-05-01", False, {"en": "Labour Day"})]


def test_names_are_unfolded_unescaped_and_in_the_language_they_say():
    names = "SUMMARY;LANGUAGE=fr-CA:Fête du\r\n  Travail\\, chômée\r\nSUMMARY;LANGUAGE=ar:عيد العمال"
    [(_day, _yearly, said)] = days_of(calendar(f"DTSTART;VALUE=DATE:20260501\r\n{names}"))
    assert said == {"fr": "Fête du Travail, chômée", "ar": "عيد العمال"}


def test_what_cannot_be_seen_in_a_name_is_left_out():
    assert days_of(calendar(event(name="La\x00bour\u202e Day\x07")))[0][2] == {"en": "Labour Day"}


def test_an_event_of_several_days_is_as_many_holidays():
    three = [("2026-12-24", False), ("2026-12-25", False), ("2026-12-26", False)]
    ends = calendar(event("DTEND;VALUE=DATE:20261227", day="20261224"))
    lasts = calendar(event("DURATION:P3D", day="20261224"))
    assert [each[:2] for each in days_of(ends)] == [each[:2] for each in days_of(lasts)] == three


@pytest.mark.parametrize(
    "rule",
    ["FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1;WKST=SU", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", "freq=yearly"],
)
def test_an_event_of_every_year_is_one_yearly_holiday(rule):
    assert days_of(calendar(event(f"RRULE:{rule}"))) == [("2026-05-01", True, {"en": "Labour Day"})]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["RRULE:FREQ=SECONDLY"], Why.REPEATED),
        (["RRULE:FREQ=WEEKLY;COUNT=1000000000"], Why.REPEATED),
        (["RRULE:FREQ=YEARLY;UNTIL=20300501"], Why.REPEATED),
        (["RRULE:FREQ=YEARLY;COUNT=3"], Why.REPEATED),
        (["RRULE:FREQ=YEARLY;INTERVAL=4"], Why.REPEATED),
        (["RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO"], Why.REPEATED),
        (["RRULE:FREQ=YEARLY;BYDAY=sometimes"], Why.BROKEN),
        (["RRULE:FREQ=YEARLY;BYMONTH=1,5"], Why.REPEATED),
        (["RRULE:FREQ=YEARLY", "RRULE:FREQ=YEARLY"], Why.REPEATED),
        (["RDATE;VALUE=DATE:20270501"], Why.REPEATED),
        (["RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20270501"], Why.REPEATED),
        (["RECURRENCE-ID;VALUE=DATE:20260501"], Why.REPEATED),
        (["STATUS:CANCELLED"], Why.CANCELLED),
        (["DTEND;VALUE=DATE:20260601"], Why.TOO_LONG),
        (["DURATION:P99999999999999D"], Why.BROKEN),
        (["DTEND;VALUE=DATE:20269901"], Why.BROKEN),
        (["SUMMARY;LANGUAGE=fr;=:x"], Why.BROKEN),
        (["SUMMARY:" + "x" * 3_000], Why.BROKEN),
        (["DTSTART;VALUE=DATE:20260502"], Why.NO_DAY),
    ],
)
def test_an_event_that_is_no_holiday_is_refused_with_the_reason(lines, why):
    found = read(calendar(event(*lines), event(day="20261225")))
    assert [(each.place, each.why) for each in found.refused] == [(1, why)]
    assert [row.place for row in found.rows] == [2]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("DTSTART:20260501T090000Z\r\nSUMMARY:Meeting", Why.AT_AN_HOUR),
        ("DTSTART;TZID=Europe/Paris:20260501T090000\r\nSUMMARY:Meeting", Why.AT_AN_HOUR),
        ("SUMMARY:Some day", Why.NO_DAY),
        ("DTSTART;VALUE=DATE:20260501", Why.NAMELESS),
        ("DTSTART;VALUE=DATE:10661014\r\nSUMMARY:Battle", Why.TOO_FAR),
        ("DTSTART;VALUE=DATE:٢٠٢٦٠٥٠١\r\nSUMMARY:Labour Day", Why.BROKEN),
        (f"DTSTART;VALUE=DATE:20260501\r\nSUMMARY:{'x' * 101}", Why.LONG_NAME),
    ],
)
def test_an_event_without_a_day_or_a_name_is_refused(lines, why):
    assert reasons(calendar(lines)) == [why]


def test_a_time_zone_that_changes_every_second_and_alarms_cost_nothing():
    """Such rules are never carried out: a file of them is read as fast as any other."""
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Bomb\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\n"
        "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    alarm = "BEGIN:VALARM\r\nSUMMARY:Not its name\r\nTRIGGER:-PT1H\r\nREPEAT:999999999\r\nEND:VALARM"
    file = calendar(event(alarm)).replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT")
    began = time.perf_counter()
    assert days_of(file) == [("2026-05-01", False, {"en": "Labour Day"})]
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "filling",
    ["\n", "\r\n ", ";", '"', "\\", ":", "SUMMARY;X=" + '"', "RRULE:FREQ=YEARLY;", "BEGIN:VALARM\r\nEND:VALARM\r\n"],
)
def test_the_largest_hostile_file_is_judged_within_seconds(filling):
    head, tail = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:", "\r\nEND:VEVENT\r\nEND:VCALENDAR"
    file = head + filling * ((MAX_BYTES - len(head) - len(tail)) // len(filling)) + tail
    began = time.perf_counter()
    with contextlib.suppress(Unreadable):
        read(file)
    assert time.perf_counter() - began < 3


LINES = st.tuples(
    st.sampled_from(["DTSTART", "DTEND", "DURATION", "SUMMARY", "RRULE", "RDATE", "STATUS", "BEGIN", "END", "X"]),
    st.sampled_from([":", ";VALUE=DATE:", ";LANGUAGE=fr:", ";", ""]),
    st.text(),
)


@given(st.lists(LINES, max_size=6))
@settings(max_examples=150, deadline=None)
def test_nothing_that_a_calendar_may_hold_raises_anything_else(lines):
    with contextlib.suppress(Unreadable):
        read(calendar("\r\n".join("".join(line) for line in lines)).encode("utf-8", "replace"))


@given(st.sampled_from(["FREQ=", "FREQ=YEARLY;BYDAY=", "P", "2026"]), st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_rule_day_or_length_raises_anything_else(begin, rest):
    value = (begin + rest).encode("utf-8", "replace").decode()
    with contextlib.suppress(Unreadable):
        read(calendar(event(f"RRULE:{value}"), event(f"DURATION:{value}"), event(f"DTEND:{value}"), event(day=value)))


# --- What entering them would do ------------------------------------------------------------------------------------


def planned(table, *present):
    plan = holiday_import.plan(read("day,yearly,name\n" + table).rows, present)
    return (
        [row.day.isoformat() for row in plan.added],
        [row.day.isoformat() for row in plan.there],
        [each.why for each in plan.refused],
    )


@pytest.mark.parametrize(
    ("table", "present", "becomes"),
    [
        ("2026-05-01,,x\n", [], (["2026-05-01"], [], [])),
        ("2026-05-01,,x\n", [DayOff(MAY_DAY)], ([], ["2026-05-01"], [])),
        ("2027-05-01,,x\n", [DayOff(MAY_DAY, yearly=True)], ([], ["2027-05-01"], [])),
        ("2025-05-01,,x\n", [DayOff(MAY_DAY, yearly=True)], (["2025-05-01"], [], [])),
        ("2027-05-01,yes,x\n", [DayOff(MAY_DAY, yearly=True)], ([], ["2027-05-01"], [])),
        ("2025-05-01,yes,x\n", [DayOff(MAY_DAY, yearly=True)], ([], [], [Why.BEGINS_LATER])),
        ("2026-05-01,yes,x\n", [DayOff(MAY_DAY)], ([], [], [Why.ENTERED_ONCE])),
        ("2025-05-01,yes,x\n", [DayOff(MAY_DAY)], (["2025-05-01"], [], [])),
        ("2026-05-01,,x\n2026-05-01,,y\n", [], (["2026-05-01"], [], [Why.TWICE])),
        ("2026-05-01,yes,x\n2027-05-01,,y\n", [], (["2026-05-01"], [], [Why.TWICE])),
        ("2026-05-01,yes,x\n2025-05-01,yes,y\n", [], (["2026-05-01"], [], [Why.TWICE])),
    ],
)
def test_a_day_is_one_holiday_and_what_is_there_stays(table, present, becomes):
    assert planned(table, *present) == becomes


def test_there_are_never_more_yearly_holidays_than_leave_a_year_to_work_in():
    first = datetime.date(2026, 1, 1)
    many = [DayOff(first + datetime.timedelta(days=number), yearly=True) for number in range(MOST_YEARLY - 1)]
    added, _there, refused = planned("2026-11-01,yes,x\n2026-12-01,yes,y\n2026-12-02,,z\n", *many)
    assert (added, refused) == (["2026-11-01", "2026-12-02"], [Why.TOO_MANY_YEARLY])


# --- Entering them --------------------------------------------------------------------------------------------------


@pytest.fixture
def manager():
    return an_account(None, Role.TRAINING_MANAGER)


@pytest.fixture
def home(manager):
    return manager.administration


@pytest.fixture
def managing(client, manager):
    return sign_in(client, manager)


def enter(home, table, actor=None):
    rows = read("day,yearly,name_en,name_ar\n" + table).rows
    return calendars.import_holidays(home, rows, digest="ab" * 32, actor=actor, now=NOW)


@pytest.mark.django_db
def test_what_is_entered_stands_in_the_calendar_and_each_day_in_the_log(home, manager):
    a_holiday(home)
    enter(home, "2026-05-01,,Again,\n2026-12-25,yes,Christmas,عيد الميلاد\n2026-03-20,,Eid,\n", actor=manager)
    calendar_now = calendars.calendar_of(home)
    assert not calendar_now.is_working(datetime.date(2031, 12, 25))
    assert calendar_now.holiday_on(MAY_DAY).names == {"en": "Labour Day"}
    file, *each = RecordEntry.objects.filter(actor=manager.uuid).order_by("sequence").select_related("detail")
    assert (file.kind, file.administration, file.subject) == ("people.holidays.imported", home.uuid, home.uuid)
    assert file.detail.facts == {"shape": 1, "file": "ab" * 32, "added": 2, "there_already": 1, "refused": 0}
    assert {entry.kind for entry in each} == {"people.holiday.added"}
    assert [entry.detail.facts["day"] for entry in each] == ["2026-12-25", "2026-03-20"]
    assert {entry.subject for entry in each} == set(
        Holiday.objects.exclude(day=MAY_DAY).values_list("uuid", flat=True)
    )


@pytest.mark.django_db
def test_a_file_that_enters_nothing_leaves_no_record(home, manager):
    a_holiday(home)
    before = RecordEntry.objects.count()
    enter(home, "2026-05-01,,Again,\n", actor=manager)
    assert RecordEntry.objects.count() == before


@pytest.mark.django_db
def test_nothing_stands_half_when_the_record_cannot_be_written(home, manager, monkeypatch):
    def broken(happenings):
        raise RuntimeError("the log is closed")

    monkeypatch.setattr("oversight.records.append_many", broken)
    with pytest.raises(RuntimeError):
        enter(home, "2026-05-01,,Labour Day,\n2026-12-25,yes,Christmas,\n", actor=manager)
    assert not Holiday.objects.exists()


@pytest.mark.django_db
def test_only_the_administration_s_own_manager_brings_holidays_in(home):
    for stranger in (an_account(home), an_account(None, Role.TRAINING_MANAGER)):
        with pytest.raises(PermissionDenied):
            enter(home, "2026-05-01,,Labour Day,\n", actor=stranger)


@pytest.mark.django_db
def test_entering_costs_the_same_for_one_holiday_and_for_many(home):
    few = queries_of(lambda: enter(home, "2026-05-01,,x,\n"))
    table = "".join(f"{datetime.date(2027, 1, 1) + datetime.timedelta(days=day)},,x,\n" for day in range(100))
    assert len(queries_of(lambda: enter(home, table))) == len(few)


# --- The pages ------------------------------------------------------------------------------------------------------


def upload(client, data, name="holidays.ics", language="en"):
    file = SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)
    return client.post(reverse("holiday_import"), {"file": file, "language": language})


@pytest.mark.django_db
def test_a_file_is_shown_before_anything_is_entered_and_then_entered_once(managing, home):
    a_holiday(home)
    sent = upload(managing, calendar(event(), event(day="20261225", name="Christmas"), event("RRULE:FREQ=DAILY")))
    assert not Holiday.objects.filter(day__month=12).exists()
    html = managing.get(sent["Location"]).content.decode()
    assert "Friday, 25 December 2026" in html
    assert "It repeats otherwise than every year" in html
    assert html.index("Not brought in") < html.index("Enter 1 holiday")
    assert managing.post(sent["Location"])["Location"] == "/administration/calendar/?year=2026"
    assert Holiday.objects.filter(day="2026-12-25").count() == 1
    assert managing.post(sent["Location"])["Location"] == reverse("holiday_import")
    assert Holiday.objects.count() == 2


@pytest.mark.django_db
def test_a_file_of_known_days_alone_says_so_and_offers_no_button(managing, home):
    a_holiday(home)
    html = managing.get(upload(managing, calendar(event()))["Location"]).content.decode()
    assert "The file enters nothing" in html
    assert "<form" not in html.partition("<main")[2].partition("</main")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7", "a document or a picture"),
        (b"x" * (MAX_BYTES + 1), "larger than 512 kB"),
        (b"", "The file is empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_with_why_beside_its_field(managing, data, says):
    response = upload(managing, data)
    assert response.status_code == 422
    html = response.content.decode()
    assert says in html
    assert 'id="id_file_error"' in html


@pytest.mark.django_db
def test_nobody_else_sees_or_enters_a_file_that_waits(managing, home, client):
    address = upload(managing, calendar(event()))["Location"]
    other = sign_in(type(client)(), an_account(home, Role.TRAINING_MANAGER))
    assert other.get(address)["Location"] == reverse("holiday_import")
    assert other.post(address)["Location"] == reverse("holiday_import")
    assert not Holiday.objects.exists()


@pytest.mark.django_db
def test_reasons_are_told_in_the_language_of_the_page_not_of_the_upload(managing):
    address = upload(managing, calendar(event(day="20269999")))["Location"]
    managing.cookies["django_language"] = "ar"
    html = managing.get(address).content.decode()
    assert '<html lang="ar" dir="rtl"' in html


@pytest.mark.django_db
def test_the_example_is_a_file_that_can_be_brought_in(managing):
    example = managing.get(reverse("holiday_example")).content
    assert managing.get(upload(managing, example, name="example.csv")["Location"]).status_code == 200
    assert len(read(example).rows) == 2


@pytest.mark.django_db
def test_the_look_at_a_file_costs_the_same_with_one_holiday_and_with_many(managing, home):
    def looking(number):
        days = [datetime.date(2027, 1, 1) + datetime.timedelta(days=each) for each in range(number)]
        address = upload(managing, calendar(*(event(day=f"{day:%Y%m%d}") for day in days)))["Location"]
        return len(queries_of(lambda: managing.get(address)))

    assert looking(1) == looking(100)
