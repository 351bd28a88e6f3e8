"""Differential item functioning: does an item ask the same in two languages?

Learners of one language may be better than those of another; that says nothing about an item. So learners are compared
with those who did equally well in the quiz, and an item at which one language's learners then still fall behind is
suspected of saying something else in that language: by the method of Mantel and Haenszel, in the classes of the
Educational Testing Service (ETS).

Sources:

- Mantel, N. & Haenszel, W. (1959). Statistical aspects of the analysis of data from retrospective studies of disease.
  Journal of the National Cancer Institute 22, 719-748.
- Holland, P. W. & Thayer, D. T. (1988). Differential item performance and the Mantel-Haenszel procedure. In H. Wainer
  & H. I. Braun (eds), Test Validity, 129-145. Erlbaum: the procedure, the delta scale, that the matching score holds
  the item under study, and that it is refined once.
- Phillips, A. & Holland, P. W. (1987). Estimators of the variance of the Mantel-Haenszel log-odds-ratio estimate.
  Biometrics 43, 425-431; the same variance in Robins, J., Breslow, N. & Greenland, S. (1986). Estimators of the
  Mantel-Haenszel variance consistent in both sparse data and large-strata limiting models. Biometrics 42, 311-323.
- Dorans, N. J. & Holland, P. W. (1993). DIF detection and description: Mantel-Haenszel and standardization. In P. W.
  Holland & H. Wainer (eds), Differential Item Functioning, 35-66. Erlbaum: the classes A, B and C; the standardised
  difference.
- Zwick, R. (2012). A Review of ETS Differential Item Functioning Assessment Procedures: Flagging Rules, Minimum Sample
  Size Requirements, and Criterion Refinement. ETS Research Report RR-12-08.
- Donoghue, J. R. & Allen, N. L. (1993). Thin versus thick matching in the Mantel-Haenszel procedure for detecting DIF.
  Journal of Educational Statistics 18, 131-154.
"""

from dataclasses import dataclass
from math import erfc, log, sqrt

import numpy as np

from quizzes.analysis.gathering import Responses
from quizzes.analysis.outcomes import SEVERAL
from quizzes.analysis.results import Form, ItemDif, Suspicion, Withheld
from quizzes.analysis.statistics import Standing

# The numbers ETS asks for before a test is assembled (Zwick 2012): below them most items that differ go unnoticed,
# and a quiet report would be taken for a clean one.
LEAST_IN_GROUP = 200
LEAST_TOGETHER = 500

# An item with partial credit counts as solved from half of its points on: in a scenario the best and the acceptable
# answer, which are both defensible, against the risky one and the breach. The tolerance is for thirds in 32 bits.
SOLVED = 0.5 - 1e-6

# Learners are matched to the nearest half point. Neighbouring strata are put together until each has this many of both
# groups, for one without a partner says nothing: thin strata for many learners, thick ones for few.
POINTS_APART = 0.5
LEAST_IN_STRATUM = 5

# Delta is the odds ratio on the scale of item difficulty that ETS uses; below 0 the focal group finds the item harder.
DELTA = -2.35

NEGLIGIBLE = 1.0
LARGE = 1.5
SIGNIFICANT = 0.05
# |delta| lies above NEGLIGIBLE with 95 per cent confidence, one-sided
CONFIDENT = 1.645
# Odds ratios of items that nearly everybody solves get large over very little; ETS looks at the difference in
# proportions too, and inspects from 5 in 100 on (Dorans & Holland 1993).
NOTICEABLE = 0.05


@dataclass(frozen=True)
class MantelHaenszel:
    """What 2 × 2 tables say together; `variance` is that of the logarithm of the odds ratio."""

    odds_ratio: float
    variance: float
    chi_square: float
    p_value: float

    @property
    def delta(self) -> float:
        """MH D-DIF."""
        return DELTA * log(self.odds_ratio)

    @property
    def standard_error(self) -> float:
        """Of delta."""
        return abs(DELTA) * sqrt(self.variance)

    @property
    def category(self) -> str:
        """A: delta is not significantly different from 0, or |delta| is below 1. C: |delta| is at least 1.5 and
        significantly above 1. B: what lies between (Dorans & Holland 1993, p. 41; Zwick 2012).
        """
        size = abs(self.delta)
        if self.p_value >= SIGNIFICANT or size < NEGLIGIBLE:
            return "A"
        return "C" if size >= LARGE and size - CONFIDENT * self.standard_error > NEGLIGIBLE else "B"


def mantel_haenszel(tables: np.ndarray) -> MantelHaenszel | None:
    """The common odds ratio of tables `[[reference solved, reference not], [focal solved, focal not]]`, one a stratum.

    Chi-square has one degree of freedom and is corrected for continuity by ½, or by what difference there is if less.
    A stratum without either group weighs nothing. None where no odds ratio can be told, because nobody or everybody of
    a group solved the item wherever they could be compared.
    """
    tables = tables.astype(np.float64)
    (a, b), (c, d) = tables.transpose(1, 2, 0)
    total = a + b + c + d
    compared = (a + b > 0) & (c + d > 0)
    a, b, c, d, total = (column[compared] for column in (a, b, c, d, total))
    right, wrong = a * d / total, b * c / total
    if not right.sum() or not wrong.sum():
        return None
    # Robins, Breslow & Greenland 1986
    agree, differ = (a + d) / total, (b + c) / total
    variance = (
        agree @ right / (2 * right.sum() ** 2)
        + (agree @ wrong + differ @ right) / (2 * right.sum() * wrong.sum())
        + differ @ wrong / (2 * wrong.sum() ** 2)
    )
    solved = a + c
    expected = (a + b) * solved / total
    scatter = ((a + b) * (c + d) * solved * (b + d) / (total**2 * (total - 1))).sum()
    chi_square = max(0.0, abs((a - expected).sum()) - 0.5) ** 2 / scatter
    return MantelHaenszel(
        odds_ratio=float(right.sum() / wrong.sum()),
        variance=float(variance),
        chi_square=float(chi_square),
        # a normal deviate, squared: the tail of one degree of freedom
        p_value=erfc(sqrt(chi_square / 2)),
    )


def matched_shares(tables: np.ndarray) -> tuple[float, float]:
    """Share of the focal group who solved the item, and of equally good learners of the reference group.

    Each stratum weighs what it holds of the focal group; the first less the second is the standardised difference, STD
    P-DIF (Dorans & Holland 1993). Takes tables as `mantel_haenszel` does, one of which holds both groups.
    """
    tables = tables[tables.sum(axis=2).min(axis=1) > 0]
    groups = tables.sum(axis=2)
    shares = tables[:, :, 0] / groups
    reference, focal = groups[:, 1] @ shares / groups[:, 1].sum()
    return float(focal), float(reference)


def tabulate(score: np.ndarray, is_focal: np.ndarray, solved: np.ndarray, least: int) -> np.ndarray:
    """Tables of the learners at each score, neighbours put together until each holds `least` of both groups.

    Learners above or below everybody of the other group have no partner and are left out; what remains at the top
    without enough joins the stratum below.
    """
    scores, place = np.unique(score, return_inverse=True)
    cells = np.bincount(place * 4 + is_focal * 2 + ~solved, minlength=len(scores) * 4).reshape(-1, 2, 2)
    present = cells.sum(axis=2) > 0
    from_below = np.logical_or.accumulate(present).all(axis=1)
    from_above = np.logical_or.accumulate(present[::-1])[::-1].all(axis=1)
    cells = cells[from_below & from_above]
    starts: list[int] = []
    held = np.zeros(2, np.int64)
    for stratum, groups in enumerate(cells.sum(axis=2)):
        if not starts or held.min() >= least:
            starts.append(stratum)
            held = np.zeros(2, np.int64)
        held += groups
    if held.min() < least and len(starts) > 1:
        starts.pop()
    return np.add.reduceat(cells, starts) if starts else cells


def reference_language(responses: Responses) -> str | None:
    """The language with most attempts, the first in the alphabet among equals; None without attempts in one."""
    attempts = np.bincount(responses.language, minlength=len(responses.languages))
    counts = {code: n for code, n in zip(responses.languages, attempts, strict=True) if n and code != SEVERAL}
    return max(counts, key=counts.__getitem__, default=None)


def compare(responses: Responses, reference: str, focal: str) -> tuple[ItemDif, ...]:
    """Every item that was served in both languages. Raises ValueError for a language without attempts.

    Learners are matched by the sum of their points, or by what lies beyond the mean of the items they drew. Items that
    turn out as C are then taken out of that score, each but for its own comparison, and all are compared again, for a
    score that holds mistranslated items calls learners weaker than they are.
    """
    pair = responses.of(reference, focal)
    is_focal = pair.language == responses.languages.index(focal)
    standing = Standing.of(pair)
    first = _compare(pair, standing, is_focal, (reference, focal), set())
    large = {each.item for each in first if each.category == "C"}
    return _compare(pair, standing, is_focal, (reference, focal), large) if large else first


def _compare(
    pair: Responses, standing: Standing, is_focal: np.ndarray, languages: tuple[str, str], left_out: set[int]
) -> tuple[ItemDif, ...]:
    counted = pair.by_entry(~np.isin(pair.items, list(left_out)))
    values = pair.fraction if standing.form is Form.FIXED else standing.deviation
    totals = np.bincount(pair.attempt[counted], values[counted], pair.attempts)
    lengths = np.bincount(pair.attempt[counted], minlength=pair.attempts)
    compared = []
    for place in np.flatnonzero(np.diff(pair.start)):
        entries = pair.entries(int(place))
        attempt = pair.attempt[entries]
        total, length = totals[attempt], lengths[attempt]
        item = int(pair.items[place])
        if item in left_out:
            total, length = total + values[entries], length + 1
        points = total / np.maximum(length, 1) * length.mean()
        # exactly between two strata, the last digits must not decide
        score = np.round(points / POINTS_APART + 1e-6)
        compared.append(_judge(item, languages, score, is_focal[attempt], pair.fraction[entries] >= SOLVED))
    return tuple(each for each in compared if each.n_reference and each.n_focal)


def _judge(
    item: int, languages: tuple[str, str], score: np.ndarray, is_focal: np.ndarray, solved: np.ndarray
) -> ItemDif:
    n_focal = int(np.count_nonzero(is_focal))
    n_reference = len(is_focal) - n_focal
    if min(n_reference, n_focal) < LEAST_IN_GROUP or len(is_focal) < LEAST_TOGETHER:
        return _withheld(item, languages, (n_reference, n_focal), 0, Withheld.TOO_FEW)
    tables = tabulate(score, is_focal, solved, LEAST_IN_STRATUM)
    found = mantel_haenszel(tables)
    if found is None:
        return _withheld(item, languages, (n_reference, n_focal), len(tables), Withheld.NO_SPREAD)
    share, expected = matched_shares(tables)
    return ItemDif(
        item=item,
        reference=languages[0],
        focal=languages[1],
        n_reference=n_reference,
        n_focal=n_focal,
        strata=len(tables),
        odds_ratio=found.odds_ratio,
        chi_square=found.chi_square,
        p_value=found.p_value,
        delta=found.delta,
        standard_error=found.standard_error,
        solved=share,
        expected=expected,
        category=found.category,
        suspicion=_suspicion(found, share - expected),
        withheld=None,
    )


def _withheld(item: int, languages: tuple[str, str], n: tuple[int, int], strata: int, reason: Withheld) -> ItemDif:
    return ItemDif(
        item=item,
        reference=languages[0],
        focal=languages[1],
        n_reference=n[0],
        n_focal=n[1],
        strata=strata,
        odds_ratio=None,
        chi_square=None,
        p_value=None,
        delta=None,
        standard_error=None,
        solved=None,
        expected=None,
        category=None,
        suspicion=None,
        withheld=reason,
    )


def _suspicion(found: MantelHaenszel, difference: float) -> Suspicion | None:
    """Only what is large, certain and noticeable is put before a translator: false alarms cost the next its trust."""
    if found.category != "C" or abs(difference) < NOTICEABLE:
        return None
    return Suspicion.HARDER if found.delta < 0 else Suspicion.EASIER
