"""What people enter about certificates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates import codes


class CodeForm(forms.Form):
    """The code of a certificate, typed from paper or pasted with its address."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        help_text=_(
            "28 letters and digits in groups of four, beside the QR code. Capitals and hyphens do not matter."
        ),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        error_messages={"required": _("Please enter the code.")},
    )

    def clean_code(self):
        code = codes.read(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                _("This is not a code. It has 28 letters and digits, and is not the serial number.")
            )
        return code


class SearchForm(forms.Form):
    """What to look for in the list of certificates."""

    q = forms.CharField(
        label=_("Serial number or name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class RevocationForm(forms.Form):
    """Why a certificate should be taken back."""

    reason = forms.CharField(
        label=_("Why should it be revoked?"),
        help_text=_("The person who decides reads this, and it is kept. The public page does not show it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Please give a reason.")},
    )
