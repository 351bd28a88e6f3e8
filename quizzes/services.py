"""Every write of this app: freezing a quiz, sitting an attempt, grading it. One function, one mutation.

How grading loses nothing: the attempt's row is the queue and Celery is only the doorbell. Submitting commits the row
and then rings; a worker claims the row by compare-and-set with a lease; one transaction writes the grade, the state,
the record and whatever other apps do on `attempt_graded`; a sweeper rings again for what was not heard.
"""

import logging
import uuid
from collections import Counter
from datetime import datetime, timedelta

from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Min
from kombu.exceptions import OperationalError

from oversight import records
from quizzes import content, errors, grading
from quizzes.drawing import draw, shuffle_options
from quizzes.models import (
    Attempt,
    Grade,
    Item,
    ItemBank,
    ItemText,
    ItemVersion,
    Quiz,
    QuizText,
    QuizVersion,
    Response,
)
from quizzes.rules import AttemptRules, PastAttempt, Standing, standing
from quizzes.signals import attempt_graded, attempt_submitted

logger = logging.getLogger(__name__)

# Longer than the task's hard time limit (50 s): a worker whose lease has run out is certainly gone.
LEASE = timedelta(seconds=60)
# How long to wait before ringing again: doubled each time, so that a slow broker is not buried in copies.
FIRST_RING_AGAIN = timedelta(seconds=30)
LAST_RING_AGAIN = timedelta(minutes=10)


def freeze_quiz(quiz: Quiz, *, now: datetime) -> QuizVersion:
    """The quiz as it stands today, as a version that never changes: the newest published version of each item.

    Returns the latest version where nothing has changed since. Raises ValueError when the bank holds fewer published
    items than the quiz draws. Call it inside the transaction of the release it belongs to.
    """
    pool = pool_of(quiz)
    if len(pool) < quiz.draw:
        raise ValueError(f"quiz “{quiz.slug}” draws {quiz.draw} items and its bank has {len(pool)} published")
    latest = quiz.versions.order_by("-number").first()
    frozen = (quiz.draw, quiz.time_limit_minutes, quiz.minutes)
    if (
        latest
        and (latest.draw, latest.time_limit_minutes, latest.minutes) == frozen
        and sorted(latest.pool.values_list("id", flat=True)) == pool
    ):
        return latest
    version = QuizVersion.objects.create(
        quiz=quiz,
        number=(latest.number if latest else 0) + 1,
        draw=quiz.draw,
        time_limit_minutes=quiz.time_limit_minutes,
        minutes=quiz.minutes,
        frozen_at=now,
    )
    version.pool.set(pool)
    return version


def pool_of(quiz: Quiz) -> list[int]:
    """The ids of what a quiz would draw from today."""
    return newest_published(quiz.bank)


def newest_published(bank: ItemBank) -> list[int]:
    """The ids of the newest published version of each item of a bank that is not retired."""
    return sorted(
        ItemVersion.objects.filter(item__bank=bank, item__retired_at=None, published_at__isnull=False)
        .values("item")
        .annotate(newest=Max("id"))
        .values_list("newest", flat=True)
    )


def series(registration, activity) -> list[Attempt]:
    """One learner's attempts at one quiz, oldest first, each with its grades. Two queries."""
    return list(Attempt.objects.of_series(registration, activity).prefetch_related("grades"))


def standing_of(attempts: list[Attempt], rules: AttemptRules, now: datetime) -> Standing:
    """What the learner may do next in a series. A voided attempt does not count, but its number stays taken."""
    return standing([_past(each) for each in attempts if each.state != Attempt.State.VOIDED], rules, now)


def _past(attempt: Attempt) -> PastAttempt:
    grade = attempt.grade_in_force
    return PastAttempt(attempt.started_at, attempt.submitted_at, grade.passed if grade else None)


def start_attempt(
    *,
    learner,
    registration: uuid.UUID,
    activity: uuid.UUID,
    quiz_version: QuizVersion,
    rules: AttemptRules,
    language: str,
    start_key: uuid.UUID,
    now: datetime,
) -> Attempt:
    """Start an attempt, or return the one that this start key or this series has open already.

    The caller has checked that the registration is the learner's. Raises MayNotStart with the standing of the series.
    Atomic; a double click meets UNIQUE(start_key) and one open attempt per series, and gets the first one.
    """
    past = series(registration, activity)
    existing = _started_already(past, start_key)
    if existing is not None:
        return existing
    now_standing = standing_of(past, rules, now)
    if now_standing.refusal is not None:
        raise errors.MayNotStart(now_standing)
    attempt_uuid = uuid.uuid4()
    seed = attempt_uuid.int
    items = draw(content.pool(quiz_version.pk), _times_seen(learner, quiz_version), quiz_version.draw, seed)
    versions = content.item_versions(items)
    served = [{"version": item, "options": shuffle_options(versions[item].option_keys, seed, item)} for item in items]
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                uuid=attempt_uuid,
                learner=learner,
                registration=registration,
                activity=activity,
                quiz_version=quiz_version,
                number=max((attempt.number for attempt in past), default=0) + 1,
                language=language,
                pass_mark=rules.pass_mark,
                served={"shape": 1, "items": served},
                start_key=start_key,
                started_at=now,
                deadline=now + timedelta(minutes=quiz_version.time_limit_minutes),
            )
    except IntegrityError:
        # The other click of a double click, or another window, was first.
        past = series(registration, activity)
        existing = _started_already(past, start_key)
        if existing is None:
            raise errors.MayNotStart(standing_of(past, rules, now)) from None
        return existing
    return attempt


def _started_already(past: list[Attempt], start_key: uuid.UUID) -> Attempt | None:
    """The attempt that this form has started, or else the one that is open."""
    return next((attempt for attempt in past if attempt.start_key == start_key), None) or next(
        (attempt for attempt in past if attempt.state == Attempt.State.IN_PROGRESS), None
    )


def _times_seen(learner, quiz_version: QuizVersion) -> dict[int, int]:
    """How often this learner was shown each item of the pool, in whatever version, over all attempts at this quiz."""
    served = Attempt.objects.filter(learner=learner, quiz_version__quiz=quiz_version.quiz_id)
    shown = [item["version"] for each in served.values_list("served", flat=True) for item in each["items"]]
    pool = content.pool(quiz_version.pk)
    versions = content.item_versions([*shown, *pool])
    seen = Counter(versions[version].item_id for version in shown)
    return {version: seen[versions[version].item_id] for version in pool}


def save_response(
    attempt_uuid: uuid.UUID, *, learner, position: int, option: str, sequence: int, now: datetime
) -> Response:
    """Keep one answer. The server's clock decides; a repeated request is answered as the first one was.

    Raises Attempt.DoesNotExist for an attempt that is not the learner's, UnknownQuestion, UnknownOption,
    AlreadySubmitted, TimeIsUp, MalformedSequence or ChangedElsewhere, each before anything is written.

    The attempt is read once, with a lock, so that an answer stands either before the submission and is graded, or is
    refused; it never slips in between. Every answer with a higher sequence becomes a row, also one that chooses the
    same option again: otherwise a request held up on the line could still overtake it.
    """
    if not 0 < sequence <= Response.LAST_SEQUENCE:
        raise errors.MalformedSequence
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update(no_key=True).get(uuid=attempt_uuid, learner=learner)
        items = attempt.served_items
        if not 0 <= position < len(items):
            raise errors.UnknownQuestion
        if option not in items[position]["options"]:
            raise errors.UnknownOption
        if attempt.state != Attempt.State.IN_PROGRESS:
            raise errors.AlreadySubmitted
        if now > attempt.deadline:
            raise errors.TimeIsUp
        latest = attempt.responses.filter(position=position).order_by("-sequence").first()
        if latest is not None and sequence <= latest.sequence:
            if option == latest.option:
                return latest
            raise errors.ChangedElsewhere
        return Response.objects.create(
            attempt=attempt, position=position, sequence=sequence, option=option, saved_at=now
        )


def submit_attempt(attempt: Attempt, *, learner, now: datetime) -> bool:
    """Hand in an attempt. Returns whether this call did it; a second submission changes nothing and is no error.

    Compare-and-set on the state; the doorbell rings after the commit and may fail without harm.
    """
    _check_own(attempt, learner)
    return _submit(attempt, min(now, attempt.deadline), now)


def submit_out_of_time(now: datetime, limit: int = 200) -> int:
    """Hand in what its learners left open past the deadline, with the answers that were saved. Returns how many."""
    late = list(Attempt.objects.out_of_time(now)[:limit])
    return sum(_submit(attempt, attempt.deadline, now) for attempt in late)


def _submit(attempt: Attempt, submitted_at: datetime, now: datetime) -> bool:
    with transaction.atomic():
        changed = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.IN_PROGRESS).update(
            state=Attempt.State.SUBMITTED, submitted_at=submitted_at, ring_after=now + FIRST_RING_AGAIN
        )
        if not changed:
            return False
        attempt.state, attempt.submitted_at = Attempt.State.SUBMITTED, submitted_at
        attempt_submitted.send(Attempt, attempt=attempt, now=now)
        # Robust: what goes wrong with the bell must not turn an answered submission into an error.
        transaction.on_commit(lambda: ring(attempt.pk), robust=True)
    return True


def ring(attempt_id: int) -> bool:
    """Tell a worker that an attempt waits. A dead broker is no error: the sweeper rings again."""
    try:
        current_app.send_task("quizzes.tasks.grade", args=[attempt_id])
    except (OperationalError, OSError) as problem:
        logger.warning("attempt %s waits for the sweeper: %s", attempt_id, problem)
        return False
    return True


def claim(attempt_id: int, *, now: datetime) -> uuid.UUID | None:
    """Take an attempt for grading. Returns the lease, or None when it is graded already or in other hands."""
    lease = uuid.uuid4()
    taken = (
        Attempt.objects.claimable(now)
        .filter(pk=attempt_id)
        .update(state=Attempt.State.GRADING, lease=lease, lease_until=now + LEASE, ring_after=now + LEASE)
    )
    return lease if taken else None


def grade_attempt(attempt_id: int, *, now: datetime) -> Grade | None:
    """Grade one attempt, exactly once however often it is called and whoever dies on the way.

    Returns the grade, or None when there was nothing to do. The judgement is a pure function of the frozen items and
    the saved answers, so a worker that takes over comes to the same grade. One transaction holds the grade, the
    state, the record and what listeners write.
    """
    lease = claim(attempt_id, now=now)
    if lease is None:
        return None
    attempt = Attempt.objects.select_related("learner__administration").get(pk=attempt_id)
    choices = dict(attempt.responses.order_by("position", "sequence").values_list("position", "option"))
    served = [item["version"] for item in attempt.served_items]
    versions = content.item_versions(served)
    judgement = grading.judge([versions[version].answer_key() for version in served], choices, attempt.pass_mark)
    try:
        with transaction.atomic():
            released = Attempt.objects.filter(pk=attempt_id, state=Attempt.State.GRADING, lease=lease).update(
                state=Attempt.State.GRADED, lease=None, lease_until=None, ring_after=None
            )
            if not released:
                return None
            attempt.state = Attempt.State.GRADED
            grade = Grade.objects.create(
                attempt=attempt,
                score=judgement.score,
                points=judgement.points,
                maximum=judgement.maximum,
                bright_line=judgement.bright_line,
                passed=judgement.passed,
                grading_version=grading.GRADING_VERSION,
                given_at=now,
            )
            records.append(
                "quizzes.grade.given",
                subject=grade,
                facts=grade.record_facts(),
                actor=None,
                now=now,
                administration=attempt.learner.administration.uuid,
            )
            attempt_graded.send(Attempt, attempt=attempt, grade=grade, now=now)
    except IntegrityError:
        # Another worker's grade is in: ours has nowhere to go, and theirs is the same.
        if Grade.objects.filter(attempt_id=attempt_id).exists():
            return None
        raise
    return grade


def ring_again(now: datetime, limit: int = 500) -> dict:
    """Ring for what was not heard, each row at its own growing interval.

    Returns `{"rung": …, "waiting": …, "oldest_seconds": …}` for the log and the health page.
    """
    rung = 0
    for attempt_id, rings in Attempt.objects.to_ring(now).values_list("pk", "rings")[:limit]:
        pause = min(FIRST_RING_AGAIN * 2 ** min(rings, 10), LAST_RING_AGAIN)
        due = Attempt.objects.to_ring(now).filter(pk=attempt_id).update(ring_after=now + pause, rings=F("rings") + 1)
        if not due:
            continue
        if not ring(attempt_id):
            break  # Nobody hears the others either; each keeps its turn.
        rung += 1
    waiting = Attempt.objects.ungraded().aggregate(count=Count("pk"), oldest=Min("submitted_at"))
    oldest = waiting["oldest"]
    return {
        "rung": rung,
        "waiting": waiting["count"],
        "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0,
    }


def _check_own(attempt: Attempt, learner) -> None:
    if attempt.learner_id != learner.pk:
        raise PermissionDenied


# --- Words ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def word_quiz(quiz: uuid.UUID, language: str, title: str, introduction: str) -> QuizText:
    """Give a quiz its title and introduction in a language. Whoever calls it has checked the right to."""
    text, _made = QuizText.objects.update_or_create(
        quiz=Quiz.objects.get(uuid=quiz), language=language, defaults={"title": title, "introduction": introduction}
    )
    return text


@transaction.atomic
def word_item(item: uuid.UUID, language: str, words: dict, *, now: datetime) -> ItemText:
    """Give an item its words in a language: a new version with the others' words as they are, for versions never
    change. Words that it has already make none. Whoever calls it has checked the right to.

    Raises ValueError for words that do not have the item's options.
    """
    locked = Item.objects.select_for_update().get(uuid=item)
    newest = locked.versions.filter(published_at__isnull=False).order_by("-number").first()
    if newest is None or sorted(words["options"]) != sorted(newest.option_keys):
        raise ValueError(f"item {item}: the words do not have its options")
    texts = {text.language: text for text in newest.texts.all()}
    if language in texts and texts[language].content == words:
        return texts[language]
    contents = {code: text.content for code, text in texts.items()} | {language: words}
    last = locked.versions.aggregate(n=Max("number"))["n"]
    version = ItemVersion.objects.create(
        item=locked,
        number=last + 1,
        difficulty=newest.difficulty,
        tags=newest.tags,
        rad_factors=newest.rad_factors,
        structure=newest.structure,
        published_at=now,
    )
    made = ItemText.objects.bulk_create(
        ItemText(version=version, language=code, content=content) for code, content in contents.items()
    )
    return next(text for text in made if text.language == language)
