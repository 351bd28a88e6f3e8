"""The kinds of programme that ship, as rows that belong to the administration from then on."""

from decimal import Decimal
from pathlib import Path

from django.db import transaction

from courses.curriculum import CurriculumError, read
from courses.models import ProgrammeKind, ProgrammeKindName


@transaction.atomic
def load_kinds(path: Path) -> int:
    """Make the kinds of a data file that are not there yet; returns how many.

    What stands is left as it is, words and rules: from the first day on it is the administration's. Raises
    CurriculumError.
    """
    made = 0
    for entry in read(path)["kinds"]:
        try:
            rules = dict(entry["rules"])
            hours = rules.pop("minimum_hours", None)
            fields = rules | {"minimum_hours": Decimal(str(hours)) if hours is not None else None}
            kind, new = ProgrammeKind.objects.get_or_create(code=entry["code"], defaults=fields)
        except (KeyError, TypeError) as problem:
            raise CurriculumError(f"{path}: {entry.get('code')}: {problem}") from problem
        if new:
            made += 1
            ProgrammeKindName.objects.bulk_create(
                ProgrammeKindName(kind=kind, language=code, name=name) for code, name in entry["names"].items()
            )
    return made
