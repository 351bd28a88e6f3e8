"""What a release of a programme takes from its page: the courses, the conditions that open them, the kind's rules."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from courses.keys import node_key
from courses.models import CoursePage, ModulePage, ProgrammePage
from courses.models.programmes import ProgrammePart


def parts_of(programme: ProgrammePage) -> list[ProgrammePart]:
    """The programme's published courses in order; a course that is no longer published is left out."""
    parts = programme.plan().parts.select_related("course__locale", "opens_after")
    return [part for part in parts if part.course.live]


def problems_of(programme: ProgrammePage) -> list[str]:
    """What a learner of the programme would be stuck at, in sentences. Courses answer for themselves."""
    parts = parts_of(programme)
    if not parts:
        return [_("The programme has no published course.")]
    problems = []
    if not any(part.required for part in parts):
        problems.append(_("No course of the programme is required, so nobody could complete it."))
    places = _places(parts)
    for place, part in enumerate(parts):
        if part.opens_after_id is None:
            continue
        title = {"course": part.course.title, "condition": part.opens_after.title}
        stands = places.get(part.opens_after.translation_key)
        if stands is None:
            problems.append(_("“%(course)s” opens after “%(condition)s”, which is not in the programme.") % title)
        elif stands >= place:
            problems.append(_("“%(course)s” opens after “%(condition)s”, which does not come before it.") % title)
        elif part.required and not parts[stands].required:
            problems.append(_("“%(course)s” is required and opens after “%(condition)s”, which is not.") % title)
    return problems + _problem_of_hours(programme)


def _problem_of_hours(programme: ProgrammePage) -> list[str]:
    """More hours than all courses together credit could never be reached."""
    wanted = programme.kind.minimum_hours
    if wanted is None:
        return []
    minutes = sum(module["minutes"] for part in parts_of(programme) for module in part.course.contents())
    if minutes >= wanted * 60:
        return []
    return [
        ngettext(
            "The kind asks for %(wanted)s hours, and all courses together credit %(minutes)d minute.",
            "The kind asks for %(wanted)s hours, and all courses together credit %(minutes)d minutes.",
            minutes,
        )
        % {"wanted": wanted, "minutes": minutes}
    ]


def _places(parts: list[ProgrammePart]) -> dict:
    """The place in the programme of each course and each published module, by translation key."""
    places = {part.course.translation_key: place for place, part in enumerate(parts)}
    for place, part in enumerate(parts):
        modules = ModulePage.objects.live().child_of(part.course)
        places |= dict.fromkeys(modules.values_list("translation_key", flat=True), place)
    return places


def required_minutes(programme: ProgrammePage, required: int) -> int:
    """What a learner must be credited with: the required steps, or the kind's minimum where that is more."""
    minimum = programme.kind.minimum_hours
    return max(required, int(minimum * 60)) if minimum is not None else required


def terms_of(programme: ProgrammePage) -> dict:
    """The rules of the programme as they stand, in the shape of `ProgrammeTerms.content`."""
    kind = programme.kind
    return {
        "shape": 1,
        "kind": kind.code,
        "names": {name.language: name.name for name in kind.names.all()},
        "audience": kind.audience,
        "award": kind.award,
        "validity_months": kind.validity_months,
        "validity_months_high_risk": kind.validity_months_high_risk,
        "recurs_after_months": kind.recurs_after_months,
        "external_learners": kind.external_learners,
        "prerequisites": [_prerequisite(one.required) for one in programme.plan().prerequisites.all()],
        "openings": list(_openings(parts_of(programme), in_order=kind.in_order)),
    }


def _prerequisite(page) -> dict:
    translations = page.get_translations(inclusive=True).live().values_list("locale__language_code", "title")
    return {"key": str(node_key(page.translation_key)), "titles": dict(translations)}


def _openings(parts: list[ProgrammePart], *, in_order: bool):
    before = None
    for part in parts:
        after = [before] if in_order and before else []
        if part.opens_after_id:
            condition = str(node_key(part.opens_after.translation_key))
            after += [condition] if condition not in after else []
        key = str(node_key(part.course.translation_key))
        if after or part.opens_after_days is not None:
            yield {"key": key, "after": after, "days": part.opens_after_days}
        if part.required:
            before = key


def live_in(language: str, *, partners: bool):
    """The programmes of a language's catalogue: those for officers, or those open to external learners."""
    return (
        ProgrammePage.objects.live()
        .filter(locale__language_code=language, kind__external_learners=partners)
        .select_related("kind")
        .prefetch_related("kind__names")
        .order_by("path")
    )


def partners_courses() -> set[UUID]:
    """The courses of all published programmes for partners, by their key in all languages."""
    parts = ProgrammePart.objects.filter(programme__live=True, programme__kind__external_learners=True)
    return set(parts.values_list("course__translation_key", flat=True))


def is_open_to_partners(page: Page) -> bool:
    """Whether somebody from outside may read a page: a programme for partners, or what stands in a course of one."""
    if isinstance(page, ProgrammePage):
        return page.kind.external_learners
    course = page.get_ancestors(inclusive=True).type(CoursePage).last()
    return course is not None and course.translation_key in partners_courses()
