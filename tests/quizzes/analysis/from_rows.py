"""What a worker spends on an analysis that waits, from the database on, in a process of its own.

    .venv/bin/python -m tests.quizzes.analysis.from_rows ANALYSIS

prints `{"database": …, "attempts": …, "seconds": …, "cpu": …, "peak_mib": …}`: by the clock, of this process's CPU,
and the most memory it ever held.
"""

import json
import os
import resource
import sys
from time import perf_counter, process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.test")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from quizzes.models import Analysis  # noqa: E402
from quizzes.services import analysing  # noqa: E402


def measure(analysis_id: int) -> dict[str, float | str]:
    begun, spent = perf_counter(), process_time()
    assert analysing.work_on(analysis_id, clock=timezone.now)
    return {
        "database": connection.vendor,
        "attempts": Analysis.objects.get(pk=analysis_id).attempts,
        "seconds": round(perf_counter() - begun, 1),
        "cpu": round(process_time() - spent, 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
