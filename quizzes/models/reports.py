"""What learners report about questions, gathered for those who answer for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from oversight.models import FourEyesRequest
from people.models import Administration, OfAdministration
from quizzes import reported
from quizzes.models.adjustments import ItemAdjustment
from quizzes.models.attempts import Attempt
from quizzes.models.items import ItemVersion


class QuestionCaseQuerySet(OfAdministration):
    def open(self):
        return self.filter(state__in=reported.OPEN)

    def overdue(self, today):
        """Open cases whose last day is over, by the calendar of their administration."""
        return self.open().filter(due_on__lt=today)

    def with_question(self):
        return self.select_related("version__item__bank", "owner", "adjustment", "four_eyes_request")


class QuestionCase(Identified):
    """All that an administration's learners say is wrong with one item version, until somebody answers it.

    An item belongs to all administrations of an installation, its cases each to one: who answers reads what the own
    people wrote. `due_on` is counted in working days from the first report. A regrade that the owner asks for from
    the case stays with it: first the request, then, by its approval, the adjustment.
    """

    pii = {"owner": "link", "reply": "content"}

    class State(models.TextChoices):
        WAITING = reported.State.WAITING, _("Waiting for somebody to take it")
        TAKEN = reported.State.TAKEN, _("Being looked at")
        ANSWERED = reported.State.ANSWERED, _("Answered")

    class Outcome(models.TextChoices):
        RIGHT = reported.Outcome.RIGHT, _("The report is right")
        PARTLY = reported.Outcome.PARTLY, _("The report is partly right")
        NOT_RIGHT = reported.Outcome.NOT_RIGHT, _("The question is right as it is")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="question_cases")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reply = models.TextField(blank=True)
    reply_language = models.CharField(max_length=12, blank=True)
    four_eyes_request = models.ForeignKey(
        FourEyesRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    adjustment = models.ForeignKey(
        ItemAdjustment, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )

    objects = QuestionCaseQuerySet.as_manager()

    class Meta:
        # The one that is due first, and so the overdue ones, above.
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "version"],
                condition=~models.Q(state="answered"),
                name="one_open_case_of_a_question",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting") | models.Q(owner__isnull=False), name="case_taken_by_somebody"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state="answered", answered_at__isnull=False) & ~models.Q(outcome="") & ~models.Q(reply="")
                )
                | (~models.Q(state="answered") & models.Q(answered_at=None, outcome="", reply="")),
                name="case_answered_with_a_reply",
            ),
        ]

    def __str__(self):
        return f"{self.version_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in reported.OPEN

    def record_facts(self) -> dict:
        """What the record log vouches for; never the words."""
        return {
            "shape": 1,
            "version": str(self.version.uuid),
            "state": str(self.state),
            "owner": str(self.owner.uuid) if self.owner else None,
            "due_on": self.due_on.isoformat(),
            "outcome": str(self.outcome),
            "four_eyes_request": str(self.four_eyes_request.uuid) if self.four_eyes_request else None,
            "adjustment": str(self.adjustment.uuid) if self.adjustment else None,
        }


class QuestionReportQuerySet(models.QuerySet):
    def of_learner(self, user):
        """What somebody has reported as a learner, the newest first; not what they passed on from an appeal."""
        found = self.filter(reporter=user, appeal=None).order_by("-pk")
        return found.select_related("case__adjustment")


class QuestionReport(Identified):
    """What one learner says is wrong with a question that they were asked. Who answers does not learn who it was.

    `language` is the one they say is mistranslated; `words_language` the one in which they read the page and, most
    likely, wrote. Where the decider of an appeal passes a question on, they are the reporter, and `appeal` is set.
    """

    pii = {"reporter": "link", "attempt": "link", "appeal": "link", "words": "content", "language": "preference"}

    class Reason(models.TextChoices):
        WRONG_KEY = reported.Reason.WRONG_KEY, _("What counts as right is wrong")
        UNCLEAR = reported.Reason.UNCLEAR, _("The question is unclear, or has several right answers")
        MISTRANSLATED = reported.Reason.MISTRANSLATED, _("The translation says something else")
        TECHNICAL = reported.Reason.TECHNICAL, _("Something did not work or could not be read")
        OTHER = reported.Reason.OTHER, _("Something else")

    case = models.ForeignKey(QuestionCase, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="question_reports")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="question_reports")
    position = models.PositiveSmallIntegerField()
    appeal = models.ForeignKey(
        "quizzes.Appeal", on_delete=models.PROTECT, null=True, blank=True, related_name="question_reports"
    )
    reason = models.CharField(max_length=14, choices=Reason.choices)
    language = models.CharField(max_length=12, blank=True)
    words = models.TextField()
    words_language = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    # When the letter about the answer was written, or would have been: not everybody has an address.
    told_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionReportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"], condition=models.Q(appeal=None), name="one_open_report_of_a_learner"
            ),
            models.UniqueConstraint(
                fields=["case", "appeal"], condition=models.Q(appeal__isnull=False), name="passed_on_once_by_an_appeal"
            ),
            models.CheckConstraint(
                condition=(models.Q(reason="mistranslated") & ~models.Q(language=""))
                | (~models.Q(reason="mistranslated") & models.Q(language="")),
                name="report_names_the_translation",
            ),
        ]
        indexes = [models.Index(fields=["case"], condition=models.Q(told_at=None), name="reporters_to_tell")]

    def __str__(self):
        return f"{self.case_id}: {self.reason}"

    @property
    def number(self) -> int:
        """Of the question in its attempt, as its reader counts."""
        return self.position + 1

    def record_facts(self) -> dict:
        """What the record log says of it; never the words."""
        return {
            "shape": 1,
            "case": str(self.case.uuid),
            "attempt": str(self.attempt.uuid),
            "number": self.number,
            "reason": str(self.reason),
            "language": self.language,
        }
