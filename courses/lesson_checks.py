"""What lessons lack before they can be released: files that are gone, and what nations have yet to say."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from core import languages
from core.blocks import NationalSlot, national_slots, without_file
from courses import national
from courses.models import LessonPage


def problems_of(lessons: Collection[LessonPage], source_language: str) -> list[str]:
    """`lessons` in all their languages. Two queries for the national slots, none where no lesson has one.

    The words of a nation are asked for in the language of the course: each reader gets at least these.
    """
    problems = [
        _("“%(title)s”: the file of a block (%(block)s) is missing.") % {"title": lesson.title, "block": block}
        for lesson in lessons
        for block in without_file(lesson.body)
    ]
    used = set().union(*(national_slots(lesson.body) for lesson in lessons))
    for administration, lacking in national.missing(used, source_language):
        slots = ", ".join(str(NationalSlot(slot).label) for slot in lacking)
        problems.append(
            _("%(administration)s has not yet written in %(language)s: %(slots)s.")
            % {
                "administration": administration.name,
                "language": languages.own_name(source_language),
                "slots": slots,
            }
        )
    return problems
