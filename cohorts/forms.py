"""What training managers and auditors enter about a run."""

from datetime import date, timedelta

from django import forms
from django.db.models import Count, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Group
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


class FindPersonForm(forms.Form):
    """Whom a manager looks for."""

    who = forms.CharField(
        label=_("Staff number, e-mail or name"),
        help_text=_("The beginning is enough. Partners from outside are found too."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "dir": "auto"}),
        max_length=200,
        error_messages={"required": _("Please type a staff number, an e-mail or a name.")},
    )


class GivePlaceForm(forms.Form):
    """The group of a run in which somebody gets a place; the only one is chosen already."""

    group = forms.ModelChoiceField(
        label=_("Group"),
        queryset=Group.objects.none(),
        to_field_name="uuid",
        error_messages={"required": _("Please choose a group.")},
    )

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        groups = Group.objects.filter(section__cohort=cohort).select_related("section__cohort")
        groups = groups.annotate(learners=Count("enrolments")).order_by("section__number", "number")
        self.groups = list(groups)
        self.fields["group"].queryset = groups
        by_section: dict[str, list] = {}
        for group in self.groups:
            by_section.setdefault(_section(group.section), []).append((group.uuid, _group(group)))
        several = len(self.groups) > 1
        self.fields["group"].choices = [*([("", gettext("Choose a group"))] if several else []), *by_section.items()]


def _section(section) -> str:
    days = {"first": date_format(section.starts_on), "last": date_format(section.ends_on)}
    return gettext("Section %(number)d, %(first)s to %(last)s") % {"number": section.number, **days}


def _group(group) -> str:
    text = ngettext("Group %(number)d, %(count)d learner", "Group %(number)d, %(count)d learners", group.learners)
    return text % {"number": group.number, "count": group.learners}


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


class WithdrawalForm(forms.Form):
    """Why a refresher is withdrawn."""

    reason = forms.CharField(
        label=_("Why is the refresher withdrawn?"),
        help_text=_("It is kept in the records. Learners do not read it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
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
