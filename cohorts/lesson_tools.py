"""What stands around the words of a lesson: its headings, the bookmark, and the steps before and after."""

from functools import cache

from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi

from cohorts.headings import Marked
from core import bandwidth
from core.addresses import address
from courses.models import ReleaseBody
from frontend.furniture import filled


def above(
    marked: Marked,
    body: ReleaseBody,
    *,
    minutes: int,
    is_bookmarked: bool,
    is_spared: bool,
    here: str,
    bookmark_url: str,
    token: str,
) -> str:
    """The tools above a lesson. `here` is the page to come back to from a choice."""
    alike = {
        "headings": marked.table,
        "language": body.language,
        "minutes": minutes,
        "is_bookmarked": is_bookmarked,
        "is_spared": is_spared,
        "line_url": _choice_of_line(bandwidth.FULL if is_spared else bandwidth.LOW, get_language()),
        "mine_url": address("my_writing"),
    }
    return filled("cohorts/lesson_tools.html", alike, {"bookmark_url": bookmark_url, "here": here, "token": token})


@cache
def _choice_of_line(line: str, _language: str) -> str:
    return reverse("choose_line", args=[line])


def around(previous, following, *, previous_url: str | None, next_url: str | None) -> str:
    """The links to the steps before and after; either may be missing."""
    own = {"previous_url": previous_url, "next_url": next_url}
    for name, step in (("previous", previous), ("next", following)):
        if step is not None:
            own |= {f"{name}.title": step.title, f"{name}.language": step.language}
    return filled("cohorts/turn.html", {"right_to_left": get_language_bidi()}, own)
