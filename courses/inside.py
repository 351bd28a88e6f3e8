"""What stands inside pages, as stored: every value with its block, of published words and of newer drafts.

Nothing is built of it: a course of a thousand pages is walked as the JSON that it is, with the blocks' definitions
beside it. What is found there is courses.links' affair.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Revision

from courses.exchange.fields import own_fields
from courses.models import CoursePage, LessonPage, ModulePage, ProgrammePage


@dataclass(frozen=True)
class Words:
    """A page's fields as stored, published or as a draft. `page` is the row, of its own model."""

    page: Page
    language: str
    is_draft: bool
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One value. `block` is what it is: the block, or a page's field where it stands in no stream.

    `outer` is the block of the page's stream that holds it and `block_id` that one's id; both are None and empty for a
    field. `path` names the fields from the outer block to the value.
    """

    block: blocks.Block | models.Field
    value: Any
    outer: blocks.Block | None = None
    block_id: str = ""
    path: tuple[str, ...] = ()


def words_of(pages: Iterable[Page]) -> Iterator[Words]:
    """The published words of each page, and the newest draft where there is one. Two queries.

    `pages` are rows of their own models.
    """
    pages, languages = list(pages), dict(Locale.objects.values_list("pk", "language_code"))
    wanted = {page.latest_revision_id for page in pages if page.has_unpublished_changes or not page.live}
    drafts = {
        revision.pk: revision.content
        for revision in (Revision.objects.filter(pk__in=wanted - {None}) if wanted - {None} else ())
    }
    for page in pages:
        language = languages[page.locale_id]
        if page.live:
            yield Words(page, language, False, _as_stored(page))
        if page.latest_revision_id in drafts:
            yield Words(page, language, True, _as_drafted(page, drafts[page.latest_revision_id]))
        elif not page.live:
            yield Words(page, language, True, _as_stored(page))


def pages_of(course: CoursePage | ProgrammePage) -> list[Page]:
    """The course's pages in all their languages, in the order of the tree. A query for each kind of page."""
    tops = type(course).objects.filter(translation_key=course.translation_key).values_list("path", flat=True)
    below = Q(pk__in=[])
    for path in tops:
        below |= Q(path__startswith=path)
    return list(Page.objects.filter(below).order_by("path").specific())


def every_page() -> list[Page]:
    """All pages of courses and programmes, in the order of the tree. A query for each kind of page."""
    kinds = (CoursePage, ModulePage, LessonPage, ProgrammePage)
    return list(Page.objects.type(*kinds).order_by("path").specific())


def parts_of(words: Words) -> Iterator[Part]:
    """Every value of a page that holds no other one, in reading order."""
    for field in own_fields(type(words.page)):
        value = words.values.get(field.name)
        if isinstance(field, StreamField):
            for part in value or ():
                block = field.stream_block.child_blocks.get(part.get("type"))
                if block is not None:
                    yield from _inner(block, part.get("value"), block, part.get("id") or "", ())
        else:
            yield Part(field, value)


def blocks_of(words: Words) -> Iterator[tuple[blocks.Block, str, Any]]:
    """The outermost blocks of a page's streams with their ids and stored values, in reading order."""
    for field in own_fields(type(words.page)):
        if isinstance(field, StreamField):
            for part in words.values.get(field.name) or ():
                block = field.stream_block.child_blocks.get(part.get("type"))
                if block is not None:
                    yield block, part.get("id") or "", part.get("value")


def _inner(block, value, outer, block_id: str, path: tuple[str, ...]) -> Iterator[Part]:
    if isinstance(block, blocks.StreamBlock):
        for part in value or ():
            child = block.child_blocks.get(part.get("type"))
            if child is not None:
                yield from _inner(child, part.get("value"), outer, block_id, (*path, child.name))
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _inner(child, (value or {}).get(name), outer, block_id, (*path, name))
    elif isinstance(block, blocks.ListBlock):
        for part in value or ():
            # Wagtail stores both: bare values, and values with an id of their own.
            bare = part["value"] if isinstance(part, dict) and part.get("type") == "item" else part
            yield from _inner(block.child_block, bare, outer, block_id, path)
    else:
        yield Part(block, value, outer, block_id, path)


def _as_stored(page: Page) -> dict:
    return {
        field.name: list(getattr(page, field.name).raw_data)
        if isinstance(field, StreamField)
        else getattr(page, field.attname)
        for field in own_fields(type(page))
    }


def _as_drafted(page: Page, content: dict) -> dict:
    return {
        field.name: json.loads(content.get(field.name) or "[]")
        if isinstance(field, StreamField)
        else content.get(field.name)
        for field in own_fields(type(page))
    }
