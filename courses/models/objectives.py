"""Learning objectives, and the factors of the Revised Arusha Declaration that a piece of content serves."""

import json

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable, TranslatableMixin

from quizzes.models import RadFactor


class RadFactorBoxes(forms.CheckboxSelectMultiple):
    """A box for each factor, over a JSON list of their numbers. Anything else that a form sends is left out."""

    def __init__(self, attrs=None):
        super().__init__(attrs, choices=RadFactor.choices)

    def format_value(self, value):
        return [str(number) for number in json.loads(value or "[]")]

    def value_from_datadict(self, data, files, name):
        chosen = super().value_from_datadict(data, files, name)
        return json.dumps([number for number in RadFactor.values if str(number) in chosen])


class Objective(TranslatableMixin, Orderable):
    """What a learner can do afterwards, and which factors of the Declaration it serves; a table for each level."""

    pii = {}

    text = models.CharField(_("You can …"), max_length=400)
    rad_factors = models.JSONField(_("RAD factors"), default=list)

    panels = [FieldPanel("text"), FieldPanel("rad_factors", widget=RadFactorBoxes)]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True
        verbose_name = _("learning objective")

    def __str__(self):
        return self.text
