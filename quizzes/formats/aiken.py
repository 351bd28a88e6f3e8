"""Aiken, read: https://docs.moodle.org/en/Aiken_format. Single choice, one right answer, nothing else.

A question is text on one or more lines, then its options `A. …` or `A) …`, then `ANSWER: A`. Texts are plain.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats import choosing, texts
from quizzes.formats.choosing import Option
from quizzes.formats.drafts import Collector, Draft, Made, QuestionRefused, Told, silent
from quizzes.formats.neutral import Reading
from quizzes.formats.text_files import decoded

FORMAT = "aiken"
OPTION = re.compile(r"([A-Z])[.)]\s*(\S.*)")
ANSWER = re.compile(r"ANSWER:\s*(.*)", re.IGNORECASE)


@dataclass
class _Block:
    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)


def read(data: bytes, language: str, kept: frozenset[str] = frozenset(), told: Told = silent) -> Reading:
    """Raises Refused."""
    collector = Collector(FORMAT, language, kept, told)
    block = _Block()
    lines = decoded(data).split("\n")
    collector.expected = sum(1 for line in lines if ANSWER.fullmatch(line.strip()))
    for number, line in enumerate(lines, start=1):
        line = line.strip()
        if not line:
            continue
        answer = ANSWER.fullmatch(line)
        option = OPTION.fullmatch(line)
        if answer is None and option is None and block.options:
            # A new question begins before the last one was told its answer.
            _take(collector, block, None)
            block = _Block()
        block.line = block.line or number
        if answer:
            _take(collector, block, answer[1])
            block = _Block()
        elif option:
            block.options.append((option[1], option[2]))
        else:
            block.stem.append(line)
    if block.line:
        _take(collector, block, None)
    return collector.reading()


def _take(collector: Collector, block: _Block, answer: str | None) -> None:
    # Without a text, the first answer tells which one it is.
    named = block.stem or [text for _letter, text in block.options[:1]]
    collector.take(lambda draft: _read(draft, block, answer), line=block.line, name=texts.line(" ".join(named)))


def _read(draft: Draft, block: _Block, answer: str | None) -> Made:
    letters = [letter for letter, _text in block.options]
    if not block.stem:
        raise QuestionRefused(_("Its answers come before its text."))
    if answer is None:
        raise QuestionRefused(_("It is not followed by a line “ANSWER:” with the letter of its right answer."))
    if len(set(letters)) < len(letters):
        raise QuestionRefused(_("Two of its answers have the same letter."))
    right = answer.strip().rstrip(".)").strip().upper()
    if right not in letters:
        raise QuestionRefused(_("Its right answer “%(answer)s” is none of its answers."), answer=answer)
    options = [Option(draft.option(text, "plain"), Decimal(int(letter == right))) for letter, text in block.options]
    return choosing.question(draft, draft.stem("\n".join(block.stem), form="plain"), options, several=False)
