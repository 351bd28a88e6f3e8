"""The figures of an item analysis, as they are stored: plain numbers, in JSON of shape 1.

A figure that could not be told is None, and `withheld` says why, by the figure's name. Shares and correlations are
told as they are, not in per cent.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

SHAPE = 1


class Withheld(StrEnum):
    """Why a figure is not told."""

    TOO_FEW = "too_few"  # fewer attempts than its least number
    NO_SPREAD = "no_spread"  # everybody did alike, so nothing can vary together with anything


class Form(StrEnum):
    """Whether all attempts were served the same items."""

    FIXED = "fixed"
    DRAWN = "drawn"


class Suspicion(StrEnum):
    """In which direction an item differs between languages, so much that its words are the suspects."""

    HARDER = "harder"  # in the focal language: the translation misleads, or says less
    EASIER = "easier"  # in the focal language: the translation gives the answer away


@dataclass(frozen=True)
class OptionUse:
    """How often an option was chosen; `option` is its place in the item's structure, None for leaving it unanswered.

    `upper` and `lower` are the shares of the strongest and the weakest 27 per cent who chose it. An option that nobody
    chose is not listed.
    """

    option: int | None
    count: int
    share: float
    upper: float | None
    lower: float | None


@dataclass(frozen=True)
class ItemStatistics:
    """One item version. See `quizzes.analysis.statistics` for what each figure is.

    `fifths` are the mean fractions of the attempts in fifths, the weakest first: the curve of the item.
    """

    item: int
    n: int
    facility: float | None
    spread: float | None
    discrimination: float | None
    item_rest: float | None
    efficiency: float | None
    fifths: tuple[float, ...]
    options: tuple[OptionUse, ...]
    withheld: dict[str, Withheld]


@dataclass(frozen=True)
class Reliability:
    """The whole quiz. `length` is the mean number of items served; the rest is told in shares of the full score.

    `alpha` is Cronbach's of a fixed form; of drawn forms it is what a fixed form of that length out of the same pool
    would have. `drawn` is the reliability of the drawn forms themselves, None for a fixed form.
    """

    form: Form
    n: int
    length: float
    mean: float | None
    deviation: float | None
    alpha: float | None
    drawn: float | None
    standard_error: float | None
    withheld: dict[str, Withheld]


@dataclass(frozen=True)
class Group:
    """The same figures for some of the attempts: all of them, or those in one language."""

    reliability: Reliability
    items: tuple[ItemStatistics, ...]


@dataclass(frozen=True)
class ItemDif:
    """One item in two languages, among learners who did equally well. See `quizzes.analysis.dif`.

    `solved` is the share of the focal language's learners who solved it, `expected` the share of those who did equally
    well in the reference language.
    """

    item: int
    reference: str
    focal: str
    n_reference: int
    n_focal: int
    strata: int
    odds_ratio: float | None
    chi_square: float | None
    p_value: float | None
    delta: float | None
    standard_error: float | None
    solved: float | None
    expected: float | None
    category: str | None
    suspicion: Suspicion | None
    withheld: Withheld | None


@dataclass(frozen=True)
class Analysis:
    """Everything: all attempts together, each language by itself, and the items between languages.

    `reference` is the language with most attempts, with which the others are compared; None without attempts.
    """

    overall: Group
    languages: dict[str, Group]
    reference: str | None
    dif: tuple[ItemDif, ...]

    def as_json(self) -> dict[str, Any]:
        """What `json.dumps` takes, and `from_json` reads back."""
        return {"shape": SHAPE, **asdict(self)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Analysis":
        """Read what `as_json` made. Raises ValueError for another shape."""
        if stored["shape"] != SHAPE:
            raise ValueError(f"shape {stored['shape']} of an item analysis is not known")
        return cls(
            overall=_group(stored["overall"]),
            languages={code: _group(group) for code, group in stored["languages"].items()},
            reference=stored["reference"],
            dif=tuple(
                ItemDif(
                    **each
                    | {
                        "suspicion": each["suspicion"] and Suspicion(each["suspicion"]),
                        "withheld": each["withheld"] and Withheld(each["withheld"]),
                    }
                )
                for each in stored["dif"]
            ),
        )


def _group(stored: dict[str, Any]) -> Group:
    reliability = stored["reliability"]
    return Group(
        Reliability(**reliability | {"form": Form(reliability["form"]), "withheld": _reasons(reliability)}),
        tuple(
            ItemStatistics(
                **item
                | {
                    "fifths": tuple(item["fifths"]),
                    "options": tuple(OptionUse(**option) for option in item["options"]),
                    "withheld": _reasons(item),
                }
            )
            for item in stored["items"]
        ),
    )


def _reasons(stored: dict[str, Any]) -> dict[str, Withheld]:
    return {figure: Withheld(reason) for figure, reason in stored["withheld"].items()}
