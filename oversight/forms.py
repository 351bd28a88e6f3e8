"""What a decider says."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """Approve or refuse, always with a reason. The button says which."""

    APPROVE = "approve"
    REFUSE = "refuse"

    decision = forms.ChoiceField(
        choices=[(APPROVE, _("Approve")), (REFUSE, _("Refuse"))],
        widget=forms.HiddenInput,
        error_messages={"required": _("Please press Approve or Refuse.")},
    )
    reason = forms.CharField(
        label=_("Your reason"),
        help_text=_("It is kept with the decision, and the person who asked can read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Please give a reason.")},
    )
