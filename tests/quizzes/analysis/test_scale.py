import json
import os
import subprocess
import sys

import numpy as np
import pytest
from django.utils import timezone

from quizzes import content, services
from quizzes.models import ItemOutcomes
from tests import databases
from tests.factories.people import an_account
from tests.factories.quizzes import a_bank, a_quiz_version
from tests.quizzes.analysis.scale import ATTEMPTS, CHUNK, SERVED, chunk


@pytest.mark.long
@pytest.mark.parametrize("pool", [30, 300])
def test_a_hundred_thousand_attempts_are_analysed_in_seconds_and_little_memory(pool):
    # 20 seconds and 1 GiB are for everything; half of it stays for reading the rows
    ran = subprocess.run(
        [sys.executable, "-m", "tests.quizzes.analysis.scale", str(pool)], capture_output=True, text=True, check=True
    )
    cost = json.loads(ran.stdout)

    assert cost["gather"] + cost["arrays"] + cost["analyse"] + cost["store"] < 10, cost
    assert cost["peak_mib"] < 512, cost


@pytest.mark.long
@pytest.mark.committing
@pytest.mark.parametrize("pool", [30, 300])
def test_a_hundred_thousand_attempts_are_analysed_from_their_rows_within_20_seconds_and_1_gib(pool):
    version = a_quiz_version(a_bank(pool), draw=SERVED)
    items = np.array(sorted(content.pool(version.pk)))
    source = np.random.default_rng(1)
    for _ in range(ATTEMPTS // CHUNK):
        ItemOutcomes.objects.bulk_create(
            ItemOutcomes(
                quiz_version=version,
                is_first=True,
                outcomes={
                    "shape": 1,
                    "items": items[np.array(row.items) - 1_000_000].tolist(),
                    "fractions": row.fractions,
                    "chosen": row.chosen,
                    "languages": [row.language],
                    "read": [0] * SERVED,
                },
            )
            for row in chunk(source, pool)
        )
    asked = services.ask_for_analysis(version.quiz, actor=an_account(is_superuser=True), now=timezone.now())
    ran = subprocess.run(
        [sys.executable, "-m", "tests.quizzes.analysis.from_rows", str(asked.pk)],
        env=os.environ | {"DATABASE_URL": databases.address()},
        capture_output=True,
        text=True,
        check=True,
    )
    cost = json.loads(ran.stdout)
    print(cost)

    assert cost["attempts"] == ATTEMPTS
    assert cost["seconds"] < 20, cost
    assert cost["peak_mib"] < 1024, cost
