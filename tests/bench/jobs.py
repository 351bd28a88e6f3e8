"""The jobs that are measured, as their people do them."""

import re
import time
import uuid
from collections.abc import Callable

from celery import current_app
from django.urls import reverse
from django.utils import timezone, translation

from certificates.models import CertificateDocument
from cohorts.models import Cohort, Enrolment
from courses.models import ReleaseNode
from people.models import User
from quizzes.models import Grade
from tests.bench.client import Answer, Person
from tests.bench.meter import Meter, Row

PAGES = 600
BOARDS = 60
ATTEMPTS = 30
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
        """Start, eight answers each saved at once, the last look, handing in, the graded result."""
        enrolments = list(
            Enrolment.objects.filter(state__in=["invited", "active"])
            .exclude(user__staff_number="1001")
            .filter(failed_attempts=0)
            .select_related("user")[: ATTEMPTS + 2]
        )
        assert len(enrolments) == ATTEMPTS + 2
        node = ReleaseNode.objects.get(release=self.cohort.release, kind="quiz")
        sittings = [_Sitting(Person(e.user, self.port), e, node) for e in enrolments]
        sittings[0].sit({})
        queries, size = sittings[1].sit({"X-Count-Queries": "1"})
        row = self._row("whole quiz attempt, 8 questions", ATTEMPTS, lambda n: sittings[n + 2].sit({}), queries, size)
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
        base = started.location.rsplit("/", 2)[0]
        for number in range(1, 9):
            shown = note(_good(person.get(f"{base}/{number}/", **headers)))
            name = f"q{number}"
            value = re.search(rf'name="{name}" value="([^"]+)"'.encode(), shown.body)[1].decode()
            answer = {name: value, f"{name}-sequence": 1}
            saved = note(person.post(f"{base}/{number}/", answer, **headers, **{"X-Requested-With": "fetch"}))
            assert saved.status == 200, saved
        note(_good(person.get(f"{base}/check/", **headers)))
        note(person.post(f"{base}/submit/", {}, **headers))
        _until(lambda: b'"ready": true' in person.get(f"{base}/state/").body, "the attempt is graded")
        result = note(_good(person.get(f"{base}/result/", **headers)))
        return max(queries), len(result.body)


def _good(answer: Answer) -> Answer:
    assert answer.status == 200, (answer.status, answer.location)
    return answer


def _until(holds, what: str) -> None:
    """Ask again every 20 ms, as often as a page would at most; the asking counts as part of the job."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, f"after 30 s still not: {what}"
        time.sleep(0.02)
