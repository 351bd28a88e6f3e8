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


@receiver(signals.holiday_written)
def record_holiday(holiday, what, facts, actor, now, **kwargs):
    records.append(KINDS[what], subject=holiday, facts=facts, actor=actor, now=now)
