"""Saving answers: each as it is given, or all of a form at once."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.prepared import insert_all
from quizzes import content, errors
from quizzes.files import takes_files, with_files
from quizzes.kinds.contract import Fields, MalformedAnswer
from quizzes.models import Attempt, Response
from quizzes.services import held_answers, next_answer, sitting


@dataclass(frozen=True)
class Filled:
    """One question's part of a form, as it was sent."""

    position: int
    fields: Fields
    sequence: int
    # The newest answer that the window knows of, by its sequence; None from who does not say.
    known: int | None = None


def save_response(
    attempt_uuid: uuid.UUID,
    *,
    learner,
    position: int,
    fields: Fields,
    sequence: int,
    now: datetime,
    language: str = "",
    known: int | None = None,
    carried: Collection[uuid.UUID] = (),
) -> Response | None:
    """Keep one answer, as the form of its question gave it. Every call with a higher sequence becomes a row, also one
    that is the same again: otherwise a request held up on the line could still overtake it.

    Returns or raises what `save_responses` returns for a question, and raises what it raises.
    """
    filled = Filled(position, fields, sequence, known)
    written = _write_next(attempt_uuid, filled, learner, now, language)
    if written is not None:
        return written
    [outcome] = _save(attempt_uuid, [filled], learner, carried, now, language, anew=True)
    if isinstance(outcome, errors.QuizError):
        raise outcome
    return outcome


def save_responses(
    attempt_uuid: uuid.UUID,
    filled: Sequence[Filled],
    *,
    learner,
    now: datetime,
    language: str = "",
    carried: Collection[uuid.UUID] = (),
    then_submit: bool = False,
) -> list[Response | errors.QuizError | None]:
    """Keep the answers of a form with several questions, each on its own: one that is refused holds up no other.
    `then_submit` hands the attempt in as well, where none is refused.

    The server's clock decides; a repeated request is answered as the first one was. Of each question comes back the
    response that is now in force; or None where nothing was chosen and the kind of item cannot be emptied, so that
    there is nothing to save and what was saved before stays; or why it was not kept: UnknownQuestion, UnknownOption,
    AlreadySubmitted, TimeIsUp, MalformedSequence or ChangedElsewhere.

    Raises Attempt.DoesNotExist for an attempt that is not the learner's, and AnsweredElsewhere for one that belongs to
    one browser of which this one does not carry the key. One transaction holds the attempt, so that an
    answer stands either before the submission and is graded, or is refused; it never slips in between.
    """
    return _save(attempt_uuid, filled, learner, carried, now, language, anew=False, then_submit=then_submit)


def _write_next(attempt_uuid, filled: Filled, learner, now, language) -> Response | None:
    """The response, where there is nothing to weigh; else None."""
    items = next_answer.served_items(attempt_uuid)
    if filled.known is None or not filled.known < filled.sequence <= Response.LAST_SEQUENCE:
        return None
    if not 0 <= filled.position < len(items) or takes_files(items[filled.position]):
        return None
    try:
        answer, means_it = _read(items[filled.position], filled.fields)
    except MalformedAnswer:
        return None
    if not means_it:
        return None
    return next_answer.add(
        attempt_uuid,
        learner=learner,
        position=filled.position,
        answer=answer,
        known=filled.known,
        sequence=filled.sequence,
        language=language,
        now=now,
    )


def _save(
    attempt_uuid, filled, learner, carried, now, language, *, anew, then_submit=False
) -> list[Response | errors.QuizError | None]:
    with transaction.atomic():
        attempt = held_answers.hold(attempt_uuid, learner)
        if attempt.is_open and not attempt.goes_on_in(carried):
            raise errors.AnsweredElsewhere
        latest = _latest(attempt, filled)
        outcomes = [_weigh(attempt, each, latest.get(each.position), now, language, anew=anew) for each in filled]
        insert_all([outcome for outcome in outcomes if isinstance(outcome, Response) and outcome.pk is None])
        if then_submit and not any(isinstance(outcome, errors.QuizError) for outcome in outcomes):
            sitting.submit_held(attempt, min(now, attempt.deadline), now)
    return outcomes


def _latest(attempt: Attempt, filled: Sequence[Filled]) -> dict[int, Response | None]:
    if len(filled) > 1:
        return held_answers.newest(attempt)
    shown = range(len(attempt.served_items))
    return {each.position: held_answers.newest_at(attempt, each.position) for each in filled if each.position in shown}


def _weigh(
    attempt: Attempt, filled: Filled, latest: Response | None, now: datetime, language: str, *, anew: bool
) -> Response | errors.QuizError | None:
    """What becomes of one answer. A response without a key is still to be written."""
    if not 0 < filled.sequence <= Response.LAST_SEQUENCE:
        return errors.MalformedSequence()
    items = attempt.served_items
    if not 0 <= filled.position < len(items):
        return errors.UnknownQuestion()
    try:
        answer, means_it = _read(items[filled.position], filled.fields)
    except MalformedAnswer:
        return errors.UnknownOption()
    if not means_it:
        return None
    if attempt.state != Attempt.State.IN_PROGRESS:
        return errors.AlreadySubmitted()
    if now > attempt.taken_until:
        return errors.TimeIsUp()
    answer = with_files(attempt, filled.position, answer)
    if latest is not None:
        if filled.sequence <= latest.sequence:
            return latest if answer == latest.answer else errors.ChangedElsewhere()
        if answer != latest.answer and _has_overtaken(latest, filled):
            return errors.ChangedElsewhere()
        # A form with all questions repeats those that nobody touched.
        if not anew and answer == latest.answer and _is_very_next(latest, filled):
            return latest
    elif answer is None and not anew:
        return None  # A question that was never answered, and still is not.
    return Response(
        attempt=attempt,
        position=filled.position,
        sequence=filled.sequence,
        follows=latest.sequence if latest is not None else 0,
        answer=answer,
        language=language,
        saved_at=now,
    )


def _has_overtaken(latest: Response, filled: Filled) -> bool:
    """Whether another window gave the newest answer and the sender has not seen it: a window that was off the line may
    count further than the one that went on meanwhile. A window's own numbers are all alike in their remainder.
    """
    if filled.known is None or latest.sequence <= filled.known:
        return False
    return (filled.sequence - latest.sequence) % Response.WINDOWS != 0


def _is_very_next(latest: Response, filled: Filled) -> bool:
    """Whether no request of the same window between the two can still be on its way, so that there is nothing to
    write. A window with scripts numbers each request anew, in steps of `Response.WINDOWS`; without them the next
    number is the server's to say, and a form that was stopped on the line and sent again has the same.
    """
    return filled.known is not None and 1 < filled.sequence - latest.sequence <= Response.WINDOWS


def _read(item: dict, fields: Fields) -> tuple[dict | None, bool]:
    """The answer in a question's form, and whether it is one: an empty form is, where the kind can be emptied."""
    version = content.item_version(item["version"])
    kind = content.kind_of(item["version"])
    answer = kind.read(version.structure, item["arrangement"], fields)
    return answer, answer is not None or kind.can_be_emptied
