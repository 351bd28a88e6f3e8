r"""Gaps inside a text as Moodle's Cloze questions write them: `{1:SHORTANSWER:=Paris#Right~%50%paris~*#No}`.

https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type describes it: an optional weight, a kind, answers
parted by `~`, each with `=` for right or `%50%` for a share, and `#` before its feedback. `\` takes its meaning from
`} # ~ / " \`. Answers are HTML, like the text around them.

A gap's share of the question is its weight. Kinds: SHORTANSWER (SA, MW; with C where case counts), NUMERICAL (NM) and
MULTICHOICE (MC with V, H, S for its looks); MULTIRESPONSE (MR), where several are chosen, has no counterpart here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats import marks, texts
from quizzes.formats.amounts import fraction, number, percent, written
from quizzes.formats.drafts import MOST_PARTS, Draft, Made, QuestionRefused
from quizzes.formats.wildcards import wildcards_as_found, with_wildcards

_GAP = re.compile(
    r"\{([0-9]{0,4}):(SHORTANSWER_C|SHORTANSWER|SAC|SA|MWC|MW|NUMERICAL|NM|MULTICHOICE_[VHS]{1,2}|MULTICHOICE"
    r"|MC[VHS]{0,2}|MULTIRESPONSE_[HS]{1,2}|MULTIRESPONSE|MR[HS]{0,2}):",
)
_WEIGHT = re.compile(r"%([+-]?[0-9]{1,4}(?:[.,][0-9]{0,20})?)%")
_REFERENCE = re.compile(r"(?<=&)#[0-9xX][0-9a-fA-F]{0,7};|(?<=&amp;)#[0-9xX][0-9a-fA-F]{0,7};")
_ESCAPED = re.compile(r'\\([}#~/"{=%\\])')
_SPECIAL = re.compile(r'([}#~]|\\(?=[}#~/"{=%\\]|$))')


@dataclass(frozen=True)
class Answer:
    text: str
    fraction: Decimal
    feedback: str


def has_gaps(source: str) -> bool:
    return _GAP.search(source) is not None


def question(draft: Draft, source: str, stem_of: Callable[[str], str], rationale: str, hints: list[str]) -> Made:
    """The gap fill of a text with gaps. `stem_of` makes the stem of HTML. Raises QuestionRefused."""
    gaps: list[tuple[str, str, list[Answer]]] = []
    pieces, place = [], 0
    while found := _GAP.search(source, place):
        end = _end(source, found.end())
        if end < 0:
            raise QuestionRefused(_("A gap of it is not closed with “}”."))
        if len(gaps) >= MOST_PARTS:
            raise QuestionRefused(_("It has more than %(most)d parts."), most=MOST_PARTS)
        gaps.append((found[1] or "1", found[2].upper(), _answers(draft, source[found.end() : end])))
        pieces += [source[place : found.start()], f"[[{len(gaps)}]]"]
        place = end + 1
    if not gaps:
        raise QuestionRefused(_("It has no gap to fill."))
    usual = marks.numbered("g", len(gaps))
    keys = marks.keys(draft.marks, "keys", usual)
    for number_, key in enumerate(keys, start=1):
        pieces[2 * number_ - 1] = f"[[{key}]]"
    stem = stem_of("".join([*pieces, source[place:]]))
    lenient = _listed(draft.marks, "lenient")
    structure, words = [], {}
    for place_, (key, (points, kind, answers)) in enumerate(zip(keys, gaps, strict=True)):
        part, said = _gap(draft, key, place_, kind, points, answers, lenient)
        structure.append(part)
        if said:
            words[key] = said
    return Made("gap_fill", {"shape": 2, "gaps": structure}, draft.words(stem, rationale, hints, gaps=words))


def _listed(given: dict[str, str], name: str) -> set[str]:
    return set(given.get(name, "").split(",")) - {""}


def _end(source: str, place: int) -> int:
    """Where a gap's closing brace stands; -1 for nowhere."""
    while (place := source.find("}", place)) >= 0:
        before = source[:place][-20:]
        if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
            return place
        place += 1
    return -1


def _split(source: str, mark: str, most: int = -1) -> list[str]:
    """Split at a mark that no backslash precedes and that does not belong to a character reference."""
    parts, begins, place = [], 0, 0
    while place < len(source):
        character = source[place]
        if character == "\\":
            place += 2
            continue
        if character == mark and not (mark == "#" and _REFERENCE.match(source, place)):
            parts.append(source[begins:place])
            begins = place + 1
            if most > 0 and len(parts) == most:
                break
        place += 1
    return [*parts, source[begins:]]


def _answers(draft: Draft, source: str) -> list[Answer]:
    answers = []
    for part in _split(source, "~"):
        part = part.lstrip()
        share = Decimal(0)
        weight = _WEIGHT.match(part)
        if part.startswith("="):
            share, part = Decimal(1), part[1:]
        elif weight:
            given = fraction(weight[1])
            if given is None:
                raise QuestionRefused(_("An answer of it has a share that is no percentage from -100 to 100."))
            share, part = given, part[weight.end() :]
        text, *feedback = _split(part, "#", 1)
        answers.append(Answer(_plain(draft, text), share, _plain(draft, feedback[0]) if feedback else ""))
    return [answer for answer in answers if answer.text]


def _plain(draft: Draft, source: str) -> str:
    return draft.text(_ESCAPED.sub(r"\1", source).strip())


def _gap(
    draft: Draft, key: str, place: int, kind: str, points: str, answers: list[Answer], lenient: set[str]
) -> tuple[dict, dict]:
    if not answers or max(answer.fraction for answer in answers) < 1:
        raise QuestionRefused(_("A gap of it has no answer that earns all of its points. Mark one as right."))
    points = written(Decimal(points))
    if points == "0":
        raise QuestionRefused(_("A gap of it earns nothing."))
    if kind.startswith(("MULTIRESPONSE", "MR")):
        raise QuestionRefused(
            _(
                "In a gap of it several answers are chosen together, which is not possible here. Make a multiple"
                " choice of it."
            )
        )
    if kind in ("NUMERICAL", "NM"):
        return _number_gap(draft, key, points, answers)
    if kind.startswith(("MULTICHOICE", "MC")):
        if kind.endswith(("V", "H", "VS", "HS")):
            draft.changed(_("Answers that stood below or beside each other in the text are chosen from a list."))
        return choice_gap(key, points, answers, marks.keys(draft.marks, f"in{place}", marks.letters(len(answers))))
    case = kind.endswith("C")
    wildcards, accepted = wildcards_as_found(
        [answer.text for answer in answers], key in _listed(draft.marks, "wildcards")
    )
    part = {
        "key": key,
        "kind": "text",
        "points": points,
        "case": case,
        "accents": key not in lenient,
        "wildcards": wildcards,
    }
    said = [
        {"text": text, "fraction": written(answer.fraction)}
        | ({"feedback": answer.feedback} if answer.feedback else {})
        for text, answer in zip(accepted, answers, strict=True)
    ]
    return part, {"accepted": said}


def choice_gap(key: str, points: str, answers: list[Answer], letters: list[str] | None = None) -> tuple[dict, dict]:
    """A gap that is filled from a list: its structure and its words."""
    letters = letters or marks.letters(len(answers))
    part = {
        "key": key,
        "kind": "choice",
        "points": points,
        "options": [
            {"key": letter, "fraction": written(answer.fraction)}
            for letter, answer in zip(letters, answers, strict=True)
        ],
    }
    said = {
        letter: {"text": answer.text} | ({"feedback": answer.feedback} if answer.feedback else {})
        for letter, answer in zip(letters, answers, strict=True)
    }
    return part, {"options": said}


def _number_gap(draft: Draft, key: str, points: str, answers: list[Answer]) -> tuple[dict, dict]:
    kept, feedback = [], []
    for answer in answers:
        if answer.text == "*":
            if answer.fraction > 0:
                raise QuestionRefused(_("A number of it earns points whatever it is."))
            if answer.feedback:
                draft.changed(_("The feedback for any other number is not kept."))
            continue
        value, _colon, tolerance = answer.text.partition(":")
        amount, within = number(value), number(tolerance or "0")
        if amount is None or within is None or within < 0:
            raise QuestionRefused(_("“%(answer)s” is no number with its tolerance."), answer=answer.text)
        kept.append({"value": written(amount), "tolerance": written(within), "fraction": written(answer.fraction)})
        feedback.append(answer.feedback)
    if not kept:
        raise QuestionRefused(_("A gap of it has no answer that earns all of its points. Mark one as right."))
    part = {"key": key, "kind": "number", "points": points, "answers": kept}
    return part, ({"feedback": feedback} if any(feedback) else {})


# --- Writing --------------------------------------------------------------------------------------------------------


def written_gap(part: dict, said: dict) -> str | None:
    """A gap in the text, as HTML; None where its points are no whole number, which Cloze has no way to write."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}", part["points"]):
        return None
    if part["kind"] == "choice":
        kind = "MULTICHOICE"
        answers = [
            (said["options"][one["key"]]["text"], one["fraction"], said["options"][one["key"]].get("feedback", ""))
            for one in part["options"]
        ]
    elif part["kind"] == "number":
        kind = "NUMERICAL"
        feedback = said.get("feedback") or [""] * len(part["answers"])
        answers = [
            (f"{one['value']}:{one['tolerance']}", one["fraction"], told)
            for one, told in zip(part["answers"], feedback, strict=True)
        ]
    else:
        kind = "SHORTANSWER_C" if part["case"] else "SHORTANSWER"
        answers = [
            (with_wildcards(one["text"], part["wildcards"]), one["fraction"], one.get("feedback", ""))
            for one in said["accepted"]
        ]
    return f"{{{part['points']}:{kind}:{'~'.join(_written_answer(*answer) for answer in answers)}}}"


def _written_answer(text: str, share: str, feedback: str) -> str:
    weight = "=" if share == "1" else "" if share == "0" else f"%{percent(share)}%"
    if not weight and text[:1] in "=%":
        weight = "%0%"
    # To Moodle a `#` right after `&` begins a character reference.
    told = f"{' ' if text.endswith('&') else ''}#{_escaped(feedback)}" if feedback else ""
    return f"{weight}{_escaped(text)}{told}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", texts.inline_html(text))
