"""What a refresher's lesson shows of its change: which words are new, and what stood there before."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from cohorts import asked
from cohorts.models import Enrolment
from courses import changed_words
from courses.changed_words import Compared
from courses.models import ReleaseBody
from courses.reading import Step


class Kind(StrEnum):
    """What is to be said above the page."""

    NEW = "new"
    MARKED = "marked"
    # Its words are the same in this language; it was marked for another.
    SAME = "same"
    # It had no words in this language, so there is nothing to lay beside it.
    UNTOLD = "untold"


@dataclass(frozen=True)
class ChangedPage:
    """A lesson with its new words marked. `before`: the paragraphs, as plain text, whose words are gone or others."""

    kind: Kind
    html: str
    lede: SafeString | str
    before: tuple[str, ...] = ()


def of_lesson(enrolment: Enrolment, step: Step, body: ReleaseBody, html: str) -> ChangedPage:
    """The lesson beside the words that its learner read when they did it last. `html` is that of `body`.

    No query once the process has met the two. Both are shown with what the law has corrected in them since, which the
    page tells apart.
    """
    lede = body.content.get("lede", "")
    node = asked.seen_before(enrolment, step)
    if node is None:
        return ChangedPage(Kind.NEW, html, lede)
    before = asked.words_before(node, body.language)
    if before is None:
        return ChangedPage(Kind.UNTOLD, html, lede)
    said = _announcements(get_language())
    words = _compared(before.html, html, *said)
    sentence = _compared(*(_escaped(each.content.get("lede", "")) for each in (before, body)), *said)
    kind = Kind.MARKED if words or sentence else Kind.SAME
    marked = mark_safe(sentence.html)  # noqa: S308 - escaped above
    return ChangedPage(kind, words.html, marked, sentence.before + words.before)


def _escaped(text: str) -> str:
    return str(format_html("{}", text))


@lru_cache(maxsize=512)
def _compared(old: str, new: str, begins: str, ends: str) -> Compared:
    return changed_words.compared(old, new, begins=begins, ends=ends)


@lru_cache(maxsize=32)
def _announcements(language: str) -> tuple[SafeString, SafeString]:
    """What is heard before and after new words; those who see the page see a line under them."""
    before = pgettext("heard before new words", "New:")
    after = pgettext("heard after new words", "End of what is new.")
    heard = '<span class="unseen" lang="{}">{}{}{}</span>'
    space = mark_safe(" ")
    return format_html(heard, language, "", before, space), format_html(heard, language, space, after, space)
