"""What is killed, and when: drawn from the seed, so that a run that found something can be looked at again."""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable

from elearning.chaos.machinery import Machinery

SHORTEST, LONGEST = 1.0, 6.0


class Mischief(threading.Thread):
    """Kills something every few seconds until it is told to stop. `told(line)` hears of each deed."""

    def __init__(self, machinery: Machinery, seed: int, told: Callable[[str], None]):
        super().__init__(daemon=True)
        self._machinery = machinery
        self._source = random.Random(seed)  # noqa: S311
        self._told = told
        self._enough = threading.Event()
        self.deeds: Counter[str] = Counter()
        self.problem: Exception | None = None

    def stop(self) -> None:
        self._enough.set()
        self.join()

    def run(self) -> None:
        began = time.monotonic()
        # The first five are one of each; after that, whatever the seed draws.
        first = list(self._possible)
        self._source.shuffle(first)
        try:
            while not self._enough.wait(self._source.uniform(SHORTEST, LONGEST)):
                deed = first.pop() if first else self._source.choice(list(self._possible))
                if self._possible[deed](self._machinery):
                    self.deeds[deed] += 1
                    self._told(f"{time.monotonic() - began:6.1f} s  {deed}")
        except Exception as problem:
            self.problem = problem

    _possible: dict[str, Callable[[Machinery], bool]] = {
        "worker killed": lambda machinery: _killed(machinery, "worker"),
        "one of the worker's processes killed": lambda machinery: machinery.kill_child("worker"),
        "broker restarted": lambda machinery: _killed(machinery, "broker", signal.SIGTERM),
        "broker killed": lambda machinery: _killed(machinery, "broker"),
        "web server killed": lambda machinery: _killed(machinery, "web"),
    }


def _killed(machinery: Machinery, name: str, number: signal.Signals = signal.SIGKILL) -> bool:
    machinery.kill(name, number)
    return True
