"""What an attempt leaves for item analysis: no person, no words; which items, what they earned and what was chosen.

Stored as shape 1, in lists that run side by side, one place for each item that was judged:

    {"shape": 1, "items": [17, 4], "fractions": [1.0, 0.5], "chosen": [1, 2], "languages": ["es"], "read": [0, 0]}

`items` are ids of item versions; `chosen` is what quizzes.analysis.choices makes of it; `read` the place in
`languages` of the language in which the question was answered, None for one that was left open. What waits for a
marker has no fraction yet and is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quizzes.analysis.choices import MOST_OPTIONS, UNANSWERED, chosen
from quizzes.kinds.contract import ItemJudgement, Kind, Outcome

SHAPE = 1
# ISO 639-2 for several languages: an attempt that was answered in more than one says nothing of either.
SEVERAL = "mul"
# Thirds and sevenths; a figure is told to far fewer.
DECIMALS = 6


@dataclass(frozen=True)
class Judged:
    """One item of an attempt. `language` is empty where nobody knows in which it was answered."""

    version: int
    kind: Kind
    structure: dict
    answer: dict | None
    language: str
    judgement: ItemJudgement


def outcomes_of(items: Iterable[Judged], started_in: str) -> dict[str, Any]:
    """What is stored of an attempt that was started in a language."""
    counted = [item for item in items if item.judgement.outcome is not Outcome.AWAITED]
    read = [(item.language or started_in) if item.answer is not None else None for item in counted]
    languages = sorted({language for language in read if language}) or [started_in]
    return {
        "shape": SHAPE,
        "items": [item.version for item in counted],
        "fractions": [round(float(item.judgement.fraction), DECIMALS) for item in counted],
        "chosen": [_chosen(item) for item in counted],
        "languages": languages,
        "read": [language and languages.index(language) for language in read],
    }


def language_of(stored: dict[str, Any]) -> str:
    """The language in which the whole attempt was answered, or `SEVERAL`."""
    languages = stored["languages"]
    return languages[0] if len(languages) == 1 else SEVERAL


def _chosen(item: Judged) -> int:
    if item.answer is None:
        return UNANSWERED
    options = item.kind.chosen(item.answer)
    # A list of more options than the set holds is told by its first ones.
    return chosen(
        place for place, key in enumerate(item.kind.option_keys(item.structure)[:MOST_OPTIONS]) if key in options
    )
