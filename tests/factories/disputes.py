"""Small builders of reported questions and appealed results."""

from people.models import Role
from quizzes import services
from quizzes.kinds.choices import Rating
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import a_graded_attempt


def a_failed_attempt(learner=None, **fields):
    """Seven of ten right, or fewer: not passed."""
    return a_graded_attempt(Rating.BEST, Rating.RISKY, learner=learner or an_account(), **fields)


def a_report(attempt=None, number=1, *, now=NOW, **fields):
    """A learner reports a question of their graded attempt."""
    attempt = attempt or a_failed_attempt()
    defaults = {
        "reporter": attempt.learner,
        "reason": "wrong_key",
        "words": "The second answer is right too.",
        "words_language": "en",
    }
    return services.report_question(attempt, number, now=now, **defaults | fields)


def a_taken_case(attempt=None, owner=None, *, now=NOW):
    """A reported question that somebody has taken."""
    case = a_report(attempt, now=now).case
    owner = owner or an_account(case.administration, Role.SUBJECT_REVIEWER)
    return services.assign_case(case, owner, before=None, actor=owner, now=now)


def answer(case, *, now=NOW, **fields):
    defaults = {"outcome": "right", "reply": "You are right.", "reply_language": "en", "actor": case.owner}
    return services.answer_case(case, now=now, **defaults | fields)


def an_appeal(attempt=None, *, now=NOW, **fields):
    """A learner appeals the grade in force."""
    attempt = attempt or a_failed_attempt()
    defaults = {"learner": attempt.learner, "grounds": "Question 2 has two right answers.", "language": "en"}
    return services.hand_in_appeal(attempt, now=now, **defaults | fields)


def a_taken_appeal(attempt=None, officer=None, *, now=NOW):
    appeal = an_appeal(attempt, now=now)
    officer = officer or an_account(appeal.administration, Role.CERTIFYING_OFFICER)
    return services.assign_appeal(appeal, officer, before=None, actor=officer, now=now)


def decide(appeal, decision="upheld", *, now=NOW, **fields):
    defaults = {"reply": "You are right.", "reply_language": "en", "actor": appeal.owner}
    return services.decide_appeal(appeal, decision=decision, now=now, **defaults | fields)
