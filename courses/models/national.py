"""What a nation says in the national slots of lessons."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.blocks import NationalSlot
from core.models import Identified
from people.models import Administration, OfAdministration


class NationalTexts(OfAdministration):
    def of_slot(self, administration: Administration, slot: str):
        """All that an administration has said in a slot, in every language."""
        return self.filter(administration=administration, slot=slot)

    def in_force(self, at: datetime | None = None):
        """The latest words for each administration, slot and language: today's, or those of a moment."""
        later = NationalText.objects.filter(
            administration=models.OuterRef("administration"),
            slot=models.OuterRef("slot"),
            language=models.OuterRef("language"),
            number__gt=models.OuterRef("number"),
        )
        rows = self
        if at is not None:
            later, rows = later.filter(written_at__lte=at), rows.filter(written_at__lte=at)
        return rows.filter(~models.Exists(later))


class NationalText(Identified):
    """An administration's words for one slot in one language. Never changed: new words are a new number, so that an
    auditor can see what stood there on a past day. Written by `courses.national.write` alone.
    """

    pii = {"written_by": "link"}

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="national_texts")
    slot = models.CharField(_("slot"), max_length=30, choices=NationalSlot.choices)
    language = models.CharField(_("language"), max_length=12)
    number = models.PositiveIntegerField()
    text = models.TextField(_("text"))
    reference = models.CharField(_("where it is written"), max_length=300, blank=True)
    url = models.URLField(_("address"), blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = NationalTexts.as_manager()

    class Meta:
        verbose_name = _("national text")
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "slot", "language", "number"], name="national_text_number_once"
            ),
        ]

    def __str__(self):
        return f"{self.administration_id} {self.slot} {self.language} {self.number}"

    def record_facts(self) -> dict:
        return {
            "shape": 1,
            "slot": self.slot,
            "language": self.language,
            "number": self.number,
            "text": self.text,
            "reference": self.reference,
            "url": self.url,
        }
