"""The names of QTI 3, turned into those of QTI 2: one reader for both. Pure."""

import re

from quizzes.formats.xml_tree import Node

_PREFIX = "qti-"
_KEPT = ("data-", "aria-", "xml:")
_LETTER = re.compile(r"-([a-z])")


def _camel(name: str) -> str:
    return _LETTER.sub(lambda found: found[1].upper(), name)


def in_version_2(node: Node) -> Node:
    """The same tree with the names of version 2; a tree of version 2 stays as it is."""
    if node.name.startswith(_PREFIX):
        node.name = _camel(node.name.removeprefix(_PREFIX))
        node.attributes = {
            name if name.startswith(_KEPT) else _camel(name): value for name, value in node.attributes.items()
        }
    for child in node.children:
        in_version_2(child)
    return node


def in_version_3(name: str) -> str:
    """`choiceInteraction` as `qti-choice-interaction`."""
    return _PREFIX + kebab(name)


def kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: "-" + found[0].lower(), name)
