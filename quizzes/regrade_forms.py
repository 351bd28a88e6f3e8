"""What people enter about an item that was wrong, and about a result."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quizzes.kinds.choices import Rating
from quizzes.models import ItemAdjustment, ItemKind, ItemVersion
from quizzes.services.regrading import Deed, Proposal

RATINGS = {
    Rating.BEST: _("Best"),
    Rating.ACCEPTABLE: _("Acceptable"),
    Rating.RISKY: _("Risky"),
    Rating.BREACH: _("Breach"),
}


def _reason(label, help_text):
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Please give a reason.")},
    )


class RegradeForm(forms.Form):
    """What is to be done about an item version, with one field for each of its options where it has options."""

    deed = forms.ChoiceField(label=_("What should be done?"), widget=forms.RadioSelect)
    reason = _reason(
        _("What is wrong with the question?"),
        _("The person who decides reads this, and it stands with every new grade."),
    )

    def __init__(self, version: ItemVersion, words: dict, data=None):
        super().__init__(data)
        self.version = version
        fields = _key_fields(version, words)
        deeds = [(value, label) for value, label in ItemAdjustment.Deed.choices if fields or value != Deed.CHANGE_KEY]
        self.fields["deed"].choices = deeds
        for field in fields.values():
            # Whoever drops the item says nothing of its key; what is missing from a new one its kind notices.
            field.required = False
        self.fields |= fields

    @property
    def key_fields(self) -> list:
        return [self[name] for name in self.fields if name not in ("deed", "reason")]

    def proposal(self) -> Proposal:
        """What a valid form proposes. That a new key is one is for the service to say."""
        deed = Deed(self.cleaned_data["deed"])
        if deed != Deed.CHANGE_KEY:
            return Proposal(self.version, deed)
        return Proposal(self.version, deed, structure=self._structure())

    def _structure(self) -> dict:
        structure, data = self.version.structure, self.cleaned_data
        if self.version.kind == ItemKind.TRUE_FALSE:
            return structure | {"correct": data["correct"] == "true"}
        return structure | {"options": [option | self._option(option["key"]) for option in structure["options"]]}

    def _option(self, key: str) -> dict:
        if self.version.kind != ItemKind.SCENARIO:
            return {"fraction": self.cleaned_data[f"fraction-{key}"]}
        return {
            "rating": self.cleaned_data[f"rating-{key}"],
            "bright_line": self.cleaned_data[f"bright-{key}"],
        }


def _key_fields(version: ItemVersion, words: dict) -> dict[str, forms.Field]:
    """Fields for the key of an item that is answered by choosing; none for other kinds."""
    if version.kind == ItemKind.TRUE_FALSE:
        correct = forms.ChoiceField(
            label=_("What is right?"),
            choices=[("true", _("True")), ("false", _("False"))],
            initial="true" if version.structure["correct"] else "false",
        )
        return {"correct": correct}
    fields: dict[str, forms.Field] = {}
    if version.kind == ItemKind.SCENARIO:
        for option in version.structure["options"]:
            text = words["options"][option["key"]]["text"]
            fields[f"rating-{option['key']}"] = forms.ChoiceField(
                label=gettext("Rating of “%(option)s”") % {"option": text},
                choices=list(RATINGS.items()),
                initial=option["rating"],
            )
            fields[f"bright-{option['key']}"] = forms.BooleanField(
                label=gettext("“%(option)s” crosses a bright line") % {"option": text},
                initial=option["bright_line"],
            )
    elif version.kind in (ItemKind.SINGLE_CHOICE, ItemKind.MULTIPLE_CHOICE):
        for option in version.structure["options"]:
            fields[f"fraction-{option['key']}"] = forms.CharField(
                label=gettext("Share of the points for “%(option)s”, from -1 to 1")
                % {"option": words["options"][option["key"]]["text"]},
                initial=option["fraction"],
                max_length=30,
                widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal"}),
            )
    return fields


class ScoreForm(forms.Form):
    """Another score for an attempt, and why."""

    score = forms.DecimalField(
        label=_("New score in per cent"),
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
    )
    reason = _reason(
        _("Why should the score change?"), _("The person who decides reads this, and it is kept with the new grade.")
    )


class WithdrawalForm(forms.Form):
    """Why a pass should be withdrawn."""

    reason = _reason(
        _("Why should the pass be withdrawn?"),
        _("The person who decides reads this, and it is kept with the new grade."),
    )
