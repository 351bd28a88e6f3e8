"""Document examination: mark what is wrong in a declaration, an invoice, a manifest.

Structure: `{"shape": 2, "fields": [{"key": "f1", "wrong": true}]}`, in the document's own order, which nothing
shuffles. Each wrong field that is marked earns its share, and each sound one that is marked costs as much: who marks
everything has examined nothing.

Words: `{"shape": 2, "stem": …, "title": …, "fields": {"f1": {"label": …, "value": …, "feedback": …?}}}`. Answer:
`{"shape": 1, "marks": ["f1"]}`. An item always has something wrong in it, so that no marks are no answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from quizzes.kinds.contract import UNANSWERED, ItemJudgement, ItemKey, Kind, WrongItem, at
from quizzes.kinds.shapes import asked, check_flags, check_keys, check_parts, check_text, check_texts, explained


@dataclass(frozen=True)
class DocumentKey(ItemKey):
    """Which fields are wrong."""

    wrong: Mapping[str, bool]

    def judge(self, answer):
        if answer is None:
            return UNANSWERED
        marks = set(answer["marks"])
        if not marks <= set(self.wrong):
            raise ValueError("fields that were not served")
        surplus = sum(1 if self.wrong[field] else -1 for field in marks)
        return ItemJudgement.of(Fraction(surplus, sum(self.wrong.values())))


class Document(Kind):
    name = "document"
    can_be_emptied = True

    def check(self, structure, texts):
        check_parts(structure, {"shape", "fields"}, shape=2)
        keys = check_keys(structure["fields"], least=2)
        for field in structure["fields"]:
            check_parts(field, {"key", "wrong"})
            check_flags(field, "wrong")
        if not any(field["wrong"] for field in structure["fields"]):
            raise WrongItem("nothing in it is wrong")
        check_texts(texts, {"title", "fields"})
        for language, words in texts.items():
            check_text(language, words.get("title"), least=1)
            _check_fields(language, words.get("fields"), keys)

    def arrange(self, structure, source):
        return {}

    def read(self, structure, arrangement, fields):
        keys = _keys(structure)
        marked = {at(position, keys) for position in fields.all()}
        return {"shape": 1, "marks": [key for key in keys if key in marked]} if marked else None

    def shown(self, structure, arrangement, words, answer):
        marks = answer["marks"] if answer else []
        return {
            **asked(words),
            "title": words["title"],
            "fields": [
                {
                    "value": str(number),
                    "label": words["fields"][key]["label"],
                    "text": words["fields"][key]["value"],
                    "chosen": key in marks,
                }
                for number, key in enumerate(_keys(structure), start=1)
            ],
        }

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        """What was marked, with whether that was right; what was overlooked only where the key may be told."""
        marks = answer["marks"] if answer else []
        return {
            **explained(words, tell_key),
            "title": words["title"],
            "fields": [
                {
                    "label": words["fields"][field]["label"],
                    "text": words["fields"][field]["value"],
                    "chosen": field in marks,
                    "credited": field in marks and wrong,
                    "overlooked": tell_key and wrong and field not in marks,
                    "feedback": words["fields"][field].get("feedback", "")
                    if field in marks or (tell_key and wrong)
                    else "",
                }
                for field, wrong in key.wrong.items()
            ],
        }

    def key(self, structure, texts):
        return DocumentKey({field["key"]: field["wrong"] for field in structure["fields"]})


def _keys(structure: dict) -> list[str]:
    return [field["key"] for field in structure["fields"]]


def _check_fields(language: str, fields: Any, keys: set[str]) -> None:
    if not isinstance(fields, dict) or set(fields) != keys:
        raise WrongItem(f"its words in “{language}” do not fit its fields")
    for field in fields.values():
        check_parts(field, {"label", "value"}, {"feedback"})
        check_text(language, field["label"], least=1)
        # An empty box may be just what is wrong.
        check_text(language, field["value"])
        check_text(language, field.get("feedback", ""))
