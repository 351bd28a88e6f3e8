"""What may be released in which language (rule 7 of the domain), pure: no pages, no rows.

A release holds every page in each language in which it is published. That is more than it is offered in: a language
is offered only where nothing that a learner must do is missing in it. What is there in a further language is read
page by page, and the rest of the course falls back with its notice.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A step that has a page: the languages in which it is published, and whether completion needs it."""

    languages: frozenset[str]
    mandatory: bool = True


def offered(pages: Iterable[Page], source_language: str) -> list[str]:
    """The languages in which a learner can do the whole course: the source's first, then by code.

    A quiz without words in a language does not close it: its reader is told, as on any other page.
    """
    needed = [page.languages for page in pages if page.mandatory]
    complete: Collection[str] = frozenset.intersection(*needed) if needed else frozenset()
    return sorted(complete, key=lambda code: (code != source_language, code))


def page_by_page(pages: Iterable[Page], offered_in: Collection[str]) -> list[str]:
    """The languages in which a part of the course can be read, though not all of it; by code."""
    anywhere = frozenset().union(*(page.languages for page in pages))
    return sorted(anywhere - set(offered_in))
