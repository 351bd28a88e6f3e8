"""How often a process that serves looks for garbage.

What it has loaded when it begins to serve, some hundred thousand objects, lives as long as the process: `freeze` takes
it out of every later search. And a page makes and drops thousands of objects that reference counting frees by itself,
so that a search after each 700, Python's default, finds nothing; one after 20,000 still finds what is left in cycles.
"""

import gc

ALLOCATIONS = 20_000


def search_less() -> None:
    """For a process that has loaded everything and begins to serve."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)
