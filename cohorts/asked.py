"""What a place asks of its learner: all of its release, or, for a refresher, the steps of its delta alone.

The reader, the grades and the completion ask here, so that a refresher needs no reader of its own. Deltas never
change, so a process remembers what they leave of a release.
"""

from functools import lru_cache
from uuid import UUID

from cohorts.delta import Asked
from cohorts.models import Delta, Enrolment
from courses import reading
from courses.models import ReleaseBody, ReleaseNode
from courses.reading import Outline, Step


def outline_of(enrolment: Enrolment, language: str) -> Outline:
    """The steps that are asked, from the course downwards, in a language as `courses.reading.outline` gives them."""
    return outline(enrolment.release_id, enrolment.delta_id, language)


def outline(release_id: int, delta_id: int | None, language: str) -> Outline:
    """The same for who has read the two columns alone."""
    return reading.outline(release_id, language) if delta_id is None else _narrowed(delta_id, language)


def minutes_of(enrolment: Enrolment) -> int:
    """The minutes that completion needs. Of a place with a delta: those of its steps."""
    if enrolment.delta_id is None:
        return enrolment.release.required_minutes
    source = enrolment.release.source_language
    return sum(step.minutes for step in outline_of(enrolment, source).activities)


def seen_before(enrolment: Enrolment, step: Step) -> int | None:
    """The node of a refresher's step in the release in which the learner did it last; None where it is new to them."""
    return _seen(enrolment.delta_id).get(step.key)


def words_before(node_id: int, language: str) -> ReleaseBody | None:
    """The words of an older node, if it had any in this language."""
    return reading.body(node_id, language) if language in _languages_of(node_id) else None


def forget() -> None:
    """Forget everything that this process remembers of deltas."""
    for remembered in (_narrowed, _seen, _languages_of):
        remembered.cache_clear()


@lru_cache(maxsize=512)
def _narrowed(delta_id: int, language: str) -> Outline:
    delta = Delta.objects.get(pk=delta_id)
    return reading.outline(delta.release_id, language).narrowed({each.key for each in delta.asked})


@lru_cache(maxsize=512)
def _seen(delta_id: int) -> dict[UUID, int]:
    delta = Delta.objects.select_related("release").get(pk=delta_id)
    seen: dict[int, list[Asked]] = {}
    for each in delta.asked:
        if each.seen is not None:
            seen.setdefault(each.seen, []).append(each)
    found = {}
    for number, steps in seen.items():
        nodes = ReleaseNode.objects.filter(
            release__course=delta.release.course, release__number=number, key__in=[each.key for each in steps]
        )
        found.update(nodes.values_list("key", "pk"))
    return found


@lru_cache(maxsize=1024)
def _languages_of(node_id: int) -> frozenset[str]:
    return frozenset(reading.languages_of(node_id))
