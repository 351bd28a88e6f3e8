"""Options with fractions, as every format has them, and our kinds that are answered by choosing.

`question` makes a question of options that a reader found; `options` gives the options that a writer writes. A
scenario is written as a single choice with the fractions 1, 1/2, 0 and 0 (docs/decisions/0006-scenario-scoring.md)
and a document examination as a multiple choice that earns and loses the same, both with marks (quizzes.formats.marks)
by which they come home as what they were.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats import marks as own
from quizzes.formats.amounts import rounded, written
from quizzes.formats.drafts import Draft, Made, QuestionRefused, checked_count
from quizzes.formats.neutral import Question
from quizzes.kinds.choices import CREDIT, NEARLY, Rating

_MECHANISM_AT_MOST = 40
# 33 % and 33.33333 % mean the same third.
_SAME_SHARE = Decimal("0.01")


@dataclass(frozen=True)
class Option:
    """One option as formats have it: `fraction` is a share of the points, from -1 to 1."""

    text: str
    fraction: Decimal
    feedback: str = ""


def joined(*told: str) -> str:
    """Feedback that is shown together."""
    return "\n\n".join(dict.fromkeys(text for text in told if text))


@dataclass(frozen=True)
class Choices:
    """A question as options, to be written."""

    stem: str
    options: list[tuple[str, Option]]
    several: bool
    shuffle: bool
    marks: dict[str, str]


def question(
    draft: Draft,
    stem: str,
    options: list[Option],
    *,
    several: bool,
    shuffle: bool = True,
    rationale: str = "",
    hints: list[str] | None = None,
    keys: list[str] | None = None,
) -> Made:
    """The question that these options make. `keys` are the file's own keys of them. Raises QuestionRefused."""
    checked_count(options)
    if not several and draft.marks.get("kind") == "scenario":
        scenario = _scenario(draft, stem, options, keys)
        if scenario:
            return scenario
    if several and draft.marks.get("kind") == "document":
        document = _document(draft, stem, options, rationale, hints, keys)
        if document:
            return document
    if len(options) < 2:
        raise QuestionRefused(_("It has fewer than two answers to choose from."))
    options = _weighed(draft, options, several)
    used = keys or own.keys(draft.marks, "keys", own.letters(len(options)))
    structure = {
        "shape": 2,
        "options": [
            {"key": key, "fraction": written(option.fraction)} for key, option in zip(used, options, strict=True)
        ],
        "shuffle": shuffle,
    }
    said = {
        key: {"text": option.text} | ({"feedback": option.feedback} if option.feedback else {})
        for key, option in zip(used, options, strict=True)
    }
    words = draft.words(stem, rationale, hints, options=said)
    return Made("multiple_choice" if several else "single_choice", structure, words)


def _weighed(draft: Draft, options: list[Option], several: bool) -> list[Option]:
    """The options with what they earn. Right answers that are rounded too coarsely to add up, as thirds of 33 %, earn
    the same part each. Raises QuestionRefused."""
    if not several:
        if max(option.fraction for option in options) < 1:
            raise QuestionRefused(_("No answer of it earns all of its points. Give one of them 100 %%."))
        return options
    shares = [option.fraction for option in options if option.fraction > 0]
    earned = sum(shares, Decimal(0))
    if abs(earned - 1) <= Decimal(NEARLY.numerator) / Decimal(NEARLY.denominator):
        return options
    percent = written((earned * 100).quantize(Decimal("0.01")))
    alike = bool(shares) and max(shares) - min(shares) <= _SAME_SHARE
    if not alike or abs(earned / len(shares) - Decimal(1) / len(shares)) > _SAME_SHARE:
        raise QuestionRefused(
            _("Its right answers earn %(percent)s %% of its points together, not 100 %%. Change their shares."),
            percent=percent,
        )
    draft.changed(
        _("Its right answers earned %(percent)s %% of its points together; each earns the same part of them here."),
        percent=percent,
    )
    same = rounded(Decimal(1) / len(shares))
    return [replace(option, fraction=same) if option.fraction > 0 else option for option in options]


def true_or_false(
    draft: Draft,
    stem: str,
    correct: bool,
    feedback: dict[str, str],
    rationale: str = "",
    hints: list[str] | None = None,
) -> Made:
    """`feedback` is by "true" and "false"."""
    said = {key: {"feedback": feedback[key]} for key in ("true", "false") if feedback.get(key)}
    words = draft.words(stem, rationale, hints, **({"options": said} if said else {}))
    return Made("true_false", {"shape": 2, "correct": correct}, words)


# --- Scenario and document, there and back --------------------------------------------------------------------------


def options(asked: Question) -> Choices:
    """A question of a kind that is answered by choosing, as options with fractions."""
    return {
        "single_choice": _of_choice,
        "multiple_choice": _of_choice,
        "scenario": _of_scenario,
        "document": _of_document,
    }[asked.kind](asked)


def _of_choice(asked: Question) -> Choices:
    marks: dict[str, str] = {}
    keys = [option["key"] for option in asked.structure["options"]]
    own.mark_keys(marks, "keys", keys, own.letters(len(keys)))
    made = [
        (
            option["key"],
            Option(
                asked.words["options"][option["key"]]["text"],
                Decimal(option["fraction"]),
                asked.words["options"][option["key"]].get("feedback", ""),
            ),
        )
        for option in asked.structure["options"]
    ]
    several = asked.kind == "multiple_choice"
    return Choices(asked.words["stem"], made, several, asked.structure["shuffle"], marks)


def _of_scenario(asked: Question) -> Choices:
    marks, made = {"kind": "scenario"}, []
    keys = [option["key"] for option in asked.structure["options"]]
    own.mark_keys(marks, "keys", keys, own.letters(len(keys)))
    for number, option in enumerate(asked.structure["options"], start=1):
        said = asked.words["options"][option["key"]]
        rationalisation = said.get("rationalisation", "")
        paragraphs = rationalisation.count("\n\n") + 1 if rationalisation else 0
        parts = [
            option["rating"] + ("!" if option["bright_line"] else ""),
            option["mechanism"] or "",
            str(paragraphs) if paragraphs else "",
        ]
        marks[str(number)] = ":".join(parts).rstrip(":")
        feedback = "\n\n".join(part for part in (said["consequence"], rationalisation) if part)
        credit = CREDIT[Rating(option["rating"])]
        share = Decimal(credit.numerator) / credit.denominator
        made.append((option["key"], Option(said["text"], share, feedback)))
    return Choices(asked.words["stem"], made, several=False, shuffle=True, marks=marks)


def _scenario(draft: Draft, stem: str, options: list[Option], keys: list[str] | None) -> Made | None:
    """The scenario that marks tell of; None where they do not fit the options any more."""
    used = keys or own.keys(draft.marks, "keys", own.letters(len(options)))
    structure: list[dict] = []
    words: dict[str, dict] = {}
    for number, (key, option) in enumerate(zip(used, options, strict=True), start=1):
        rating, mechanism, paragraphs = [*draft.marks.get(str(number), "").split(":"), "", ""][:3]
        bright_line, rating = rating.endswith("!"), rating.removesuffix("!")
        if rating not in list(Rating) or len(mechanism) > _MECHANISM_AT_MOST:
            return None
        credit = CREDIT[Rating(rating)]
        if option.fraction != Decimal(credit.numerator) / credit.denominator:
            # Somebody has changed what the option is worth: then it is a choice like any other.
            return None
        consequence, rationalisation = _parted(option.feedback, paragraphs)
        structure.append({"key": key, "rating": rating, "mechanism": mechanism or None, "bright_line": bright_line})
        words[key] = {"text": option.text, "consequence": consequence}
        if rationalisation:
            words[key]["rationalisation"] = rationalisation
    if not stem:
        raise QuestionRefused(_("It has no text. Write the question in words."))
    return Made("scenario", {"shape": 1, "options": structure}, {"shape": 1, "stem": stem, "options": words})


def _parted(feedback: str, paragraphs: str) -> tuple[str, str]:
    parts = feedback.split("\n\n")
    count = int(paragraphs) if paragraphs.isascii() and paragraphs.isdecimal() and len(paragraphs) < 3 else 0
    count = min(count, len(parts))
    begins = len(parts) - count
    return "\n\n".join(parts[:begins]), "\n\n".join(parts[begins:])


def _of_document(asked: Question) -> Choices:
    fields = asked.structure["fields"]
    wrong = [entry["key"] for entry in fields if entry["wrong"]]
    share = rounded(Decimal(1) / max(len(wrong), 1))
    marks = {"kind": "document"}
    keys = [entry["key"] for entry in fields]
    own.mark_keys(marks, "keys", keys, own.numbered("f", len(keys)))
    made = []
    for entry in fields:
        said = asked.words["fields"][entry["key"]]
        text = f"{said['label']}\n{said['value']}".strip("\n")
        made.append((entry["key"], Option(text, share if entry["wrong"] else -share, said.get("feedback", ""))))
    stem = "\n\n".join(part for part in (asked.words["stem"], asked.words["title"]) if part)
    return Choices(stem, made, several=True, shuffle=False, marks=marks)


def _document(
    draft: Draft,
    stem: str,
    options: list[Option],
    rationale: str,
    hints: list[str] | None,
    keys: list[str] | None,
) -> Made | None:
    """The document that marks tell of. The last paragraph of the stem is its title, the first line of an option a
    field's label, the rest its value; what is wrong earns points."""
    used = keys or own.keys(draft.marks, "keys", own.numbered("f", len(options)))
    before, _between, title = stem.rpartition("\n\n")
    if not before or not any(option.fraction > 0 for option in options):
        return None
    fields: dict[str, dict] = {}
    for key, option in zip(used, options, strict=True):
        label, _newline, value = option.text.partition("\n")
        fields[key] = {"label": label, "value": value} | ({"feedback": option.feedback} if option.feedback else {})
    structure = {
        "shape": 2,
        "fields": [{"key": key, "wrong": option.fraction > 0} for key, option in zip(used, options, strict=True)],
    }
    return Made("document", structure, draft.words(before, rationale, hints, title=title, fields=fields))
