"""What an analysis of 100,000 attempts of 30 items costs, in a process of its own: seconds of CPU and peak memory.

    .venv/bin/python -m tests.quizzes.analysis.scale POOL

prints `{"pool": …, "gather": s, "arrays": s, "analyse": s, "store": s, "peak_mib": …, "stored_kb": …}`.
"""

import json
import resource
import sys
from time import process_time

import numpy as np

from quizzes.analysis.gathering import AttemptRow, Gathering
from quizzes.analysis.report import analyse

ATTEMPTS, SERVED, CHUNK = 100_000, 30, 2_000
LANGUAGES = ["ar", "en", "es", "fr", "pt", "ru"]


def chunk(source: np.random.Generator, pool: int) -> list[AttemptRow]:
    items = source.random((CHUNK, pool)).argsort(axis=1)[:, :SERVED]
    chance = 1 / (1 + np.exp(np.linspace(-2, 2, pool)[items] - source.normal(size=(CHUNK, 1))))
    right = source.random(items.shape) < chance
    fractions = np.where(right, 1.0, np.where(source.random(items.shape) < 0.3, 0.5, 0.0))
    chosen = 1 << np.where(right, 0, source.integers(1, 4, items.shape))
    languages = source.choice(LANGUAGES, CHUNK, p=[0.1, 0.4, 0.15, 0.2, 0.1, 0.05])
    return [
        AttemptRow(str(language), *(column.tolist() for column in columns))
        for language, *columns in zip(languages, items + 1_000_000, fractions, chosen, strict=True)
    ]


def measure(pool: int) -> dict[str, float]:
    source = np.random.default_rng(1)
    gathering = Gathering()
    spent = 0.0
    for _ in range(ATTEMPTS // CHUNK):
        rows = chunk(source, pool)
        begun = process_time()
        gathering.add(rows)
        spent += process_time() - begun
    marks = [process_time()]
    responses = gathering.responses()
    marks.append(process_time())
    found = analyse(responses)
    marks.append(process_time())
    stored = json.dumps(found.as_json())
    marks.append(process_time())
    arrays, analysed, told = (round(after - before, 2) for before, after in zip(marks, marks[1:], strict=False))
    return {
        "pool": pool,
        "gather": round(spent, 2),
        "arrays": arrays,
        "analyse": analysed,
        "store": told,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "stored_kb": len(stored) // 1000,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
