"""What an invigilator enters."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cohorts.models import Group, Section
from cohorts.supervision import rules
from courses.reading import Step

_MINUTE = "%Y-%m-%dT%H:%M"
QUARTER = timedelta(minutes=15)
USUAL = timedelta(hours=1)


def who(section: Section, group: Group | None) -> str:
    """The people of a sitting, in words."""
    if group is None:
        return gettext("Section %(section)d, all groups") % {"section": section.number}
    return gettext("Section %(section)d, group %(group)d") % {"section": section.number, "group": group.number}


def _moment(label) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        input_formats=[_MINUTE],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format=_MINUTE),
        error_messages={"required": _("Please give a day and a time.")},
    )


class SittingForm(forms.Form):
    """A sitting to open. `quizzes` are those that are supervised in the run, `groups` those that the invigilator may
    look after; `whole_sections`: also all groups of a section together."""

    step = forms.ChoiceField(label=_("Quiz"), error_messages={"required": _("Please choose a quiz.")})
    who = forms.ChoiceField(label=_("Who sits it?"), error_messages={"required": _("Please choose who sits it.")})
    place = forms.CharField(
        label=_("Place"),
        help_text=_("As it is written on the door. Learners read it."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Please say where it is sat.")},
    )
    opens_at = _moment(_("The code opens the quiz from"))
    closes_at = _moment(_("The code opens the quiz until"))

    def __init__(self, *args, quizzes: list[Step], groups: list[Group], whole_sections: bool, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        self.people: dict[str, tuple[Section, Group | None]] = {}
        for group in groups:
            if whole_sections:
                self.people.setdefault(f"section-{group.section.uuid}", (group.section, None))
            self.people[f"group-{group.uuid}"] = (group.section, group)
        self.fields["step"].choices = [(str(quiz.key), quiz.title) for quiz in quizzes]
        self.fields["who"].choices = [(value, who(*people)) for value, people in self.people.items()]
        here = timezone.localtime(now)
        last_quarter = here - timedelta(minutes=here.minute % 15, seconds=here.second, microseconds=here.microsecond)
        self.fields["opens_at"].initial = last_quarter
        self.fields["closes_at"].initial = last_quarter + QUARTER + USUAL
        self.fields["closes_at"].help_text = _("Who has started by then keeps the whole time of the quiz.")

    def clean_closes_at(self):
        if self.cleaned_data["closes_at"] <= self.now:
            raise forms.ValidationError(_("This time has gone by."))
        return self.cleaned_data["closes_at"]

    def clean(self):
        data = super().clean()
        begin, end = data.get("opens_at"), data.get("closes_at")
        if begin and end:
            if end <= begin:
                self.add_error("closes_at", _("It ends before it begins."))
            elif end - begin > rules.LONGEST:
                self.add_error("closes_at", _("A sitting lasts half a day at most. Open another one for later."))
        return data

    def chosen(self) -> tuple[Section, Group | None]:
        return self.people[self.cleaned_data["who"]]


class NoteForm(forms.Form):
    """What happened in the room."""

    note = forms.CharField(
        label=_("What happened?"),
        help_text=_(
            "What you saw and when, in plain words. It is kept in the records with your name, cannot be changed, and "
            "changes no result by itself. The learner may ask to read it."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        max_length=2000,
        error_messages={"required": _("Please say what happened.")},
    )
