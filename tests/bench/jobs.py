"""The jobs that are measured, as their people do them."""

import re
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles

from celery import current_app
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from certificates.models import CertificateDocument
from cohorts.models import Cohort, Enrolment
from courses.models import ReleaseNode
from oversight.append_only import AppendOnly
from people.models import User
from quizzes.models import QuizVersion, Response
from tests.bench.client import Answer, Person
from tests.bench.disk import flushing
from tests.bench.meter import Job, Meter, Row

PAGES = 600
BOARDS = 60
ATTEMPTS = 30
QUESTIONS = 10
# Until every process has read the items and shown most of their answers, every connection has planned its queries, and
# all have grown to their size. What a page shows of an answer is rendered once by a process; there are 128 of them.
WARM_SITTINGS = 30
# Handed in at this pace, by as many hands as the slowest could ever ask for.
A_SECOND = 15
RUSHED = 75
HANDS = 32
CERTIFICATES = 30
WARM_UP = 40


@dataclass(frozen=True)
class Rush:
    """How long learners waited for their grades, in milliseconds; what the load generator itself took for each; and
    how long the disk took at the same time to keep one page.
    """

    attempts: int
    a_second: float
    median_ms: int
    p95_ms: int
    longest_ms: int
    generator_cpu_ms: float
    flush_median_ms: float
    flush_longest_ms: float


def measure(port: int, meter: Meter) -> tuple[list[Row], Rush]:
    bench = _Bench(port)
    with translation.override("en"):
        jobs = [
            bench.lesson(),
            bench.attempt(),
            bench.certificate(),
            bench.dashboard(),
            bench.export(),
        ]
        return meter.rows(jobs), bench.rush()


class _Bench:
    """Each of its jobs is made when everything that it needs has been warmed up."""

    def __init__(self, port: int):
        self.port = port
        self.learner = Person(User.objects.get(staff_number="1001"), port)
        self.manager = Person(User.objects.get(staff_number="3001"), port)
        self.cohort = Cohort.objects.get()
        self._node = ReleaseNode.objects.get(release=self.cohort.release, kind="quiz")
        self._unseated = self._to_be_seated()
        _ask_more(self._node.quiz_version_id)

    def lesson(self) -> Job:
        enrolment = Enrolment.objects.get(user__staff_number="1001")
        node = ReleaseNode.objects.filter(release=enrolment.release, kind="lesson").first()
        return self._page("lesson view", self.learner, reverse("learn", args=[enrolment.uuid, node.key]), PAGES)

    def dashboard(self) -> Job:
        url = reverse("cohort_dashboard", args=[self.cohort.uuid])
        return self._page("dashboard, 1,210 learners", self.manager, url, BOARDS)

    def export(self) -> Job:
        url = reverse("cohort_learners_csv", args=[self.cohort.uuid])
        return self._page("CSV export, 1,210 learners", self.manager, url, BOARDS)

    def attempt(self) -> Job:
        """Start, the paper, ten answers each saved at once, handing in, the graded result."""
        sittings = self._sittings(WARM_SITTINGS + ATTEMPTS)
        counted = sittings[0]
        counted.headers = {"X-Count-Queries": "1"}
        for sitting in sittings[1:WARM_SITTINGS]:
            sitting.sit()
        size = counted.sit()
        return self._job(
            f"whole quiz attempt, {QUESTIONS} questions",
            ATTEMPTS,
            lambda n: sittings[n + WARM_SITTINGS].sit(),
            max(counted.queries),
            size,
        )

    def rush(self) -> Rush:
        """Attempts that were answered beforehand, handed in one after the other at a steady pace, however long each
        takes: from pressing the button to the page with the grade.
        """
        sittings = self._sittings(RUSHED)
        for sitting in sittings:
            sitting.answer()
        waits: list[float] = []

        def finish(sitting: "_Sitting") -> None:
            began = time.perf_counter()
            sitting.hand_in()
            sitting.result()
            waits.append((time.perf_counter() - began) * 1000)

        with flushing(settings.DATA_DIR) as flushes:
            own, began = time.process_time(), time.perf_counter()
            with ThreadPoolExecutor(max_workers=HANDS) as hands:
                done = []
                for number, sitting in enumerate(sittings):
                    while time.perf_counter() < began + number / A_SECOND:
                        time.sleep(0.001)
                    done.append(hands.submit(finish, sitting))
                for each in done:
                    each.result()
            took = time.perf_counter() - began
            own_ms = (time.process_time() - own) * 1000 / RUSHED
        p50, p95 = (quantiles(waits, n=100)[place - 1] for place in (50, 95))
        return Rush(
            attempts=RUSHED,
            a_second=round(RUSHED / took, 1),
            median_ms=round(p50),
            p95_ms=round(p95),
            longest_ms=round(max(waits)),
            generator_cpu_ms=round(own_ms, 1),
            flush_median_ms=flushes.median_ms,
            flush_longest_ms=flushes.longest_ms,
        )

    def _sittings(self, count: int) -> list["_Sitting"]:
        """Learners who have not sat the quiz yet, each of them once."""
        found = [next(self._unseated) for _each in range(count)]
        return [_Sitting(Person(each.user, self.port), each, self._node) for each in found]

    def _to_be_seated(self) -> Iterator[Enrolment]:
        enrolments = Enrolment.objects.filter(state__in=["invited", "active"], failed_attempts=0)
        yield from list(enrolments.exclude(user__staff_number="1001").select_related("user"))

    def certificate(self) -> Job:
        """From a completed enrolment to the stored PDF, in the worker."""
        enrolments = list(
            Enrolment.objects.filter(state__in=["withdrawn", "failed", "lapsed"])[: CERTIFICATES + 2].values_list(
                "pk", flat=True
            )
        )
        Enrolment.objects.filter(pk__in=enrolments).update(state="completed", completed_at=timezone.now())

        def issue(enrolment_id):
            current_app.send_task("certificates.tasks.issue", args=[enrolment_id])
            made = CertificateDocument.objects.filter(certificate__enrolment=enrolment_id)
            _until(made.exists, "the certificate is made")

        for enrolment_id in enrolments[:2]:
            issue(enrolment_id)
        name = "certificate, issued and rendered"
        return self._job(name, CERTIFICATES, lambda number: issue(enrolments[number + 2]), 0, 10_000)

    def _page(self, name: str, person: Person, url: str, times: int) -> Job:
        for _number in range(WARM_UP):
            _good(person.get(url))
        # After the warm-up: what every process reads once of a release is not part of a page.
        counted = _good(person.get(url, **{"X-Count-Queries": "1"}))
        return self._job(
            name, times, lambda _number: _good(person.get(url)), counted.queries, len(counted.body), person
        )

    def _job(
        self,
        name: str,
        times: int,
        do: Callable[[int], object],
        queries: int,
        size: int,
        person: Person | None = None,
    ) -> Job:
        """The job beside a floor of its page's size, seen by the same person."""
        person = person or self.learner
        floor = f"/floor/{size}/"
        counted = _good(person.get(floor, **{"X-Count-Queries": "1"}))
        assert counted.queries == 1, counted.queries
        for _number in range(WARM_UP):
            _good(person.get(floor))
        return Job(name, times, do, lambda _number: _good(person.get(floor)), queries)


class _Sitting:
    """One learner's whole attempt, or one part of it after the other."""

    def __init__(self, person: Person, enrolment: Enrolment, node: ReleaseNode):
        self.person = person
        self.queries: list[int] = []
        self.headers = {}
        self._start_url = reverse("learn_start", args=[enrolment.uuid, node.key])
        self._paper = ""
        self._form: dict = {}

    def sit(self) -> int:
        """Returns the size of the result page."""
        self.answer()
        self.hand_in()
        return self.result()

    def answer(self) -> None:
        """Start, the paper, ten answers each saved at once."""
        started = self._post(self._start_url, {"start_key": uuid.uuid4()})
        assert started.status == 302 and "/quiz/" in started.location, started
        self._paper = started.location
        shown = self._get(self._paper).body.decode()
        for number in range(1, QUESTIONS + 1):
            name = f"q{number}"
            value = re.search(rf'name="{name}" value="([^"]+)"', shown)[1]
            answer = {name: value, f"{name}-sequence": 1, f"{name}-known": 0}
            saved = self._post(f"{self._paper}{number}/", answer, **{"X-Requested-With": "fetch"})
            assert saved.status == 200, saved
            # As the page's script numbers them.
            self._form |= answer | {f"{name}-sequence": 1 + Response.WINDOWS, f"{name}-known": 1}

    def hand_in(self) -> None:
        handed_in = self._post(self._paper, self._form | {"to": "hand-in"})
        assert handed_in.location == f"{self._paper}result/", handed_in

    def result(self) -> int:
        """The page with the grade, whose size comes back."""
        shown = self._get(f"{self._paper}result/").body
        while b'class="reviewed' not in shown:
            # As the waiting page does.
            time.sleep(1)
            shown = self._get(f"{self._paper}result/").body
        return len(shown)

    def _get(self, path: str) -> Answer:
        return self._note(_good(self.person.get(path, **self.headers)))

    def _post(self, path: str, fields: dict, **headers) -> Answer:
        return self._note(self.person.post(path, fields, **self.headers, **headers))

    def _note(self, answer: Answer) -> Answer:
        self.queries.append(answer.queries)
        return answer


def _ask_more(quiz_version_id: int) -> None:
    """Let a quiz of eight questions ask ten. Its version is frozen, so the measured installation loses that guard."""
    with connection.schema_editor() as editor:
        AppendOnly("quizzes_quizversion").database_backwards("quizzes", editor, None, None)
    version = QuizVersion.objects.get(pk=quiz_version_id)
    [section] = version.blueprint["sections"]
    section["draw"] = version.draw = QUESTIONS
    version.save()


def _good(answer: Answer) -> Answer:
    assert answer.status == 200, (answer.status, answer.location)
    return answer


def _until(holds, what: str) -> None:
    """Ask again every 20 ms, as often as a page would at most; the asking counts as part of the job."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, f"after 30 s still not: {what}"
        time.sleep(0.02)
