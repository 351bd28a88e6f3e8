"""The pictures, sound and films of a lesson: shown, or on a spared line offered with what they weigh."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe


class Media:
    """A filler for `media` marks (core.slots). `asked` are the ids that the reader has asked for on this page.

    An offer is a link to the same page with one more id, so that it works without a script and in every browser; who
    changes the language takes what was asked for along.
    """

    def __init__(self, frozen: Mapping[str, dict], *, is_spared: bool, asked: Sequence[str] = ()):
        self._frozen = frozen
        self._is_spared = is_spared
        self._asked = [key for key in asked if key in frozen]

    def __call__(self, key: str) -> str:
        medium = self._frozen.get(key)
        if medium is None:
            return ""
        shown = mark_safe(medium["html"])  # noqa: S308 - rendered by a template when the release was made
        if not self._is_spared:
            return shown
        if key in self._asked:
            return format_html('<div id="media-{}">{}</div>', key, shown)
        query = urlencode([("media", each) for each in (*self._asked, key)])
        offer = {name: medium.get(name) for name in ("kind", "bytes", "words")} | {"url": f"?{query}#media-{key}"}
        return render_to_string("components/lesson/media_offer.html", offer)
