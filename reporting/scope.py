"""What a person looks at: a run, or their own groups of it, or one section or group."""

import re
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404

from cohorts.models import Cohort, Group
from people.models import User
from reporting.permissions import sees_whole_run

# "3" is section 3, "3-2" its second group.
_PART = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class GroupOfRun:
    """A group with what its section decides."""

    pk: int
    number: int
    section: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Scope:
    """`groups` are all that the person may see, in order; `shown` are those that were asked for."""

    cohort: Cohort
    groups: tuple[GroupOfRun, ...]
    shown: tuple[GroupOfRun, ...]
    own_only: bool
    section: int | None
    group: int | None

    @property
    def part(self) -> str:
        """The filter as the address writes it; empty for everything."""
        if self.section is None:
            return ""
        return f"{self.section}" if self.group is None else f"{self.section}-{self.group}"

    def whole(self) -> "Scope":
        """Everything that the person may see, whatever was asked for."""
        return replace(self, shown=self.groups, section=None, group=None)

    def limit(self, rows, cohort: str = "cohort", group: str = "group"):
        """Rows of the groups shown. `cohort` and `group` are the paths to them."""
        rows = rows.filter(**{cohort: self.cohort})
        if self.own_only or self.section is not None:
            rows = rows.filter(**{f"{group}__in": [each.pk for each in self.shown]})
        return rows

    def condition(self, enrolment: str) -> tuple[str, list[int]]:
        """The same for a query written by hand: the condition on an enrolment's alias, and its parameters."""
        if not (self.own_only or self.section is not None):
            return f"{enrolment}.cohort_id = %s", [self.cohort.pk]
        groups = [each.pk for each in self.shown]
        places = ", ".join(["%s"] * len(groups)) or "NULL"
        return f"{enrolment}.cohort_id = %s AND {enrolment}.group_id IN ({places})", [self.cohort.pk, *groups]


def scope_of(user: User, cohort: Cohort, part: str = "") -> Scope:
    """The person's view of a run. Raises Http404 for a part that does not exist, or not for them. One query."""
    groups = Group.objects.filter(section__cohort=cohort)
    own_only = not sees_whole_run(user, cohort)
    if own_only:
        groups = groups.filter(tutors=user)
    rows = groups.order_by("section__number", "number").values_list(
        "pk", "number", "section__number", "section__starts_on", "section__ends_on"
    )
    all_groups = tuple(GroupOfRun(*row) for row in rows)
    section, group = _asked_for(part)
    shown = tuple(each for each in all_groups if section in (None, each.section) and group in (None, each.number))
    if section is not None and not shown:
        raise Http404
    return Scope(cohort, all_groups, shown, own_only, section, group)


def _asked_for(part: str) -> tuple[int | None, int | None]:
    if not part:
        return None, None
    found = _PART.fullmatch(part)
    if found is None:
        raise Http404
    section, group = found.groups()
    return int(section), int(group) if group else None
