"""What each kind of page costs: `make bench`.

The whole system runs as `make run` starts it, with the demonstration run of 1,210 learners. CPU is that of all its
processes, web server, worker, beat, broker and cache together (and of a PostgreSQL server on this machine where
DATABASE_URL names one), read from the operating system before and after; the load generator's own is not counted.
All jobs take turns over half a minute; a figure is the median of its turns, beside those that took least and most.
Each stands beside a floor of the same run: over HTTP with the same middleware, a view that loads the session
and the user (one query) and returns a page of the same size. No page is cached for a person. Beside the wait for a
grade stands what a flush of the disk took at the same time.
"""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

from elearning.places import BUILD_DIR
from tests.bench.meter import Meter, Row
from tests.system import LiveSystem


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder:
        system = LiveSystem(Path(folder))
        given = {key: os.environ[key] for key in ("DATABASE_URL", "REDIS_URL") if key in os.environ}
        system.environment.update(given | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"})
        os.environ.update(DATA_DIR=str(system.data_dir), PORT=str(system.port))
        print("Starting the system and writing the demonstration run", flush=True)
        system.start()
        try:
            rows, rush = _measure(system)
        finally:
            system.stop()
    _print(rows, rush)
    BUILD_DIR.mkdir(exist_ok=True)
    (BUILD_DIR / "bench.json").write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    (BUILD_DIR / "bench-rush.json").write_text(json.dumps(asdict(rush), indent=1) + "\n")
    return 0


def _measure(system: LiveSystem):
    """In this process too Django reads the measured installation's database, for sessions and addresses."""
    import django  # noqa: PLC0415 - only now does the installation have its secrets

    django.setup()
    from tests.bench import jobs  # noqa: PLC0415

    return jobs.measure(system.port, Meter(system.pid))


def _print(rows: list[Row], rush) -> None:
    print(f"\n{'job':<34}{'CPU ms':>9}{'least–most':>16}{'wall ms':>9}{'queries':>9}{'× floor':>9}")
    for row in rows:
        between = f"{row.cpu_ms_least:.2f}–{row.cpu_ms_most:.2f}"
        print(
            f"{row.job:<34}{row.cpu_ms:>9.2f}{between:>16}{row.wall_ms:>9.2f}{row.queries:>9}{row.ratio_to_floor:>9.2f}"
        )
    print(
        f"\n{rush.attempts} attempts handed in, {rush.a_second} a second, seen graded after {rush.median_ms} ms"
        f" (median), {rush.p95_ms} ms (95th percentile), {rush.longest_ms} ms at most;"
        f" the load generator itself took {rush.generator_cpu_ms} ms of CPU for each;"
        f" the disk kept a page within {rush.flush_median_ms} ms (median), {rush.flush_longest_ms} ms at most"
    )


if __name__ == "__main__":
    sys.exit(main())
