"""The list of runs, with the figures by which one is chosen."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Cohort, Enrolment, Group
from core import days
from people.models import User
from reporting import wording
from reporting.permissions import sees_whole_run
from reporting.statistics import rate


def cards(cohorts: Sequence[Cohort], user: User, *, now: datetime) -> list[dict]:
    """What the list says of each run. Two queries, whatever their number; a tutor's figures count their groups."""
    cohorts = list(cohorts)
    if not cohorts:
        return []
    counted = {
        cohort: (enrolled, completed)
        for cohort, enrolled, completed in Enrolment.objects.overseen_by(user)
        .filter(cohort__in=cohorts)
        .values_list("cohort_id")
        .annotate(enrolled=Count("pk"), completed=Count("pk", filter=Q(state=Enrolment.State.COMPLETED)))
    }
    groups = Group.objects.filter(section__cohort__in=cohorts)
    if not sees_whole_run(user, cohorts[0]):
        groups = groups.filter(tutors=user)
    groups_of = dict(groups.order_by().values_list("section__cohort_id").annotate(Count("pk")))
    today = now.astimezone(ZoneInfo(cohorts[0].administration.time_zone)).date()
    return [_card(cohort, *counted.get(cohort.pk, (0, 0)), groups_of.get(cohort.pk, 0), today) for cohort in cohorts]


def state_of(cohort: Cohort, today: date) -> tuple[str, str]:
    """Whether a run is before its people, under way or over by plan, in words and as a tag's state."""
    if today < cohort.starts_on:
        return _("Not begun"), "info"
    if today > cohort.ends_on:
        return _("Ended"), ""
    return _("Running"), "good"


def _card(cohort: Cohort, enrolled: int, completed: int, groups: int, today: date) -> dict:
    tag_label, tag_state = state_of(cohort, today)
    return {
        "title": cohort.name,
        "url": reverse("cohort_dashboard", args=[cohort.uuid]),
        "facts": [
            _("%(first)s to %(last)s")
            % {
                "first": days.in_words(cohort.starts_on),
                "last": days.in_words(cohort.ends_on),
            },
            ngettext("%(number)s learner", "%(number)s learners", enrolled) % {"number": wording.number(enrolled)},
            ngettext("%(number)d group", "%(number)d groups", groups) % {"number": groups},
        ],
        "tag_label": tag_label,
        "tag_state": tag_state,
        "enrolled": enrolled,
        "completed": completed,
        "progress": _("%(number)s completed, %(percent)s")
        % {"number": wording.number(completed), "percent": wording.percent(rate(completed, enrolled))},
    }
