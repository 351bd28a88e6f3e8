"""The text of an item: XHTML with interactions in it, as HTML that quizzes.formats.texts reads. Pure."""

from collections.abc import Callable, Iterator
from html import escape

from quizzes.formats.xml_tree import Node

BLOCKS = {
    "choiceInteraction", "orderInteraction", "associateInteraction", "matchInteraction", "gapMatchInteraction",
    "hotspotInteraction", "selectPointInteraction", "graphicOrderInteraction", "graphicAssociateInteraction",
    "graphicGapMatchInteraction", "sliderInteraction", "uploadInteraction", "extendedTextInteraction",
    "hottextInteraction", "mediaInteraction", "drawingInteraction", "positionObjectInteraction",
    "positionObjectStage", "customInteraction", "portableCustomInteraction", "endAttemptInteraction",
}  # fmt: skip
INLINE = {"inlineChoiceInteraction", "textEntryInteraction"}
_StandingFor = Callable[[Node], str | None]
_FEEDBACK = {"feedbackInline", "feedbackBlock", "modalFeedback"}
_HIDDEN = {"rubricBlock", "stylesheet", "infoControl", "catalogInfo", "templateBlock", "templateInline"}
_WRAPPERS = {"contentBody", "simpleBlock"}
_EMPTY = {"br", "hr", "img", "source", "track", "col"}


def interactions(node: Node) -> Iterator[Node]:
    """The interactions in a text, in their order; none within another."""
    for child in node.children:
        if child.name in BLOCKS or child.name in INLINE:
            yield child
        else:
            yield from interactions(child)


def html(node: Node, standing_for: Callable[[Node], str | None] = lambda _node: None) -> str:
    """What an element holds, as HTML. `standing_for` may give what stands for a part of it.

    It is always mark-up, never a bare text, for in XHTML a new line is a space.
    """
    return f"<span>{_held(node, standing_for)}</span>"


def _held(node: Node, standing_for: _StandingFor) -> str:
    return "".join(
        escape(part, quote=False) if isinstance(part, str) else _part(part, standing_for) for part in node.content
    )


def _part(node: Node, standing_for: _StandingFor) -> str:
    given = standing_for(node)
    if given is not None:
        return given
    if node.name == "rubricBlock" and "candidate" in node.get("view").split():
        return f"<div>{_held(node, standing_for)}</div>"
    if node.name in _FEEDBACK or node.name in _HIDDEN or node.name in BLOCKS or node.name in INLINE:
        return ""
    if node.name in _WRAPPERS or node.name == "prompt":
        return f"<div>{_held(node, standing_for)}</div>"
    if node.name == "object":
        return _object(node)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    if node.name in _EMPTY:
        return f"<{node.name}{attributes}>"
    return f"<{node.name}{attributes}>{_held(node, standing_for)}</{node.name}>"


def _object(node: Node) -> str:
    """QTI shows pictures and films with `<object>` as well; its text is for who cannot see them."""
    family = node.get("type").partition("/")[0]
    source, words = escape(node.get("data")), escape(" ".join(node.text.split()))
    if family == "image":
        return f'<img src="{source}" alt="{words}">'
    if family in ("audio", "video"):
        return f'<{family} src="{source}" title="{words}"></{family}>'
    return '<object data="x"></object>'
