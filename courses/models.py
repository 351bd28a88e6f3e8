"""The catalogue as authors write it (pages), and what learners read of it (releases).

Authors work in Wagtail pages; learners never do. A release freezes a course in all its languages: an unpublished or
renamed page changes nothing for those who have begun (docs/decisions/0004-content-and-releases.md).
"""

import hashlib
import json

from django import forms
from django.db import models
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, TranslatableMixin

from core.blocks import LessonBlocks
from core.models import BasePage, Identified
from quizzes.models import Quiz, QuizVersion, RadFactor


class RadFactorBoxes(forms.CheckboxSelectMultiple):
    """A box for each factor, over a JSON list of their numbers. Anything else that a form sends is left out."""

    def __init__(self, attrs=None):
        super().__init__(attrs, choices=RadFactor.choices)

    def format_value(self, value):
        return [str(number) for number in json.loads(value or "[]")]

    def value_from_datadict(self, data, files, name):
        chosen = super().value_from_datadict(data, files, name)
        return json.dumps([number for number in RadFactor.values if str(number) in chosen])


class HomePage(BasePage):
    """The front door, one for each language."""

    pii = {}

    lede = models.TextField(_("lede"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("lede")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["courses.CoursePage"]
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

    content_panels = [*BasePage.content_panels, FieldPanel("summary")]
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


class ModulePage(BasePage):
    """A module: lessons in order, and at most one quiz that closes it."""

    pii = {}

    position = models.PositiveSmallIntegerField(_("number in the course"), default=1)
    summary = models.TextField(_("summary"))
    quiz = models.ForeignKey(
        Quiz, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closing quiz")
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("position"),
        FieldPanel("summary"),
        InlinePanel("objectives", label=_("Learning objective")),
        FieldPanel("quiz"),
    ]
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage"]
    template = "courses/module.html"

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class LearningObjective(TranslatableMixin, Orderable):
    """What a learner can do after the module, and which factors of the Declaration it serves."""

    pii = {}

    page = ParentalKey(ModulePage, on_delete=models.CASCADE, related_name="objectives")
    text = models.CharField(_("You can …"), max_length=400)
    rad_factors = models.JSONField(_("RAD factors"), default=list)

    panels = [FieldPanel("text"), FieldPanel("rad_factors", widget=RadFactorBoxes)]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("learning objective")

    def __str__(self):
        return self.text


class LessonPage(BasePage):
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
        FieldPanel("rad_factors", widget=RadFactorBoxes),
        FieldPanel("body"),
    ]
    parent_page_types = ["courses.ModulePage"]
    subpage_types = []
    template = "courses/lesson_preview.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def serve(self, request, *args, **kwargs):
        """The words of a lesson are for authors here and for learners in their release; visitors get the course."""
        if getattr(request, "is_preview", False):
            return super().serve(request, *args, **kwargs)
        return redirect(self.get_ancestors().type(CoursePage).last().get_url(request))


class Release(Identified):
    """A course as learners get it: frozen, in all its languages. Never changed after it is made."""

    pii = {}

    # The course page's translation key: pages come and go, the course stays.
    course = models.UUIDField(db_index=True)
    number = models.PositiveIntegerField()
    languages = models.JSONField(default=list)
    source_language = models.CharField(max_length=12)
    required_minutes = models.PositiveIntegerField()
    released_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="release_number_once_per_course")]

    def __str__(self):
        return f"{self.course} r{self.number}"

    def record_facts(self) -> dict:
        """What the record log vouches for: the release, its steps, and the hash of every text in it.

        The hashes are worked out from the words as they stand, so that a changed text shows, not only a changed hash.
        """
        nodes = self.nodes.select_related("parent", "quiz_version").order_by("position")
        bodies = ReleaseBody.objects.filter(node__release=self).select_related("node")
        return {
            "shape": 1,
            "course": str(self.course),
            "number": self.number,
            "languages": self.languages,
            "source_language": self.source_language,
            "required_minutes": self.required_minutes,
            "released_at": self.released_at.isoformat(),
            "nodes": [
                {
                    "key": str(node.key),
                    "parent": str(node.parent.key) if node.parent else None,
                    "kind": node.kind,
                    "mandatory": node.mandatory,
                    "minutes": node.minutes,
                    "quiz_version": str(node.quiz_version.uuid) if node.quiz_version else None,
                }
                for node in nodes
            ],
            "bodies": [
                [str(body.node.key), body.language, body.digest()]
                for body in bodies.order_by("node__position", "language")
            ],
        }


class ReleaseNode(models.Model):
    """A step of a release: the course itself, a module, a lesson or a quiz.

    `key` names the same step in every release of the course; `position` is its place in reading order.
    """

    pii = {}

    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        MODULE = "module", _("Module")
        LESSON = "lesson", _("Lesson")
        QUIZ = "quiz", _("Quiz")

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="nodes")
    key = models.UUIDField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField()
    mandatory = models.BooleanField(default=True)
    minutes = models.PositiveSmallIntegerField()
    rad_factors = models.JSONField(default=list)
    quiz_version = models.ForeignKey(
        QuizVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="release_nodes"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "key"], name="release_node_key_once"),
            models.UniqueConstraint(fields=["release", "position"], name="release_node_position_once"),
            models.CheckConstraint(
                condition=(models.Q(kind="quiz") & models.Q(quiz_version__isnull=False))
                | (~models.Q(kind="quiz") & models.Q(quiz_version__isnull=True)),
                name="quiz_nodes_pin_a_quiz_version",
            ),
        ]

    def __str__(self):
        return f"{self.release_id} {self.position} {self.kind}"


class ReleaseBody(models.Model):
    """The words of a node in one language: structured, rendered, and hashed.

    `content`, shape 1: `{"shape": 1, "summary": …, "lede": …, "objectives": […], "blocks": […]}`; what a kind of node
    does not have is missing. `sha256` is over title, canonical content and HTML.
    """

    pii = {}

    node = models.ForeignKey(ReleaseNode, on_delete=models.PROTECT, related_name="bodies")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=255)
    content = models.JSONField()
    html = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "language"], name="release_body_once_per_language")]

    def __str__(self):
        return self.title

    def digest(self) -> str:
        """SHA-256 over the words as they stand: title, canonical JSON and HTML, each followed by a zero byte."""
        canonical = json.dumps(self.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(
            b"".join(part.encode() + b"\0" for part in (self.title, canonical, self.html))
        ).hexdigest()
