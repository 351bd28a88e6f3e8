"""What is killed, and when: drawn from the seed, so that a run that found something can be looked at again.

What is not up is passed over: on a machine on which a program takes longer to start than the seed lets it live, it
would never run at all, and the scenario would prove nothing.
"""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from elearning.chaos.machinery import Machinery

# Seconds between two deeds: at first, until each was done once, and then. So none is missing where work is soon over.
AT_FIRST, THEN = (0.5, 2.0), (1.0, 6.0)


@dataclass(frozen=True)
class Deed:
    """Something that is done to a program. `do` says whether there was something to do it to."""

    program: str
    do: Callable[[Machinery], bool]


class Mischief(threading.Thread):
    """Kills something every few seconds until it is told to stop.

    `is_up` knows by a program's name how to see that it is at work; `told(line)` hears of each deed.
    """

    def __init__(
        self, machinery: Machinery, seed: int, is_up: Mapping[str, Callable[[], bool]], told: Callable[[str], None]
    ):
        super().__init__(daemon=True)
        self._machinery = machinery
        self._source = random.Random(seed)  # noqa: S311
        self._is_up = is_up
        self._told = told
        self._enough = threading.Event()
        self.deeds: Counter[str] = Counter()
        self.problem: Exception | None = None

    def stop(self) -> None:
        self._enough.set()
        self.join()

    @property
    def _pace(self) -> tuple[float, float]:
        return THEN if all(self.deeds[name] for name in self._possible) else AT_FIRST

    def run(self) -> None:
        began = time.monotonic()
        try:
            while not self._enough.wait(self._source.uniform(*self._pace)):
                up = [name for name, deed in self._possible.items() if self._is_up[deed.program]()]
                # One of each comes first; after that, whatever the seed draws.
                name = self._source.choice([name for name in up if not self.deeds[name]] or up or [""])
                if name and self._possible[name].do(self._machinery):
                    self.deeds[name] += 1
                    self._told(f"{time.monotonic() - began:6.1f} s  {name}")
        except Exception as problem:
            self.problem = problem

    _possible: Mapping[str, Deed] = {
        "worker killed": Deed("worker", lambda machinery: _killed(machinery, "worker")),
        "one of the worker's processes killed": Deed("worker", lambda machinery: machinery.kill_child("worker")),
        "broker restarted": Deed("broker", lambda machinery: _killed(machinery, "broker", signal.SIGTERM)),
        "broker killed": Deed("broker", lambda machinery: _killed(machinery, "broker")),
        "web server killed": Deed("web", lambda machinery: _killed(machinery, "web")),
    }


def _killed(machinery: Machinery, name: str, number: signal.Signals = signal.SIGKILL) -> bool:
    machinery.kill(name, number)
    return True
