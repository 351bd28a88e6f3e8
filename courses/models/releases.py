"""What learners read: a course, frozen in all its languages. Rows here are added, never changed."""

import hashlib
import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from quizzes.models import QuizVersion


class Release(Identified):
    """A course or a programme as learners get it: frozen, in all its languages. Never changed after it is made."""

    pii = {}

    # The translation key of the course's or programme's page: pages come and go, the course stays.
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
        facts = {
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
        # A course's release has none, and its entries in the log, which cannot be written again, know of none.
        if hasattr(self, "terms"):
            facts["terms"] = self.terms.content
        return facts


class MaterialChange(Identified):
    """What the author says of a release: who did these steps before has not learnt what they say now.

    `steps`, shape 1: `{"shape": 1, "keys": [key, …]}` in reading order. A row of its own and never changed, because a
    release never changes; written with the release, by `courses.releases` alone.
    """

    pii = {}

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="material_change")
    steps = models.JSONField()
    reason = models.TextField(_("reason"))
    marked_at = models.DateTimeField()

    def __str__(self):
        return f"{self.release_id}: {self.reason}"

    def record_facts(self) -> dict:
        """What the record log vouches for."""
        return {
            "shape": 1,
            "release": str(self.release.uuid),
            "steps": self.steps["keys"],
            "reason": self.reason,
            "marked_at": self.marked_at.isoformat(),
        }


class ReleaseNode(models.Model):
    """A step of a release: the programme, a course, a module, a lesson or a quiz.

    The first step is what was released, a course or a programme; a programme's courses stand below it.
    `key` names the same step in every release of the course; `position` is its place in reading order.
    """

    pii = {}

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("Programme")
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

    @property
    def is_activity(self) -> bool:
        """Whether a learner does it, rather than finds things in it."""
        return self.kind in (self.Kind.LESSON, self.Kind.QUIZ)


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

    # What the law has corrected in the words that are shown (courses.reading); the row never holds it.
    corrections = ()

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
