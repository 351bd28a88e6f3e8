"""Rich text on its way: a link names what it leads to instead of a row's number, and nothing hostile comes in.

In the database a link is `<a linktype="page" id="17">`; in an archive the same is
`id="page:<translation key>:<language>"`, `id="document:<its id in media.json>"` or, in an embedded picture,
`id="image:<its id in media.json>"`.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import nh3
from django.utils.translation import gettext as _

_TAG = re.compile(r"<(?:a|embed)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
# An end tag with more than its name: readers skip the rest, each as far as it likes.
_LOADED_END = re.compile(r"</[A-Za-z][^\s/>]*[\s/]+[^\s>][^>]{0,20}")
_ID = re.compile(r'(\sid=")([^"]*)(")')

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "b", "strong", "i", "em", "u", "s", "sub", "sup",
    "small", "mark", "code", "blockquote", "span", "bdi", "a", "embed",
}  # fmt: skip
_ON_ALL = {"lang", "dir", "data-block-key"}
_ATTRIBUTES = {
    "*": _ON_ALL,
    "a": {"href", "linktype", "id"},
    "embed": {"embedtype", "id", "alt", "format"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LINKS = {"page", "document"}


def with_references(html: str, rename: Callable[[str, str], str | None]) -> str:
    """The HTML with each reference renamed: `rename(kind, id)` gives the new id, None takes the link away.

    A link that goes leaves its words; an embedded picture that goes leaves nothing.
    """
    parts, last, dropped = [], 0, 0
    for found in re.finditer(r"<(?:a|embed)\b[^>]*>|</a>", html):
        tag = found[0]
        parts.append(html[last : found.start()])
        last = found.end()
        if tag == "</a>":
            if dropped:
                dropped -= 1
            else:
                parts.append(tag)
            continue
        kind, identity = _reference(tag)
        if kind is None:
            parts.append(tag)
            continue
        new = rename(kind, identity)
        if new is not None:
            parts.append(_ID.sub(lambda match, new=new: match[1] + new + match[3], tag, count=1))
        elif kind != "image":
            dropped += 1
    return "".join([*parts, html[last:]])


def _reference(tag: str) -> tuple[str | None, str]:
    attributes = dict(_ATTRIBUTE.findall(tag))
    kind = attributes.get("embedtype") if tag.startswith("<embed") else attributes.get("linktype")
    return (kind, attributes.get("id", "")) if kind else (None, "")


class _Pieces(HTMLParser):
    """What a text is made of: its start tags with their attributes, its words, and anything that has no place."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple]] = []
        self.words: list[str] = []
        self.other: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(sorted((name, value or "") for name, value in attrs))))

    def handle_endtag(self, tag):
        # One without a beginning means nothing in a text, and ends whatever the text is put into.
        if tag not in _TAGS:
            self.other.append(f"</{tag[:20]}")

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        self.other.append("<!--")

    def handle_decl(self, decl):
        self.other.append(f"<!{decl[:20]}")

    def handle_pi(self, data):
        self.other.append(f"<?{data[:20]}")

    def unknown_decl(self, data):
        self.other.append(f"<![{data[:20]}")

    @classmethod
    def of(cls, html: str) -> "_Pieces":
        pieces = cls()
        pieces.feed(html)
        pieces.close()
        return pieces


def complaint(html: str) -> str | None:
    """What in a text is not on the allow-list, in words; None where nothing is.

    The text is taken apart twice, by the standard library and by the parser that browsers' rules were written for
    (nh3). Only a text in which that one finds nothing to take away, and finds the same words and tags, is let in
    unchanged: what two parsers understand in two ways is where hostile text hides.
    """
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    if loaded := _LOADED_END.search(html):
        return _("HTML that is not allowed: %(piece)s") % {"piece": loaded[0]}
    given = _Pieces.of(html)
    if given.other:
        return _("HTML that is not allowed: %(piece)s") % {"piece": given.other[0]}
    for tag, attributes in given.tags:
        if problem := _problem_of(tag, dict(attributes)):
            return problem
    cleaned = _Pieces.of(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            link_rel=None,
            generic_attribute_prefixes=None,
        )
    )
    if cleaned.tags != given.tags or "".join(cleaned.words) != "".join(given.words):
        return _("HTML that two readers would read in two ways")
    return None


def _problem_of(tag: str, attributes: dict[str, str]) -> str | None:
    if tag not in _TAGS:
        return _("HTML that is not allowed: %(piece)s") % {"piece": f"<{tag[:30]}>"}
    for name in attributes:
        if name not in _ON_ALL and name not in _ATTRIBUTES.get(tag, ()):
            return _("HTML that is not allowed: %(piece)s") % {"piece": f"<{tag} {name[:30]}>"}
    if tag == "embed" and attributes.get("embedtype") != "image":
        return _("an embedded object that is no picture")
    if tag == "a" and attributes.get("linktype", "page") not in _LINKS:
        return _("a link of an unknown kind")
    return None
