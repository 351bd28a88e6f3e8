"""Things in an order or side by side: comparison, steps, what unfolds, what happened when."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.component import ORDER, FieldsInContext
from core.blocks.text import PLAIN_FEATURES, with_kept_documents


class ComparisonBlock(FieldsInContext):
    title = blocks.CharBlock(label=_("Title"))
    columns = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Title"))),
                ("points", blocks.ListBlock(blocks.CharBlock(), label=_("Points"))),
            ]
        ),
        min_num=2,
        max_num=3,
        label=_("Columns"),
    )

    class Meta:
        label = _("Comparison")
        icon = "table"
        group = ORDER
        description = _("Two or three columns of points.")
        template = "components/lesson/comparison.html"


class StepsBlock(FieldsInContext):
    title = blocks.CharBlock(label=_("Title"))
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [("title", blocks.CharBlock(label=_("Title"))), ("text", blocks.TextBlock(label=_("What to do")))]
        ),
        label=_("Steps"),
    )

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        group = ORDER
        description = _("What to do, one after the other.")
        template = "components/lesson/steps.html"


class AccordionBlock(FieldsInContext):
    """Parts that unfold one by one. For what some readers need; what all must read stands open."""

    title = blocks.CharBlock(label=_("Title"), required=False)
    parts = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("What it is about"))),
                ("text", blocks.RichTextBlock(label=_("Text"), features=PLAIN_FEATURES)),
            ]
        ),
        label=_("Parts"),
    )

    def component(self, value):
        parts = [{"title": part["title"], "body": with_kept_documents(part["text"])} for part in value["parts"]]
        return {"title": value["title"], "parts": parts}

    class Meta:
        label = _("Accordion")
        icon = "list-ul"
        group = ORDER
        description = _("Parts that unfold. For what only some need: nobody can be sure that it is read.")
        template = "components/lesson/accordion.html"


class TimelineBlock(FieldsInContext):
    """What happened when. A moment is written as people say it: “1993”, “two weeks later”, “09:40”."""

    title = blocks.CharBlock(label=_("Title"), required=False)
    events = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("when", blocks.CharBlock(label=_("When"), help_text=_("As you would say it: “1993”, “09:40”."))),
                ("title", blocks.CharBlock(label=_("What happened"))),
                ("text", blocks.TextBlock(label=_("More about it"), required=False)),
            ]
        ),
        min_num=2,
        label=_("Events"),
    )

    class Meta:
        label = _("Timeline")
        icon = "history"
        group = ORDER
        description = _("What happened when, one below the other.")
        template = "components/lesson/timeline.html"
