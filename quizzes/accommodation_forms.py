"""What an officer enters about what is granted to a learner in every quiz."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.accommodations import NONE, Measures
from quizzes.models import Accommodation


class FindLearnerForm(forms.Form):
    """Whom to look for. Nothing typed is nobody."""

    who = forms.CharField(
        label=_("Staff number, e-mail or name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "type": "search"}),
    )


class AccommodationForm(forms.Form):
    """What to grant, and why."""

    time_percent = forms.TypedChoiceField(
        label=_("Time"),
        choices=Accommodation.Time.choices,
        coerce=int,
        initial=Accommodation.Time.ORDINARY,
        help_text=_("Of the time limit of each quiz. A quiz that closes at a fixed hour closes for everybody then."),
    )
    extra_attempts = forms.IntegerField(
        label=_("More attempts in a series"),
        min_value=0,
        max_value=Accommodation.MOST_EXTRA,
        initial=0,
    )
    plain_layout = forms.BooleanField(
        label=_("Plain layout"),
        required=False,
        help_text=_(
            "Larger and wider set text, one column, and the time at which it ends instead of a running clock."
        ),
    )
    category = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Accommodation.Category.choices],
        help_text=_(
            "Only those who grant accommodations and the learner see it; tutors, managers, markers, auditors do not."
        ),
    )

    def clean(self):
        data = super().clean()
        if not self.errors and self.measures() == NONE:
            raise forms.ValidationError(_("Choose at least one thing to grant."))
        return data

    def measures(self) -> Measures:
        """What a form with right fields grants."""
        data = self.cleaned_data
        return Measures(data["time_percent"], data["extra_attempts"], data["plain_layout"])
