"""What a file of lessons holds, told before it is taken in."""

import re
from html import unescape

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from courses.exchange.documents import Lesson, Picture, Reading
from courses.models import LessonPage, ModulePage

_HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)


def report_of(reading: Reading, module: ModulePage) -> dict:
    """Shape 1: {"shape": 1, "lessons": [lesson, …], "notes": [sentence, …]}; a lesson has "title", "lede", "minutes",
    "headings", "pictures" and "tables".

    `pictures` are the words that each shows, perhaps empty; `tables` are counted where they stay tables. Two queries.
    """
    here = set(LessonPage.objects.child_of(module).values_list("title", flat=True))
    twice = [lesson.title for lesson in reading.lessons if lesson.title in here]
    notes = [
        _("A lesson called “%(title)s” is in the module already. This one comes beside it.") % {"title": title}
        for title in twice
    ]
    return {"shape": 1, "lessons": [_told(lesson) for lesson in reading.lessons], "notes": notes + reading.notes}


def _told(lesson: Lesson) -> dict:
    prose = "".join(value for kind, value in lesson.blocks if kind == "prose")
    return {
        "title": lesson.title,
        "lede": lesson.lede,
        "minutes": lesson.minutes,
        "headings": [unescape(strip_tags(words)).strip() for _tag, words in _HEADING.findall(prose)],
        "pictures": [value.alternative for _kind, value in lesson.blocks if isinstance(value, Picture)],
        "tables": sum(kind == "comparison" for kind, _value in lesson.blocks),
    }
