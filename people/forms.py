"""Forms for signing in and for bringing in officers."""

from allauth.account import forms as account
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "spellcheck": "false"}
NEW_PASSWORD_HELP = _("At least 12 characters. A short sentence is easy to keep in mind and hard to guess.")


class OurWords:
    """A form of the library with our labels and hints, and without placeholders: those vanish with the first letter.

    `words` holds for each field its label and its hint.
    """

    words: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = help_text
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


# --- Password -------------------------------------------------------------------------------------------------------


class LoginForm(OurWords, account.LoginForm):
    """One field for either name. The library's own idea of it, an e-mail field, is replaced."""

    words = {"password": (_("Password"), "")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Staff number or e-mail"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "dir": "auto"}
            ),
        )
        self.order_fields(["login", "password"])

    def user_credentials(self):
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}

    def login(self, request, redirect_url=None):
        """The staff number is not kept in the session beside the time of signing in."""
        self.cleaned_data["login"] = ""
        return super().login(request, redirect_url)


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    words = {"password": (_("Password"), "")}


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    words = {"email": (_("E-mail"), "")}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    words = {
        "oldpassword": (_("Present password"), ""),
        "password1": (_("New password"), NEW_PASSWORD_HELP),
        "password2": (_("New password, once more"), ""),
    }


class SetPasswordForm(OurWords, account.SetPasswordForm):
    words = {"password1": (_("New password"), NEW_PASSWORD_HELP), "password2": (_("New password, once more"), "")}


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    words = {"password1": (_("New password"), NEW_PASSWORD_HELP), "password2": (_("New password, once more"), "")}


# --- Second factor --------------------------------------------------------------------------------------------------


class OnceOnlyCode(OurWords):
    """A code from an authenticator app works once in its whole life, not only until the next one appears.

    With a tolerance of one step a code is right for 90 seconds; the library remembers a used one for 30.
    """

    words = {"code": (_("Code"), "")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_ATTRIBUTES)

    def clean_code(self):
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            lifetime = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
            if not cache.add(f"people:used-code:{self.authenticator.pk}:{code}", True, timeout=lifetime):
                raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OnceOnlyCode, mfa.AuthenticateForm):
    pass


class ReauthenticateCodeForm(OnceOnlyCode, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(OurWords, totp.ActivateTOTPForm):
    words = {"code": (_("Code from the app"), "")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_ATTRIBUTES)


class AddPasskeyForm(OurWords, webauthn.AddWebAuthnForm):
    words = {
        "name": (_("Name of the key"), _("So that you know it again, for example “my telephone”.")),
        "passwordless": (
            _("Sign in with this key alone"),
            _("Then the key asks for your fingerprint, face or PIN, and you need no password."),
        ),
    }


class EditPasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    words = {"name": (_("Name of the key"), "")}


# --- Officers -------------------------------------------------------------------------------------------------------


class OfficerFileForm(forms.Form):
    """The upload. What the file holds is judged by `officer_import`, not by its name or the browser's word."""

    file = forms.FileField(
        label=_("File with officers (CSV)"),
        help_text=_("Up to 2 MB. Nothing is changed before you have seen what will happen and confirmed it."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty. Choose the file that holds the officers."),
        },
    )
