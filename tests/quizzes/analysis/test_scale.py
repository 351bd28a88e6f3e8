import json
import subprocess
import sys

import pytest


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
