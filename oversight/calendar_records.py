"""Changes to an administration's week, second calendar and holidays leave a record: deadlines are judged by them."""

from django.dispatch import receiver

from oversight import records
from people import signals

KINDS = {
    "added": "people.holiday.added",
    "changed": "people.holiday.changed",
    "removed": "people.holiday.removed",
}


@receiver(signals.working_week_set)
def record_week(administration, facts, actor, now, **kwargs):
    records.append(
        "people.working_week.set",
        subject=administration,
        facts=facts,
        actor=actor,
        now=now,
        administration=administration.uuid,
    )


@receiver(signals.second_calendar_set)
def record_second_calendar(administration, facts, actor, now, **kwargs):
    records.append(
        "people.second_calendar.set",
        subject=administration,
        facts=facts,
        actor=actor,
        now=now,
        administration=administration.uuid,
    )


@receiver(signals.holidays_imported)
def record_import(administration, added, facts, actor, now, **kwargs):
    """The file, and each holiday that came with it as one entered by hand: each has a history of its own."""
    file = records.Happening("people.holidays.imported", administration, facts, actor, now, administration.uuid)
    each = [
        records.Happening(KINDS["added"], holiday, of_holiday, actor, now, administration.uuid)
        for holiday, of_holiday in added
    ]
    records.append_many([file, *each])


@receiver(signals.holiday_written)
def record_holiday(holiday, what, facts, actor, now, **kwargs):
    records.append(KINDS[what], subject=holiday, facts=facts, actor=actor, now=now)
