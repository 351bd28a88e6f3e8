"""Responses out of tables, and of simulated learners."""

from collections.abc import Sequence

import numpy as np

from quizzes.analysis.gathering import AttemptRow, Gathering, Responses


def responses_of(table: np.ndarray, languages: Sequence[str] | None = None, chosen: np.ndarray | None = None):
    """Responses out of a table of attempts by items that is NaN where an item was not served; ids are 1, 2, …"""
    table = np.asarray(table, float)
    gathering = Gathering()
    gathering.add(row_of(table, attempt, languages, chosen) for attempt in range(len(table)))
    return gathering.responses()


def row_of(table, attempt, languages=None, chosen=None) -> AttemptRow:
    served = np.flatnonzero(~np.isnan(table[attempt]))
    return AttemptRow(
        language=languages[attempt] if languages is not None else "en",
        items=(served + 1).tolist(),
        fractions=table[attempt, served].tolist(),
        chosen=chosen[attempt, served].tolist() if chosen is not None else [0] * len(served),
    )


def table_of(responses: Responses) -> np.ndarray:
    """The table back, NaN where an item was not served."""
    table = np.full((responses.attempts, len(responses.items)), np.nan)
    for item in range(len(responses.items)):
        entries = responses.entries(item)
        table[responses.attempt[entries], item] = responses.fraction[entries]
    return table


def simulated(
    source: np.random.Generator, ability: np.ndarray, difficulty: np.ndarray, drawn: int | None = None
) -> np.ndarray:
    """Right and wrong answers of learners to items by the Rasch model; NaN outside the items that each drew.

    `difficulty` is by item, or by learner and item.
    """
    chance = 1 / (1 + np.exp(difficulty - ability[:, None]))
    table = (source.random(chance.shape) < chance).astype(float)
    if drawn is not None:
        order = source.random(chance.shape).argsort(axis=1)
        np.put_along_axis(table, order[:, drawn:], np.nan, axis=1)
    return table
