"""What people mark: each place at an answer as a task, each mark as it was given, and files handed in as answers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from people.models import Role, User
from quizzes import taught
from quizzes.marking import MODERATOR, SEATS
from quizzes.models.attempts import Attempt


class AnswerFile(Identified):
    """A file that a learner hands in as an answer, or a part of one. Whether it counts, the answer in force says.

    What is taken back before handing in is deleted, with its bytes; afterwards it stays as it was graded. `name` is
    what the learner calls it, which no marker sees; `size` in bytes.
    """

    pii = {"attempt": "link", "path": "content", "name": "content", "kept_at": "activity"}

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField()
    # Within the private storage.
    path = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    # The extension, by which core.file_kinds knows it.
    kind = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField()
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["attempt", "position"], name="answer_files_of_question")]

    def __str__(self):
        return str(self.uuid)


class MarkingQuerySet(models.QuerySet):
    def open(self):
        """What somebody has yet to mark, or to go on marking."""
        return self.filter(state__in=Marking.OPEN)

    def takeable(self, now):
        """What anybody may take: waiting, or laid aside by a marker whose lease has run out."""
        return self.filter(
            models.Q(state=Marking.State.WAITING) | models.Q(state=Marking.State.TAKEN, lease_until__lt=now)
        )

    def in_order_for(self, marker):
        """What they are named for first, and of either what is due first."""
        named = models.Case(models.When(assigned_to=marker, then=0), default=1)
        return self.order_by(named, "due_on", "pk")

    def of_graders(self):
        """Those of attempts that still wait for them: nobody marks for an attempt that was voided meanwhile."""
        return self.filter(attempt__state=Attempt.State.GRADING)

    def for_marker(self, marker):
        """The places at which a person may sit, taken or not: `marking.may_mark`, as a query."""
        elsewhere = (
            Marking.objects.filter(attempt=models.OuterRef("attempt"), position=models.OuterRef("position"))
            .filter(models.Q(marker=marker) | models.Q(assigned_to=marker, state__in=Marking.OPEN))
            .exclude(pk=models.OuterRef("pk"))
        )
        declined = Marking.declined_by.through.objects.filter(marking=models.OuterRef("pk"), user=marker)
        # Whoever does not assess any more keeps nobody else from it.
        somebody = User.objects.holding(Role.ASSESSOR).filter(pk=models.OuterRef("assigned_to"))
        theirs = (
            self.of_graders()
            .filter(models.Q(assigned_to=marker) | models.Q(marker=marker) | ~models.Exists(somebody))
            .filter(attempt__learner__administration=marker.administration_id)
            .exclude(attempt__learner=marker)
            .exclude(models.Exists(elsewhere))
            .exclude(models.Exists(declined))
        )
        if marker.holds(Role.ASSESSOR):
            return theirs
        if marker.holds(Role.TUTOR):
            return theirs.exclude(seat=MODERATOR).filter(attempt__registration__in=taught.registrations_of(marker))
        return self.none()


class Marking(Identified):
    """One place at one answer of an attempt: what a marker, or who decides between two, has to do.

    States: `waiting` → `taken` → `done`, or `called_off` where it is not needed any more: the question was dropped,
    or two markers came together. It is taken by compare-and-set with a lease that every saved draft renews; when the
    lease has run out, whoever comes first may take it, and the draft of the one before is gone.

    Where an assessor is named for it (`assigned_to`), it is theirs to take, for as long as they assess; else anybody's
    who may sit there.

    `draft` is what its marker has typed and not given, shape 1, with the number of its last save; `language` is the
    one in which the question was answered.
    """

    pii = {
        "attempt": "link",
        "language": "preference",
        "marker": "link",
        "assigned_to": "link",
        "draft": "assessment",
        "done_at": "activity",
        "declined_by": "link",
    }

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("In a marker's hands")
        DONE = "done", _("Done")
        CALLED_OFF = "called_off", _("Not needed any more")

    OPEN = (State.WAITING, State.TAKEN)

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="markings")
    position = models.PositiveSmallIntegerField()
    seat = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    since = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    marker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="markings"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    # Who knows the writer, or cannot read the language.
    declined_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)

    objects = MarkingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position", "seat"], name="marking_seat_once"),
            # Blind double marking: nobody sits twice at one answer.
            models.UniqueConstraint(
                fields=["attempt", "position", "marker"],
                condition=models.Q(marker__isnull=False),
                name="marking_by_different_people",
            ),
            # Nor is anybody named for two places at it.
            models.UniqueConstraint(
                fields=["attempt", "position", "assigned_to"],
                condition=models.Q(assigned_to__isnull=False, state__in=("waiting", "taken")),
                name="marking_for_different_people",
            ),
            models.CheckConstraint(condition=models.Q(seat__in=SEATS), name="marking_seat_known"),
            models.CheckConstraint(
                condition=models.Q(state="waiting", marker=None, lease_until=None, done_at=None)
                | models.Q(state="taken", marker__isnull=False, lease_until__isnull=False, done_at=None)
                | models.Q(state="done", marker__isnull=False, lease_until=None, done_at__isnull=False)
                | models.Q(state="called_off", lease_until=None, done_at=None),
                name="marking_in_hands_by_its_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], condition=models.Q(state__in=("waiting", "taken")), name="marking_due"
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def code(self) -> str:
        """What people call it who must not know whose it is. Two places at one answer have nothing in common."""
        return f"{self.uuid.hex[:4]}-{self.uuid.hex[4:8]}".upper()

    @property
    def is_moderation(self) -> bool:
        return self.seat == MODERATOR


class Mark(Identified):
    """What a marker gave, or a moderator decided. Append-only: a corrected mark is a new row with a reason, possible
    until the attempt has its grade. The newest of a place counts.

    `levels`: `{"shape": 1, "levels": {<criterion>: <level>}}`. `comment` is for the learner, `note` for whoever
    decides between two markers. A moderator's `reason` says why.
    """

    pii = {
        "marking": "link",
        "levels": "assessment",
        "comment": "content",
        "note": "content",
        "reason": "content",
        "marked_by": "link",
        "at": "activity",
    }

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField()
    levels = models.JSONField()
    comment = models.TextField(blank=True)
    note = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["marking", "number"]
        constraints = [
            models.UniqueConstraint(fields=["marking", "number"], name="mark_number_once"),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""), name="corrected_mark_has_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.marking_id}: {self.number}"

    @property
    def chosen(self) -> dict[str, str]:
        """The level of each criterion."""
        return self.levels["levels"]

    def record_facts(self) -> dict:
        """What the record log vouches for: everything the row says."""
        return {
            "shape": 1,
            "marking": str(self.marking.uuid),
            "attempt": str(self.marking.attempt.uuid),
            "position": self.marking.position,
            "seat": self.marking.seat,
            "number": self.number,
            "levels": self.levels["levels"],
            "comment": self.comment,
            "note": self.note,
            "reason": self.reason,
            "marked_by": str(self.marked_by.uuid),
            "at": self.at.isoformat(),
        }
