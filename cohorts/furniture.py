"""The parts of a lesson's page that are alike for all who read in one language: rendered once, filled in for each.

A box to write in, the tools above a lesson and the links around it cost more to render than the lesson itself. So
their templates are rendered with marks where readers differ, remembered in this process, and each page puts in its
own: the way of `frontend.templatetags.frame`.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# Characters of the private use area: no template has them, and escaping leaves them alone.
_FIRST = 0xE010
_MARK = re.compile("[\ue010-\ue02f]")


def filled(template: str, alike: Mapping, own: Mapping[str, object]) -> SafeString:
    """The template with `alike`, which is hashable and the same for many, and `own`, which only this reader has.

    What is `own` is escaped where it is put in, and the template can only print it: it sees a mark.
    """
    markup = _rendered(template, get_language(), tuple(alike.items()), tuple(own))
    values = list(own.values())
    return mark_safe(_MARK.sub(lambda found: escape(values[ord(found[0]) - _FIRST]), markup))  # noqa: S308 - escaped


@lru_cache(maxsize=2048)
def _rendered(template: str, _language: str, alike: tuple, own: tuple) -> str:
    marks = {name: chr(_FIRST + number) for number, name in enumerate(own)}
    return render_to_string(template, dict(alike) | marks)
