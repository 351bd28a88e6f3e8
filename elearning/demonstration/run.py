"""The run of acceptance scenario 1: 9 sections, 38 groups, 1,210 learners, 753 of them customs-related.

4 July to 14 November 2020 and the sums are the published figures; how they spread over sections and groups, and what
each learner did, is made up. The history is written in bulk, but with its entries in the record log, so that the log
vouches for every grade, hour and certificate of it as for any other.
"""

import random
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from certificates import services as certificates
from cohorts.models import Cohort, CreditedHours, Enrolment, Group, NodeProgress, RuleSet, Section
from courses.models import Release, ReleaseNode
from courses.reading import outline
from elearning.demonstration.names import full_name
from elearning.demonstration.organisation import POSTS, TIME_ZONE
from oversight import records
from people.models import Administration, Officer, Post, Posting, User
from quizzes import content, grading
from quizzes.analysis.outcomes import Judged, outcomes_of
from quizzes.drawing import arrange, draw
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Grade, ItemOutcomes, Response

NAME = "Integrity diploma 2020"
SEED = 20200704
FIRST_START = date(2020, 7, 4)
LAST_END = date(2020, 11, 14)
SECTION_LENGTH = timedelta(weeks=11)
GROUPS_IN_SECTION = [5, 5, 4, 4, 4, 4, 4, 4, 4]
# The last group of each of these sections has 31 learners, all others have 32.
SECTIONS_WITH_A_GROUP_OF_31 = {2, 3, 4, 5, 6, 7}
LEARNERS = 1210
CUSTOMS_RELATED = 753
# Learners whose rows are written in one transaction. Nobody else writes during the set-up.
CHUNK = 100

# How the run ended for its learners, in shares of a thousand.
OUTCOMES = {"completed": 806, "active": 118, "invited": 22, "withdrawn": 31, "failed": 15, "lapsed": 8}


def make_cohort(administration: Administration, release: Release, now: datetime) -> Cohort:
    """The cohort with its sections and groups, empty."""
    rules = RuleSet.objects.create(
        administration=administration, number=1, in_force_from=_at(FIRST_START - timedelta(days=30), 9)
    )
    cohort = Cohort.objects.create(
        administration=administration,
        name=NAME,
        release=release,
        rule_set=rules,
        starts_on=FIRST_START,
        ends_on=LAST_END,
    )
    for place, groups in enumerate(GROUPS_IN_SECTION):
        starts_on = FIRST_START + timedelta(weeks=place)
        section = Section.objects.create(
            cohort=cohort, number=place + 1, starts_on=starts_on, ends_on=starts_on + SECTION_LENGTH
        )
        Group.objects.bulk_create(Group(section=section, number=number + 1) for number in range(groups))
    return cohort


def seats(cohort: Cohort) -> list[Group]:
    """Each learner's group, in order: 32 groups of 32 and six of 31."""
    places = []
    for section in cohort.sections.prefetch_related("groups"):
        groups = list(section.groups.all())
        for group in groups:
            short = section.number in SECTIONS_WITH_A_GROUP_OF_31 and group == groups[-1]
            places += [group] * (31 if short else 32)
    return places


def make_learners(cohort: Cohort, first: User, progress) -> list[Enrolment]:
    """1,210 learners with their offices and posts, enrolled. `first` is the demonstration's own learner, in the first
    seat, with everything still before her. `progress(done, total)` is called as it goes."""
    source = random.Random(SEED)  # noqa: S311 - the same run everywhere
    places = seats(cohort)
    # The first seat is customs-related; exactly 752 of the others are.
    related = [True] * (CUSTOMS_RELATED - 1) + [False] * (LEARNERS - CUSTOMS_RELATED)
    source.shuffle(related)
    users = [first, *_users(source, cohort.administration, first)]
    _employ(source, users[1:], related)
    enrolments = []
    for start in range(0, LEARNERS, CHUNK):
        with transaction.atomic():
            enrolments += _enrol(cohort, users[start : start + CHUNK], places[start : start + CHUNK])
        progress(len(enrolments), LEARNERS)
    return enrolments


def _users(source, administration: Administration, first: User) -> list[User]:
    """The other 1,209 accounts. Nobody signs in with them: they have no password."""
    nobody = make_password(None)
    taken = {first.full_name}
    users = []
    for place in range(1, LEARNERS):
        gender = Officer.Gender.FEMALE if source.random() < 0.47 else Officer.Gender.MALE
        name = full_name(source, gender)
        while name in taken:
            name = full_name(source, gender)
        taken.add(name)
        user = User(
            administration=administration,
            staff_number=str(10_000 + place),
            full_name=name,
            language="es",
            time_zone=TIME_ZONE,
            password=nobody,
        )
        user.officer_gender = gender
        users.append(user)
    return User.objects.bulk_create(users, batch_size=CHUNK)


def _employ(source, users: list[User], related: list[bool]) -> None:
    """Their officers, and the post each holds since the day of hiring."""
    customs_work = {title: customs for title, _risk, customs in POSTS}
    posts: dict[bool, list[Post]] = {True: [], False: []}
    for post in Post.objects.order_by("office__name", "title"):
        posts[customs_work[post.title]].append(post)
    officers = [
        Officer(
            administration_id=user.administration_id,
            user=user,
            rank=source.choice(["Analyst", "Inspector", "Manager", "Officer"]),
            category=source.choice([Officer.Category.CIVIL_SERVANT] * 8 + [Officer.Category.EMPLOYEE] * 2),
            gender=user.officer_gender,
            education=source.choice([Officer.Education.UNIVERSITY] * 7 + [Officer.Education.VOCATIONAL] * 3),
            hire_date=date(1990, 1, 1) + timedelta(days=source.randrange(29 * 365)),
            customs_related=customs_related,
        )
        for user, customs_related in zip(users, related, strict=True)
    ]
    Officer.objects.bulk_create(officers, batch_size=CHUNK)
    Posting.objects.bulk_create(
        (
            Posting(officer=officer, post=source.choice(posts[officer.customs_related]), since=officer.hire_date)
            for officer in officers
        ),
        batch_size=CHUNK,
    )


def _enrol(cohort: Cohort, users: list[User], groups: list[Group]) -> list[Enrolment]:
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            administration=cohort.administration,
            user=user,
            cohort=cohort,
            group=group,
            release=cohort.release,
            rule_set=cohort.rule_set,
        )
        for user, group in zip(users, groups, strict=True)
    )
    records.append_many(
        records.Happening(
            "cohorts.enrolment.made",
            enrolment,
            {"shape": 1, "group": str(enrolment.group.uuid), "release": str(cohort.release.uuid)},
            None,
            _at(enrolment.group.section.starts_on - timedelta(days=10), 9),
        )
        for enrolment in enrolments
    )
    return enrolments


def write_history(enrolments: list[Enrolment], progress) -> None:
    """What each learner did, chunk by chunk, in the order of the sections."""
    source = random.Random(SEED + 1)  # noqa: S311
    outcomes = []
    for outcome, share in OUTCOMES.items():
        outcomes += [outcome] * round(share * (LEARNERS - 1) / 1000)
    outcomes += ["completed"] * (LEARNERS - 1 - len(outcomes))
    source.shuffle(outcomes)
    todo = list(zip(enrolments[1:], outcomes, strict=True))
    for start in range(0, len(todo), CHUNK):
        histories = [_History(enrolment, outcome, source) for enrolment, outcome in todo[start : start + CHUNK]]
        for history in histories:
            history.live()
        with transaction.atomic():
            _write(histories)
        progress(min(start + CHUNK, len(todo)), len(todo))


def _write(histories: list["_History"]) -> None:
    """The rows of a chunk and their entries in the log, inside one transaction."""

    def all_of(name):
        return [row for history in histories for row in getattr(history, name)]

    NodeProgress.objects.bulk_create(all_of("steps_done"))
    credited = CreditedHours.objects.bulk_create(all_of("credits"))
    Attempt.objects.bulk_create(all_of("attempts"))
    Response.objects.bulk_create(all_of("responses"))
    graded = Grade.objects.bulk_create(all_of("grades"))
    ItemOutcomes.objects.bulk_create(all_of("outcomes"))
    enrolments = [history.enrolment for history in histories]
    Enrolment.objects.bulk_update(
        enrolments,
        ["state", "credited_minutes", "failed_attempts", "last_activity_at", "started_at", "completed_at"],
    )
    issuing = enrolments[0].administration.uuid
    happenings = [
        records.Happening("cohorts.hours.credited", credit, credit.record_facts(), None, credit.credited_at, issuing)
        for credit in credited
    ]
    happenings += [
        records.Happening("quizzes.grade.given", grade, grade.record_facts(), None, grade.given_at, issuing)
        for grade in graded
    ]
    completed = [enrolment for enrolment in enrolments if enrolment.completed_at]
    happenings += [
        records.Happening(
            "cohorts.enrolment.completed",
            enrolment,
            {
                "shape": 1,
                "completed_at": enrolment.completed_at.isoformat(),
                "credited_minutes": enrolment.credited_minutes,
            },
            None,
            enrolment.completed_at,
        )
        for enrolment in completed
    ]
    records.append_many(sorted(happenings, key=lambda happening: happening.now))
    for enrolment in sorted(completed, key=lambda enrolment: enrolment.completed_at):
        certificates.write(enrolment, now=enrolment.completed_at)


class _History:
    """One learner's way through the run, ending as told: rows to write, none written yet."""

    def __init__(self, enrolment: Enrolment, outcome: str, source: random.Random):
        self.enrolment = enrolment
        self.outcome = outcome
        self.source = source
        self.section = enrolment.group.section
        self.steps = outline(enrolment.release_id, "en").activities
        self.steps_done: list[NodeProgress] = []
        self.credits: list[CreditedHours] = []
        self.attempts: list[Attempt] = []
        self.responses: list[Response] = []
        self.grades: list[Grade] = []
        self.outcomes: list[ItemOutcomes] = []

    def live(self) -> None:
        self.enrolment.state = self.outcome
        if self.outcome != "invited":
            self._study()

    def _study(self) -> None:
        days = (self.section.ends_on - self.section.starts_on).days
        # Most begin in the first fortnight and take two to eight weeks.
        begin = self.section.starts_on + timedelta(days=min(int(self.source.expovariate(1 / 6)), days // 2))
        pace = self.source.uniform(3, 12)
        lessons = [step for step in self.steps if step.kind == "lesson"]
        quizzes = [step for step in self.steps if step.kind == "quiz"]
        reach = len(lessons)
        if self.outcome in ("active", "withdrawn", "lapsed"):
            reach = self.source.choice([1, 1, 2, 2, 3])
        moment = self._moment(begin)
        self.enrolment.started_at = moment
        for lesson in lessons[:reach]:
            self._done(lesson, moment)
            moment = self._later(moment, pace)
        if reach < len(lessons) or self.outcome in ("withdrawn", "lapsed"):
            return
        for quiz in quizzes:
            self._sit(quiz, moment)

    def _sit(self, quiz, moment: datetime) -> None:
        tries = {"completed": self.source.choices([1, 2, 3], [72, 22, 6])[0], "failed": 3}.get(self.outcome)
        if tries is None:
            tries = self.source.choice([1, 2])
        seen: dict[int, int] = {}
        for number in range(1, tries + 1):
            passes = self.outcome == "completed" and number == tries
            handed_in = self._attempt(quiz, number, moment, passes, seen)
            if passes:
                self._done(quiz, handed_in)
                self.enrolment.completed_at = handed_in
            else:
                self.enrolment.failed_attempts += 1
                moment = self._later(handed_in, 2.5)

    def _attempt(self, quiz, number: int, moment: datetime, passes: bool, seen: dict[int, int]) -> datetime:
        identity = self._uuid()
        items = draw(content.blueprint(quiz.quiz_version_id).sections, seen, identity.int)
        answers, judgement = self._answers(items, passes)
        handed_in = moment + timedelta(minutes=self.source.uniform(7, 24))
        served = [
            {
                "version": item,
                "arrangement": arrange(
                    content.kind_of(item), content.item_version(item).structure, identity.int, item
                ),
            }
            for item in items
        ]
        attempt = Attempt(
            uuid=identity,
            learner_id=self.enrolment.user_id,
            registration=self.enrolment.uuid,
            activity=quiz.key,
            quiz_version_id=quiz.quiz_version_id,
            number=number,
            language="es",
            pass_mark=Decimal(80),
            served={"shape": 2, "seed": f"{identity.int:x}", "items": served},
            start_key=self._uuid(),
            state=Attempt.State.GRADED,
            started_at=moment,
            deadline=moment + timedelta(minutes=30),
            submitted_at=handed_in,
        )
        pace = (handed_in - moment) / (len(items) + 1)
        self.attempts.append(attempt)
        self.responses += [
            Response(
                attempt=attempt,
                position=position,
                sequence=1,
                answer=answer,
                language="es",
                saved_at=moment + pace * (position + 1),
            )
            for position, answer in answers.items()
        ]
        self.grades.append(
            Grade(
                attempt=attempt,
                score=judgement.score,
                points=judgement.points,
                maximum=judgement.maximum,
                bright_line=judgement.bright_line,
                passed=judgement.passed,
                grading_version=grading.GRADING_VERSION,
                given_at=handed_in + timedelta(seconds=1),
            )
        )
        self.outcomes.append(
            ItemOutcomes(
                attempt=attempt,
                quiz_version_id=quiz.quiz_version_id,
                is_first=number == 1,
                outcomes=outcomes_of(
                    (
                        Judged(
                            item,
                            content.kind_of(item),
                            content.item_version(item).structure,
                            answers[position],
                            "es",
                            judgement.items[position],
                        )
                        for position, item in enumerate(items)
                    ),
                    "es",
                ),
            )
        )
        for item in items:
            seen[item] = seen.get(item, 0) + 1
        self._was_here(handed_in)
        return handed_in

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.source.getrandbits(128), version=4)

    def _was_here(self, moment: datetime) -> None:
        self.enrolment.last_activity_at = max(self.enrolment.last_activity_at or moment, moment)

    def _answers(self, items: list[int], passes: bool):
        """Answers that pass or fail as wanted: guessed with that leaning, and judged by the real grader."""
        leaning = {Rating.BEST: 9, Rating.ACCEPTABLE: 2.2, Rating.RISKY: 0.4, Rating.BREACH: 0.05}
        if not passes:
            leaning = {Rating.BEST: 4, Rating.ACCEPTABLE: 3, Rating.RISKY: 2.5, Rating.BREACH: 0.5}
        keys = content.item_keys(items)
        options = [content.item_version(item).structure["options"] for item in items]
        while True:
            answers = {}
            for position, offered in enumerate(options):
                weights = [leaning[Rating(option["rating"])] for option in offered]
                answers[position] = {"shape": 1, "choice": self.source.choices(offered, weights)[0]["key"]}
            judgement = grading.judge([keys[item] for item in items], answers, Decimal(80))
            if judgement.passed == passes:
                return answers, judgement

    def _done(self, step, moment: datetime) -> None:
        node = _nodes(self.enrolment.release_id)[step.node_id]
        self.steps_done.append(NodeProgress(enrolment=self.enrolment, node=node, completed_at=moment))
        self.credits.append(
            CreditedHours(enrolment=self.enrolment, node=node, minutes=step.minutes, credited_at=moment)
        )
        self.enrolment.credited_minutes += step.minutes
        self._was_here(moment)

    def _moment(self, day: date) -> datetime:
        """Some minute of a working day."""
        return _at(day, self.source.choice([7, 8, 9, 10, 11, 14, 15, 16, 17, 19, 20]), self.source.randrange(60))

    def _later(self, moment: datetime, days: float) -> datetime:
        """Some days on, but no later than the section's last day."""
        day = moment.date() + timedelta(days=max(1, round(self.source.uniform(0.5, 1.5) * days)))
        last = self.section.ends_on
        later = self._moment(min(day, last))
        return later if later > moment else moment + timedelta(hours=25)


@cache
def _nodes(release_id: int) -> dict[int, ReleaseNode]:
    return ReleaseNode.objects.in_bulk(ReleaseNode.objects.filter(release_id=release_id).values_list("pk", flat=True))


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(TIME_ZONE)).astimezone(ZoneInfo("UTC"))
