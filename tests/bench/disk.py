"""The disk's own part of a wait: what a commit that survives a power cut cannot be faster than."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

PAGE = b"\0" * 4096
# Often enough to meet a stall, too seldom to cause one.
BETWEEN = 0.1  # seconds


class Flushes:
    """How long a page took to reach the disk, again and again, in milliseconds."""

    def __init__(self) -> None:
        self._took: list[float] = []

    @property
    def median_ms(self) -> float:
        return round(median(self._took), 1)

    @property
    def longest_ms(self) -> float:
        return round(max(self._took), 1)

    def flush(self, file: int) -> None:
        os.pwrite(file, PAGE, 0)
        began = time.perf_counter()
        os.fdatasync(file)
        self._took.append((time.perf_counter() - began) * 1000)


@contextmanager
def flushing(folder: Path) -> Iterator[Flushes]:
    """Flush a page of a file in the folder every now and then while the block runs.

    What others left to be written, an installation of packages say, is written first: a flush waits for a disk that is
    busy with it, for seconds, and no program can help that.
    """
    os.sync()
    flushes, ended = Flushes(), threading.Event()
    path = folder / "flushed"
    file = os.open(path, os.O_CREAT | os.O_WRONLY)

    def go_on() -> None:
        while not ended.wait(BETWEEN):
            flushes.flush(file)

    flushes.flush(file)
    beside = threading.Thread(target=go_on)
    beside.start()
    try:
        yield flushes
    finally:
        ended.set()
        beside.join()
        os.close(file)
        path.unlink()
