"""The item bank: items with their versions and their words in each language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified, TimeStamped


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


class ItemKind(models.TextChoices):
    """What a learner does with an item; the rules of each kind stand in `quizzes.kinds`."""

    SCENARIO = "scenario", _("Scenario")
    SINGLE_CHOICE = "single_choice", _("Single choice")
    MULTIPLE_CHOICE = "multiple_choice", _("Multiple choice")
    TRUE_FALSE = "true_false", _("True or false")
    ORDERING = "ordering", _("Ordering")
    MATCHING = "matching", _("Matching")
    GAP_FILL = "gap_fill", _("Gap fill")
    SHORT_ANSWER = "short_answer", _("Short answer")
    NUMERICAL = "numerical", _("Numerical answer")
    HOTSPOT = "hotspot", _("Place on a picture")
    DOCUMENT = "document", _("Document examination")
    ESSAY = "essay", _("Essay or file")


class ItemVersion(Identified):
    """One wording of an item, in all its languages, with its key. A published version never changes.

    `structure` is what all languages share, most of it the key; its shape is its kind's (quizzes.kinds).
    """

    pii = {}

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=16, choices=ItemKind.choices, default=ItemKind.SCENARIO)
    difficulty = models.PositiveSmallIntegerField(_("difficulty, 1 to 3"))
    tags = models.JSONField(default=list)
    rad_factors = models.JSONField(_("factors of the Revised Arusha Declaration"), default=list)
    structure = models.JSONField()
    published_at = models.DateTimeField(null=True, blank=True)
    # Of a draft's whole content (quizzes.drafts.content); what is reviewed and approved is known by it.
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once"),
            models.CheckConstraint(condition=models.Q(difficulty__range=(1, 3)), name="item_difficulty_1_to_3"),
        ]

    def __str__(self):
        return f"{self.item_id} v{self.number}"


class ItemText(models.Model):
    """An item version's words in one language. The shape of `content` is its kind's (quizzes.kinds)."""

    pii = {}

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=12)
    content = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="item_text_once_per_language")]

    def __str__(self):
        return f"{self.version_id} ({self.language})"
