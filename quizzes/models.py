"""The item bank, the frozen quiz, and what learners did with it.

Items and quizzes are versioned: an attempt points at the versions it was served from and at nothing that an author
can still change. Responses and grades are append-only, in the database as well as here.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Identified, TimeStamped
from quizzes.grading import ItemKey, OptionKey, Rating


class Mechanism(models.TextChoices):
    """How good people talk themselves into it: Bandura's eight mechanisms of moral disengagement."""

    MORAL_JUSTIFICATION = "moral_justification", _("Moral justification")
    EUPHEMISTIC_LABELLING = "euphemistic_labelling", _("Euphemistic labelling")
    ADVANTAGEOUS_COMPARISON = "advantageous_comparison", _("Advantageous comparison")
    DISPLACEMENT_OF_RESPONSIBILITY = "displacement_of_responsibility", _("Displacement of responsibility")
    DIFFUSION_OF_RESPONSIBILITY = "diffusion_of_responsibility", _("Diffusion of responsibility")
    MINIMISING_CONSEQUENCES = "minimising_consequences", _("Minimising consequences")
    DEHUMANISATION = "dehumanisation", _("Dehumanisation")
    ATTRIBUTION_OF_BLAME = "attribution_of_blame", _("Attribution of blame")


class RadFactor(models.IntegerChoices):
    """The ten key factors of the Revised Arusha Declaration (World Customs Organization, 2003)."""

    LEADERSHIP = 1, _("Leadership and commitment")
    REGULATORY_FRAMEWORK = 2, _("Regulatory framework")
    TRANSPARENCY = 3, _("Transparency")
    AUTOMATION = 4, _("Automation")
    MODERNIZATION = 5, _("Reform and modernization")
    AUDIT = 6, _("Audit and investigation")
    CODE_OF_CONDUCT = 7, _("Code of conduct")
    HUMAN_RESOURCES = 8, _("Human resource management")
    MORALE = 9, _("Morale and organizational culture")
    PRIVATE_SECTOR = 10, _("Relationship with the private sector")


class ItemBank(Identified, TimeStamped):
    """A collection of items on one subject."""

    pii = {}

    slug = models.SlugField(_("short name"), unique=True)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering = ["title"]
        verbose_name = _("item bank")
        verbose_name_plural = _("item banks")

    def __str__(self):
        return self.title


class Item(Identified):
    """An item through all its versions, by a key that its bank keeps for it."""

    pii = {}

    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, related_name="items")
    key = models.SlugField(_("key"))
    # No quiz that is released from now on draws it; what was frozen keeps it.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "key"], name="item_key_once_per_bank")]

    def __str__(self):
        return self.key


class ItemVersion(Identified):
    """One wording of an item, in all its languages, with its key. A published version never changes.

    `structure`, shape 1: `{"shape": 1, "options": [{"key": "a", "rating": "best", "mechanism": null | Mechanism,
    "bright_line": false}]}`. The option keys are shared by all languages.
    """

    pii = {}

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    difficulty = models.PositiveSmallIntegerField(_("difficulty, 1 to 3"))
    tags = models.JSONField(default=list)
    rad_factors = models.JSONField(_("factors of the Revised Arusha Declaration"), default=list)
    structure = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once"),
            models.CheckConstraint(condition=models.Q(difficulty__range=(1, 3)), name="item_difficulty_1_to_3"),
        ]

    def __str__(self):
        return f"{self.item_id} v{self.number}"

    @property
    def option_keys(self) -> list[str]:
        return [option["key"] for option in self.structure["options"]]

    def answer_key(self) -> ItemKey:
        """What the grader needs; it never leaves the server before the review."""
        return ItemKey(
            {
                option["key"]: OptionKey(option["key"], Rating(option["rating"]), option.get("bright_line", False))
                for option in self.structure["options"]
            }
        )

    def mechanism_of(self, option_key: str) -> Mechanism | None:
        for option in self.structure["options"]:
            if option["key"] == option_key and option.get("mechanism"):
                return Mechanism(option["mechanism"])
        return None


class ItemText(models.Model):
    """An item version's words in one language.

    `content`, shape 1: `{"shape": 1, "stem": …, "options": {"a": {"text": …, "consequence": …,
    "rationalisation": …?}}}`.
    """

    pii = {}

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=12)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="item_text_once_per_language")]

    def __str__(self):
        return f"{self.version_id} ({self.language})"


class Quiz(Identified, TimeStamped):
    """A quiz as its author plans it: from which bank, how many items, how long. Learners get a QuizVersion."""

    pii = {}

    slug = models.SlugField(_("short name"), unique=True)
    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, related_name="quizzes", verbose_name=_("item bank"))
    draw = models.PositiveSmallIntegerField(_("items to draw"))
    time_limit_minutes = models.PositiveSmallIntegerField(_("time limit in minutes"))
    minutes = models.PositiveSmallIntegerField(_("credited time in minutes"))

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")

    def __str__(self):
        return self.title_in(get_language()) if self.pk else self.slug

    def title_in(self, language: str | None) -> str:
        """The title in a language, or in any that exists."""
        texts = {text.language: text for text in self.texts.all()}
        text = texts.get(language) or next(iter(texts.values()), None)
        return text.title if text else self.slug


class QuizText(models.Model):
    """A quiz's title and introduction in one language."""

    pii = {}

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quiz", "language"], name="quiz_text_once_per_language")]

    def __str__(self):
        return self.title


class QuizVersion(Identified):
    """A quiz as released: pool, draw and time limit frozen. Never changed after it is made."""

    pii = {}

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    draw = models.PositiveSmallIntegerField()
    time_limit_minutes = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    pool = models.ManyToManyField(ItemVersion, related_name="quiz_versions")
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quiz", "number"], name="quiz_version_number_once")]

    def __str__(self):
        return f"{self.quiz_id} v{self.number}"


class AttemptQuerySet(models.QuerySet):
    def of_series(self, registration, activity):
        """One learner's attempts at one quiz, oldest first."""
        return self.filter(registration=registration, activity=activity).order_by("number")

    def ungraded(self):
        """Submitted attempts that have no grade yet, whoever is working on them."""
        return self.filter(state__in=(Attempt.State.SUBMITTED, Attempt.State.GRADING))

    def claimable(self, now):
        """Attempts a worker may take: submitted, or taken by a worker whose lease has run out."""
        return self.filter(
            models.Q(state=Attempt.State.SUBMITTED) | models.Q(state=Attempt.State.GRADING, lease_until__lt=now)
        )

    def to_ring(self, now):
        """Claimable attempts whose next call is due: the doorbell was not heard, or the worker died."""
        return self.claimable(now).filter(ring_after__lte=now).order_by("ring_after")

    def out_of_time(self, now):
        """Attempts still open after their deadline."""
        return self.filter(state=Attempt.State.IN_PROGRESS, deadline__lt=now)


class Attempt(Identified):
    """One sitting of a quiz.

    States: `in_progress` → `submitted` → `grading` → `graded`; `voided` by a correction of its own. `registration`
    and `activity` are opaque here (xAPI's words): the app that started the attempt knows what they mean. What decides
    the outcome, the rules and the items served, is frozen on the row.

    `served`, shape 1: `{"shape": 1, "items": [{"version": <ItemVersion id>, "options": ["c", "a", …]}]}`, in the order
    shown.
    """

    pii = {
        "learner": "link",
        "registration": "link",
        "language": "preference",
        "served": "assessment",
        "state": "assessment",
        "started_at": "activity",
        "submitted_at": "activity",
    }

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In progress")
        SUBMITTED = "submitted", _("Submitted")
        GRADING = "grading", _("Being graded")
        GRADED = "graded", _("Graded")
        VOIDED = "voided", _("Voided")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    registration = models.UUIDField(db_index=True)
    activity = models.UUIDField()
    quiz_version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    pass_mark = models.DecimalField(max_digits=4, decimal_places=1)
    served = models.JSONField()
    # Made by the client with the start form: a double click starts one attempt.
    start_key = models.UUIDField(unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_PROGRESS)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    # The row is the queue (docs/decisions/0005-grading.md): who holds it until when, and when to ring again.
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    ring_after = models.DateTimeField(null=True, blank=True)
    rings = models.PositiveSmallIntegerField(default=0)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "activity", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["registration", "activity"],
                condition=models.Q(state="in_progress"),
                name="one_open_attempt_per_activity",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("in_progress", "voided")) | models.Q(submitted_at__isnull=False),
                name="attempt_submitted_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ring_after"],
                condition=models.Q(state__in=("submitted", "grading")),
                name="attempt_to_ring",
            ),
            models.Index(fields=["deadline"], condition=models.Q(state="in_progress"), name="attempt_out_of_time"),
        ]

    def __str__(self):
        return str(self.uuid)

    @property
    def served_items(self) -> list[dict]:
        return self.served["items"]

    @property
    def grade_in_force(self) -> "Grade | None":
        """The grade with the highest number. Prefetch `grades` where there are several attempts."""
        return max(self.grades.all(), key=lambda grade: grade.number, default=None)


class Response(models.Model):
    """One answer as it was saved. Rows are only ever added; the highest sequence at a position counts.

    The client numbers its answers, so that a repeated or late request never overwrites a newer answer.
    """

    pii = {"attempt": "link", "option": "assessment", "saved_at": "activity"}

    # What a PositiveIntegerField holds on every database.
    LAST_SEQUENCE = 2**31 - 1

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    option = models.CharField(max_length=20)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position", "sequence"], name="response_sequence_once"),
        ]

    def __str__(self):
        return f"{self.attempt_id} #{self.position}"


class GradeQuerySet(models.QuerySet):
    def effective(self):
        """The grade in force of each attempt: the one with the highest number."""
        newer = Grade.objects.filter(attempt=models.OuterRef("attempt"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(newer))


class Grade(Identified):
    """A judgement of an attempt. Append-only: a correction is a new row with a higher number and a reason.

    Only sums are kept. Which options were chosen stands in the responses, which lose their link to the person when
    the appeal period is over (rule 8); grades stay.
    """

    pii = {"attempt": "link", "score": "assessment", "passed": "assessment"}

    class Origin(models.TextChoices):
        GRADED = "graded", _("Graded")
        OVERRIDDEN = "overridden", _("Changed by two people")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="grades")
    number = models.PositiveSmallIntegerField(default=1)
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.GRADED)
    reason = models.TextField(blank=True)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    maximum = models.DecimalField(max_digits=6, decimal_places=2)
    bright_line = models.BooleanField()
    passed = models.BooleanField()
    grading_version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()

    objects = GradeQuerySet.as_manager()

    class Meta:
        constraints = [
            # Celery may deliver a task twice; the second grade has nowhere to go.
            models.UniqueConstraint(fields=["attempt", "number"], name="grade_number_once"),
            models.CheckConstraint(condition=models.Q(score__range=(0, 100)), name="grade_score_0_to_100"),
            models.CheckConstraint(
                condition=models.Q(bright_line=False) | models.Q(passed=False) | models.Q(origin="overridden"),
                name="bright_line_never_passes",
            ),
        ]

    def __str__(self):
        return f"{self.attempt_id}: {self.score}"

    def record_facts(self) -> dict:
        """What the record log vouches for; the log compares it with the row (oversight.witnesses)."""
        return {
            "shape": 1,
            "attempt": str(self.attempt.uuid),
            "number": self.number,
            "origin": self.origin,
            "reason": self.reason,
            "score": f"{self.score:.1f}",
            "points": f"{self.points:.2f}",
            "maximum": f"{self.maximum:.2f}",
            "bright_line": self.bright_line,
            "passed": self.passed,
            "grading_version": self.grading_version,
            "given_at": self.given_at.isoformat(),
        }
