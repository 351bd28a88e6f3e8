"""What people enter about an item that was wrong, and about a result."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quizzes.drafts.wordings import RATINGS
from quizzes.models import ItemAdjustment, ItemKind, ItemVersion
from quizzes.services.proposing import Deed, Proposal


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

    def __init__(
        self, version: ItemVersion, words: dict, data=None, *, newer: Mapping[ItemVersion, Proposal] | None = None
    ):
        super().__init__(data)
        self.version = version
        self.newer = {str(each.number): proposal for each, proposal in (newer or {}).items()}
        by_hand = _key_fields(version)
        self.by_version_alone = bool(self.newer) and not by_hand
        fields = _newer_field(self.newer, alone=self.by_version_alone) | by_hand
        deeds = [(value, label) for value, label in ItemAdjustment.Deed.choices if fields or value != Deed.CHANGE_KEY]
        self.fields["deed"].choices = deeds
        for field in fields.values():
            # Whoever drops the item says nothing of its key; what is missing from a new one its kind notices.
            field.required = False
        self.fields |= fields
        self._options = _options(version, words)

    @property
    def key_fields(self) -> list:
        """What is said of the key as a whole."""
        options = {name for _text, names in self._options for name in names}
        return [self[name] for name in self.fields if name not in {"deed", "reason"} | options]

    @property
    def key_options(self) -> list[tuple[str, list]]:
        """Each option by its words, with the fields that say what it is worth."""
        return [(text, [self[name] for name in names]) for text, names in self._options]

    def proposal(self) -> Proposal:
        """What a valid form proposes. That a new key is one is for the service to say."""
        deed = Deed(self.cleaned_data["deed"])
        if deed != Deed.CHANGE_KEY:
            return Proposal(self.version, deed)
        if by := self.cleaned_data.get("by_version"):
            return self.newer[by]
        return Proposal(self.version, deed, structure=self._structure())

    def clean(self):
        data = super().clean()
        is_unsaid = data.get("deed") == Deed.CHANGE_KEY and not data.get("by_version")
        if is_unsaid and self.by_version_alone and not self.errors:
            self.add_error("by_version", _("Choose the version whose key counts."))
        return data

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


def _newer_field(newer: Mapping[str, Proposal], *, alone: bool) -> dict[str, forms.Field]:
    """The choice among newer versions with another key; none where there is no such version. `alone`: the key of this
    kind can be said in no other way here.
    """
    if not newer:
        return {}
    by_version = forms.ChoiceField(
        label=_("Judge by the key of a newer version"),
        help_text=_("These versions ask the same and differ in the key alone."),
        choices=[
            ("", _("Choose a version") if alone else _("No: by what is said below")),
            *((number, gettext("Version %(number)s") % {"number": number}) for number in newer),
        ],
        initial=next(iter(newer)) if alone else "",
    )
    return {"by_version": by_version}


def _key_fields(version: ItemVersion) -> dict[str, forms.Field]:
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
            fields[f"rating-{option['key']}"] = forms.ChoiceField(
                label=_("Rating"), choices=list(RATINGS.items()), initial=option["rating"]
            )
            fields[f"bright-{option['key']}"] = forms.BooleanField(
                label=_("Crosses a bright line"), initial=option["bright_line"]
            )
    elif version.kind in (ItemKind.SINGLE_CHOICE, ItemKind.MULTIPLE_CHOICE):
        for option in version.structure["options"]:
            fields[f"fraction-{option['key']}"] = forms.CharField(
                label=_("Share of the points, from -1 to 1"),
                initial=option["fraction"],
                max_length=30,
                widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal"}),
            )
    return fields


def _options(version: ItemVersion, words: dict) -> list[tuple[str, list[str]]]:
    """The words of each option, with the names of the fields about it; none for other kinds."""
    parts = {
        ItemKind.SCENARIO: ("rating", "bright"),
        ItemKind.SINGLE_CHOICE: ("fraction",),
        ItemKind.MULTIPLE_CHOICE: ("fraction",),
    }.get(ItemKind(version.kind), ())
    options = version.structure["options"] if parts else []
    return [
        (words["options"][option["key"]]["text"], [f"{part}-{option['key']}" for part in parts]) for option in options
    ]


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
