r"""GIFT, read: https://docs.moodle.org/en/GIFT_format.

A question is text up to an empty line, with its answers in braces:

    {}                      essay                    {T}, {FALSE}             true or false
    {=right ~wrong}         single choice            {~%50%a ~%50%b ~%-100%c} multiple choice
    {=one =other}           short answer             {=a -> 1 =b -> 2}        matching
    {#3.14:0.01} {#1..5}    numerical                 {> first ⏎ second}       ordering, after a line of settings

What stands after the braces makes a gap, written `_____`. `#` begins a feedback, `####` the general one, which is the
rationale; `::name::` a name; `[html]`, `[plain]`, `[markdown]` and `[moodle]` say what a text is. `\` takes their
meaning from `~ = # { } :` and from itself; `\n` is a new line. Gaps that are written as in Moodle's Cloze questions,
`{1:SA:=answer}`, are a gap fill. Comments may hold `[id:…]` and `[tag:…]`; a line
`$CATEGORY: a/b` gives the tags of all that follow, or, where all questions are in `a`, their title.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.formats import choosing, cloze, marks, rubrics, texts, units
from quizzes.formats.amounts import fraction, number, written
from quizzes.formats.categories import titled, topics
from quizzes.formats.choosing import Option
from quizzes.formats.drafts import Collector, Draft, Made, QuestionRefused, Told, checked_count, silent
from quizzes.formats.neutral import Reading
from quizzes.formats.pairs import matching
from quizzes.formats.text_files import decoded
from quizzes.formats.wildcards import wildcards_as_found

FORMAT = "gift"

# While a question is taken apart, what a backslash protects stands for itself in letters that nobody has.
_PROTECTED = dict(zip("~=#{}:\\n", map(chr, range(0xF0000, 0xF0008)), strict=True))
_MEANT = {ord(letter): "\n" if sign == "n" else sign for sign, letter in _PROTECTED.items()}
_NOBODYS = dict.fromkeys(range(0xF0000, 0xF0008))
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_FORM = re.compile(r"\[(html|plain|markdown|moodle|auto)\]", re.IGNORECASE)
_FORMS = {"html": "html", "plain": "plain", "markdown": "markdown", "moodle": "auto", "auto": "auto"}
_WEIGHT = re.compile(r"%([+-]?[0-9]{1,4}(?:[.,][0-9]{0,20})?)%")
_ID = re.compile(r"\[id:((?:\\.|[^\]\\]){1,200})\]")
_TAG = re.compile(r"\[tag:((?:\\.|[^\]\\]){1,20000})\]")
_GAP = "_____"


@dataclass
class _Block:
    """The lines of one question, and what the comments before them said."""

    line: int = 0
    lines: list[str] = field(default_factory=list)
    key: str = ""
    tags: list[str] = field(default_factory=list)


def read(data: bytes, language: str, kept: frozenset[str] = frozenset(), told: Told = silent) -> Reading:
    """Raises Refused."""
    collector = Collector(FORMAT, language, kept, told)
    collector.title, asked = titled(_blocks(decoded(data)))
    collector.expected = len(asked)
    for block, above in asked:
        text = "\n".join(block.lines).strip()
        name, text = _named(_ESCAPE.sub(lambda found: _PROTECTED[found[1]], text.translate(_NOBODYS)))
        collector.take(
            partial(_read, block=block, text=text, above=above),
            line=block.line,
            name=_meant(name),
        )
    return collector.reading()


def _blocks(text: str) -> Iterator[tuple[_Block, list[str]]]:
    """Each question's lines with the tags of its category."""
    block, above = _Block(), []
    for number_, line in enumerate([*text.split("\n"), ""], start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            _comment(block, stripped)
        elif stripped.startswith("$CATEGORY:"):
            above = topics(stripped.removeprefix("$CATEGORY:"))
        elif stripped:
            block.line = block.line or number_
            block.lines.append(line)
        elif block.lines:
            yield block, above
            block = _Block()


def _comment(block: _Block, line: str) -> None:
    for found in _ID.findall(line):
        block.key = _unescaped(found)
    block.tags += [_unescaped(found) for found in _TAG.findall(line)]
    block.tags += marks.told(line.removeprefix("//"))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).strip()


def _named(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    name, found, rest = text[2:].partition("::")
    return (name, rest.strip()) if found else ("", text)


def _meant(text: str) -> str:
    """What a passage says, with what was protected in its own letters."""
    return text.translate(_MEANT).strip()


class _Asked:
    """A question taken apart. Texts are in the form that its own text has, unless they say otherwise."""

    def __init__(self, draft: Draft, text: str, answers: str):
        self.draft = draft
        answers, _mark, rationale = answers.partition("####")
        self.answers = answers.strip()
        found = _FORM.match(text)
        self.form = _FORMS[found[1].lower()] if found else "auto"
        self.stem = self._said(text, draft.stem)
        self.rationale = self.text(rationale)
        self.hints = [draft.text(hint, "plain") for hint in marks.unlisted(draft.marks, "hints")]

    def text(self, source: str) -> str:
        return self._said(source, self.draft.text)

    def option(self, source: str) -> str:
        return self._said(source, self.draft.option)

    def _said(self, source: str, take: Callable[..., str]) -> str:
        source = source.strip()
        found = _FORM.match(source)
        form = _FORMS[found[1].lower()] if found else self.form
        return take(_meant(source[found.end() :] if found else source), form=form)

    def words(self, **more: Any) -> dict:
        return self.draft.words(self.stem, self.rationale, self.hints, **more)

    def told(self, source: str) -> tuple[str, str]:
        """An answer and its feedback."""
        answer, _mark, feedback = source.partition("#")
        return answer.strip(), self.text(feedback)

    def weighed(self, source: str, otherwise: int) -> tuple[Decimal, str]:
        """An answer's share of the points and the rest of it."""
        source = source.strip()
        found = _WEIGHT.match(source)
        if not found:
            return Decimal(otherwise), source
        share = fraction(found[1])
        if share is None:
            raise QuestionRefused(_("“%(share)s” is no percentage from -100 to 100."), share=found[1])
        return share, source[found.end() :]


def _read(draft: Draft, block: _Block, text: str, above: list[str]) -> Made:
    own, draft.marks = marks.parted(block.tags)
    draft.tags = above + own
    draft.given_key = block.key
    if cloze.has_gaps(text):
        return _gaps(draft, text)
    begins, ends = text.find("{"), text.find("}")
    if begins < 0 or ends < begins:
        # Nothing else tells who reads the report which one it is.
        draft.name = draft.name or texts.line(_meant(text))
    if begins < 0 and ends < 0:
        raise QuestionRefused(_("It is a description and asks nothing."))
    if begins < 0 or ends < begins:
        raise QuestionRefused(_("Its braces do not match. A brace that is meant as one is written “\\{” or “\\}”."))
    after = text[ends + 1 :].strip()
    if "{" in text[begins + 1 :] or "}" in after:
        draft.name = draft.name or texts.line(_meant(text[:begins]))
        raise QuestionRefused(
            _(
                "It has answers in more than one pair of braces. Make a question of each. A brace that is meant as one"
                " is written “\\{” or “\\}”."
            )
        )
    stem = text[:begins].rstrip() if not after else f"{text[:begins]}{_GAP}{text[ends + 1 :]}"
    asked = _Asked(draft, stem.strip(), text[begins + 1 : ends])
    if not draft.name:
        draft.name = texts.line(asked.stem)
    return _kind(asked.answers)(asked)


def _gaps(draft: Draft, text: str) -> Made:
    """A text with gaps as Moodle's Cloze questions write them, which some programs put into GIFT."""
    found = _FORM.match(text)
    form = _FORMS[found[1].lower()] if found else "auto"
    source = text[found.end() :] if found else text
    made = cloze.question(draft, source, lambda stem: draft.stem(stem.strip(), form=form), "", [])
    return Made(made.kind, made.structure, _translated(made.words))


def _translated(part: Any) -> Any:
    if isinstance(part, str):
        return part.translate(_MEANT)
    if isinstance(part, dict):
        return {key: _translated(value) for key, value in part.items()}
    return [_translated(value) for value in part] if isinstance(part, list) else part


def _kind(answers: str) -> Callable[[_Asked], Made]:
    if not answers:
        return _essay
    if answers.startswith("#"):
        return _numerical
    if answers.startswith(">"):
        return _ordering
    if "~" in answers:
        return _choice
    if any("->" in part.partition("#")[0] for part in answers.split("=")[1:]):
        return _matching
    if answers.partition("#")[0].strip().upper() in ("T", "TRUE", "F", "FALSE"):
        return _true_false
    return _short_answer


def _choice(asked: _Asked) -> Made:
    several = "=" not in asked.answers
    options = []
    for part in asked.answers.replace("=", "~=").split("~"):
        if not part.strip():
            continue
        right = part.startswith("=")
        share, said = asked.weighed(part.removeprefix("="), 1 if right else 0)
        answer, feedback = asked.told(said)
        options.append(Option(asked.option(answer), share, feedback))
    shuffle = asked.draft.marks.get("shuffle") != "0"
    return choosing.question(
        asked.draft,
        asked.stem,
        options,
        several=several,
        shuffle=shuffle,
        rationale=asked.rationale,
        hints=asked.hints,
    )


def _true_false(asked: _Asked) -> Made:
    """The first feedback is for a wrong answer, the second for a right one."""
    said, *feedback = asked.answers.split("#", 2)
    correct = said.strip().upper() in ("T", "TRUE")
    wrong, right = [*(asked.text(one) for one in feedback), "", ""][:2]
    told = {"true": right if correct else wrong, "false": wrong if correct else right}
    return choosing.true_or_false(asked.draft, asked.stem, correct, told, asked.rationale, asked.hints)


def _parts(answers: str) -> list[str]:
    parts = [part for part in answers.split("=") if part.strip()]
    checked_count(parts)
    return parts


def _short_answer(asked: _Asked) -> Made:
    found = []
    for part in _parts(asked.answers):
        share, said = asked.weighed(part, 1)
        answer, feedback = asked.told(said)
        accepted = texts.line(_meant(_FORM.sub("", answer, count=1) if _FORM.match(answer) else answer))
        if not accepted:
            raise QuestionRefused(_("An answer has no text. Write one, or take the answer away."))
        found.append((accepted, share, feedback))
    if not any(share == 1 for _answer, share, _feedback in found):
        raise QuestionRefused(_("No answer of it earns all of its points. Give one of them 100 %%."))
    given = asked.draft.marks
    wildcards, accepted_texts = wildcards_as_found([said for said, *_rest in found], given.get("wildcards") == "1")
    structure = {
        "shape": 2,
        "case": given.get("case") == "1",
        "accents": given.get("lenient") != "accents",
        "wildcards": wildcards,
    }
    entries = [
        {"text": said, "fraction": written(share)} | ({"feedback": feedback} if feedback else {})
        for said, (_text, share, feedback) in zip(accepted_texts, found, strict=True)
    ]
    return Made("short_answer", structure, asked.words(accepted=entries))


def _numerical(asked: _Asked) -> Made:
    right, _mark, wrong = asked.answers[1:].partition("~")
    if asked.text(wrong.partition("#")[2]):
        asked.draft.changed(_("The feedback for any other number is not kept."))
    answers, feedback = [], []
    for part in _parts(right):
        share, said = asked.weighed(part, 1)
        answer, told = asked.told(said)
        answer = _meant(answer)
        if answer == "*" and share <= 0:
            if told:
                asked.draft.changed(_("The feedback for any other number is not kept."))
            continue
        value, tolerance = _within(answer)
        answers.append({"value": written(value), "tolerance": written(tolerance), "fraction": written(share)})
        feedback.append(told)
    if not any(answer["fraction"] == "1" for answer in answers):
        raise QuestionRefused(_("No answer of it earns all of its points. Give one of them 100 %%."))
    structure = {"shape": 2, "answers": answers} | units.marked(asked.draft.marks)
    more = {"feedback": feedback} if any(feedback) else {}
    return Made("numerical", structure, asked.words(**more))


def _within(answer: str) -> tuple[Decimal, Decimal]:
    """A number and its tolerance, of `3.14:0.01` or `3..4`."""
    least, dots, most = answer.partition("..")
    if dots:
        low, high = number(least), number(most)
        if low is not None and high is not None and low <= high:
            return (low + high) / 2, (high - low) / 2
    else:
        value, _colon, tolerance = answer.partition(":")
        amount, within = number(value), number(tolerance or "0")
        if amount is not None and within is not None and within >= 0:
            return amount, within
    raise QuestionRefused(_("“%(answer)s” is no number with its tolerance."), answer=answer)


def _matching(asked: _Asked) -> Made:
    prompts: list[tuple[str, str]] = []
    targets: dict[str, None] = {}
    for part in _parts(asked.answers):
        said, arrow, target = part.partition("->")
        target = texts.line(_meant(target.partition("#")[0]))
        if not arrow or not target:
            raise QuestionRefused(_("A pair of it has no “->” with an answer."))
        prompt = asked.text(said)
        targets[target] = None
        if prompt:
            prompts.append((prompt, target))
    return matching(
        asked.draft,
        asked.stem,
        prompts,
        list(targets),
        shuffle=asked.draft.marks.get("shuffle") != "0",
        rationale=asked.rationale,
        hints=asked.hints,
    )


def _ordering(asked: _Asked) -> Made:
    """As Moodle's ordering questions go out: a line of settings, then the elements in their order, one on each."""
    settings, *lines = asked.answers.split("\n")
    elements = [asked.option(line) for line in lines if line.strip()]
    if len(elements) < 2:
        raise QuestionRefused(_("It has fewer than two elements to put in order."))
    checked_count(elements)
    credit = "whole" if "ALL_OR_NOTHING" in settings.upper() else "pairs"
    if credit == "pairs":
        asked.draft.changed(
            _("Partly right orders earn points by how many pairs stand in order; Moodle counted otherwise.")
        )
    keys = marks.keys(asked.draft.marks, "keys", marks.numbered("e", len(elements)))
    words = asked.words(elements=dict(zip(keys, elements, strict=True)))
    return Made("ordering", {"shape": 2, "elements": keys, "credit": credit}, words)


def _essay(asked: _Asked) -> Made:
    return rubrics.simple_essay(asked.draft, asked.words())
