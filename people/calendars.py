"""An administration's week, second calendar and holidays: every change to them, each with its record in the log."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import second_calendar
from people import holiday_import, permissions, signals
from people.models import Administration, Holiday, HolidayName, User
from people.working_days import MOST_YEARLY, WEEK, WorkingCalendar


def calendar_of(administration: Administration) -> WorkingCalendar:
    """The calendar as it stands. Two queries."""
    return with_holidays(administration, Holiday.objects.of(administration))


def with_holidays(administration: Administration, holidays: Iterable[Holiday]) -> WorkingCalendar:
    """The calendar of an administration whose holidays are at hand, with their names. No query."""
    return WorkingCalendar(
        working_weekdays=frozenset(map(int, administration.working_weekdays)),
        days_off=tuple(holiday.as_day_off() for holiday in holidays),
        first_weekday=administration.first_weekday,
    )


@transaction.atomic
def set_week(
    administration: Administration,
    *,
    first_weekday: int,
    working_weekdays: Collection[int],
    actor: User | None,
    now: datetime,
) -> bool:
    """Say with which day the week begins and which days are worked, as ISO weekdays. Returns whether that was new.

    Raises PermissionDenied, or ValidationError for a week without a working day.
    """
    _may_change(actor, administration)
    if not working_weekdays or not {first_weekday, *working_weekdays} <= set(WEEK):
        raise ValidationError(_("A week has at least one working day."), code="no_working_day")
    working = "".join(str(weekday) for weekday in sorted(set(working_weekdays)))
    administration = _held(administration)
    if (administration.first_weekday, administration.working_weekdays) == (first_weekday, working):
        return False
    administration.first_weekday, administration.working_weekdays = first_weekday, working
    administration.save(update_fields=["first_weekday", "working_weekdays", "updated_at"])
    signals.working_week_set.send(
        sender=Administration,
        administration=administration,
        facts={"first_weekday": first_weekday, "working_weekdays": working},
        actor=actor,
        now=now,
    )
    return True


@transaction.atomic
def set_second_calendar(administration: Administration, calendar: str, *, actor: User | None, now: datetime) -> bool:
    """Say in which calendar days are told beside the Gregorian one. Returns whether that was new.

    Raises PermissionDenied, or ValidationError for a calendar that is not known.
    """
    _may_change(actor, administration)
    if calendar != second_calendar.NONE and calendar not in second_calendar.CALENDARS:
        raise ValidationError(_("This calendar is not known."), code="unknown")
    administration = _held(administration)
    if administration.second_calendar == calendar:
        return False
    administration.second_calendar = calendar
    administration.save(update_fields=["second_calendar", "updated_at"])
    signals.second_calendar_set.send(
        sender=Administration,
        administration=administration,
        facts={"second_calendar": calendar},
        actor=actor,
        now=now,
    )
    return True


@transaction.atomic
def add_holiday(
    administration: Administration,
    *,
    day: date,
    yearly: bool,
    names: Mapping[str, str],
    actor: User | None,
    now: datetime,
) -> Holiday:
    """Let the administration rest on a day. `names` holds what it is called, by language; at least one.

    Raises PermissionDenied, or ValidationError where the day is a holiday already or the year holds too many.
    """
    _may_change(actor, administration)
    holiday = Holiday(administration=_held(administration), day=day, yearly=yearly)
    _write(holiday, names)
    _tell(holiday, "added", names, actor, now)
    return holiday


@transaction.atomic
def change_holiday(
    holiday: Holiday, *, day: date, yearly: bool, names: Mapping[str, str], actor: User | None, now: datetime
) -> bool:
    """Correct a holiday: its day, whether it returns, its names. Returns whether anything was new.

    Raises what `add_holiday` raises, and Holiday.DoesNotExist where a colleague has removed it in the meantime.
    """
    _may_change(actor, holiday.administration)
    _held(holiday.administration)
    holiday = Holiday.objects.prefetch_related("names").get(pk=holiday.pk)
    before = holiday.as_day_off()
    if (before.day, before.yearly, before.names) == (day, yearly, dict(names)):
        return False
    holiday.day, holiday.yearly = day, yearly
    _write(holiday, names)
    _tell(holiday, "changed", names, actor, now)
    return True


@transaction.atomic
def remove_holiday(holiday: Holiday, *, actor: User | None, now: datetime) -> None:
    """Make a holiday an ordinary day again. One that is gone already is no error. Raises PermissionDenied."""
    _may_change(actor, holiday.administration)
    _held(holiday.administration)
    holiday = Holiday.objects.prefetch_related("names").filter(pk=holiday.pk).first()
    if holiday is None:
        return
    _tell(holiday, "removed", holiday.as_day_off().names, actor, now)
    holiday.delete()


@transaction.atomic
def import_holidays(
    administration: Administration,
    rows: Iterable[holiday_import.Row],
    *,
    digest: str,
    actor: User | None,
    now: datetime,
) -> holiday_import.Plan:
    """Enter those holidays of a file that can be, all or none, and say what became of each row.

    `digest` is the file's SHA-256, by which the record log names it: its name may be anybody's. What is there already
    stays as it is. Raises PermissionDenied. Some 50 ms of writing for the longest file.
    """
    _may_change(actor, administration)
    administration = _held(administration)
    present = [holiday.as_day_off() for holiday in Holiday.objects.of(administration)]
    plan = holiday_import.plan(rows, present)
    if not plan.added:
        return plan
    holidays = Holiday.objects.bulk_create(
        Holiday(administration=administration, day=row.day, yearly=row.yearly) for row in plan.added
    )
    written = list(zip(holidays, plan.added, strict=True))
    HolidayName.objects.bulk_create(
        HolidayName(holiday=holiday, language=language, name=name)
        for holiday, row in written
        for language, name in row.names.items()
    )
    signals.holidays_imported.send(
        sender=Administration,
        administration=administration,
        added=[(holiday, _facts(holiday, row.names)) for holiday, row in written],
        facts={
            "file": digest,
            "added": len(plan.added),
            "there_already": len(plan.there),
            "refused": len(plan.refused),
        },
        actor=actor,
        now=now,
    )
    return plan


def _write(holiday: Holiday, names: Mapping[str, str]) -> None:
    if not any(names.values()):
        raise ValidationError(_("Give the holiday a name."), code="nameless")
    if holiday.yearly:
        _check_yearly(holiday)
    try:
        with transaction.atomic():
            holiday.save()
    except IntegrityError as taken:
        raise _taken() from taken
    holiday.names.all().delete()
    HolidayName.objects.bulk_create(
        HolidayName(holiday=holiday, language=language, name=name) for language, name in names.items()
    )


def _check_yearly(holiday: Holiday) -> None:
    """One yearly holiday on a day of the year: of two, the second could never be seen. And not too many."""
    others = Holiday.objects.filter(administration=holiday.administration, yearly=True).exclude(pk=holiday.pk)
    if others.filter(day__month=holiday.day.month, day__day=holiday.day.day).exists():
        raise _taken()
    if others.count() >= MOST_YEARLY:
        raise ValidationError(
            _("There are %(number)d yearly holidays already. More would leave too little of the year to work in."),
            code="too_many",
            params={"number": MOST_YEARLY},
        )


def _taken() -> ValidationError:
    return ValidationError({"day": _("This day is a holiday already.")}, code="taken")


def _tell(holiday: Holiday, what: str, names: Mapping[str, str], actor: User | None, now: datetime) -> None:
    facts = _facts(holiday, names)
    signals.holiday_written.send(sender=Holiday, holiday=holiday, what=what, facts=facts, actor=actor, now=now)


def _facts(holiday: Holiday, names: Mapping[str, str]) -> dict:
    return {"day": holiday.day.isoformat(), "yearly": holiday.yearly, "names": dict(names)}


def _held(administration: Administration) -> Administration:
    """The administration as it is now, held until the transaction ends: its calendar is changed by one at a time."""
    return Administration.objects.select_for_update(no_key=True).get(pk=administration.pk)


def _may_change(actor: User | None, administration: Administration) -> None:
    if actor is not None and not (
        permissions.manages_calendar(actor) and actor.administration_id == administration.pk
    ):
        raise PermissionDenied(_("You may not change the calendar of this administration."))
