"""Evidence: documents to look at, and words to practise aloud."""

import re

from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.component import EVIDENCE, PRACTICE, FieldsInContext

_COLUMNS = re.compile(r"\s{2,}|\t")
_CHAT_LINE = re.compile(r"^(?P<by>.*?)[،,]?\s*(?P<time>\d{1,2}[:.h]\d{2})\s*:\s*(?P<text>.+)$")


class ExhibitBlock(FieldsInContext):
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
    lines = blocks.ListBlock(
        blocks.CharBlock(),
        label=_("Lines"),
        help_text=_("Log or register: the time, two spaces, what happened. Messages: sender, time: words."),
    )

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
        group = EVIDENCE
        description = _("A log, a register page, messages, an e-mail or a letter that looks like one.")
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


class DialogueBlock(FieldsInContext):
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
        group = PRACTICE
        description = _("Who says what, to be read aloud.")
        template = "components/lesson/dialogue.html"
