"""What a training manager enters about the administration's week and holidays."""

from datetime import date

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from core import days, languages, second_calendar
from core.language_field import LanguageField
from people.kept_calendars import KeptCalendar
from people.working_days import FIRST_DAY, LAST_DAY, WEEK, RestDay


class DeadlineForm(forms.Form):
    """A form that asks for a deadline in the field named `deadline`.

    A day of rest is told before it is taken: the form comes back with the working days around it and a box that says
    the day is meant. The box is that day's alone. `calendar` is the administration's.
    """

    deadline: str

    def __init__(self, *args, calendar: KeptCalendar, **kwargs):
        super().__init__(*args, **kwargs)
        self.calendar = calendar

    def clean(self):
        data = super().clean()
        day = data.get(self.deadline)
        rest = self.calendar.rest_on(day, get_language()) if day else None
        if rest is None:
            return data
        box = f"meant_{day.isoformat()}"
        self.fields[box] = forms.BooleanField(
            label=_("I mean %(day)s, although it is a day of rest") % {"day": days.in_words(day)},
            required=False,
        )
        self.order_fields([self.deadline, box])
        if box not in self.data:
            self.add_error(self.deadline, _told(rest))
        return data


def _told(rest: RestDay) -> str:
    """Why a day is none to work on, and which ones are."""
    words = {
        "day": days.in_full(rest.day),
        "name": rest.name,
        "before": days.in_full(rest.before),
        "after": days.in_full(rest.after),
    }
    if rest.name:
        return (
            gettext(
                "%(day)s is a holiday (%(name)s). The last working day before it is %(before)s, the next one after it"
                " %(after)s. Choose one of them, or say below that you mean the day."
            )
            % words
        )
    return (
        gettext(
            "%(day)s is a day of rest. The last working day before it is %(before)s, the next one after it %(after)s."
            " Choose one of them, or say below that you mean the day."
        )
        % words
    )


class WeekForm(forms.Form):
    """The days that are worked, and the one with which calendars begin a line."""

    working_weekdays = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        coerce=int,
        choices=[(number, WEEKDAYS[number - 1]) for number in WEEK],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one working day.")},
    )
    first_weekday = forms.TypedChoiceField(
        label=_("First day of the week"),
        help_text=_("Calendars begin their lines with it."),
        coerce=int,
        choices=[(number, WEEKDAYS[number - 1]) for number in WEEK],
    )


class SecondCalendarForm(forms.Form):
    """In which calendar days are told beside the Gregorian one. Each is offered with today's day in it."""

    calendar = forms.ChoiceField(
        label=_("Second calendar"),
        help_text=_("A day is always told in the Gregorian calendar first, which deadlines and certificates go by."),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = [(second_calendar.NONE, _("None"))] + [
            (name, _offered(calendar, today)) for name, calendar in second_calendar.CALENDARS.items()
        ]


def _offered(calendar: second_calendar.SecondCalendar, today: date) -> str:
    return gettext("%(calendar)s – today is %(day)s") % {"calendar": calendar.name, "day": calendar.written(today)}


class HolidayFileForm(forms.Form):
    """The upload. What the file holds is judged by `holiday_import`, not by its name or the browser's word."""

    file = forms.FileField(
        label=_("File with holidays (iCalendar or CSV)"),
        help_text=_("Up to 512 kB. Nothing is entered before you have seen what will happen and confirmed it."),
        widget=forms.FileInput(attrs={"accept": ".ics,.csv,text/calendar,text/csv,text/plain"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty."),
        },
    )
    language = LanguageField(
        label=_("Language of the names"), help_text=_("Of names for which the file itself does not say it.")
    )

    def __init__(self, *args, main_language, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = main_language


class HolidayForm(forms.Form):
    """A day of rest with its name in each installed language; only the administration's own must be filled."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(
            attrs={"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}, format="%Y-%m-%d"
        ),
    )
    yearly = forms.BooleanField(
        label=_("Every year on this date"),
        help_text=_("Leave it empty for a feast that falls on another date each year, and enter each year's day."),
        required=False,
    )

    def __init__(self, *args, main_language, **kwargs):
        super().__init__(*args, **kwargs)
        codes = languages.codes()
        self.main_language = main_language if main_language in codes else codes[0]
        for code in sorted(codes, key=lambda code: code != self.main_language):
            self.fields[f"name_{code}"] = forms.CharField(
                label=_("Name (%(language)s)") % {"language": languages.name(code)},
                max_length=100,
                required=code == self.main_language,
                widget=forms.TextInput(
                    attrs={"lang": code, "dir": "rtl" if languages.is_right_to_left(code) else "ltr"}
                ),
                error_messages={"required": _("Give the holiday a name in the main language of your administration.")},
            )

    @staticmethod
    def initial_of(day_off) -> dict:
        """What the form shows of a holiday that is there already."""
        names = {f"name_{code}": name for code, name in day_off.names.items()}
        return {"day": day_off.day, "yearly": day_off.yearly} | names

    def clean_day(self):
        day = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Choose a day between 1990 and 2199."))
        return day

    def holiday(self) -> dict:
        """The day, whether it returns and its names by language, as the services take them."""
        names = {code: self.cleaned_data[f"name_{code}"].strip() for code in languages.codes()}
        return {
            "day": self.cleaned_data["day"],
            "yearly": self.cleaned_data["yearly"],
            "names": {code: name for code, name in names.items() if name},
        }
