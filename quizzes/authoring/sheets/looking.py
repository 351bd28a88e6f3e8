"""Sheets of the kinds that are answered by looking closely: a place on a picture, a document to examine."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from quizzes.authoring.sheets.fields import Count, Pick, Share, Whether, Words, as_decimal_text
from quizzes.authoring.sheets.parts import Part
from quizzes.authoring.sheets.sheet import Explained, within
from quizzes.drafts.wordings import SHAPES
from quizzes.kinds.contract import WrongItem
from quizzes.kinds.hotspot import check_area
from quizzes.kinds.written import plain


class Coordinates(forms.CharField):
    """Places in thousandths of the picture, with commas or spaces between them."""

    def __init__(self):
        super().__init__(
            label=_("Place, in thousandths of the picture"),
            max_length=1000,
            help_text=_(
                "From its upper left corner; the lines on the picture stand 100 apart. Rectangle: x, y, width, height."
                " Circle: x, y, radius (in thousandths of the width). Polygon: x and y of each corner in turn."
            ),
            widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal"}),
        )

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value):
        numbers = re.split(r"[\s,;،]+", plain(super().clean(value)).strip(" ,;"))
        if not all(re.fullmatch(r"[0-9]{1,4}", number) for number in numbers):
            raise ValidationError(_("Enter whole numbers from 0 to 1000 with commas between them."))
        return [int(number) for number in numbers]


class AreaPart(Part):
    rows_label = _("Areas")
    add_label = _("Add an area")
    key_begins = "h"
    words = ("text",)
    needed = ("text",)
    tells = ("text", "coords")
    text = Words(label=_("Name of the area, for the list"), required=True, rows=1)
    shape = Pick(label=_("Shape"), choices=list(SHAPES.items()))
    coords = Coordinates()
    fraction = Share(least=0)

    @property
    def outline(self) -> tuple[str, list[int]] | None:
        """Shape and place as they are typed, None while they make no area."""
        if "coords" not in self.fields:
            return self.initial["shape"], self.initial["coords"]
        shape, typed = self["shape"].value(), self["coords"].value()
        try:
            coords = self.fields["coords"].clean(typed)
            check_area(shape, coords)
        except (ValidationError, WrongItem):
            return None
        return shape, coords

    def clean(self):
        data = super().clean()
        if data.get("coords") and data.get("shape"):
            try:
                check_area(data["shape"], data["coords"])
            except WrongItem:
                self.complain(_("These numbers make no such area, or one that reaches out of the picture."), "coords")
        return data


class HotspotSheet(Explained):
    inner = within(areas=AreaPart)
    words = (*Explained.words, "image_alt")
    needed = (*Explained.needed, "image_alt")
    # The picture's digest, and its height by its width, as the page that took the file says.
    sha256 = forms.CharField(required=False, widget=forms.HiddenInput)
    ratio = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(label=_("Picture"), required=False, help_text=_("JPEG, PNG or WebP."))
    image_alt = Words(
        label=_("What the picture shows, in words"),
        required=True,
        help_text=_("Whoever cannot see it chooses a name from the list."),
    )

    @property
    def shown(self) -> dict | None:
        digest = self["sha256"].value() if "sha256" in self.fields else self.initial.get("sha256")
        return {"sha256": digest, "kind": "image"} if digest else None

    @property
    def outlines(self) -> dict:
        """The areas as the template draws them over the picture, in thousandths of its width."""
        ratio = Decimal((self["ratio"].value() if "ratio" in self.fields else self.initial["ratio"]) or 1)
        parts = enumerate(self.rows["areas"].parts, start=1)
        return {
            "height": round(1000 * ratio),
            "lines": [round(each * ratio) for each in range(100, 1000, 100)],
            "areas": [_drawn(number, *part.outline, ratio) for number, part in parts if part.outline],
        }

    @classmethod
    def opened(cls, structure, words):
        said = words.get("areas", {})
        return super().opened(structure, words) | {
            "sha256": structure.get("image", ""),
            "ratio": structure.get("ratio", ""),
            "image_alt": words.get("image_alt", ""),
            "areas": [
                area | {"fraction": area["fraction"], "text": said.get(area["key"], "")}
                for area in structure.get("areas", [])
            ],
        }

    @classmethod
    def structure(cls, data):
        areas = [{name: row[name] for name in ("key", "shape", "coords", "fraction")} for row in data["areas"]]
        structure = {"shape": 2, "image": data["sha256"], "areas": areas}
        return structure | ({"ratio": data["ratio"]} if data["ratio"] else {})

    @classmethod
    def said(cls, data):
        areas = {row["key"]: row["text"] for row in data["areas"]}
        return super().said(data) | {"image_alt": data["image_alt"], "areas": areas}

    def check(self):
        shares = [Decimal(area.cleaned_data["fraction"]) for area in self.rows["areas"].filled]
        if not self.cleaned_data["sha256"]:
            self.complain(_("Choose a picture."), "file")
        if 1 not in shares:
            self.complain(_("One area must earn 100 per cent."))
        if all(shares):
            self.complain(
                _("One area must earn nothing: if every area in the list were right, the list would be the answer.")
            )


def _drawn(number: int, shape: str, coords: list[int], ratio: Decimal) -> dict:
    """A circle, or the corners of any other area; heights in thousandths of the width, as widths are."""
    x, y, *rest = coords
    at = {"number": number, "x": x, "y": round(y * ratio)}
    if shape == "circle":
        return at | {"radius": rest[0]}
    if shape == "rect":
        width, height = rest
        coords = [x, y, x + width, y, x + width, y + height, x, y + height]
    corners = zip(coords[::2], coords[1::2], strict=True)
    return at | {"points": " ".join(f"{across},{round(down * ratio)}" for across, down in corners)}


def ratio_of(width: int, height: int) -> str:
    """The height of a picture by its width, as items keep it."""
    return as_decimal_text((Decimal(height) / Decimal(width)).quantize(Decimal("0.00001")))


class LinePart(Part):
    rows_label = _("Lines of the document")
    add_label = _("Add a line")
    key_begins = "f"
    words = ("label", "value", "feedback")
    needed = ("label",)
    tells = ("label", "value")
    place = Count(label=_("Place"), least=1, most=100, required=False)
    label = Words(label=_("Name of the line"), required=True, rows=1)
    value = Words(label=_("What stands there"), help_text=_("It may be empty, if that is what is wrong."))
    wrong = Whether(label=_("This is wrong"))
    feedback = Words(label=_("What is wrong with it, or why it is right"))


class DocumentSheet(Explained):
    inner = within(fields=LinePart)
    words = (*Explained.words, "title")
    needed = (*Explained.needed, "title")
    title = Words(label=_("Title of the document"), required=True, rows=1)

    @classmethod
    def opened(cls, structure, words):
        said = words.get("fields", {})
        return super().opened(structure, words) | {
            "title": words.get("title", ""),
            "fields": [
                line
                | {"place": place}
                | {name: said.get(line["key"], {}).get(name, "") for name in ("label", "value", "feedback")}
                for place, line in enumerate(structure.get("fields", []), start=1)
            ],
        }

    @classmethod
    def structure(cls, data):
        return {"shape": 2, "fields": [{"key": row["key"], "wrong": row["wrong"]} for row in data["fields"]]}

    @classmethod
    def said(cls, data):
        fields = {
            row["key"]: {"label": row["label"], "value": row["value"]}
            | ({"feedback": row["feedback"]} if row.get("feedback") else {})
            for row in data["fields"]
        }
        return super().said(data) | {"title": data["title"], "fields": fields}

    def check(self):
        lines = self.rows["fields"].filled
        if len(lines) < 2:
            self.complain(_("A document has at least two lines."))
        elif not any(line.cleaned_data["wrong"] for line in lines):
            self.complain(_("Mark at least one line as wrong: there must be something to find."))
