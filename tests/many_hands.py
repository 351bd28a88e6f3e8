"""Several hands on one thing at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def at_once(*deeds: Callable, refusals: tuple[type[Exception], ...] = ()) -> list:
    """Do the deeds at the same moment and return what each came to, in their order.

    A refusal that a rule foresees is what a deed came to; any other error is raised.
    """
    gate = threading.Barrier(len(deeds))

    def run(deed):
        try:
            gate.wait(10)
            return deed()
        except refusals as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as hands:
        return list(hands.map(run, deeds))
