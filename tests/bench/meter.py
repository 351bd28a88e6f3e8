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
class Row:
    """One line of the table: milliseconds for one job, queries of its costliest request, CPU in units of its floor."""

    job: str
    cpu_ms: float
    wall_ms: float
    queries: int
    ratio_to_floor: float


@dataclass(frozen=True)
class Cost:
    """What one job took."""

    cpu_ms: float
    wall_ms: float


class Meter:
    """The CPU of a process and all below it, and of PostgreSQL where the installation uses one of this machine."""

    def __init__(self, root: int):
        self._root = psutil.Process(root)
        self._with_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")

    def cost(self, times: int, job: Callable[[int], object], floor: Callable[[int], object]) -> tuple[Cost, float]:
        """The cost of one of `times` jobs, and the CPU of it in units of the floor's.

        Begins when the system is at rest: what it still did after its start is not the job's. Job and floor take
        turns, because a machine is faster for a while and slower for another; each figure is the median of the turns.
        The jobs are called one after another with their numbers.
        """
        self._rest()
        costs, ratios = [], []
        for turn in range(TURNS):
            numbers = range(turn * times // TURNS, (turn + 1) * times // TURNS)
            cost = self._of(numbers, job)
            costs.append(cost)
            ratios.append(cost.cpu_ms / self._of(range(FLOORS), floor).cpu_ms)
        return Cost(median(c.cpu_ms for c in costs), median(c.wall_ms for c in costs)), median(ratios)

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
