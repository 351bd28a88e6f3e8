"""Which rows are evidence: the record log bears witness to them, and `verify_records` compares the two.

An upper app registers a model in its `AppConfig.ready`. From then on

- every row of it must have an entry of one of `kinds`,
- the facts of the latest such entry must say what `row.record_facts()` says today,
- and every such entry's row must still be there.

So each service that writes such a row appends an entry whose facts are `row.record_facts()`, with whatever else the
entry ought to tell (a reason, what stood there before). A field that the entry has beyond the row's facts is not
compared. When `record_facts` gains a field, a data migration appends an entry for each row that stands; an old
entry cannot be hashed again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A model whose rows are evidence. `related` are the relations that `record_facts` follows."""

    model: type[models.Model]
    kinds: tuple[str, ...]
    related: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def rows(self):
        """All rows, past any default manager that hides some, with what `record_facts` needs."""
        rows = self.model._base_manager.order_by("pk")
        return rows.select_related(*self.related) if self.related else rows


_witnessed: dict[str, Witnessed] = {}


def register(model, *, kinds: Iterable[str], related: Iterable[str] = ()):
    """Make rows of `model` evidence. `model` has a `uuid` field and `record_facts() -> dict`.

    Raises TypeError for a model that lacks them: found at start-up, not during the first verification.
    """
    if not callable(getattr(model, "record_facts", None)):
        raise TypeError(f"{model._meta.label} has no record_facts().")
    model._meta.get_field("uuid")
    witnessed = Witnessed(model, tuple(kinds), tuple(related))
    if not witnessed.kinds:
        raise TypeError(f"{model._meta.label} names no kinds of entry that bear witness to it.")
    _witnessed[witnessed.label] = witnessed


def registered() -> list[Witnessed]:
    return [_witnessed[label] for label in sorted(_witnessed)]
