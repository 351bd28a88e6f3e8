"""Attempts prepared in the database: begun, half answered, each with a learner who is signed in."""

import random
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from elearning.chaos.hands import Paper
from people.models import Administration, User
from quizzes import services
from quizzes.kinds.contract import Fields
from quizzes.models import Attempt, Quiz, QuizVersion
from quizzes.questions import field_name
from quizzes.rules import AttemptRules

LEARNERS = 20
# Answered before the mischief begins; the rest is answered while it goes on.
BEFOREHAND = 0.5
ONCE = AttemptRules(pass_mark=Decimal(80), max_attempts=1, spacing=timedelta(0))


def prepare(attempts: int, seed: int, *, now: datetime) -> list[Paper]:
    """Begin this many attempts at the shipped quiz and answer half of each. Returns what is left to do."""
    source = random.Random(seed)  # noqa: S311 - the same papers from the same seed
    version = services.freeze_quiz(Quiz.objects.order_by("slug").first(), now=now)
    learners = _learners()
    cookies = [_signed_in(learner) for learner in learners]
    return [
        _paper(learners[number % LEARNERS], cookies[number % LEARNERS], version, source, now)
        for number in range(attempts)
    ]


def _learners() -> list[User]:
    administration = Administration.objects.create(code="chaos", name="Customs of nowhere", time_zone="UTC")
    return [
        User.objects.create_user(
            administration=administration, staff_number=str(number), full_name=f"Learner {number}", password=None
        )
        for number in range(LEARNERS)
    ]


def _signed_in(user: User) -> tuple[str, str]:
    """The cookies of a browser in which this learner has signed in, and the token for its forms."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "people.backends.StaffNumberOrEmailBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    token = get_token(RequestFactory().get("/"))
    cookies = {
        settings.SESSION_COOKIE_NAME: session.session_key,
        settings.CSRF_COOKIE_NAME: token,  # a masked token is its own cookie's match
        settings.LANGUAGE_COOKIE_NAME: "en",
    }
    return "; ".join(f"{name}={value}" for name, value in cookies.items()), token


def _paper(learner: User, signed_in: tuple[str, str], version: QuizVersion, source: random.Random, now) -> Paper:
    attempt = services.start_attempt(
        learner=learner,
        registration=uuid.uuid4(),
        activity=uuid.uuid4(),
        quiz_version=version,
        rules=ONCE,
        language="en",
        start_key=uuid.uuid4(),
        now=now,
    )
    wanted = {
        number: str(source.randint(1, len(item["arrangement"]["options"])))
        for number, item in enumerate(attempt.served_items, start=1)
    }
    beforehand = list(wanted)[: int(len(wanted) * BEFOREHAND)]
    for number in beforehand:
        _save(attempt, number, wanted.pop(number), now)
    cookie, token = signed_in
    with translation.override("en"):
        place = reverse("quiz_check", args=[attempt.uuid]).removesuffix("check/")
    return Paper(str(attempt.uuid), place, cookie, token, wanted, saved=dict.fromkeys(beforehand, 1))


def _save(attempt: Attempt, number: int, position: str, now: datetime) -> None:
    name = field_name(number)
    services.save_response(
        attempt.uuid,
        learner=attempt.learner,
        position=number - 1,
        fields=Fields({name: [position]}, name),
        sequence=1,
        language="en",
        now=now,
    )
