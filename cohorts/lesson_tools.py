"""What stands around the words of a lesson: its headings, the bookmark, and the steps before and after."""

from django.urls import reverse
from django.utils.translation import get_language_bidi

from cohorts.furniture import filled
from cohorts.headings import Marked
from courses.models import ReleaseBody


def above(marked: Marked, body: ReleaseBody, *, is_bookmarked: bool, bookmark_url: str, token: str) -> str:
    """The tools above a lesson."""
    alike = {
        "headings": marked.table,
        "language": body.language,
        "is_bookmarked": is_bookmarked,
        "mine_url": reverse("my_writing"),
    }
    return filled("cohorts/lesson_tools.html", alike, {"bookmark_url": bookmark_url, "token": token})


def around(previous, following, *, previous_url: str | None, next_url: str | None) -> str:
    """The links to the steps before and after; either may be missing."""
    alike = {"previous": previous, "next": following, "right_to_left": get_language_bidi()}
    return filled("cohorts/turn.html", alike, {"previous_url": previous_url, "next_url": next_url})
