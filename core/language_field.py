"""Choosing a language in a form."""

from django import forms

from core import languages


class _EachInItself(forms.Select):
    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = str(value)
        return option


class LanguageField(forms.ChoiceField):
    """One of the installation's languages, by its own name and marked as being in that language.

    A form that offers fewer sets `choices` to `languages.named(codes)`.
    """

    widget = _EachInItself

    def __init__(self, **kwargs):
        super().__init__(choices=languages.choices, **kwargs)
