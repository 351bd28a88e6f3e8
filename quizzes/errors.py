"""What can be wrong with a learner's request, each with a message that says what is kept and what to do."""

from django.utils.translation import gettext_lazy as _


class QuizError(Exception):
    """A request that changed nothing. `message` is for the person; `status` is the HTTP status it answers with."""

    status = 409
    # For the page's script, where it does something of its own about it.
    reason = ""
    message = _("This did not work. Nothing was changed.")

    def __init__(self, message=None):
        super().__init__(message or self.message)
        if message:
            self.message = message


class UnknownQuestion(QuizError):
    status = 404
    message = _("This attempt has no such question. Your saved answers are safe; go back to the questions.")


class UnknownOption(QuizError):
    status = 400
    message = _("This question has no such answer. Your saved answers are safe; choose one of the answers shown.")


class MalformedSequence(QuizError):
    status = 400
    message = _("This form is incomplete. Reload the page; what you saved is kept.")


class TimeIsUp(QuizError):
    message = _("Time is up, so this answer was not saved. What you saved before counts and is being graded.")


class AlreadySubmitted(QuizError):
    message = _("These answers have been handed in and can no longer change. What you saved counts.")


class ChangedElsewhere(QuizError):
    reason = "changed_elsewhere"
    message = _(
        "You answered this question in another window since. The newer answer is kept; reload the page to see it."
    )


class AnsweredElsewhere(QuizError):
    message = _(
        "This attempt goes on at the computer where it was started. What was saved there is kept. To change "
        "computers, ask the person who supervises the sitting."
    )


class MayNotStart(QuizError):
    """No attempt may start now; `standing` says why and, if it is a matter of time, from when."""

    message = _("You cannot start an attempt now.")

    def __init__(self, standing):
        super().__init__()
        self.standing = standing


class TooFewNewAttempts(QuizError):
    message = _("There are too few new attempts since the last analysis to tell anything new.")


class ChangedByAnother(QuizError):
    message = _(
        "Somebody else has changed this question since you opened it. Nothing of yours is lost: it stands below."
    )


class NotForReview(QuizError):
    message = _("This draft is not in a state in which that can be done. Look at it again: it may have changed.")


class NoReviewYet(QuizError):
    message = _("There is no result yet, so there is nothing to report or to appeal.")


class MayNotAppeal(QuizError):
    """The result cannot be appealed now; `refusal` is a quizzes.appealing.Refusal."""

    def __init__(self, message, refusal):
        super().__init__(message)
        self.refusal = refusal


class Overtaken(QuizError):
    """Two people worked on the same case or appeal, and the other one was quicker."""

    message = _("A colleague was quicker, and nothing of yours was saved. Here is how it stands now.")


class NotInYourHands(QuizError):
    message = _(
        "This answer is not in your hands any more: it was free again after some hours without a sign from you, or is"
        " not needed. Take the next one."
    )


class GradedMeanwhile(QuizError):
    message = _("The result stands already, so this mark can no longer change. It changes by two certifying officers.")


class IncompleteMark(QuizError):
    status = 422
    message = _("Choose a level for each criterion. What you wrote is kept.")


class ReasonMissing(QuizError):
    status = 422
    message = _("Say why. The reason stays in the records.")


class FileRefused(QuizError):
    """A file that is not taken; the message says why. The rest of the answer is."""

    status = 422
