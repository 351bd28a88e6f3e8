"""How things are named in an archive, where the database has numbers.

`page:<translation key>:<language>`, `image:<id>` and `document:<id>` (the id that media.json gives), `quiz:<slug>`.
"""

import uuid
from typing import Protocol

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from quizzes.models import Quiz


def kind_of(model: type) -> str | None:
    """What references to a model's rows are called, or None for rows that do not travel."""
    if issubclass(model, Page):
        return "page"
    kinds = {get_image_model(): "image", get_document_model(): "document", Quiz: "quiz"}
    return kinds.get(model)


class Translator(Protocol):
    """Turns references: outward from numbers to names, or inward from names to numbers.

    `reference` returns None for what is not there; `html` turns every reference in a rich text. `trusting` says
    whether the value comes from our own database.
    """

    trusting: bool

    def reference(self, kind: str, value): ...

    def html(self, value: str) -> str: ...


def page_name(translation_key: uuid.UUID, language: str) -> str:
    return f"page:{translation_key}:{language}"
