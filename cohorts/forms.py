"""What training managers and auditors enter about a run."""

from datetime import date, timedelta

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from core import languages
from courses.models import Release
from people.calendar_forms import DeadlineForm


class MoveForm(forms.Form):
    """Why a run goes to a newer release."""

    reason = forms.CharField(
        label=_("Why is the run moved?"),
        help_text=_("It is kept in the records. Learners do not read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Please give a reason.")},
    )


class RefresherForm(DeadlineForm):
    """Until when a refresher is to be done, and what changed and why, in the languages of its release.

    `today` is the day in the administration; `said` are the authors' words, to begin with. The reason is needed in
    the course's own language; who reads another that is left empty is shown that one.
    """

    deadline = "due_on"

    due_on = forms.DateField(
        label=_("To be done by"),
        help_text=_("The last day, in the calendar of each person's office."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Please give the last day.")},
    )

    def __init__(self, *args, release: Release, today: date, said: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.first_day = today + timedelta(days=1)
        self.fields["due_on"].widget.attrs["min"] = self.first_day.isoformat()
        self.languages = sorted(release.languages, key=lambda code: (code != release.source_language, code))
        for code in self.languages:
            is_source = code == release.source_language
            self.fields[f"reason_{code}"] = forms.CharField(
                label=_("What has changed, and why (%(language)s)") % {"language": languages.name(code)},
                required=is_source,
                initial=said if is_source else "",
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code, "dir": "auto"}),
                error_messages={"required": _("Please say what has changed, and why.")},
            )

    def clean_due_on(self):
        if self.cleaned_data["due_on"] < self.first_day:
            raise forms.ValidationError(_("Please leave at least until tomorrow."))
        return self.cleaned_data["due_on"]

    def reasons(self) -> dict[str, str]:
        """The reason by language, as far as it was given."""
        said = ((code, self.cleaned_data[f"reason_{code}"].strip()) for code in self.languages)
        return {code: text for code, text in said if text}


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
