"""How an administration words its letters and certificates."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Identified
from people.models import Administration, OfAdministration


class OwnWording(Identified):
    """An administration's own words for one letter or document in one language. Never changed: new words are a new
    number, and one without parts says that what ships is right again. Written by `courses.wordings.write` alone.

    `parts`, shape 1: `{"shape": 1, "parts": {name: text}}`, the parts of a `core.wordings.Wording`.
    """

    pii = {"written_by": "link"}

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="own_wordings")
    wording = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    parts = models.JSONField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfAdministration.as_manager()

    class Meta:
        verbose_name = _("own wording")
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "wording", "language", "number"], name="own_wording_number_once"
            ),
        ]

    def __str__(self):
        return f"{self.administration_id} {self.wording} {self.language} {self.number}"

    def record_facts(self) -> dict:
        return {
            "shape": 1,
            "wording": self.wording,
            "language": self.language,
            "number": self.number,
            "parts": self.parts["parts"],
        }
