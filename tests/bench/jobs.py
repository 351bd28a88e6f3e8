"""The jobs that are measured, as their people do them."""

import re
import time
import uuid
from collections.abc import Callable

from celery import current_app
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from certificates.models import CertificateDocument
from cohorts.models import Cohort, Enrolment
from courses.models import ReleaseNode
from oversight.append_only import AppendOnly
from people.models import User
from quizzes.models import Grade, QuizVersion
from tests.bench.client import Answer, Person
from tests.bench.meter import Meter, Row

PAGES = 600
BOARDS = 60
ATTEMPTS = 30
QUESTIONS = 10
# Until every process has read the items and grown to its size.
WARM_SITTINGS = 12
CERTIFICATES = 30
WARM_UP = 40


def measure(port: int, meter: Meter) -> list[Row]:
    bench = _Bench(port, meter)
    with translation.override("en"):
        return [
            bench.lesson(),
            bench.attempt(),
            bench.certificate(),
            bench.dashboard(),
            bench.export(),
        ]


class _Bench:
    def __init__(self, port: int, meter: Meter):
        self.port = port
        self.meter = meter
        self.learner = Person(User.objects.get(staff_number="1001"), port)
        self.manager = Person(User.objects.get(staff_number="3001"), port)
        self.cohort = Cohort.objects.get()

    def lesson(self) -> Row:
        enrolment = Enrolment.objects.get(user__staff_number="1001")
        node = ReleaseNode.objects.filter(release=enrolment.release, kind="lesson").first()
        return self._page("lesson view", self.learner, reverse("learn", args=[enrolment.uuid, node.key]), PAGES)

    def dashboard(self) -> Row:
        url = reverse("cohort_dashboard", args=[self.cohort.uuid])
        return self._page("dashboard, 1,210 learners", self.manager, url, BOARDS)

    def export(self) -> Row:
        url = reverse("cohort_learners_csv", args=[self.cohort.uuid])
        return self._page("CSV export, 1,210 learners", self.manager, url, BOARDS)

    def attempt(self) -> Row:
        """Start, the paper, ten answers each saved at once, handing in, the graded result."""
        enrolments = list(
            Enrolment.objects.filter(state__in=["invited", "active"])
            .exclude(user__staff_number="1001")
            .filter(failed_attempts=0)
            .select_related("user")[: ATTEMPTS + WARM_SITTINGS]
        )
        assert len(enrolments) == ATTEMPTS + WARM_SITTINGS
        node = ReleaseNode.objects.get(release=self.cohort.release, kind="quiz")
        _ask_more(node.quiz_version_id)
        sittings = [_Sitting(Person(e.user, self.port), e, node) for e in enrolments]
        for sitting in sittings[1:WARM_SITTINGS]:
            sitting.sit({})
        queries, size = sittings[0].sit({"X-Count-Queries": "1"})
        row = self._row(
            f"whole quiz attempt, {QUESTIONS} questions",
            ATTEMPTS,
            lambda n: sittings[n + WARM_SITTINGS].sit({}),
            queries,
            size,
        )
        assert Grade.objects.filter(attempt__registration__in=[e.uuid for e in enrolments]).count() == len(enrolments)
        return row

    def certificate(self) -> Row:
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
        return self._row(name, CERTIFICATES, lambda number: issue(enrolments[number + 2]), 0, 10_000)

    def _page(self, name: str, person: Person, url: str, times: int) -> Row:
        for _number in range(WARM_UP):
            _good(person.get(url))
        # After the warm-up: what every process reads once of a release is not part of a page.
        counted = _good(person.get(url, **{"X-Count-Queries": "1"}))
        return self._row(
            name, times, lambda _number: _good(person.get(url)), counted.queries, len(counted.body), person
        )

    def _row(
        self,
        name: str,
        times: int,
        job: Callable[[int], object],
        queries: int,
        size: int,
        person: Person | None = None,
    ) -> Row:
        """The job beside a floor of its page's size, seen by the same person."""
        person = person or self.learner
        floor = f"/floor/{size}/"
        counted = _good(person.get(floor, **{"X-Count-Queries": "1"}))
        assert counted.queries == 2, counted.queries
        for _number in range(WARM_UP):
            _good(person.get(floor))
        cost, ratio = self.meter.cost(times, job, lambda _number: _good(person.get(floor)))
        return Row(name, round(cost.cpu_ms, 2), round(cost.wall_ms, 2), queries, round(ratio, 2))


class _Sitting:
    """One learner's whole attempt."""

    def __init__(self, person: Person, enrolment: Enrolment, node: ReleaseNode):
        self.person = person
        self.start_url = reverse("learn_start", args=[enrolment.uuid, node.key])

    def sit(self, headers: dict) -> tuple[int, int]:
        """Returns the queries of the costliest request and the size of the result page."""
        queries = []

        def note(answer: Answer) -> Answer:
            queries.append(answer.queries)
            return answer

        person = self.person
        started = note(person.post(self.start_url, {"start_key": uuid.uuid4()}, **headers))
        assert started.status == 302 and "/quiz/" in started.location, started
        paper = started.location
        shown = note(_good(person.get(paper, **headers))).body.decode()
        form = {}
        for number in range(1, QUESTIONS + 1):
            name = f"q{number}"
            value = re.search(rf'name="{name}" value="([^"]+)"', shown)[1]
            answer = {name: value, f"{name}-sequence": 1}
            saved = note(person.post(f"{paper}{number}/", answer, **headers, **{"X-Requested-With": "fetch"}))
            assert saved.status == 200, saved
            form |= answer | {f"{name}-sequence": 2}
        handed_in = note(person.post(paper, form | {"to": "hand-in"}, **headers))
        assert handed_in.location == f"{paper}result/", handed_in
        while True:
            result = note(_good(person.get(f"{paper}result/", **headers)))
            if b'class="reviewed' in result.body:
                return max(queries), len(result.body)
            # As the waiting page does.
            time.sleep(1)


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
