"""What a translation was made from, who works on one, and the words an administration has agreed on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified


class Kind(models.TextChoices):
    """What is translated as one text. `key` names it in all languages: the page's translation key, or the UUID."""

    PAGE = "page", _("Page")
    QUIZ = "quiz", _("Quiz")
    ITEM = "item", _("Item")
    TERM = "term", _("Glossary entry")
    LETTER = "letter", _("Letter")
    DOCUMENT = "document", _("Certificate")


class SourceWords(models.Model):
    """Words of a source as they once stood, under their digest, so that a change can be shown. Written once."""

    pii = {}

    digest = models.CharField(max_length=32, unique=True)
    text = models.TextField()

    def __str__(self):
        return self.text[:80]


class OfText(models.Model):
    """A row about one text in one language."""

    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.UUIDField()
    language = models.CharField(max_length=12)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.kind} {self.key} ({self.language})"


class TranslatedFrom(OfText, Identified):
    """The source's words that a translation was last confirmed against, and what stood there then.

    `source`, shape 1: `{"shape": 1, "passages": [[path, digest], …]}` in reading order. `words` names the state of the
    translation that was confirmed: a page's live revision, else a digest. Somebody who changes the translation past
    this table is found out by it. `translator` and `reviewer` are never one person; both are empty for what ships.
    """

    pii = {"translator": "link", "reviewer": "link"}

    source = models.JSONField()
    words = models.CharField(max_length=40)
    translator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "language"], name="translated_from_once_per_language"),
            models.CheckConstraint(
                condition=models.Q(translator=None)
                | models.Q(reviewer=None)
                | ~models.Q(translator=models.F("reviewer")),
                name="translation_confirmed_by_another",
            ),
        ]


class TranslationWork(OfText, Identified):
    """A translation in the making: at most one for each text and language, gone once it is approved.

    States: `draft` → `handed_in` → (approved: the row goes) or `returned` → `handed_in`. Where the course asks for
    review, an approved one is `submitted` to it first (courses/languages/reviewing.py): published by the last
    reviewer, and then the row goes, or `returned`.
    `passages`, shape 1: `{"shape": 1, "passages": {path: {"source": digest, "text": …, "by": uuid}}}`: what was
    written, the words it was made from, and by whom, for several may write and none of them reviews.
    `submission`, shape 1: `{"shape": 1, "revision": id, "passages": [[path, digest], …]}`: the page's revision that
    lies before the reviewers, and the source's words it was approved against.
    """

    pii = {
        "passages": "link",
        "translator": "link",
        "returned_by": "link",
        "approved_by": "link",
        "note": "content",
    }

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        HANDED_IN = "handed_in", _("Handed in")
        SUBMITTED = "submitted", _("Before the course's reviewers")
        RETURNED = "returned", _("Sent back")

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    passages = models.JSONField()
    translator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submission = models.JSONField(null=True, blank=True)
    # Counts up with every change, so that two people who have the same page open do not overwrite each other.
    turn = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "language"], name="translation_work_once_per_language"),
            models.CheckConstraint(
                condition=models.Q(stage="submitted", approved_by__isnull=False, submission__isnull=False)
                | (~models.Q(stage="submitted") & models.Q(approved_by=None, submission__isnull=True)),
                name="translation_submitted_with_its_approval",
            ),
        ]

    @property
    def writers(self) -> set[str]:
        """The UUIDs of those who wrote a passage of it."""
        return {passage["by"] for passage in self.passages["passages"].values()}


class GlossaryTerm(Identified):
    """A term on whose translations an administration has agreed. `curriculum/glossary.yaml` brings the first ones."""

    pii = {}

    key = models.SlugField(max_length=80, unique=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self):
        return self.key


class GlossaryWord(models.Model):
    """A term in one language."""

    pii = {}

    term = models.ForeignKey(GlossaryTerm, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=12)
    text = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "language"], name="glossary_word_once_per_language")]

    def __str__(self):
        return self.text
