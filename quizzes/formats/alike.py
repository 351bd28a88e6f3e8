"""When two questions are the same, and what is not where they differ. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.formats import texts
from quizzes.formats.amounts import number, written
from quizzes.formats.neutral import Left, Message, Question, tidy_tags

_AMOUNTS = {"fraction", "points", "value", "tolerance", "factor", "ratio"}
_PARTS = {
    "kind": _("kind"),
    "structure": _("key and points"),
    "stem": _("question"),
    "rationale": _("rationale"),
    "hints": _("hints"),
    "media": _("pictures and recordings"),
    "rubric": _("rubric"),
    "for_markers": _("words for markers"),
    "tags": _("tags"),
    "difficulty": _("difficulty"),
    "rad_factors": _("factors of the Revised Arusha Declaration"),
}
_ANSWERS = _("answers and their feedback")


def in_normal_form(value: Any) -> Any:
    """A part of an item as two are compared: a blank more makes no other question, nor an empty feedback, nor a zero
    at the end of an amount, nor the order in which its gaps are listed, for they stand where the stem has them."""
    if isinstance(value, str):
        return texts.plain(value)
    if isinstance(value, dict):
        parts = {key: _amount(part) if key in _AMOUNTS else in_normal_form(part) for key, part in value.items()}
        if isinstance(parts.get("gaps"), list):
            parts["gaps"] = sorted(parts["gaps"], key=lambda gap: gap["key"])
        return {key: part for key, part in parts.items() if part not in ("", {}, [])}
    if isinstance(value, list):
        return [in_normal_form(part) for part in value]
    return value


def _amount(part: Any) -> Any:
    value = number(part) if isinstance(part, str) else None
    return in_normal_form(part) if value is None else written(value)


def compared(question: Question) -> dict[str, Any]:
    """What a question says, part by part, as two are compared."""
    return {
        "kind": question.kind,
        "structure": in_normal_form(question.structure),
        **in_normal_form(question.words),
        "tags": tidy_tags(question.tags),
        "difficulty": question.difficulty,
        "rad_factors": tuple(question.rad_factors),
    }


class _Named:
    """The names of parts, in the language of who reads them."""

    def __init__(self, parts: Iterable[str]):
        self._names = {_PARTS.get(part, _ANSWERS): None for part in parts}

    def __str__(self) -> str:
        return ", ".join(map(str, self._names))


def differing(before: Question, after: Question | None) -> Message | None:
    """What of a question would come back as something else; None where it would be the same."""
    if after is None:
        return Message.of(_("It would not come back from the file."))
    one, other = compared(before), compared(after)
    parts = [part for part in one.keys() | other.keys() if one.get(part) != other.get(part)]
    if not parts:
        return None
    return Message.of(
        _("It would not come back from the file as it is: %(parts)s."),
        parts=_Named(part for part in [*_PARTS, *sorted(set(parts) - _PARTS.keys())] if part in parts),
    )


def not_the_same(questions: Iterable[Question], read: Mapping[str, Question], left: Iterable[Left]) -> list[Left]:
    """Of questions that were written, those that the file does not give back as they are, by what was read of it.
    What is in `left` is known already."""
    known = {one.key for one in left}
    found = ((one, differing(one, read.get(one.key))) for one in questions if one.key not in known)
    return [Left(one.key, one.name, written=True, reasons=(said,)) for one, said in found if said]
