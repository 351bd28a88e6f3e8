"""Appeals of results, and for how long an administration takes them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from oversight.models import FourEyesRequest
from people.models import Administration, OfAdministration
from quizzes import appealing
from quizzes.models.attempts import Attempt
from quizzes.models.grades import Grade
from quizzes.models.reports import QuestionReport


class AppealPeriodQuerySet(models.QuerySet):
    def days_for(self, administration_id: int, moment) -> int:
        """How many days there are to appeal a grade that was given at a moment."""
        since = self.filter(administration=administration_id, since__lte=moment).order_by("-since", "-pk")
        return since.values_list("days", flat=True).first() or appealing.PERIOD_DAYS

    def days_of_grade(self) -> Coalesce:
        """The same for each grade of a query."""
        since = self.filter(
            administration=models.OuterRef("attempt__learner__administration"), since__lte=models.OuterRef("given_at")
        )
        days = models.Subquery(since.order_by("-since", "-pk").values("days")[:1])
        return Coalesce(days, models.Value(appealing.PERIOD_DAYS))


class AppealPeriod(Identified):
    """For how many days an administration's results can be appealed, from a moment on. Rows are only added.

    What is in force when a grade is given counts for that grade: nobody's period becomes shorter while it runs.
    """

    pii = {"set_by": "link"}

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="appeal_periods")
    days = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AppealPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days__range=(appealing.SHORTEST_PERIOD, appealing.LONGEST_PERIOD)),
                name="appeal_period_in_its_bounds",
            ),
        ]

    def __str__(self):
        return f"{self.administration_id}: {self.days}"


class AppealQuerySet(OfAdministration):
    def open(self):
        return self.filter(state__in=appealing.OPEN)

    def overdue(self, today):
        """Open appeals whose last day is over, by the calendar of their administration."""
        return self.open().filter(due_on__lt=today)

    def to_carry_out(self):
        """Appeals that were found right and of which nothing has followed: no score was asked for that waits or was
        agreed to, and no question was passed on."""
        followed = models.Q(four_eyes_request__state__in=("pending", "approved"))
        passed_on = models.Exists(QuestionReport.objects.filter(appeal=models.OuterRef("pk")))
        return self.filter(state__in=appealing.RIGHT).exclude(followed).filter(~passed_on)

    def not_of(self, user):
        """Nobody works on their own appeal."""
        return self.exclude(attempt__learner=user)

    def with_people(self):
        return self.select_related(
            "attempt__learner", "attempt__quiz_version__quiz", "grade", "owner", "four_eyes_request"
        )


class Appeal(Identified):
    """A learner's appeal of one grade of one attempt. Its states and who decides: quizzes.appealing.

    A grade is appealed once, unless the appeal was withdrawn; a new grade can be appealed anew. `four_eyes_request`
    is the other score that was asked for where the appeal was right.
    """

    pii = {"attempt": "link", "owner": "link", "grounds": "content", "reply": "content"}

    class State(models.TextChoices):
        SUBMITTED = appealing.State.SUBMITTED, _("Waiting for an officer to take it")
        TAKEN = appealing.State.TAKEN, _("Being looked at")
        UPHELD = appealing.State.UPHELD, _("The appeal is right")
        PARTLY_UPHELD = appealing.State.PARTLY_UPHELD, _("The appeal is partly right")
        REJECTED = appealing.State.REJECTED, _("The result stands")
        WITHDRAWN = appealing.State.WITHDRAWN, _("Withdrawn")

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="appeals")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="appeals")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=13, choices=State.choices, default=State.SUBMITTED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    grounds = models.TextField()
    grounds_language = models.CharField(max_length=12)
    submitted_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True)
    reply_language = models.CharField(max_length=12, blank=True)
    four_eyes_request = models.ForeignKey(
        FourEyesRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        # The one that is due first, and so the overdue ones, above.
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grade"], condition=~models.Q(state="withdrawn"), name="one_appeal_of_a_grade"
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=models.Q(state__in=("submitted", "taken")),
                name="one_open_appeal_of_an_attempt",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("submitted", "withdrawn")) | models.Q(owner__isnull=False),
                name="appeal_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("submitted", "taken"), closed_at=None, reply="")
                | models.Q(state="withdrawn", closed_at__isnull=False, reply="")
                | (
                    models.Q(state__in=("upheld", "partly_upheld", "rejected"), closed_at__isnull=False)
                    & ~models.Q(reply="")
                ),
                name="appeal_decided_with_a_reply",
            ),
        ]

    def __str__(self):
        return f"{self.attempt_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in appealing.OPEN

    @property
    def is_right(self) -> bool:
        return self.state in appealing.RIGHT

    def record_facts(self) -> dict:
        """What the record log vouches for; never the words."""
        return {
            "shape": 1,
            "attempt": str(self.attempt.uuid),
            "grade": str(self.grade.uuid),
            "state": str(self.state),
            "owner": str(self.owner.uuid) if self.owner else None,
            "due_on": self.due_on.isoformat(),
            "four_eyes_request": str(self.four_eyes_request.uuid) if self.four_eyes_request else None,
        }
