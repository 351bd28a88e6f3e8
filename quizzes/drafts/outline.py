"""An item as lines that people read: what it says in one language and what counts, each line with its name.

Written once for all kinds: structures and words are nested objects and lists, and their parts are called alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from core.word_changes import Change, changes
from quizzes.drafts.wordings import value_as_text

# Parts that stand several times, each by its own key or number.
PARTS = {
    "options": gettext_lazy("Option %(key)s"),
    "elements": gettext_lazy("Element %(key)s"),
    "prompts": gettext_lazy("Prompt %(key)s"),
    "targets": gettext_lazy("Target %(key)s"),
    "pairs": gettext_lazy("Right target of prompt %(key)s"),
    "gaps": gettext_lazy("Gap %(key)s"),
    "accepted": gettext_lazy("Accepted answer %(key)s"),
    "answers": gettext_lazy("Accepted number %(key)s"),
    "units": gettext_lazy("Unit %(key)s"),
    "areas": gettext_lazy("Area %(key)s"),
    "fields": gettext_lazy("Line %(key)s"),
    "rubric": gettext_lazy("Criterion %(key)s"),
    "levels": gettext_lazy("Level %(key)s"),
    "hints": gettext_lazy("Hint %(key)s"),
    "media": gettext_lazy("Medium %(key)s"),
    "feedback": gettext_lazy("Feedback %(key)s"),
    "file_kinds": gettext_lazy("Kind of file %(key)s"),
}
NAMES = {
    "stem": gettext_lazy("Question"),
    "rationale": gettext_lazy("Worked solution"),
    "feedback": gettext_lazy("Feedback"),
    "consequence": gettext_lazy("What comes of it"),
    "rationalisation": gettext_lazy("What people tell themselves"),
    "fraction": gettext_lazy("Share of the points"),
    "rating": gettext_lazy("Rating"),
    "mechanism": gettext_lazy("Mechanism"),
    "bright_line": gettext_lazy("Bright line"),
    "shuffle": gettext_lazy("Shown in an order of chance"),
    "correct": gettext_lazy("The statement is true"),
    "credit": gettext_lazy("How the order earns"),
    "kind": pgettext_lazy("of a gap", "Filled with"),
    "points": gettext_lazy("Points"),
    "case": gettext_lazy("Capital letters count"),
    "accents": gettext_lazy("Accents count"),
    "wildcards": gettext_lazy("A star stands for any text"),
    "value": gettext_lazy("Value"),
    "tolerance": gettext_lazy("Tolerance"),
    "unit": gettext_lazy("Unit"),
    "factor": gettext_lazy("One of it, in the unit of the answers"),
    "image": gettext_lazy("Picture"),
    "image_alt": gettext_lazy("What the picture shows"),
    "ratio": gettext_lazy("Height of the picture by its width"),
    "shape": gettext_lazy("Shape"),
    "coords": gettext_lazy("Place, in thousandths"),
    "title": gettext_lazy("Title of the document"),
    "label": gettext_lazy("Name of the line"),
    "wrong": gettext_lazy("Wrong"),
    "least_words": gettext_lazy("Least words"),
    "most_words": gettext_lazy("Most words"),
    "files": gettext_lazy("Files that may be handed in"),
    "for_markers": gettext_lazy("For markers"),
    "sha256": gettext_lazy("File"),
    "alt": gettext_lazy("In words"),
}
FEEDBACK = {
    "right": gettext_lazy("Feedback on a right answer"),
    "partly": gettext_lazy("Feedback on a partly right answer"),
    "wrong": gettext_lazy("Feedback on a wrong answer"),
}


@dataclass(frozen=True)
class Line:
    """A part of an item. `of_key` where it is shared by all languages, most of that being the key."""

    path: tuple[str, ...]
    label: str
    text: str
    of_key: bool


def outline(structure: dict, words: dict) -> list[Line]:
    """An item in one language: the question first, then each part with what it says and what it is worth."""
    of_key = [(path, leaf) for path, leaf in _leaves(structure, ()) if path != ("shape",)]
    said = [(path, leaf) for path, leaf in _leaves(words, ()) if path not in (("shape",),) and path[-1:] != ("kind",)]
    order: dict[tuple[str, ...], int] = {("stem",): 0}
    for path, _leaf in [*of_key, *said]:
        order.setdefault(path[:2], len(order))
    lines = [Line(path, label_of(path), value_as_text(path, leaf), False) for path, leaf in said if leaf != ""]
    lines += [Line(path, label_of(path), value_as_text(path, leaf), True) for path, leaf in of_key]
    return sorted(lines, key=lambda line: (order[line.path[:2]], line.of_key))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list) and not (path and path[-1] == "coords"):
        for number, inner in enumerate(value, start=1):
            if isinstance(inner, dict):
                rest = {name: part for name, part in inner.items() if name != "key"}
                yield from _leaves(rest, (*path, str(inner.get("key", number))))
            elif path in (("elements",), ("prompts",), ("targets",)):
                # A list of keys: where they stand in it counts for an order and for nothing else.
                if path == ("elements",):
                    yield (*path, inner), number
            else:
                yield (*path, str(number)), inner
    else:
        yield path, value


def label_of(path: tuple[str, ...]) -> str:
    """What a part of an item is called, from the whole to the part."""
    if path[0] == "feedback" and len(path) == 2 and path[1] in FEEDBACK:
        return str(FEEDBACK[path[1]])
    called, rest = [], list(path)
    while rest:
        name = rest.pop(0)
        if name in PARTS and rest:
            called.append(str(PARTS[name]) % {"key": rest.pop(0)})
        elif name != "text" or not called:
            called.append(str(NAMES.get(name, name)))
    return " · ".join(called)


@dataclass(frozen=True)
class Difference:
    """A line that two versions of an item do not share; `changes` are of its text."""

    label: str
    changes: list[Change]
    of_key: bool


def differences(old: list[Line], new: list[Line]) -> list[Difference]:
    """What is new, gone or other in the second of two outlines, in its order; what is gone comes last."""
    before = {(line.of_key, line.path): line for line in old}
    found = []
    for line in new:
        was = before.pop((line.of_key, line.path), None)
        if was is None or was.text != line.text:
            found.append(Difference(line.label, changes(was.text if was else "", line.text), line.of_key))
    return found + [Difference(line.label, changes(line.text, ""), line.of_key) for line in before.values()]


def told(lines: list[Line]) -> list[Difference]:
    """A whole outline as differences from nothing, for an item that is new."""
    return [Difference(line.label, [Change("same", line.text)], line.of_key) for line in lines]
