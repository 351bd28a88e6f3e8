"""What is alike for all who read in one language: rendered once, filled in for each.

A page's frame, a box to write in and the links around a lesson cost more to render than the lesson itself. So their
templates are rendered with marks where readers differ, taken apart at the marks, and remembered in this process; each
page puts its own between the parts. A template is furniture where it prints what is a reader's own, and asks of it at
most whether it is there.
"""

import html
import re
from collections.abc import Mapping
from functools import lru_cache

from django.http import HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from frontend.templatetags import frame

# Characters of the private use area: no template has them, and escaping leaves them alone.
_FIRST = 0xE010
_MARK = re.compile("([\ue010-\ue08f])")


def filled(template: str, alike: Mapping, own: Mapping[str, object], language: str | None = None) -> SafeString:
    """The template with `alike`, which is hashable and the same for many, and `own`, which only this reader has.

    What is `own` is escaped where it is put in, unless it is safe; the template sees a mark in its place, or nothing
    where it is None. A name with a dot, as `next.title`, is what the template finds under it.

    `language` is the active one, from who has asked for it already: Django takes nine calls to say it.
    """
    given = {name: _text(value) for name, value in own.items() if value is not None}
    parts, marks = _rendered(template, language or get_language(), tuple(alike.items()), tuple(given))
    values = list(given.values())
    page = list(parts)
    page[1::2] = [values[mark] for mark in marks]
    return SafeString("".join(page))  # from a template, and escaped above


def page(request, template: str, alike: Mapping, own: Mapping[str, object]) -> HttpResponse:
    """A whole page of furniture: its template extends `base.html`, whose parts are the reader's own as well.

    The template sees nothing of the request but what it is given. `own` has the token of its forms, as `csrf_token`.
    """
    told = {}
    for tell in engines["django"].engine.template_context_processors:
        told |= tell(request)
    return HttpResponse(filled(template, alike, frame.parts(told | own) | own))


def _text(value) -> str:
    """As `django.utils.html.conditional_escape`, but for what is lazy: half the steps, for dozens of values a page."""
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


def alike_by(template: str, says: str, given: Mapping[str, object], language: str) -> SafeString:
    """The template whose whole content `says` is text for: rendered once for each such text. Where it is empty, what
    is given is somebody's own, and it is rendered anew. `language` is the active one.
    """
    if not says:
        return render_to_string(template, given)
    return _alike_by(template, says, language, _Given(given))


class _Given(dict):
    """What a template is rendered with, which is not looked at when one like it is looked for."""

    def __eq__(self, other):
        return isinstance(other, _Given)

    def __hash__(self):
        return 0


@lru_cache(maxsize=4096)
def _alike_by(template: str, _says: str, _language: str, given: _Given) -> SafeString:
    return render_to_string(template, given)


@lru_cache(maxsize=2048)
def _rendered(
    template: str, _language: str, alike: tuple[tuple[str, object], ...], own: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """What the template says, taken apart, with every second part left for what is own: and which, by its number."""
    context: dict = {}
    for name, value in (*alike, *((name, chr(_FIRST + number)) for number, name in enumerate(own))):
        whole, _, part = name.partition(".")
        if part:
            context.setdefault(whole, {})[part] = value
        else:
            context[whole] = value
    parts = _MARK.split(render_to_string(template, context))
    return tuple(parts), tuple(ord(mark) - _FIRST for mark in parts[1::2])
