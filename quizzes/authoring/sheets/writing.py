"""Sheets of the kinds that are answered by typing: short answer, number, gaps."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quizzes.authoring.sheets.fields import Number, Pick, Share, Whether, Words
from quizzes.authoring.sheets.parts import Data, Part
from quizzes.authoring.sheets.sheet import Explained, with_text, within
from quizzes.drafts.wordings import GAP_KINDS, UNIT_DEMANDS
from quizzes.kinds.contract import WrongItem
from quizzes.kinds.figures import check_unit
from quizzes.kinds.gap_fill import MARK
from quizzes.kinds.shapes import DECIMAL
from quizzes.kinds.written import RULES

STAR = _("A star in an accepted answer stands for any text")


class Accepted(Part):
    """An answer that a language accepts; each language has answers of its own, and all are accepted in all."""

    rows_label = _("Accepted answers in this language")
    add_label = _("Add an accepted answer")
    words = ("text", "fraction", "feedback")
    tells = ("text",)
    own_rows, least = True, 1
    text = Words(label=_("Accepted answer"), required=True, rows=1)
    fraction = Share(initial="100")
    feedback = Words(label=_("Feedback on it"), rows=1)


def _accepted(answers: list[dict]) -> list[Data]:
    return [
        {"text": each["text"], "fraction": each["fraction"], "feedback": each.get("feedback", "")} for each in answers
    ]


def _answers(rows: list[Data]) -> list[dict]:
    return [with_text(row, "feedback") | {"fraction": row["fraction"]} for row in rows]


def _earns_all(parts: list[Part]) -> bool:
    return any(part.cleaned_data["fraction"] == "1" for part in parts)


class ShortAnswerSheet(Explained):
    inner = within(accepted=Accepted)
    case = Whether(label=_("Capital letters count"))
    accents = Whether(label=_("Accents count"))
    wildcards = Whether(label=STAR)

    @classmethod
    def opened(cls, structure, words):
        rules = {name: structure.get(name, False) for name in ("case", "accents", "wildcards")}
        return super().opened(structure, words) | rules | {"accepted": _accepted(words.get("accepted", []))}

    @classmethod
    def structure(cls, data):
        return {"shape": 2} | {name: data[name] for name in ("case", "accents", "wildcards")}

    @classmethod
    def said(cls, data):
        return super().said(data) | {"accepted": _answers(data["accepted"])}

    def check(self):
        if not _earns_all(self.rows["accepted"].filled):
            self.complain(_("One accepted answer must earn 100 per cent."))


class Figure(Part):
    """An accepted number. Its key is the place it had, so that every language's feedback goes with it."""

    rows_label = _("Accepted numbers")
    add_label = _("Add an accepted number")
    key_begins = "n"
    words = ("feedback",)
    tells = ("value",)
    least = 1
    value = Number(label=_("Number"))
    tolerance = Number(label=_("Tolerance, more or less"), least=0, initial="0")
    fraction = Share(initial="100")
    feedback = Words(label=_("Feedback on it"), rows=1)


def _figures(answers: list[dict], feedback: list[str]) -> list[Data]:
    return [
        {
            "key": str(number + 1),
            "value": each["value"],
            "tolerance": each["tolerance"],
            "fraction": each["fraction"],
            "feedback": feedback[number] if number < len(feedback) else "",
        }
        for number, each in enumerate(answers)
    ]


def _figures_of(rows: list[Data]) -> list[dict]:
    return [{name: row[name] for name in ("value", "tolerance", "fraction")} for row in rows]


def _feedback_of(rows: list[Data]) -> list[str] | None:
    said = [row.get("feedback", "") for row in rows]
    return said if any(said) else None


def _realigned(rows: list[Data], feedback: list[str]) -> list[str]:
    """Another language's feedback in the order of the numbers as they are now."""
    places = [int(row["key"]) if row["key"].isdigit() else 0 for row in rows]
    return [feedback[place - 1] if 0 < place <= len(feedback) else "" for place in places]


class UnitPart(Part):
    rows_label = _("Units")
    add_label = _("Add a unit")
    tells = ("unit",)
    least = 1
    unit = Words(label=_("Unit"), required=True, rows=1)
    factor = Number(label=_("What one of it is in the unit of the accepted numbers"), least=0, initial="1")

    def clean_unit(self):
        unit = self.cleaned_data["unit"]
        try:
            check_unit(unit)
        except WrongItem:
            self.complain(_("This is no unit: it is too long, or could be part of a number."), "unit")
        return unit


class NumericalSheet(Explained):
    inner = within(answers=Figure, units=UnitPart)
    unit = Pick(label=_("Unit of the answer"), choices=list(UNIT_DEMANDS.items()))

    @classmethod
    def opened(cls, structure, words):
        return super().opened(structure, words) | {
            "unit": structure.get("unit", "none"),
            "answers": _figures(structure.get("answers", []), words.get("feedback", [])),
            "units": structure.get("units", []),
        }

    @classmethod
    def structure(cls, data):
        units = [{"unit": row["unit"], "factor": row["factor"]} for row in data["units"]]
        return {"shape": 2, "answers": _figures_of(data["answers"]), "units": units, "unit": data["unit"]}

    @classmethod
    def said(cls, data):
        feedback = _feedback_of(data["answers"])
        return super().said(data) | ({"feedback": feedback} if feedback else {})

    @classmethod
    def carried(cls, data, words):
        return super().carried(data, words | {"feedback": _realigned(data["answers"], words.get("feedback", []))})

    def check(self):
        if not _earns_all(self.rows["answers"].filled):
            self.complain(_("One accepted number must earn 100 per cent."))
        units = [part.cleaned_data for part in self.rows["units"].filled]
        if self.cleaned_data["unit"] == "none" and units:
            self.complain(_("Units stand below, and no unit is asked for. Empty them, or ask for a unit."), "unit")
        if self.cleaned_data["unit"] != "none" and "1" not in [unit["factor"] for unit in units]:
            self.complain(_("One unit must be that of the accepted numbers: one of it is 1."))
        if any(unit["factor"] == "0" for unit in units):
            self.complain(_("One of a unit cannot be nothing."))


class GapAnswer(Part):
    """What fills a gap: an accepted text, an option or a number, by the kind of the gap.

    Its key is an option's own; of a number, the place it had.
    """

    rows_label = _("What fills it")
    add_label = _("Add an answer to this gap")
    key_begins = ""
    words = ("text", "feedback")
    tells = ("text",)
    least = 1
    text = Words(label=_("Accepted text, option or number"), required=True, rows=1)
    tolerance = Number(label=_("Tolerance (of a number)"), least=0, initial="0", required=False)
    fraction = Share(initial="100")
    feedback = Words(label=_("Feedback on it"), rows=1)


class OptionAnswer(Part):
    """An option of a gap as a translator has it."""

    rows_label = GapAnswer.rows_label
    key_begins = ""
    words = ("text", "feedback")
    needed = ("text",)
    text = Words(label=_("Option"), rows=1)
    feedback = Words(label=_("Feedback on it"), rows=1)


class NumberAnswer(Part):
    """A number that fills a gap as a translator has it: what is said about it."""

    rows_label = GapAnswer.rows_label
    key_begins = ""
    words = ("feedback",)
    feedback = Words(label=_("Feedback on it"), rows=1)


class Gap(Part):
    """A gap. The accepted texts of one that is typed into are each language's own; a translator has them as well."""

    rows_label = _("Gaps")
    add_label = _("Add a gap")
    key_begins = "g"
    tells = ("kind",)
    least, spare = 1, 0
    key = forms.CharField(label=_("Name of the gap, as it stands in the question"), required=False, max_length=20)
    kind = Pick(label=pgettext_lazy("of a gap", "Filled with"), choices=[("", "–"), *GAP_KINDS.items()])
    points = Number(label=_("Points, beside the other gaps"), least=0, most=1000, initial="1")
    case = Whether(label=_("Capital letters count"))
    accents = Whether(label=_("Accents count"))
    wildcards = Whether(label=STAR)

    def __init__(self, *args, prefix="", initial=None, **kwargs):
        # A new gap is named before it is saved: its author writes the name into the question.
        named = initial or {"key": f"g{int(prefix.rpartition('-')[2]) + 1}"}
        super().__init__(*args, prefix=prefix, initial=named, **kwargs)
        if self.translating:
            self.fields["key"].widget = forms.HiddenInput()

    @property
    def title(self):
        return f"[[{self['key'].value() or ''}]]" if self.translating else ""

    @classmethod
    def inner_of(cls, data, translating):
        if not translating:
            return {"answers": GapAnswer}
        return {"answers": {"text": Accepted, "choice": OptionAnswer, "number": NumberAnswer}[data["kind"]]}

    def clean(self):
        data = super().clean()
        if self.translating:
            return data
        answers = self.rows["answers"].filled
        if data.get("points") == "0":
            self.complain(_("A gap must earn something."), "points")
        if not all(part.is_valid() for part in answers):
            return data
        if not _earns_all(answers):
            self.complain(_("One answer to this gap must earn 100 per cent."))
        if data.get("kind") == "choice" and len(answers) < 2:
            self.complain(_("Offer at least two options in this gap."))
        if data.get("kind") == "number" and not all(DECIMAL.fullmatch(part.cleaned_data["text"]) for part in answers):
            self.complain(_("Only numbers fill this gap, such as 12.5."))
        return data


class GapFillSheet(Explained):
    inner = within(gaps=Gap)
    stem = Words(
        label=_("Question"),
        required=True,
        rows=6,
        help_text=_("Write [[g1]] where the gap g1 stands. An empty line begins a new paragraph."),
    )

    @classmethod
    def opened(cls, structure, words):
        said = words.get("gaps", {})
        return super().opened(structure, words) | {
            "gaps": [_opened_gap(gap, said.get(gap["key"], {})) for gap in structure.get("gaps", [])]
        }

    @classmethod
    def structure(cls, data):
        return {"shape": 2, "gaps": [_gap(row) for row in data["gaps"]]}

    @classmethod
    def said(cls, data):
        gaps = {row["key"]: words for row in data["gaps"] if (words := _gap_words(row))}
        return super().said(data) | {"gaps": gaps}

    @classmethod
    def carried(cls, data, words):
        gaps = dict(words.get("gaps", {}))
        for row in data["gaps"]:
            feedback = gaps.get(row["key"], {}).get("feedback")
            if row["kind"] == "number" and feedback:
                gaps[row["key"]] = {"feedback": _realigned(row["answers"], feedback)}
        fitted, missing = super().carried(data, words | {"gaps": gaps})
        return fitted, missing + len(_misplaced(words.get("stem", ""), [row["key"] for row in data["gaps"]]))

    def check(self):
        gaps = self.rows["gaps"].filled
        if not gaps:
            self.complain(_("There must be at least one gap."))
        keys = [row["key"] for row in self.rows["gaps"].data()]
        for key in _misplaced(self.cleaned_data["stem"], keys):
            if key in keys:
                message = _("The gap %(key)s must stand in the question exactly once, as [[%(key)s]].")
            else:
                message = _("The question has a gap %(key)s that is not described below.")
            self.complain(ValidationError(message, params={"key": key}), "stem")


def _misplaced(stem: str, keys: list[str]) -> list[str]:
    """The gaps that a question holds not at all or more than once, or of which nothing else is told."""
    marks = MARK.findall(stem)
    return [key for key in dict.fromkeys([*keys, *marks]) if marks.count(key) != 1 or keys.count(key) != 1]


def _opened_gap(gap: dict, said: dict) -> Data:
    row: Data = {name: gap.get(name, False) for name in RULES} | {
        "key": gap["key"],
        "kind": gap["kind"],
        "points": gap["points"],
    }
    if gap["kind"] == "text":
        answers = _accepted(said.get("accepted", []))
    elif gap["kind"] == "choice":
        words = said.get("options", {})
        answers = [
            {
                "key": option["key"],
                "fraction": option["fraction"],
                "text": words.get(option["key"], {}).get("text", ""),
                "feedback": words.get(option["key"], {}).get("feedback", ""),
            }
            for option in gap["options"]
        ]
    else:
        answers = [figure | {"text": figure["value"]} for figure in _figures(gap["answers"], said.get("feedback", []))]
    return row | {"answers": answers}


def _gap(row: Data) -> dict:
    gap = {"key": row["key"], "kind": row["kind"], "points": row["points"]}
    if row["kind"] == "text":
        return gap | {name: row[name] for name in sorted(RULES)}
    if row["kind"] == "choice":
        return gap | {"options": [{"key": each["key"], "fraction": each["fraction"]} for each in row["answers"]]}
    return gap | {
        "answers": [
            {"value": each["text"], "tolerance": each["tolerance"] or "0", "fraction": each["fraction"]}
            for each in row["answers"]
        ]
    }


def _gap_words(row: Data) -> dict:
    if row["kind"] == "text":
        return {"accepted": _answers(row["answers"])}
    if row["kind"] == "choice":
        return {"options": {each["key"]: with_text(each, "feedback") for each in row["answers"]}}
    feedback = _feedback_of(row["answers"])
    return {"feedback": feedback} if feedback else {}
