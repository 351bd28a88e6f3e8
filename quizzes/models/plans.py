"""Quizzes as their authors plan them, and as they were frozen for learners."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Identified, TimeStamped
from quizzes.models.items import ItemBank, ItemVersion


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
