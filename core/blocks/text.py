"""Words: running text, the sentence to keep, what an instrument asks and what it says."""

import re

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.models import Document
from wagtail.rich_text import RichText

from core import kept_files
from core.blocks.component import WORDS, FieldsInContext

PROSE_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
# Inside another block: no headings, which would break the lesson's outline.
PLAIN_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]

_DOCUMENT_LINK = re.compile(r'<a id="(\d+)" linktype="document">|<a linktype="document" id="(\d+)">')


def with_kept_documents(text: RichText) -> RichText:
    """The text with its links to documents led to kept copies, so that a release outlives the originals.

    A document that is gone already is left to Wagtail, which writes a link that leads nowhere.
    """
    wanted = {int(found[0] or found[1]) for found in _DOCUMENT_LINK.findall(text.source)}
    if not wanted:
        return text
    documents = Document.objects.in_bulk(wanted)

    def link(found):
        document = documents.get(int(found[1] or found[2]))
        if document is None:
            return found[0]
        kept = kept_files.keep(document.file)
        return format_html('<a href="{}" download="{}">', kept.url, document.filename)

    return RichText(_DOCUMENT_LINK.sub(link, text.source))


def language_choices():
    """The installed languages; a function, so that a further one is no migration."""
    return settings.LANGUAGES


class ProseBlock(blocks.RichTextBlock):
    """Running text with headings and lists."""

    def __init__(self, **kwargs):
        super().__init__(features=PROSE_FEATURES, **kwargs)

    def get_context(self, value, parent_context=None):
        return super().get_context(value, parent_context) | {"body": with_kept_documents(value)}

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        group = WORDS
        description = _("Paragraphs, headings, lists and links.")
        template = "components/lesson/prose.html"


class KeyPointBlock(FieldsInContext):
    text = blocks.TextBlock(label=_("The one sentence to keep"))

    class Meta:
        label = _("Key point")
        icon = "pick"
        group = WORDS
        description = _("One sentence that stands out. At most one or two in a lesson.")
        template = "components/lesson/key_point.html"


class InstrumentBlock(FieldsInContext):
    """What an instrument asks, in our words, with its name and clause. Its own wording is a `QuotationBlock`."""

    says = blocks.TextBlock(label=_("What it asks, in plain words"))
    instrument = blocks.CharBlock(label=_("Instrument"))
    clause = blocks.CharBlock(label=_("Clause"), required=False)

    def component(self, value):
        return {"name": value["instrument"], "clause": value["clause"], "gloss": value["says"]}

    class Meta:
        label = _("Instrument, in plain words")
        icon = "doc-empty"
        group = WORDS
        description = _("What a convention, a law or a code asks, retold. For its own words take a quotation.")
        template = "components/lesson/instrument.html"


class QuotationBlock(FieldsInContext):
    """An instrument's own wording with its clause, and apart from it what it means in ours."""

    quote = blocks.TextBlock(
        label=_("Its own words"), help_text=_("Word for word, without quotation marks; leave out with “[…]”.")
    )
    instrument = blocks.CharBlock(label=_("Instrument"), help_text=_("Its name, with the year."))
    clause = blocks.CharBlock(label=_("Clause"), help_text=_("For example “Article 8, paragraph 4”."))
    says = blocks.TextBlock(label=_("What it means, in plain words"), required=False)
    language = blocks.ChoiceBlock(
        label=_("Language of the quotation"),
        choices=language_choices,
        required=False,
        help_text=_("Only if it is not the language of the lesson."),
    )
    own_translation = blocks.BooleanBlock(
        label=_("This is our own translation"),
        required=False,
        help_text=_("Where the instrument has no official text in the language of the lesson."),
    )

    def component(self, value):
        return {
            "name": value["instrument"],
            "clause": value["clause"],
            "quote": value["quote"],
            "gloss": value["says"],
            "language": value["language"],
            "own_translation": value["own_translation"],
        }

    class Meta:
        label = _("Quotation from an instrument")
        icon = "openquote"
        group = WORDS
        description = _("Word for word, with its clause; what it means stands below, apart.")
        template = "components/lesson/quotation.html"
