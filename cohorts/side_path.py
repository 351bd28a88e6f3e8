"""The path at the side of the reader: the steps of a module, strung on the plumb line.

It is the same for all who have done the same steps of it, but for the enrolment in its addresses. So it is rendered
once for them, as `frontend.furniture` is, and each page puts in its own.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cohorts.models import Enrolment
from courses.reading import Step

# No enrolment has it, and no course speaks of it.
_NOBODYS = uuid.UUID(int=0)


@dataclass(frozen=True)
class PathStep:
    """A step as the path shows it; `state` is "done", "current" or "todo"."""

    label: str
    language: str
    url: str
    state: str
    minutes: int


def path_of(
    enrolment: Enrolment, title: str, steps: Collection[Step], done: Collection[int], current: Step | None = None
) -> SafeString:
    """The steps of the module with this title, each with its state and its address in the enrolment."""
    states = tuple("current" if step == current else "done" if step.node_id in done else "todo" for step in steps)
    markup = _rendered(title, tuple(steps), states, get_language())
    return mark_safe(markup.replace(str(_NOBODYS), str(enrolment.uuid)))  # noqa: S308 - from a template; a UUID


@lru_cache(maxsize=4096)
def _rendered(title: str, steps: tuple[Step, ...], states: tuple[str, ...], _language: str) -> str:
    shown = [
        PathStep(step.title, step.language, reverse("learn", args=[_NOBODYS, step.key]), state, step.minutes)
        for step, state in zip(steps, states, strict=True)
    ]
    return render_to_string("components/path.html", {"title": title, "steps": shown})
