"""Learners at work: each answers and hands in over HTTP, and tries again as the page's script does.

What the server has confirmed is written down here, apart from the server: it is what must not be lost.
"""

import http.client
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlencode

PATIENCE = 120.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
TIMEOUT = 15
# A window of a browser counts its answers in steps of this.
STEP = 1024
AGAIN = {429, 500, 502, 503, 504}


class GaveUp(Exception):
    """The server did not do for two minutes what it must do in the end, or refused what it must take."""


@dataclass
class Paper:
    """A prepared attempt, and what its learner has been told. `wanted` are option positions by question number."""

    uuid: str
    # The address below which its pages are.
    place: str
    cookie: str
    token: str
    wanted: dict[int, str]
    # By question number, the highest sequence that the server has confirmed.
    saved: dict[int, int] = field(default_factory=dict)
    submitted_at: float | None = None
    tries: int = 0


class Hand(Thread):
    """One of the learners working side by side; ends when its papers are handed in."""

    def __init__(self, port: int, papers: Iterable[Paper], seed: int):
        super().__init__(daemon=True)
        self._port = port
        self._papers = list(papers)
        self._source = random.Random(seed)  # noqa: S311 - the same run from the same seed
        self._line: http.client.HTTPConnection | None = None
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            for paper in self._papers:
                for number in paper.wanted:
                    self._answer(paper, number)
                self._hand_in(paper)
        except Exception as problem:
            self.problem = problem

    def _answer(self, paper: Paper, number: int) -> None:
        """Choose an option. Each try has a higher sequence than the one before and says which answer is known, as the
        page's script sends it.
        """
        sequence = 1 - STEP

        def ask() -> bool:
            nonlocal sequence
            sequence += STEP
            name = f"q{number}"
            known = paper.saved.get(number, 0)
            fields = {name: paper.wanted[number], f"{name}-sequence": sequence, f"{name}-known": known}
            status, body = self._post(paper, f"{paper.place}{number}/", fields)
            if status == 200 and json.loads(body).get("saved") is True:
                paper.saved[number] = sequence
                return True
            return self._may_try_again(status, f"answer {number} of {paper.uuid}", body)

        self._until(ask, paper)

    def _hand_in(self, paper: Paper) -> None:
        def ask() -> bool:
            status, body = self._post(paper, f"{paper.place}submit/", {})
            if status == 302:
                paper.submitted_at = time.time()
                return True
            return self._may_try_again(status, f"handing in {paper.uuid}", body)

        self._until(ask, paper)

    def _may_try_again(self, status: int, what: str, body: bytes) -> bool:
        if status in AGAIN:
            return False
        raise GaveUp(f"{what}: refused with {status}: {body[:300]!r}")

    def _until(self, ask, paper: Paper) -> None:
        deadline, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        last: object = "asked to try again"
        while True:
            paper.tries += 1
            try:
                if ask():
                    return
            except (OSError, http.client.HTTPException, ValueError) as problem:
                last = problem
                self._hang_up()
            if time.monotonic() > deadline:
                raise GaveUp(f"{paper.uuid}: not done after {PATIENCE:.0f} s: {last!r}")
            time.sleep(pause * self._source.uniform(0.5, 1))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _post(self, paper: Paper, path: str, fields: dict) -> tuple[int, bytes]:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Requested-With": "fetch",
            "Cookie": paper.cookie,
            "Host": "localhost",
        }
        self._line.request("POST", path, urlencode(fields | {"csrfmiddlewaretoken": paper.token}), headers)
        answer = self._line.getresponse()
        return answer.status, answer.read()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
