"""Items that are answered with a text or with files, and graded by people along a rubric.

Structure: `{"shape": 2, "rubric": [{"key": "c1", "levels": [{"key": "l0", "points": "0"}, …]}], "least_words": 0,
"most_words": 500, "files": 0, "file_kinds": ["pdf"]}`. `files` is how many may be handed in. The bounds on words are
told and never enforced: a count of words means something else in each language, and a text that is too long is still
the learner's.

It may say how many people read each answer: `"marking": {"markers": 2, "tolerance": "0.1"}`. Two read it blindly, and
marks that are apart by no more than the tolerance, a share of the item's points, count by their mean
(quizzes.marking). Without it one person reads.

Words: `{"shape": 2, "stem": …, "rubric": {"c1": {"text": …, "levels": {"l0": …}}}, "for_markers": …?}`. Neither the
rubric nor what is `for_markers` is shown before the grade: what a level asks for is what the answer should say.

Answer: `{"shape": 1, "text": …, "files": [uuid]}`. That the files are the learner's own is for who saves it to see.
"""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from quizzes.kinds.contract import FOR_A_MARKER, UNANSWERED, ItemKey, Kind, MalformedAnswer, WrongItem
from quizzes.kinds.shapes import (
    asked,
    check_decimal,
    check_keys,
    check_parts,
    check_said,
    check_text,
    check_texts,
    explained,
)

MOST_WORDS = 10_000
MOST_FILES = 10
MOST_MARKERS = 2
LONGEST_ESSAY = 100_000
# The part of a file's name after its last full stop.
FILE_KIND = re.compile(r"[a-z0-9]{1,10}")


@dataclass(frozen=True)
class EssayKey(ItemKey):
    """No program grades an essay."""

    def judge(self, answer):
        return UNANSWERED if answer is None else FOR_A_MARKER


class Essay(Kind):
    name = "essay"
    can_be_emptied = True
    is_marked_by_people = True

    def check(self, structure, texts):
        parts = {"shape", "rubric", "least_words", "most_words", "files", "file_kinds"}
        check_parts(structure, parts, {"marking"}, shape=2)
        criteria = check_keys(structure["rubric"])
        levels = {criterion["key"]: _check_criterion(criterion) for criterion in structure["rubric"]}
        _check_count(structure["most_words"], 1, MOST_WORDS)
        _check_count(structure["least_words"], 0, structure["most_words"])
        _check_count(structure["files"], 0, MOST_FILES)
        _check_file_kinds(structure["file_kinds"], needed=structure["files"] > 0)
        if "marking" in structure:
            _check_marking(structure["marking"])
        check_texts(texts, {"rubric", "for_markers"})
        for language, words in texts.items():
            check_text(language, words.get("for_markers", ""))
            if not isinstance(words.get("rubric"), dict) or set(words["rubric"]) != criteria:
                raise WrongItem(f"its words in “{language}” do not fit its rubric")
            for key, criterion in words["rubric"].items():
                check_parts(criterion, {"text", "levels"})
                check_text(language, criterion["text"], least=1)
                check_said(language, criterion["levels"], levels[key])

    def arrange(self, structure, source):
        return {}

    def read(self, structure, arrangement, fields):
        text = fields.written(longest=LONGEST_ESSAY)
        files = list(dict.fromkeys(_file(sent) for sent in fields.all("file")))
        if len(files) > structure["files"]:
            raise MalformedAnswer("more files than may be handed in")
        return {"shape": 1, "text": text, "files": files} if text or files else None

    def shown(self, structure, arrangement, words, answer):
        return {
            **asked(words),
            "text": answer["text"] if answer else "",
            "longest": LONGEST_ESSAY,
            "least_words": structure["least_words"],
            "most_words": structure["most_words"],
            "most_files": structure["files"],
            "file_kinds": structure["file_kinds"] if structure["files"] else [],
            "files": answer["files"] if answer else [],
        }

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        """The answer; by what it was marked only where the key may be told."""
        return {
            **explained(words, tell_key),
            "text": answer["text"] if answer else "",
            "files": answer["files"] if answer else [],
            "rubric": [
                {
                    "text": words["rubric"][criterion["key"]]["text"],
                    "levels": [
                        {"text": words["rubric"][criterion["key"]]["levels"][level["key"]], "points": level["points"]}
                        for level in criterion["levels"]
                    ],
                }
                for criterion in structure["rubric"]
                if tell_key
            ],
        }

    def check_new_key(self, structure, texts, new_structure, new_texts):
        raise WrongItem("people grade it, along its rubric: there is no key to change")

    def key(self, structure, texts):
        return EssayKey()


def _file(sent: str) -> str:
    try:
        return str(uuid.UUID(sent))
    except ValueError as problem:
        raise MalformedAnswer("a file that was not handed in") from problem


def _check_criterion(criterion: dict) -> set[str]:
    """The keys of a criterion's levels. Raises WrongItem."""
    check_parts(criterion, {"key", "levels"})
    levels = check_keys(criterion["levels"], least=2)
    points = []
    for level in criterion["levels"]:
        check_parts(level, {"key", "points"})
        points.append(check_decimal(level["points"], 0, 1000))
    if not any(points):
        raise WrongItem("no level of a criterion earns anything")
    return levels


def _check_marking(marking: Any) -> None:
    check_parts(marking, {"markers", "tolerance"})
    _check_count(marking["markers"], 1, MOST_MARKERS)
    check_decimal(marking["tolerance"], 0, 1)


def _check_count(number: Any, least: int, most: int) -> None:
    if type(number) is not int or not least <= number <= most:
        raise WrongItem(f"a count is none from {least} to {most}")


def _check_file_kinds(kinds: Any, *, needed: bool) -> None:
    if not isinstance(kinds, list) or not all(isinstance(kind, str) and FILE_KIND.fullmatch(kind) for kind in kinds):
        raise WrongItem("its kinds of file are none")
    if needed and not kinds:
        raise WrongItem("which kinds of file may be handed in is not said")
