"""Fields for numbers and words as authors type them, with errors in their own language."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from quizzes.kinds.contract import UNSTORABLE
from quizzes.kinds.shapes import LONGEST_TEXT
from quizzes.kinds.written import plain

NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")


def as_decimal_text(number: Decimal) -> str:
    """A number as items keep it: plain, without an exponent and without zeros that say nothing."""
    return format(number.normalize() if number else Decimal(0), "f")


class Words(forms.CharField):
    """A text of an item. It is kept as it is typed; nothing but white space is nothing."""

    def __init__(self, *, label, required=False, rows=2, help_text=""):
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            max_length=LONGEST_TEXT,
            strip=True,
            widget=forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput(),
            error_messages={"required": _("This is still to be written.")},
        )

    def clean(self, value):
        text = super().clean(value).replace("\r\n", "\n")
        if UNSTORABLE.search(text):
            raise ValidationError(_("This text has a character that cannot be kept."))
        return text


class Number(forms.CharField):
    """A number as a decimal text, within bounds; a decimal comma and the digits of any script are read too."""

    def __init__(self, *, label, least=None, most=None, required=True, help_text="", initial=None):
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            initial=initial,
            max_length=42,
            widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal", "size": 8}),
        )
        self.least, self.most = least, most

    def clean(self, value):
        typed = re.sub(r"[,٫]", ".", plain(super().clean(value)).strip())
        if not typed and not self.required:
            return ""
        if not NUMBER.fullmatch(typed):
            raise ValidationError(_("Enter a number, such as 12.5."))
        number = Decimal(typed)
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            if self.most is None:
                raise ValidationError(_("Enter a number from %(least)s upwards."), params={"least": self.least})
            raise ValidationError(
                _("Enter a number from %(least)s to %(most)s."), params={"least": self.least, "most": self.most}
            )
        return self.kept(number)

    def kept(self, number: Decimal) -> str:
        return as_decimal_text(number)


class Share(Number):
    """A share of an item's points: authors think in per cent, items keep fractions as decimal texts."""

    def __init__(self, *, least=-100, initial="0"):
        super().__init__(label=_("Share of the points, in per cent"), least=least, most=100, initial=initial)

    def kept(self, number):
        return as_decimal_text(number / 100)


def in_per_cent(fraction: str) -> str:
    """A fraction as authors see it."""
    return as_decimal_text(Decimal(fraction) * 100)


class Count(Number):
    """A whole number, kept as one."""

    def kept(self, number):
        if number != number.to_integral_value():
            raise ValidationError(_("Enter a whole number."))
        return int(number)


class Whether(forms.BooleanField):
    def __init__(self, *, label, initial=False, help_text=""):
        super().__init__(label=label, required=False, initial=initial, help_text=help_text)


class Pick(forms.ChoiceField):
    def __init__(self, *, label, choices, required=True, initial=None, help_text=""):
        super().__init__(label=label, choices=choices, required=required, initial=initial, help_text=help_text)
