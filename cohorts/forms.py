"""What training managers and auditors enter about a run."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MoveForm(forms.Form):
    """Why a run goes to a newer release."""

    reason = forms.CharField(
        label=_("Why is the run moved?"),
        help_text=_("It is kept in the records. Learners do not read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Please give a reason.")},
    )
