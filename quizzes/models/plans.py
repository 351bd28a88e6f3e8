"""Quizzes as their authors plan them, and as they were frozen for learners."""

from datetime import timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from core.models import Identified, TimeStamped
from quizzes.blueprint import ReviewPolicy, SectionPlan
from quizzes.models.items import ItemBank, ItemVersion
from quizzes.rules import Window


class Quiz(Identified, TimeStamped, ClusterableModel):
    """A quiz as its author plans it: from which bank, how many items, how long. Learners get a QuizVersion.

    With sections, `draw` is the sum of theirs. Without, the quiz is one section of everything in its bank.
    """

    pii = {}

    class Review(models.TextChoices):
        """The policies of `quizzes.blueprint`, as their authors read them."""

        SCORE = ReviewPolicy.SCORE.value, _("The score alone")
        ANSWERS = ReviewPolicy.ANSWERS.value, _("Own answers and what came of them, never what was right")
        AFTER_PASS = ReviewPolicy.AFTER_PASS.value, _("Own answers; what was right once the quiz is passed")
        AFTER_GRADE = ReviewPolicy.AFTER_GRADE.value, _("Own answers and what was right, at once")
        AFTER_CLOSE = ReviewPolicy.AFTER_CLOSE.value, _("The score; own answers and what was right once it has closed")

    # Long enough for the slowest line, and too short to answer another question.
    LONGEST_GRACE = 300

    slug = models.SlugField(_("short name"), unique=True)
    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, related_name="quizzes", verbose_name=_("item bank"))
    draw = models.PositiveSmallIntegerField(_("items to draw"))
    time_limit_minutes = models.PositiveSmallIntegerField(_("time limit in minutes"))
    minutes = models.PositiveSmallIntegerField(_("credited time in minutes"))
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    grace_seconds = models.PositiveSmallIntegerField(
        _("grace period in seconds"), default=30, validators=[MaxValueValidator(LONGEST_GRACE)]
    )
    review = models.CharField(
        _("what learners see after the grade"), max_length=12, choices=Review.choices, default=Review.AFTER_PASS
    )

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="quiz_opens_before_it_closes",
                violation_error_message=_("A quiz opens before it closes."),
            ),
            models.CheckConstraint(
                condition=~models.Q(review="after_close") | models.Q(closes_at__isnull=False),
                name="quiz_reviewed_after_a_close",
                violation_error_message=_("Say when the quiz closes, or choose what learners see otherwise."),
            ),
        ]

    def __str__(self):
        return self.title_in(get_language())[0] if self.pk else self.slug

    def title_in(self, language: str | None) -> tuple[str, str]:
        """The title and the language it is really in: the source's where it is missing. Where no text is there, the
        short name, which is in none.
        """
        titles = {text.language: text.title for text in self.texts.all()}
        for code in (language, "en", *sorted(titles)):
            if code in titles:
                return titles[code], code
        return self.slug, ""

    def terms(self) -> dict:
        """What a release freezes beside the sections, as `Blueprint.of` takes it."""
        return {
            "window": Window(self.opens_at, self.closes_at),
            "grace": timedelta(seconds=self.grace_seconds),
            "review": ReviewPolicy(self.review),
        }

    def section_plans(self) -> list[SectionPlan]:
        """The sections in their order. One query."""
        return [section.as_plan() for section in self.sections.all()] or [SectionPlan(self.draw)]


def no_words() -> dict:
    return {"shape": 1, "titles": {}}


class QuizSection(Orderable):
    """A part of a quiz: which items of the bank it takes, how many it draws, what each counts.

    `words`, shape 1: `{"shape": 1, "titles": {<language>: <title>}}`, in as many languages as there are. What the
    filters mean stands in `quizzes.blueprint`.
    """

    pii = {}

    # Points have six digits, two of them decimals.
    LIGHTEST, HEAVIEST = Decimal("0.01"), Decimal(10)

    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="sections")
    words = models.JSONField(default=no_words)
    draw = models.PositiveSmallIntegerField(_("items to draw"), validators=[MinValueValidator(1)])
    weight = models.DecimalField(
        _("points for each item"),
        max_digits=4,
        decimal_places=2,
        default=1,
        validators=[MinValueValidator(LIGHTEST), MaxValueValidator(HEAVIEST)],
    )
    tags = models.JSONField(_("tags"), default=list, blank=True)
    rad_factors = models.JSONField(_("factors of the Revised Arusha Declaration"), default=list, blank=True)
    difficulties = models.JSONField(_("difficulty"), default=list, blank=True)
    keeps_order = models.BooleanField(_("keep the order of the bank"), default=False)

    class Meta(Orderable.Meta):
        verbose_name = _("section of a quiz")
        verbose_name_plural = _("sections of a quiz")
        constraints = [
            models.CheckConstraint(condition=models.Q(draw__gte=1), name="section_draws_something"),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="section_weighs_something"),
        ]

    def __str__(self):
        return f"{self.quiz_id}: {self.draw}"

    def as_plan(self) -> SectionPlan:
        return SectionPlan(
            draw=self.draw,
            tags=frozenset(self.tags),
            rad_factors=frozenset(self.rad_factors),
            difficulties=frozenset(self.difficulties),
            weight=self.weight,
            keeps_order=self.keeps_order,
            titles=self.words["titles"],
        )


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
    """A quiz as released: pool, draw and time limit frozen. Never changed after it is made.

    `blueprint` is `quizzes.blueprint.Blueprint` as data, shape 1. Versions frozen before there were sections have
    none: they are one section of their whole pool. `pool` and `draw` are of all sections together.
    """

    pii = {}

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    draw = models.PositiveSmallIntegerField()
    time_limit_minutes = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    pool = models.ManyToManyField(ItemVersion, related_name="quiz_versions")
    blueprint = models.JSONField(null=True, editable=False)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quiz", "number"], name="quiz_version_number_once")]

    def __str__(self):
        return f"{self.quiz_id} v{self.number}"
