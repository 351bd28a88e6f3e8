"""Programmes: courses in an order, under the rules of a kind that administrations change without a programmer."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable, Page

from core import languages
from core.models import BasePage, Identified
from courses.models.objectives import Objective, RadFactorBoxes
from courses.models.pages import CoursePage
from courses.models.releases import Release


class ProgrammeKind(Identified, ClusterableModel):
    """What programmes of one sort have in common: for whom, what they award, how long that holds, when it recurs.

    Induction, refresher, diploma and partner track ship as rows (curriculum/programme_kinds.yaml); an administration
    changes them or adds its own. A release freezes what its kind said on the day (`ProgrammeTerms`), so that a changed
    rule reaches nobody who has begun.
    """

    pii = {}

    class Audience(models.TextChoices):
        RECRUITS = "recruits", _("Recruits")
        OFFICERS = "officers", _("Serving officers")
        NOMINATED = "nominated", _("Officers who are nominated")
        PARTNERS = "partners", _("Partners from outside the administration")

    class Award(models.TextChoices):
        NOTHING = "nothing", _("Nothing")
        CERTIFICATE = "certificate", _("Certificate")
        DIPLOMA = "diploma", _("Diploma")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices)
    award = models.CharField(_("awards"), max_length=12, choices=Award.choices, default=Award.CERTIFICATE)
    validity_months = models.PositiveSmallIntegerField(
        _("months the award is valid"), null=True, blank=True, help_text=_("Empty: it never expires.")
    )
    validity_months_high_risk = models.PositiveSmallIntegerField(
        _("the same in a high-risk post"), null=True, blank=True, help_text=_("Empty: as in any other post.")
    )
    recurs_after_months = models.PositiveSmallIntegerField(
        _("months until it is due again"), null=True, blank=True, help_text=_("Empty: once.")
    )
    in_order = models.BooleanField(
        _("courses in order"), default=True, help_text=_("A course opens when the required ones before it are done.")
    )
    minimum_hours = models.DecimalField(
        _("minimum hours"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("Empty: the sum of the required steps."),
    )
    external_learners = models.BooleanField(
        _("open to external learners"), default=False, help_text=_("Shown in the partners' catalogue.")
    )

    class Meta:
        ordering = ["code"]
        verbose_name = _("programme kind")
        verbose_name_plural = _("programme kinds")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(award="nothing") | models.Q(validity_months=None, validity_months_high_risk=None),
                name="no_validity_without_an_award",
                violation_error_message=_("Where nothing is awarded, nothing can be valid for a time."),
            ),
            models.CheckConstraint(
                condition=models.Q(validity_months_high_risk=None) | models.Q(validity_months__isnull=False),
                name="high_risk_validity_beside_the_usual",
                violation_error_message=_("Say the usual validity too, not only that of high-risk posts."),
            ),
        ]

    def __str__(self):
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """The kind's name in a language, in English or any other where that is missing, at worst its code."""
        names = {name.language: name.name for name in self.names.all()}
        return names.get(language) or names.get("en") or next(iter(names.values()), self.code)


class ProgrammeKindName(models.Model):
    """What a kind is called in one language."""

    pii = {}

    kind = ParentalKey(ProgrammeKind, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=12, choices=languages.choices)
    name = models.CharField(_("name"), max_length=100)

    panels = [FieldPanel("language"), FieldPanel("name")]

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="kind_name_once_per_language")]

    def __str__(self):
        return self.name


class ProgrammePage(BasePage):
    """A programme as its author writes it: courses that stand elsewhere in the tree, in an order, with conditions.

    A course may belong to several programmes. Order, conditions and prerequisites are those of the page in the source
    language; its translations carry words alone.
    """

    pii = {}

    kind = models.ForeignKey(
        ProgrammeKind, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("kind of programme")
    )
    summary = models.TextField(_("summary"))
    rad_factors = models.JSONField(_("RAD factors"), default=list, blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("kind"),
        FieldPanel("summary"),
        InlinePanel("objectives", label=_("Learning objective")),
        FieldPanel("rad_factors", widget=RadFactorBoxes),
        InlinePanel("parts", label=_("Course"), heading=_("Courses in order")),
        InlinePanel(
            "prerequisites",
            label=_("Prerequisite"),
            heading=_("Prerequisites"),
            help_text=_("Who has not completed these gets no place in the programme."),
        ),
    ]
    parent_page_types = ["courses.HomePage"]
    subpage_types = []
    template = "courses/programme.html"

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {
            "parts": self.contents(),
            "prerequisites": self.required_first(),
        }

    def plan(self) -> "ProgrammePage":
        """The translation that says which courses, in which order: the one that lists any, the first made first."""
        own = ProgrammePage.objects.filter(translation_key=self.translation_key).order_by("pk")
        return own.filter(parts__isnull=False).first() or self

    def contents(self) -> list[dict]:
        """The courses in order, each with its page in this page's language, or as it was chosen where that is missing.

        A constant number of queries, however many courses there are.
        """
        parts = list(self.plan().parts.select_related("course", "opens_after", "course__locale"))
        here = {
            course.translation_key: course
            for course in CoursePage.objects.live()
            .filter(translation_key__in=[part.course.translation_key for part in parts], locale_id=self.locale_id)
            .select_related("locale")
        }
        return [{"part": part, "course": here.get(part.course.translation_key, part.course)} for part in parts]

    def required_first(self) -> list[Page]:
        """What is to be completed before the programme: each page in this page's language, or as it was chosen."""
        chosen = [one.required for one in self.plan().prerequisites.select_related("required__locale")]
        here = {
            page.translation_key: page
            for page in Page.objects.live()
            .filter(translation_key__in=[page.translation_key for page in chosen], locale_id=self.locale_id)
            .select_related("locale")
        }
        return [here.get(page.translation_key, page) for page in chosen]


class ProgrammeObjective(Objective):
    """What a learner can do after the programme."""

    pii = {}

    page = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="objectives")

    class Meta(Objective.Meta):
        pass


class ProgrammePart(Orderable):
    """A course's place in a programme, and what opens it. Both conditions hold where both are given."""

    pii = {}

    programme = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="parts")
    course = models.ForeignKey(CoursePage, on_delete=models.PROTECT, related_name="parts", verbose_name=_("course"))
    required = models.BooleanField(_("required"), default=True)
    opens_after = models.ForeignKey(
        Page,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opens when this is done"),
        help_text=_("A course or a module of this programme."),
    )
    opens_after_days = models.PositiveSmallIntegerField(
        _("opens so many days after the start"),
        null=True,
        blank=True,
        help_text=_("Counted from the first day of the learner's section."),
    )

    panels = [
        PageChooserPanel("course", "courses.CoursePage"),
        FieldPanel("required"),
        PageChooserPanel("opens_after", ["courses.CoursePage", "courses.ModulePage"]),
        FieldPanel("opens_after_days"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("course of a programme")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "course"],
                name="course_once_in_a_programme",
                violation_error_message=_("This course stands in the programme twice."),
            )
        ]

    def __str__(self):
        return f"{self.programme_id}: {self.course_id}"


class ProgrammePrerequisite(Orderable):
    """A course or programme that a person has completed before they get a place in this programme."""

    pii = {}

    programme = ParentalKey(ProgrammePage, on_delete=models.CASCADE, related_name="prerequisites")
    required = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="+", verbose_name=_("course or programme to complete first")
    )

    panels = [PageChooserPanel("required", ["courses.CoursePage", "courses.ProgrammePage"])]

    class Meta(Orderable.Meta):
        verbose_name = _("prerequisite")

    def __str__(self):
        return f"{self.programme_id} ← {self.required_id}"


class ProgrammeTerms(models.Model):
    """The rules under which a release of a programme is learned, frozen with it. Never changed.

    `content`, shape 1: the kind's code, names by language and rules as they stood; `prerequisites`: a list of
    `{"key", "titles"}`; `openings`: for each course that is not open from the start
    `{"key", "after": [keys], "days"}`, where keys are those of the release's nodes and days, or null, count from the
    first day of the learner's section.
    """

    pii = {}

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="terms")
    content = models.JSONField()

    class Meta:
        verbose_name = _("terms of a programme")
        verbose_name_plural = _("terms of programmes")

    def __str__(self):
        return f"{self.release_id}: {self.content['kind']}"
