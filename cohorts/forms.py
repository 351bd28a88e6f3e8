"""What training managers and auditors enter about a run."""

from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort


class MoveForm(forms.Form):
    """Why a run goes to a newer release."""

    reason = forms.CharField(
        label=_("Why is the run moved?"),
        help_text=_("It is kept in the records. Learners do not read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Please give a reason.")},
    )


class PastDayForm(forms.Form):
    """Whose course an auditor wants to see, and as of which day. `today` is the last day that can be asked for."""

    staff_number = forms.CharField(
        label=_("Staff number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"})
    )
    cohort = forms.ModelChoiceField(
        label=_("Run"), queryset=Cohort.objects.none(), to_field_name="uuid", empty_label=None
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, cohorts: QuerySet[Cohort], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["cohort"].queryset = cohorts
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean_day(self):
        if self.cleaned_data["day"] > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return self.cleaned_data["day"]

    def found_nobody(self) -> None:
        """Say that the run has no such learner, in one sentence for all reasons."""
        self.add_error("staff_number", _("Nobody with this staff number has a place in this run."))
