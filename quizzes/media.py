"""The pictures, recordings and films that stand in questions, for those who may see them.

Like the words of a question, its picture is for who is served it: everything is asked for through an attempt.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from people.models import User
from quizzes import content
from quizzes.models import Attempt, ItemMedia
from quizzes.permissions import may_read_items

MOST_PRESSED_WIDTH = 640


@dataclass(frozen=True)
class Medium:
    """A medium as a page shows it. `alt` is in the language of the question; sizes, in pixels, are a picture's."""

    url: str
    kind: str
    content_type: str
    alt: str
    width: int | None
    height: int | None

    @property
    def pressed_size(self) -> tuple[int, int]:
        """The size at which a picture is shown where it is pressed and no script measures it: the form sends it."""
        assert self.width and self.height, "only a picture is pressed"
        width = min(self.width, MOST_PRESSED_WIDTH)
        return width, max(round(self.height * width / self.width), 1)


class Shelf:
    """The media of some questions of one attempt, in one query, or in none where there are none.

    `address` is the page that gives them out, for `place`: to its learner the attempt's own, to others another.
    Without a place they are for who writes the questions.
    """

    def __init__(self, place: uuid.UUID | None, shown: Iterable[dict], *, address: str = "quiz_medium"):
        self._place, self._address = place, address
        digests = {digest for each in shown for digest in _named(each)}
        self._kept = {each.sha256: each for each in ItemMedia.objects.filter(sha256__in=digests)} if digests else {}

    def stem(self, shown: dict) -> list[Medium]:
        """What stands after a question's stem. A medium that is not kept here is left out."""
        found = [(self._kept.get(each["sha256"]), each["alt"]) for each in shown["media"]]
        return [self._medium(kept, alt) for kept, alt in found if kept]

    def picture(self, shown: dict) -> Medium | None:
        """The picture that a question asks to point at."""
        kept = self._kept.get(shown.get("image", ""))
        return self._medium(kept, shown["image_alt"]) if kept and kept.kind == ItemMedia.Kind.IMAGE else None

    def _medium(self, kept: ItemMedia, alt: str) -> Medium:
        if self._place is None:
            url = reverse("item_medium", args=[kept.sha256])
        else:
            url = reverse(self._address, args=[self._place, kept.sha256])
        return Medium(url, kept.kind, kept.content_type, alt, kept.width, kept.height)


def _named(shown: dict) -> Iterator[str]:
    yield from (medium["sha256"] for medium in shown["media"])
    if "image" in shown:
        yield shown["image"]


def shown_in(attempt: Attempt, digest: str) -> ItemMedia:
    """A medium that a question of this attempt shows, in whatever language. Raises ItemMedia.DoesNotExist."""
    served = [item["version"] for item in attempt.served_items]
    texts = content.item_texts(served)
    named = {
        medium["sha256"] for each in texts.values() for words in each.values() for medium in words.get("media", [])
    }
    named |= {version.structure.get("image") for version in content.item_versions(served).values()}
    if digest not in named:
        raise ItemMedia.DoesNotExist
    return ItemMedia.objects.get(sha256=digest)


def may_see_all(user: User) -> bool:
    """Whether somebody may look at media outside of any attempt: who writes or reviews the questions."""
    return may_read_items(user)
