"""What reporting writes: who took which people's data out of the platform."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from oversight import records
from people.models import User
from reporting.permissions import may_see_dashboards
from reporting.scope import Scope


def record_export(scope: Scope, *, rows: int, actor: User, now: datetime) -> None:
    """Note in the record log that a person took the list of a run's learners, how much of it and how many rows.

    Raises PermissionDenied for whoever has no dashboard.
    """
    if not may_see_dashboards(actor):
        raise PermissionDenied
    facts = {
        "shape": 1,
        "cohort": str(scope.cohort.uuid),
        "section": scope.section,
        "group": scope.group,
        "own_groups_only": scope.own_only,
        "rows": rows,
    }
    with transaction.atomic():
        records.append("reporting.export.made", subject=scope.cohort, facts=facts, actor=actor, now=now)
