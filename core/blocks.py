"""The blocks a lesson is built from. Each renders through the component of the same name in `frontend/`.

They are rendered once for each language, when a release is made (courses.releases), so they may take their time.
"""

import re

from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

PROSE_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]

_COLUMNS = re.compile(r"\s{2,}|\t")
_CHAT_LINE = re.compile(r"^(?P<by>.*?)[،,]?\s*(?P<time>\d{1,2}[:.h]\d{2})\s*:\s*(?P<text>.+)$")


class ProseBlock(blocks.RichTextBlock):
    """Running text with headings and lists."""

    def __init__(self, **kwargs):
        super().__init__(features=PROSE_FEATURES, **kwargs)

    def get_context(self, value, parent_context=None):
        return super().get_context(value, parent_context) | {"body": value}

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "components/lesson/prose.html"


class _FieldsInContext(blocks.StructBlock):
    """A struct whose component takes its fields by name."""

    def get_context(self, value, parent_context=None):
        return super().get_context(value, parent_context) | self.component(value)

    def component(self, value) -> dict:
        """The component's parameters, as its template documents them."""
        return dict(value)


class KeyPointBlock(_FieldsInContext):
    text = blocks.TextBlock(label=_("The one sentence to keep"))

    class Meta:
        label = _("Key point")
        icon = "pick"
        template = "components/lesson/key_point.html"


class InstrumentBlock(_FieldsInContext):
    """What an instrument asks, in our words, with its name and clause. Its own wording is quoted by the library."""

    says = blocks.TextBlock(label=_("What it asks, in plain words"))
    instrument = blocks.CharBlock(label=_("Instrument"))
    clause = blocks.CharBlock(label=_("Clause"), required=False)

    def component(self, value):
        return {"name": value["instrument"], "clause": value["clause"], "gloss": value["says"]}

    class Meta:
        label = _("Instrument")
        icon = "openquote"
        template = "components/lesson/instrument.html"


class ExhibitBlock(_FieldsInContext):
    """A document to look at. A log's or a register's line is “time, two spaces, what happened”; a message's line is
    “sender, time: words”."""

    label = blocks.CharBlock(label=_("Caption"))
    look = blocks.ChoiceBlock(
        label=_("What it is"),
        choices=[
            ("log", _("Log")),
            ("register", _("Register page")),
            ("message", _("Messages")),
            ("email", _("E-mail")),
            ("letter", _("Letter")),
        ],
    )
    lines = blocks.ListBlock(blocks.CharBlock(), label=_("Lines"))

    def component(self, value):
        shown = {"label": value["label"], "look": value["look"]}
        lines = list(value["lines"])
        if value["look"] in ("log", "register"):
            return shown | {"rows": [_row(line) for line in lines]}
        if value["look"] == "message":
            return shown | {"messages": list(_messages(lines))}
        return shown | {"body": format_html_join("", "<p>{}</p>", ((line,) for line in lines))}

    class Meta:
        label = _("Exhibit")
        icon = "doc-full"
        template = "components/lesson/exhibit.html"


def _row(line: str) -> list[str]:
    cells = _COLUMNS.split(line.strip(), maxsplit=1)
    return cells if len(cells) == 2 else ["", line]


def _messages(lines):
    by = ""
    for line in lines:
        found = _CHAT_LINE.match(line)
        if found is None:
            yield {"by": by, "text": line}
            continue
        by = found["by"].strip() or by
        yield {"by": by, "time": found["time"], "text": found["text"]}


class DialogueBlock(_FieldsInContext):
    """Words to practise aloud."""

    title = blocks.CharBlock(label=_("Title"))
    turns = blocks.ListBlock(
        blocks.StructBlock(
            [("who", blocks.CharBlock(label=_("Who"))), ("says", blocks.TextBlock(label=_("Says")))],
        ),
        label=_("Turns"),
    )

    def component(self, value):
        turns = [{"speaker": turn["who"], "text": turn["says"]} for turn in value["turns"]]
        return {"setting": value["title"], "turns": turns}

    class Meta:
        label = _("Dialogue")
        icon = "comment"
        template = "components/lesson/dialogue.html"


class ComparisonBlock(_FieldsInContext):
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
        template = "components/lesson/comparison.html"


class IfThenBlock(_FieldsInContext):
    """A plan rehearsed in advance: each half without its “if” or “then”."""

    condition = blocks.TextBlock(label=_("If"))
    response = blocks.TextBlock(label=_("Then"))

    class Meta:
        label = _("If-then plan")
        icon = "arrow-right"
        template = "components/lesson/if_then.html"


class StepsBlock(_FieldsInContext):
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
        template = "components/lesson/steps.html"


class FlashCheckBlock(_FieldsInContext):
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
        template = "components/lesson/flash_check.html"


class WhereToReportBlock(blocks.StaticBlock):
    """Where real offences go. The channel itself stands on the page, not in the lesson, so it is always today's."""

    class Meta:
        label = _("Where to report")
        icon = "warning"
        template = "components/lesson/where_to_report.html"
        admin_text = _("Shows where to report and how one is protected.")


class LessonBlocks(blocks.StreamBlock):
    prose = ProseBlock()
    key_point = KeyPointBlock()
    instrument = InstrumentBlock()
    exhibit = ExhibitBlock()
    dialogue = DialogueBlock()
    comparison = ComparisonBlock()
    if_then = IfThenBlock()
    steps = StepsBlock()
    flash_check = FlashCheckBlock()
    report = WhereToReportBlock()

    class Meta:
        block_counts = {"report": {"max_num": 1}}
