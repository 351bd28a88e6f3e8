"""Moodle XML, read: https://docs.moodle.org/en/Moodle_XML_format, and what Moodle's own export writes.

What becomes of each question: quizzes.formats.moodle_questions. A description and a category are no questions: a
description is reported; the category that all questions are in is their title, those below it become tags.
"""

import re
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext_lazy as _

from quizzes.formats import moodle_questions, texts
from quizzes.formats.categories import titled, topics
from quizzes.formats.drafts import Collector, Told, silent
from quizzes.formats.neutral import Reading, Refused
from quizzes.formats.xml_tree import Node, parsed

FORMAT = "moodle_xml"

_TAG = re.compile(r"<[^>]*>")


def read(data: bytes, language: str, kept: frozenset[str] = frozenset(), told: Told = silent) -> Reading:
    """Raises Refused."""
    root = parsed(data)
    if root.name != "quiz":
        raise Refused(_("This is no Moodle XML: its first element is “%(name)s”, not “quiz”."), name=root.name)
    collector = Collector(FORMAT, root.get("xml:lang") or language, kept, told)
    collector.title, asked = titled(_by_category(root))
    collector.expected = len(asked)
    for node, above in asked:
        collector.take(
            partial(moodle_questions.read, node=node, above=above),
            line=node.line,
            name=_name(node),
            otherwise=_begins(node),
        )
        if node.words("penalty").strip().strip("0.") and node.first("hint"):
            collector.note(_("Penalties for further tries are not taken: an answer counts once."))
    return collector.reading()


def _by_category(root: Node) -> Iterator[tuple[Node, list[str]]]:
    above: list[str] = []
    for node in root.all("question"):
        if node.get("type") == "category":
            above = topics(node.words("category", "text") or node.words("category"))
        else:
            yield node, above


def _name(node: Node) -> str:
    return texts.line(node.words("name", "text"))


def _begins(node: Node) -> str:
    """The words with which its text begins."""
    return texts.line(_TAG.sub(" ", moodle_questions.text_of(node.first("questiontext"))[0][:2000]))
