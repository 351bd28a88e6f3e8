"""CPU by the operating system's own account."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

TURNS = 6
# Enough that the operating system's clock of a hundred ticks a second counts them to a few per cent.
FLOORS = 120


@dataclass(frozen=True)
class Job:
    """What is measured, and the floor beside it: `do` is called with the numbers below `times`, once with each."""

    name: str
    times: int
    do: Callable[[int], object]
    floor: Callable[[int], object]
    queries: int


@dataclass(frozen=True)
class Row:
    """One line of the table: milliseconds for one job, with the turns that took least and most; queries of its
    costliest request; CPU in units of its floor."""

    job: str
    cpu_ms: float
    cpu_ms_least: float
    cpu_ms_most: float
    wall_ms: float
    queries: int
    ratio_to_floor: float


@dataclass(frozen=True)
class Cost:
    """What one job took in one turn."""

    cpu_ms: float
    wall_ms: float


class Meter:
    """The CPU of a process and all below it, and of PostgreSQL where the installation uses one of this machine."""

    def __init__(self, root: int):
        self._root = psutil.Process(root)
        self._with_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")

    def rows(self, jobs: Sequence[Job]) -> list[Row]:
        """What each job costs.

        Begins when the system is at rest: what it still did after its start is no job's. A machine is faster for some
        seconds and slower for others, so all jobs take turns, each with its floor; each figure is the median of the
        turns.
        """
        self._rest()
        costs: dict[Job, list[Cost]] = {job: [] for job in jobs}
        ratios: dict[Job, list[float]] = {job: [] for job in jobs}
        for turn in range(TURNS):
            for job in jobs:
                cost = self._of(range(turn * job.times // TURNS, (turn + 1) * job.times // TURNS), job.do)
                costs[job].append(cost)
                ratios[job].append(cost.cpu_ms / self._of(range(FLOORS), job.floor).cpu_ms)
        return [_row(job, costs[job], ratios[job]) for job in jobs]

    def _of(self, numbers: Sequence[int], job: Callable[[int], object]) -> Cost:
        cpu, began = self._cpu(), time.perf_counter()
        for number in numbers:
            job(number)
        wall = time.perf_counter() - began
        return Cost((self._cpu() - cpu) * 1000 / len(numbers), wall * 1000 / len(numbers))

    def _rest(self) -> None:
        """Wait until all processes together use less than a twentieth of a core; after a minute, go on as it is."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            before = self._cpu()
            psutil.cpu_percent(interval=0.5)
            if self._cpu() - before < 0.025:
                return

    def _cpu(self) -> float:
        total = 0.0
        for process in self._processes():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
        return total

    def _processes(self) -> list[psutil.Process]:
        below = [self._root, *self._root.children(recursive=True)]
        if self._with_postgres:
            below += [p for p in psutil.process_iter(["name"]) if (p.info["name"] or "").startswith("postgres")]
        return below


def _row(job: Job, costs: Sequence[Cost], ratios: Sequence[float]) -> Row:
    cpu = sorted(cost.cpu_ms for cost in costs)
    figures = (median(cpu), cpu[0], cpu[-1], median(cost.wall_ms for cost in costs))
    return Row(job.name, *(round(figure, 2) for figure in figures), job.queries, round(median(ratios), 2))
