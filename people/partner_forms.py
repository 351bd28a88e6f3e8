"""What is entered about partners from outside: by the manager who invites, and by those who accept."""

from datetime import date

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core import languages
from people.forms import NEW_PASSWORD_HELP
from people.models import User
from people.working_days import LAST_DAY


def _day(label, **kwargs):
    widget = forms.DateInput(attrs={"type": "date", "max": LAST_DAY.isoformat()}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


class InvitationForm(forms.Form):
    """Whom to invite, in which language to write to them, and how long they may learn. `today` is the first day."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}), max_length=254
    )
    full_name = forms.CharField(
        label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"})
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        help_text=_("The business or body they come from. Colleagues see it beside the invitation."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"))
    access_until = _day(_("Last day of access"), help_text=_("You can change it later."))

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, languages.name(code)) for code in languages.codes()]
        self.fields["access_until"].widget.attrs["min"] = today.isoformat()

    def clean_access_until(self):
        return _within_reason(self.cleaned_data["access_until"])


class AccessForm(forms.Form):
    """Another last day for a partner who has an account."""

    until = _day(_("Last day of access"), help_text=_("A day that is past ends access at once. Nothing done is lost."))

    def clean_until(self):
        return _within_reason(self.cleaned_data["until"])


class JoinForm(forms.Form):
    """A partner's name and password. `email` and `administration` are the invitation's."""

    full_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("As it is to stand on a certificate."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=NEW_PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    again = forms.CharField(
        label=_("Password, once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        data = super().clean()
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords are not the same."))
        elif password:
            person = User(full_name=data.get("full_name", ""), email=self.email)
            try:
                validate_password(password, person)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return data


def _within_reason(day: date) -> date:
    if day > LAST_DAY:
        raise forms.ValidationError(_("Choose an earlier day."))
    return day
