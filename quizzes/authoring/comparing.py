"""A draft beside what learners have, language by language."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core import languages
from core.word_changes import Change, changes
from quizzes.authoring.showing import language_of
from quizzes.drafts import outline
from quizzes.models import ItemVersion, RadFactor


@dataclass(frozen=True)
class Compared:
    """A version in one language, beside what learners have of it. `is_new`: they have nothing in this language."""

    language: str
    differences: list[outline.Difference]
    is_new: bool = False
    is_gone: bool = False

    @property
    def name(self) -> str:
        return languages.name(self.language)


def compared(draft: ItemVersion, published: ItemVersion | None) -> list[Compared]:
    """What a draft would change, language by language, the reader's own first; what is alike is left out."""
    new = {text.language: text.content for text in draft.texts.all()}
    old = {text.language: text.content for text in published.texts.all()} if published else {}
    found = []
    for language in _own_first({*new, *old}):
        if language not in new:
            found.append(Compared(language, [], is_gone=True))
        elif language not in old:
            lines = outline.outline(draft.structure, new[language])
            found.append(Compared(language, outline.told(lines), is_new=True))
        else:
            before, after = published.structure, draft.structure
            different = outline.differences(
                outline.outline(before, old[language]), outline.outline(after, new[language])
            )
            if different:
                found.append(Compared(language, different))
    return found


def facts(draft: ItemVersion, published: ItemVersion | None) -> list[outline.Difference]:
    """What a draft would change beside words and key: above all, what quizzes draw by. All of it for a new item."""
    if published is None:
        return [outline.Difference(name, [Change("same", fact)], True) for name, fact in _facts(draft) if fact]
    before = dict(_facts(published))
    return [
        outline.Difference(name, changes(before[name], fact), True)
        for name, fact in _facts(draft)
        if before[name] != fact
    ]


def _facts(version: ItemVersion) -> Iterator[tuple[str, str]]:
    yield _("Kind"), str(version.get_kind_display())
    yield _("Difficulty, from 1 to 3"), str(version.difficulty)
    yield _("RAD factors"), ", ".join(str(RadFactor(number).label) for number in version.rad_factors)
    yield _("Tags"), ", ".join(version.tags)


def _own_first(codes: Iterable[str]) -> list[str]:
    chosen = dict.fromkeys(codes)
    first = language_of(chosen)
    return [first, *sorted(code for code in chosen if code != first)]
