"""What the commands say on the terminal: one line for a stage, one line for what stands in the way."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Problem(Exception):
    """Something the person at the terminal can mend. The message is one line: what is wrong, and what to do."""


@contextmanager
def stage(name: str) -> Iterator[None]:
    """A line that says what is being done and, when it is done, how long it took."""
    print(f"  {name} …", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f" {time.monotonic() - began:.0f} s", flush=True)


def say(line: str = "") -> None:
    print(line, flush=True)


def fail(problem: object) -> None:
    print(f"\nPlumbline: {problem}", file=sys.stderr, flush=True)
