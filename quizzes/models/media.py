"""Pictures, recordings and films that stand in questions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemMedia(models.Model):
    """A file that items show, known by the SHA-256 of its own bytes: kept once, never changed.

    The words of items name it by that digest (quizzes.kinds.shapes). It is none of the files that everybody may read:
    who is not served a question may not see its picture (quizzes.media). `width` and `height`, in pixels, are a
    picture's alone.
    """

    pii = {}

    class Kind(models.TextChoices):
        IMAGE = "image", _("picture")
        AUDIO = "audio", _("recording")
        VIDEO = "video", _("video")

    sha256 = models.CharField(max_length=64, unique=True)
    file = models.FileField(upload_to="items")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("medium of an item")
        verbose_name_plural = _("media of items")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="image") | models.Q(width__gt=0, height__gt=0),
                name="item_picture_has_a_size",
            ),
        ]

    def __str__(self):
        return self.sha256
