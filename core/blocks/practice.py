"""Practice: what learners do in their head, or write for themselves alone."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.component import PRACTICE, FieldsInContext, Marking


class IfThenBlock(FieldsInContext):
    """A plan rehearsed in advance: each half without its “if” or “then”."""

    condition = blocks.TextBlock(label=_("If"))
    response = blocks.TextBlock(label=_("Then"))

    class Meta:
        label = _("If-then plan")
        icon = "arrow-right"
        group = PRACTICE
        description = _("A plan for a moment that can be foreseen, written by you.")
        template = "components/lesson/if_then.html"


class OwnPlanBlock(Marking):
    """An if-then plan that learners write themselves: leaves the mark `plan` with the block's id."""

    mark_kind = "plan"

    prompt = blocks.TextBlock(
        label=_("The moment to plan for"),
        help_text=_("For example “Think of a shift on which you are offered something. What will you do first?”"),
    )
    example_condition = blocks.CharBlock(label=_("An example: if …"), required=False)
    example_response = blocks.CharBlock(label=_("… then"), required=False)

    class Meta:
        label = _("If-then plan, the learner's own")
        icon = "edit"
        group = PRACTICE
        description = _("The learner writes it. Nobody else reads it.")
        template = "components/lesson/own_plan.html"


class FlashCheckBlock(FieldsInContext):
    """A question to answer in one's head. Ungraded; nothing is stored."""

    question = blocks.TextBlock(label=_("Question"))
    options = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("text", blocks.TextBlock(label=_("Answer"))),
                ("feedback", blocks.TextBlock(label=_("What to say to it"))),
                ("correct", blocks.BooleanBlock(label=_("This one"), required=False)),
            ]
        ),
        label=_("Answers"),
    )

    class Meta:
        label = _("Flash check")
        icon = "help"
        group = PRACTICE
        description = _("A question to answer in one's head. Ungraded; nothing is stored.")
        template = "components/lesson/flash_check.html"


class ReflectionBlock(Marking):
    """A question to think about in writing: leaves the mark `reflection` with the block's id."""

    mark_kind = "reflection"

    question = blocks.TextBlock(
        label=_("Question"), help_text=_("Ask about thoughts and habits, never for names or for what was done wrong.")
    )

    class Meta:
        label = _("Reflection")
        icon = "comment"
        group = PRACTICE
        description = _("A question and a box to write in. Nobody but the learner reads it.")
        template = "components/lesson/reflection.html"


class WhereToReportBlock(blocks.StaticBlock):
    """Where real offences go. The channel itself stands on the page, not in the lesson, so it is always today's."""

    class Meta:
        label = _("Where to report")
        icon = "warning"
        group = PRACTICE
        description = _("Leads to the foot of the page, where the channel is always today's.")
        template = "components/lesson/where_to_report.html"
        admin_text = _("Shows where to report and how one is protected.")
