"""A figure drawn from numbers, with the table that says the same."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.component import EVIDENCE, FieldsInContext

# The line's drawing board; it is stretched to the column, so only the shape matters.
BOARD_WIDTH, BOARD_HEIGHT = 100, 50


class NumberBlock(blocks.DecimalBlock):
    """An exact number, stored as text: a release's JSON holds no fractions."""

    def get_prep_value(self, value):
        return None if value is None else str(value)


class DataFigureBlock(FieldsInContext):
    """Bars or a line, from zero, with the table below.

    One series: what needs two is a comparison of two figures, or a table. Values are zero or more.
    """

    title = blocks.CharBlock(label=_("Title"))
    summary = blocks.TextBlock(
        label=_("What one sees"), help_text=_("One sentence. Who cannot see the drawing has this and the table.")
    )
    look = blocks.ChoiceBlock(
        label=_("Drawn as"),
        choices=[("bars", _("Bars: things side by side")), ("line", _("A line: one thing over time"))],
        default="bars",
    )
    label_heading = blocks.CharBlock(label=_("What the rows are"), help_text=_("For example “Year” or “Office”."))
    value_heading = blocks.CharBlock(label=_("What is counted"), help_text=_("With its unit: “Cases”, “Share in %”."))
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("label", blocks.CharBlock(label=_("Row"))),
                ("value", NumberBlock(label=_("Value"), min_value=0)),
            ]
        ),
        min_num=2,
        max_num=24,
        label=_("Rows"),
    )
    source = blocks.CharBlock(label=_("Source"), required=False)

    def clean(self, value):
        value = super().clean(value)
        if not any(row["value"] for row in value["rows"]):
            nothing = ValidationError(gettext("Give at least one value above zero."))
            raise StructBlockValidationError(block_errors={"rows": nothing})
        return value

    def component(self, value):
        rows = [{"label": row["label"], "value": row["value"]} for row in value["rows"]]
        largest = max((row["value"] for row in rows), default=Decimal(0))
        return {
            "title": value["title"],
            "summary": value["summary"],
            "look": value["look"],
            "label_heading": value["label_heading"],
            "value_heading": value["value_heading"],
            "rows": rows,
            "maximum": largest,
            "line": line([row["value"] for row in rows], largest),
            "source": value["source"],
        }

    class Meta:
        label = _("Figure with data")
        icon = "order"
        group = EVIDENCE
        description = _("Bars or a line, with the table below.")
        template = "components/lesson/data_figure.html"


def line(values: list[Decimal], largest: Decimal) -> str:
    """The line through the values as an SVG path from zero at the bottom, evenly spaced on the drawing board."""
    if len(values) < 2 or not largest:
        return ""
    step = Decimal(BOARD_WIDTH) / (len(values) - 1)
    points = [
        f"{round(step * place, 2).normalize():f} {round(BOARD_HEIGHT * (1 - value / largest), 2).normalize():f}"
        for place, value in enumerate(values)
    ]
    return "M" + "L".join(points)
