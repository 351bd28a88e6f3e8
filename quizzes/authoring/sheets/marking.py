"""The sheet of essays and files, with the rubric by which people mark them."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from quizzes.authoring.sheets.fields import Count, Number, Words
from quizzes.authoring.sheets.parts import Part
from quizzes.authoring.sheets.sheet import Explained, within
from quizzes.kinds.essay import FILE_KIND, MOST_FILES, MOST_MARKERS, MOST_WORDS

TOLERANCE = "0.2"


class Level(Part):
    rows_label = _("Levels")
    add_label = _("Add a level")
    key_begins = "l"
    words = ("text",)
    needed = ("text",)
    tells = ("text",)
    text = Words(label=_("What an answer of this level is like"), required=True, rows=1)
    points = Number(label=_("Points"), least=0, most=1000, initial="0")


class Criterion(Part):
    rows_label = _("Criteria")
    add_label = _("Add a criterion")
    key_begins = "c"
    words = ("text",)
    needed = ("text",)
    tells = ("text",)
    least, spare = 1, 0
    inner = {"levels": Level}
    text = Words(label=_("What is looked at"), required=True, rows=1)

    def clean(self):
        data = super().clean()
        levels = self.rows["levels"].filled
        if self.translating or not all(level.is_valid() for level in levels):
            return data
        if len(levels) < 2:
            self.complain(_("A criterion has at least two levels."))
        elif all(level.cleaned_data["points"] == "0" for level in levels):
            self.complain(_("One level of a criterion must earn something."))
        return data


class FileKinds(forms.CharField):
    """Kinds of file by the ends of their names."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        kinds = list(dict.fromkeys(each.lstrip(".").lower() for each in re.split(r"[\s,;،]+", super().clean(value))))
        kinds = [kind for kind in kinds if kind]
        if not all(FILE_KIND.fullmatch(kind) for kind in kinds):
            raise ValidationError(_("Enter the ends of file names, such as pdf, docx."))
        return kinds


class EssaySheet(Explained):
    inner = within(rubric=Criterion)
    words = (*Explained.words, "for_markers")
    last = ("for_markers", *Explained.last)
    for_markers = Words(label=_("For markers"), rows=4, help_text=_("Never shown to learners."))
    least_words = Count(label=_("Least words"), least=0, most=MOST_WORDS, initial=0)
    most_words = Count(label=_("Most words"), least=1, most=MOST_WORDS, initial=500)
    files = Count(label=_("How many files may be handed in"), least=0, most=MOST_FILES, initial=0)
    file_kinds = FileKinds(
        label=_("Kinds of file"),
        required=False,
        help_text=_("The ends of their names, such as pdf, docx."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    markers = Count(
        label=_("How many people mark each answer"),
        least=1,
        most=MOST_MARKERS,
        required=False,
        initial=1,
        help_text=_("Two do not know of each other. Where they are too far apart, an assessor decides."),
    )
    tolerance = Number(
        label=_("How far apart two markers may be"),
        least=0,
        most=1,
        required=False,
        initial=TOLERANCE,
        help_text=_("As a share of the points: 0.2 is a fifth of them. Within it their mean counts."),
    )

    @classmethod
    def opened(cls, structure, words):
        said = words.get("rubric", {})
        plan = {"least_words": 0, "most_words": 500, "files": 0, "file_kinds": []}
        return super().opened(structure, words) | {
            **{name: structure.get(name, usual) for name, usual in plan.items()},
            **{"markers": 1, "tolerance": TOLERANCE, **structure.get("marking", {})},
            "for_markers": words.get("for_markers", ""),
            "rubric": [
                {
                    "key": criterion["key"],
                    "text": said.get(criterion["key"], {}).get("text", ""),
                    "levels": [
                        level | {"text": said.get(criterion["key"], {}).get("levels", {}).get(level["key"], "")}
                        for level in criterion["levels"]
                    ],
                }
                for criterion in structure.get("rubric", [])
            ],
        }

    @classmethod
    def structure(cls, data):
        return {
            "shape": 2,
            "rubric": [
                {
                    "key": row["key"],
                    "levels": [{"key": level["key"], "points": level["points"]} for level in row["levels"]],
                }
                for row in data["rubric"]
            ],
            **{name: data[name] for name in ("least_words", "most_words", "files", "file_kinds")},
            **cls._marking(data),
        }

    @classmethod
    def _marking(cls, data):
        """What an item says of its marking; nothing where one person marks, as is usual."""
        if data["markers"] in ("", 1):
            return {}
        return {"marking": {"markers": data["markers"], "tolerance": data["tolerance"] or TOLERANCE}}

    @classmethod
    def said(cls, data):
        rubric = {
            row["key"]: {"text": row["text"], "levels": {level["key"]: level["text"] for level in row["levels"]}}
            for row in data["rubric"]
        }
        words = super().said(data) | {"rubric": rubric}
        return words | ({"for_markers": data["for_markers"]} if data.get("for_markers") else {})

    def check(self):
        data = self.cleaned_data
        if not self.rows["rubric"].filled:
            self.complain(_("Markers need at least one criterion."))
        if data["least_words"] > data["most_words"]:
            self.complain(_("This is more than the most words."), "least_words")
        if data["files"] and not data["file_kinds"]:
            self.complain(_("Say which kinds of file may be handed in."), "file_kinds")
