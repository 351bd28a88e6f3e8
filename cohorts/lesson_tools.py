"""What stands around the words of a lesson: its headings, the bookmark, and the steps before and after."""

from django.urls import reverse
from django.utils.translation import get_language_bidi

from cohorts.furniture import filled
from cohorts.headings import Marked
from core import bandwidth
from courses.models import ReleaseBody


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
        "line_url": reverse("choose_line", args=[bandwidth.FULL if is_spared else bandwidth.LOW]),
        "mine_url": reverse("my_writing"),
    }
    return filled("cohorts/lesson_tools.html", alike, {"bookmark_url": bookmark_url, "here": here, "token": token})


def around(previous, following, *, previous_url: str | None, next_url: str | None) -> str:
    """The links to the steps before and after; either may be missing."""
    alike = {"previous": previous, "next": following, "right_to_left": get_language_bidi()}
    return filled("cohorts/turn.html", alike, {"previous_url": previous_url, "next_url": next_url})
