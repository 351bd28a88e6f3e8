"""Classical item statistics and the reliability of a quiz, each with the least number of attempts it is told from.

Items count alike: a score is the sum of the fractions. Where a quiz draws items from a pool, two learners' sums are
not of the same items, and a learner with hard ones would pass for a weak one. So a learner's standing is what they got
beyond the mean of each item they were served. When all are served the same items this is the sum less a constant, and
every figure below is the textbook's.

Sources:

- Crocker, L. & Algina, J. (1986). Introduction to Classical and Modern Test Theory. Holt, Rinehart & Winston.
  Chapter 14, item analysis: facility (as p value), discrimination index, corrected item-total correlation.
- Kelley, T. L. (1939). The selection of upper and lower groups for the validation of test items. Journal of
  Educational Psychology 30, 17-24: why 27 per cent.
- Moodle, Quiz statistics calculations, https://docs.moodle.org/dev/Quiz_statistics_calculations: what Moodle calls
  discrimination index is the item-rest correlation; its discriminative efficiency.
- Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika 16, 297-334.
- Cronbach, L. J., Rajaratnam, N. & Gleser, G. C. (1963). Theory of generalizability: a liberalization of reliability
  theory. British Journal of Statistical Psychology 16, 137-163: reliability where each person meets other items.
- Shrout, P. E. & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater reliability. Psychological
  Bulletin 86, 420-428: the same coefficient as ICC(1,k), and alpha as ICC(3,k).
- Bonett, D. G. (2002). Sample size requirements for testing and estimating coefficient alpha. Journal of Educational
  and Behavioral Statistics 27, 335-340.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from quizzes.analysis.choices import MOST_OPTIONS, UNANSWERED
from quizzes.analysis.gathering import Responses
from quizzes.analysis.results import Form, Group, ItemStatistics, OptionUse, Reliability, Withheld

# A share of 30 has a standard error of at most 0.09. From fewer, one learner more or less would move it visibly, and
# the choices of few people in a small office might be guessed.
LEAST_FOR_SHARES = 30
# A correlation of 100 has a standard error of about 0.1, and 27 per cent of 100 are groups of 27.
LEAST_FOR_DISCRIMINATION = 100
# An alpha of 0.80 for 30 items, found with 100 learners, says 0.73 to 0.85 (Bonett 2002); with 50, 0.70 to 0.87.
LEAST_FOR_RELIABILITY = 100

# How much of each end is compared: what separates two normal groups best while their means are still well known
# (Kelley 1939).
EXTREME = 0.27

# Sums differ in their last digits by the order of adding. Points are compared to so many decimals, and variances
# below `DUST` are none.
FINE = 6
DUST = 1e-12

_Maybe = float | None


@dataclass(frozen=True, eq=False)
class Standing:
    """How the attempts did, against the mean of what each was served."""

    form: Form
    means: np.ndarray  # by item; 0 where no attempt was served it
    deviation: np.ndarray  # by entry: the fraction less the item's mean
    beyond: np.ndarray  # by attempt: the sum of its deviations
    points: np.ndarray  # by attempt: the sum of its fractions
    squares: np.ndarray  # by attempt: the sum of their squares
    served: np.ndarray  # by attempt: the number of its items

    @classmethod
    def of(cls, responses: Responses) -> "Standing":
        counts = np.diff(responses.start)
        place = responses.by_entry(np.arange(len(responses.items), dtype=np.int32))
        means = np.bincount(place, responses.fraction, len(responses.items)) / np.maximum(counts, 1)
        deviation = responses.fraction - responses.by_entry(means)
        n = responses.attempts
        alike = len(responses.fraction) == n * np.count_nonzero(counts)
        return cls(
            form=Form.FIXED if alike else Form.DRAWN,
            means=means,
            deviation=deviation,
            beyond=np.bincount(responses.attempt, deviation, n),
            points=np.bincount(responses.attempt, responses.fraction, n),
            squares=np.bincount(responses.attempt, np.square(responses.fraction), n),
            served=np.bincount(responses.attempt, minlength=n),
        )

    @property
    def rank(self) -> np.ndarray:
        """What attempts are ranked by, in points: the sum of a fixed form, what lies beyond the means of a drawn one.

        Equal standing is equal to the last bit.
        """
        if self.form is Form.FIXED:
            return np.round(self.points, FINE)
        return np.round(self.beyond / np.maximum(self.served, 1) * self.served.mean(), FINE)


def describe(responses: Responses) -> Group:
    """The reliability of the quiz and the statistics of each item that was served, in the order of their ids."""
    standing = Standing.of(responses)
    rank = standing.rank
    served = np.flatnonzero(np.diff(responses.start))
    return Group(reliability(standing), tuple(_item(responses, standing, rank, int(item)) for item in served))


def _item(responses: Responses, standing: Standing, rank: np.ndarray, item: int) -> ItemStatistics:
    """Facility and spread: mean and standard deviation of the fraction.

    Discrimination: mean fraction of the strongest 27 per cent less that of the weakest (Crocker & Algina 1986).
    Item-rest: correlation of the fraction with the standing on the other items, a point-biserial correlation where an
    item is right or wrong; Moodle's discrimination index. Efficiency: how much of the covariance that fractions and
    standings could have together they do have (Moodle).
    """
    entries = responses.entries(item)
    attempt = responses.attempt[entries]
    fraction = responses.fraction[entries].astype(np.float64)
    others = standing.served[attempt] - 1
    rest = (standing.beyond[attempt] - standing.deviation[entries]) / np.maximum(others, 1)
    n = len(fraction)
    withheld: dict[str, Withheld] = {}

    def told(figure: str, least: int, value: Callable[[], _Maybe]) -> _Maybe:
        return _told(withheld, figure, n, least, value)

    if n < LEAST_FOR_SHARES:
        withheld["options"] = Withheld.TOO_FEW
    if n < LEAST_FOR_DISCRIMINATION:
        withheld["fifths"] = Withheld.TOO_FEW
    upper, lower = extremes(rank[attempt])
    return ItemStatistics(
        item=int(responses.items[item]),
        n=n,
        facility=told("facility", LEAST_FOR_SHARES, lambda: float(fraction.mean())),
        spread=told("spread", LEAST_FOR_SHARES, lambda: float(fraction.std(ddof=1))),
        discrimination=told(
            "discrimination", LEAST_FOR_DISCRIMINATION, lambda: _products(fraction, upper) - _products(fraction, lower)
        ),
        item_rest=told("item_rest", LEAST_FOR_DISCRIMINATION, lambda: correlation(fraction, rest)),
        efficiency=told("efficiency", LEAST_FOR_DISCRIMINATION, lambda: efficiency(fraction, rest)),
        fifths=in_fifths(fraction, rank[attempt]) if n >= LEAST_FOR_DISCRIMINATION else (),
        options=option_uses(responses.chosen[entries], upper, lower) if n >= LEAST_FOR_SHARES else (),
        withheld=withheld,
    )


def _told(withheld: dict[str, Withheld], figure: str, n: int, least: int, value: Callable[[], _Maybe]) -> float | None:
    """The figure, or None with the reason noted."""
    if n < least:
        withheld[figure] = Withheld.TOO_FEW
        return None
    found = value()
    if found is None:
        withheld[figure] = Withheld.NO_SPREAD
    return found


def _products(first: np.ndarray, second: np.ndarray) -> float:
    """The sum of their products. Not `@`: for long vectors it starts threads, and they wait more than they work."""
    return float((first * second).sum())


def correlation(first: np.ndarray, second: np.ndarray) -> _Maybe:
    """Pearson's product-moment correlation; None where either does not vary."""
    first, second = first - first.mean(), second - second.mean()
    squares = _products(first, first), _products(second, second)
    if min(squares) <= DUST:
        return None
    found = _products(first, second) / (squares[0] * squares[1]) ** 0.5
    return min(1.0, max(-1.0, found))


def efficiency(fraction: np.ndarray, rest: np.ndarray) -> _Maybe:
    """Covariance of both over the greatest that the same values could have, had the best had the best.

    At most 1; below 0 where the weaker do better. None where either does not vary.
    """
    most = correlation(np.sort(fraction), np.sort(rest))
    found = correlation(fraction, rest)
    return None if most is None or found is None else found / most


def extremes(rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights that average over the strongest and over the weakest 27 per cent; each sums to 1.

    Those who stand equal at the edge share what room is left, so that nothing depends on the order of the attempts.
    """
    return _topmost(rank), _topmost(-rank)


def _topmost(rank: np.ndarray) -> np.ndarray:
    room = EXTREME * len(rank)
    place = len(rank) - ceil(room)
    edge = np.partition(rank, place)[place]
    above, at_edge = rank > edge, rank == edge
    weights = above + at_edge * ((room - np.count_nonzero(above)) / np.count_nonzero(at_edge))
    return weights / room


def in_fifths(fraction: np.ndarray, rank: np.ndarray) -> tuple[float, ...]:
    """Mean fraction of each fifth of the attempts, the weakest first. Equals share the fifths that they reach into."""
    _, place, counts = np.unique(rank, return_inverse=True, return_counts=True)
    means = np.bincount(place, fraction) / counts
    upto = np.cumsum(counts)
    edges = np.linspace(0, len(rank), 6)
    # by how much the equals of each rank reach into each fifth
    reach = np.minimum(upto, edges[1:, None]) - np.maximum(upto - counts, edges[:-1, None])
    return tuple(((np.maximum(reach, 0) * means).sum(axis=1) / (len(rank) / 5)).tolist())


def option_uses(chosen: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> tuple[OptionUse, ...]:
    """Each option that anybody chose, in order, and last how many left the item unanswered.

    The shares of the extremes are told from as many attempts as discrimination is.
    """
    enough = len(chosen) >= LEAST_FOR_DISCRIMINATION
    uses = []
    seen = int(np.bitwise_or.reduce(chosen))
    for option in range(MOST_OPTIONS + 1):
        if not seen >> option & 1:
            continue
        took = (chosen >> np.uint32(option) & np.uint32(1)).astype(bool)
        count = int(np.count_nonzero(took))
        uses.append(
            OptionUse(
                option=None if 1 << option == UNANSWERED else option,
                count=count,
                share=count / len(chosen),
                upper=float(upper[took].sum()) if enough else None,
                lower=float(lower[took].sum()) if enough else None,
            )
        )
    return tuple(uses)


def reliability(standing: Standing) -> Reliability:
    """Of the whole quiz, in shares of the full score.

    Of a fixed form the standard error of measurement is the deviation times √(1 - alpha) (Crocker & Algina 1986).
    Drawn forms are not equally hard, and that luck is part of the error: it is the variance within attempts over their
    length.
    """
    answered = standing.served > 0
    n = int(np.count_nonzero(answered))
    score = standing.points[answered] / standing.served[answered]
    withheld: dict[str, Withheld] = {}
    mean = _told(withheld, "mean", n, LEAST_FOR_SHARES, lambda: float(score.mean()))
    deviation = _told(withheld, "deviation", n, LEAST_FOR_SHARES, lambda: float(score.std(ddof=1)))
    alpha = _told(withheld, "alpha", n, LEAST_FOR_RELIABILITY, lambda: coefficient_alpha(standing))
    drawn = None
    if standing.form is Form.FIXED:
        error = None if alpha is None or deviation is None else deviation * (1 - alpha) ** 0.5
    else:
        drawn = _told(withheld, "drawn", n, LEAST_FOR_RELIABILITY, lambda: drawn_reliability(standing))
        error = None if n < LEAST_FOR_RELIABILITY else error_of_draws(standing) ** 0.5
    if error is None:
        withheld["standard_error"] = withheld["alpha"]
    return Reliability(
        form=standing.form,
        n=n,
        length=float(standing.served[answered].mean()) if n else 0.0,
        mean=mean,
        deviation=deviation,
        alpha=alpha,
        drawn=drawn,
        standard_error=error,
        withheld=withheld,
    )


def coefficient_alpha(standing: Standing) -> _Maybe:
    """Cronbach's alpha, as k·c / (v + (k - 1)·c) of k items with mean variance v and mean covariance c.

    Variances and covariances come from whoever was served the item, or both items: of a fixed form that is everybody,
    and this is Cronbach's (1951) formula; KR-20 where items are right or wrong. Of drawn forms it is alpha from the
    covariances that are available by pairs, each weighted by its number of attempts: what a fixed form of k items of
    this pool would have on average. It then leaves out that draws differ in difficulty; `drawn_reliability` does not.
    Few attempts can put it above 1, where it is cut off.

    The pairs need not be formed: an attempt's products over all pairs of its items add up to the square of the sum of
    its deviations less the sum of their squares. None for a single item, or where no score varies.
    """
    served = standing.served
    pairs = _products(served, served - 1)
    if not pairs:
        return None
    squares = _products(standing.deviation, standing.deviation)
    covariance = (_products(standing.beyond, standing.beyond) - squares) / pairs
    variance = squares / float(served.sum())
    length = float(served.sum()) / int(np.count_nonzero(served))
    whole = variance + (length - 1) * covariance
    return None if whole <= DUST else min(1.0, length * covariance / whole)


def error_of_draws(standing: Standing) -> float:
    """Error variance of a score that is the mean over drawn items: what varies within attempts, over their length."""
    several = standing.served > 1
    if not several.any():
        return 0.0
    served, points = standing.served[several], standing.points[several]
    within = (standing.squares[several] - points * points / served) / (served - 1)
    return float((within / served).mean())


def drawn_reliability(standing: Standing) -> _Maybe:
    """Share of the variance of scores that is not error, where each learner meets other items of the pool.

    With equal lengths 1 - MSW/MSB of a one-way analysis of variance (Cronbach, Rajaratnam & Gleser 1963), ICC(1,k) of
    Shrout & Fleiss (1979). None where no score varies.
    """
    answered = standing.served > 0
    score = standing.points[answered] / standing.served[answered]
    variance = float(score.var(ddof=1))
    return None if variance <= DUST else 1 - error_of_draws(standing) / variance
