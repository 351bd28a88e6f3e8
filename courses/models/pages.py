"""The catalogue as authors write it: Wagtail pages, which learners never read (docs/decisions/0004)."""

from django.db import models
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Page

from core.blocks import LessonBlocks
from core.models import BasePage
from courses.models.objectives import Objective, RadFactorBoxes
from courses.preview import InEveryLanguage, preview_html
from quizzes.models import Quiz


class HomePage(BasePage):
    """The front door, one for each language."""

    pii = {}

    lede = models.TextField(_("lede"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("lede")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CoursePage", "courses.ProgrammePage"]
    template = "courses/home.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        courses = CoursePage.objects.live().child_of(self)
        return super().get_context(request, *args, **kwargs) | {"courses": courses}


class CoursePage(BasePage):
    """A course as its author writes it. Its children are modules."""

    pii = {}

    summary = models.TextField(_("summary"))
    rad_factors = models.JSONField(_("RAD factors"), default=list, blank=True)
    review_required = models.BooleanField(
        _("released after review only"),
        default=False,
        help_text=_("A release waits until the subject and the legal reviewer have approved every page as it stands."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        InlinePanel("objectives", label=_("Learning objective")),
        FieldPanel("rad_factors", widget=RadFactorBoxes),
        FieldPanel("review_required"),
    ]
    parent_page_types = ["courses.HomePage"]
    subpage_types = ["courses.ModulePage"]
    template = "courses/course.html"

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"modules": self.contents()}

    def contents(self) -> list[dict]:
        """The published modules with their number of lessons and minutes: two queries, however many there are."""
        modules = list(ModulePage.objects.live().child_of(self).select_related("quiz").order_by("position", "path"))
        lessons = LessonPage.objects.live().descendant_of(self).values_list("path", "minutes")
        steps: dict[str, list[int]] = {}
        for path, minutes in lessons:
            steps.setdefault(path[: -Page.steplen], []).append(minutes)
        return [
            {
                "page": module,
                "lessons": len(steps.get(module.path, [])),
                "minutes": sum(steps.get(module.path, [])) + (module.quiz.minutes if module.quiz else 0),
            }
            for module in modules
        ]


class CourseObjective(Objective):
    """What a learner can do after the course."""

    pii = {}

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="objectives")

    class Meta(Objective.Meta):
        pass


class ModulePage(BasePage):
    """A module: lessons in order, and at most one quiz that closes it."""

    pii = {}

    position = models.PositiveSmallIntegerField(_("number in the course"), default=1)
    summary = models.TextField(_("summary"))
    rad_factors = models.JSONField(_("RAD factors"), default=list, blank=True)
    quiz = models.ForeignKey(
        Quiz, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closing quiz")
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("position"),
        FieldPanel("summary"),
        InlinePanel("objectives", label=_("Learning objective")),
        FieldPanel("rad_factors", widget=RadFactorBoxes),
        FieldPanel("quiz"),
    ]
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    template = "courses/module.html"

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LearningObjective(Objective):
    """What a learner can do after the module."""

    pii = {}

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="objectives")

    class Meta(Objective.Meta):
        pass


class LessonPage(InEveryLanguage, BasePage):
    """One lesson. Its blocks keep their ids through every copy and translation."""

    pii = {}

    lede = models.TextField(_("lede"))
    minutes = models.PositiveSmallIntegerField(_("nominal time in minutes"))
    rad_factors = models.JSONField(_("RAD factors"), default=list, blank=True)
    body = StreamField(LessonBlocks(), verbose_name=_("content"))

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("lede"),
        FieldPanel("minutes"),
        InlinePanel("objectives", label=_("Learning objective")),
        FieldPanel("rad_factors", widget=RadFactorBoxes),
        FieldPanel("body"),
    ]
    parent_page_types = ["courses.ModulePage"]
    subpage_types = []
    template = "courses/lesson_preview.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"lesson": preview_html(self.body)}

    def serve(self, request, *args, **kwargs):
        """The words of a lesson are for authors here and for learners in their release; visitors get the course."""
        if getattr(request, "is_preview", False):
            return super().serve(request, *args, **kwargs)
        return redirect(self.get_ancestors().type(CoursePage).last().get_url(request))


class LessonObjective(Objective):
    """What a learner can do after the lesson."""

    pii = {}

    page = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="objectives")

    class Meta(Objective.Meta):
        pass
