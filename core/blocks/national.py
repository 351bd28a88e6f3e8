"""The national slot: a place for what each administration must say itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core import slots
from core.blocks.component import NATIONAL, FieldsInContext


class NationalSlot(models.TextChoices):
    """What only the nation can say. The values are stored in lessons and in marks: never rename one."""

    REPORTING_LINE = "reporting_line", _("Reporting line")
    GIFT_LIMIT = "gift_limit", _("Gift limit")
    CODE_GIFTS = "code_gifts", _("The code on gifts and hospitality")
    CODE_CONFLICTS = "code_conflicts", _("The code on conflicts of interest")
    CODE_INFORMATION = "code_information", _("The code on information and secrecy")
    CODE_PROPERTY = "code_property", _("The code on money and property")


class NationalBlock(FieldsInContext):
    """Leaves the mark `national` with the slot's key; each administration's own words stand there for its people."""

    slot = blocks.ChoiceBlock(
        label=_("What the administration says here"),
        choices=NationalSlot.choices,
        help_text=_("The course can be released only when every administration has written it."),
    )

    def component(self, value):
        return {"mark": slots.mark("national", value["slot"]) if value["slot"] else ""}

    class Meta:
        label = _("National slot")
        icon = "globe"
        group = NATIONAL
        description = _("A place that each administration fills: its reporting line, gift limit or code.")
        template = "components/lesson/national_slot.html"


def national_slots(body) -> set[str]:
    """The slots that a lesson uses, read from its stored blocks without building them."""
    return {block["value"]["slot"] for block in body.raw_data if block["type"] == "national"}
