"""Sheets of the kinds that are answered by choosing: scenario, single and multiple choice, true or false."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from quizzes.authoring.sheets.fields import Pick, Share, Whether, Words
from quizzes.authoring.sheets.parts import Part
from quizzes.authoring.sheets.sheet import Explained, Sheet, with_text, within
from quizzes.drafts.wordings import RATINGS
from quizzes.kinds.choices import NEARLY, Rating
from quizzes.models import Mechanism


class Way(Part):
    """A way to act in a scenario."""

    rows_label = _("Ways to act")
    add_label = _("Add a way to act")
    key_begins = ""
    words = ("text", "consequence", "rationalisation")
    needed = ("text", "consequence")
    tells = ("text", "consequence")
    text = Words(label=_("What one could do"), required=True)
    rating = Pick(label=_("Rating"), choices=list(RATINGS.items()), initial=Rating.RISKY)
    consequence = Words(label=_("What comes of it"), required=True, rows=3)
    mechanism = Pick(
        label=_("Mechanism that makes it tempting"),
        choices=[("", _("None")), *Mechanism.choices],
        required=False,
    )
    rationalisation = Words(label=_("What people tell themselves"))
    bright_line = Whether(
        label=_("Crosses a bright line"), help_text=_("Choosing it fails the attempt, whatever the score.")
    )

    def clean(self):
        data = super().clean()
        if data.get("bright_line") and data.get("rating") not in (None, Rating.BREACH):
            self.complain(_("Only a breach crosses a bright line."), "bright_line")
        return data


class ScenarioSheet(Sheet):
    shape = 1
    inner = {"options": Way}

    @classmethod
    def opened(cls, structure, words):
        said = words.get("options", {})
        return {
            "stem": words.get("stem", ""),
            "options": [
                {**option, "mechanism": option["mechanism"] or ""}
                | {name: said.get(option["key"], {}).get(name, "") for name in Way.words}
                for option in structure.get("options", [])
            ],
        }

    @classmethod
    def structure(cls, data):
        return {
            "shape": 1,
            "options": [
                {
                    "key": row["key"],
                    "rating": row["rating"],
                    "mechanism": row["mechanism"] or None,
                    "bright_line": row["bright_line"],
                }
                for row in data["options"]
            ],
        }

    @classmethod
    def said(cls, data):
        options = {
            row["key"]: {"text": row["text"], "consequence": row["consequence"]}
            | ({"rationalisation": row["rationalisation"]} if row.get("rationalisation") else {})
            for row in data["options"]
        }
        return super().said(data) | {"options": options}

    def check(self):
        ways = self.rows["options"].filled
        if len(ways) < 2:
            self.complain(_("Offer at least two ways to act."))
        elif [way.cleaned_data["rating"] for way in ways].count(Rating.BEST) != 1:
            self.complain(_("Exactly one way to act is the best."))


class Option(Part):
    rows_label = _("Options")
    add_label = _("Add an option")
    key_begins = ""
    words = ("text", "feedback")
    needed = ("text",)
    tells = ("text", "feedback")
    text = Words(label=_("Option"), required=True)
    fraction = Share()
    feedback = Words(label=_("Feedback for who chooses it"))


class _Weighed(Explained):
    inner = within(options=Option)
    shuffle = Whether(
        label=_("Show the options in an order of chance"),
        initial=True,
        help_text=_("Leave this out only where they have an order of their own, such as amounts or years."),
    )

    @classmethod
    def opened(cls, structure, words):
        said = words.get("options", {})
        return super().opened(structure, words) | {
            "shuffle": structure.get("shuffle", True),
            "options": [
                {
                    "key": option["key"],
                    "fraction": option["fraction"],
                    "text": said.get(option["key"], {}).get("text", ""),
                    "feedback": said.get(option["key"], {}).get("feedback", ""),
                }
                for option in structure.get("options", [])
            ],
        }

    @classmethod
    def structure(cls, data):
        return {
            "shape": 2,
            "options": [{"key": row["key"], "fraction": row["fraction"]} for row in data["options"]],
            "shuffle": data["shuffle"],
        }

    @classmethod
    def said(cls, data):
        return super().said(data) | {"options": {row["key"]: with_text(row, "feedback") for row in data["options"]}}

    def check(self):
        if len(self.rows["options"].filled) < 2:
            self.complain(_("Offer at least two options."))

    def shares(self) -> list[Fraction]:
        return [Fraction(option.cleaned_data["fraction"]) for option in self.rows["options"].filled]


class SingleChoiceSheet(_Weighed):
    def check(self):
        super().check()
        if 1 not in self.shares():
            self.complain(_("One option must earn 100 per cent."))


class MultipleChoiceSheet(_Weighed):
    def check(self):
        super().check()
        if abs(sum(share for share in self.shares() if share > 0) - 1) > NEARLY:
            self.complain(_("The right options must earn 100 per cent together."))


class TrueFalseSheet(Explained):
    words = (*Explained.words, "on_true", "on_false")
    correct = Pick(
        label=_("What is right?"),
        choices=[("true", _("The statement is true")), ("false", _("The statement is false"))],
    )
    on_true = Words(label=_("Feedback for who says “True”"))
    on_false = Words(label=_("Feedback for who says “False”"))

    @classmethod
    def opened(cls, structure, words):
        said = words.get("options", {})
        return super().opened(structure, words) | {
            "correct": "true" if structure.get("correct", True) else "false",
            "on_true": said.get("true", {}).get("feedback", ""),
            "on_false": said.get("false", {}).get("feedback", ""),
        }

    @classmethod
    def structure(cls, data):
        return {"shape": 2, "correct": data["correct"] == "true"}

    @classmethod
    def said(cls, data):
        options = {key: {"feedback": data[f"on_{key}"]} for key in ("true", "false") if data[f"on_{key}"]}
        return super().said(data) | ({"options": options} if options else {})
