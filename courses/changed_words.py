"""A lesson beside its older self, pure: the words that are new are marked, and what stood there before is told.

Both sides are the HTML of a release. Its paragraphs are compared first, then the words of those that differ. Markup is
never compared, moved or cut: what is marked stands inside the tags that were there.
"""

import html
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

# A comment (a slot, `core.slots`), or a tag whose attributes may hold a “>” in quotes.
_TAG = re.compile(r"""<!--.*?-->|</?([a-zA-Z][a-zA-Z0-9-]*)(?:[^>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)
_TOKEN = re.compile(r"\s+|&(?:\#?\w+);|\w+(?:['’\u2010\u2011-]\w+)*|[^\w\s]")
# Inside these, tags belong to the flow of a sentence; any other tag begins another paragraph.
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "dfn", "em", "i", "kbd", "mark", "q", "s", "small", "span"}
    | {"strong", "sub", "sup", "time", "u", "var", "wbr"}
)
# What stands in these is no text of the lesson, or may hold no element.
_SILENT = frozenset({"script", "style", "svg", "math", "textarea", "select", "option", "title"})
# A paragraph of which less than this part is left is a new one: marking every other word would only confuse.
_LEFT_OF_A_PARAGRAPH = 0.5


@dataclass(frozen=True)
class Compared:
    """The newer HTML with its new words marked; how many stretches are marked; and the paragraphs, as plain text, in
    which older words stood that are gone."""

    html: str
    stretches: int
    before: tuple[str, ...]

    def __bool__(self):
        return bool(self.stretches or self.before)


@dataclass
class _Paragraph:
    """The tokens of a paragraph that are no blanks, by their places in the document, and its plain text."""

    places: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    text: str = ""

    def length_of(self, places: Collection[int]) -> int:
        """How many of these places hold a word, and not a comma."""
        return sum(word[0].isalnum() for place, word in zip(self.places, self.words, strict=True) if place in places)


def compared(old: str, new: str, *, begins: str, ends: str) -> Compared:
    """Compare two lessons. `begins` and `ends` are safe HTML around each stretch of new words, for those who hear a
    page: see `components/new_words.html` for what they say."""
    tokens = _tokens(new)
    before, after = _paragraphs(_tokens(old)), _paragraphs(tokens)
    fresh, touched = _differences(before, after)
    markup, stretches = _marked(tokens, fresh, after, begins, ends)
    return Compared(markup, stretches, tuple(before[number].text for number in touched))


@dataclass(frozen=True)
class _Token:
    """A piece of a document: `tag` is the name of an element, "" for words and blanks, "!" for a comment."""

    text: str
    tag: str = ""
    silent: bool = False

    @property
    def is_word(self) -> bool:
        return not self.tag and not self.silent and not self.text.isspace()


def _tokens(source: str) -> list[_Token]:
    found: list[_Token] = []
    silent: list[str] = []
    place = 0
    for tag in [*_TAG.finditer(source), None]:
        words = source[place : tag.start() if tag else len(source)]
        found += [_Token(each, silent=bool(silent)) for each in _TOKEN.findall(words)]
        if tag is None:
            break
        name = (tag[1] or "!").lower()
        found.append(_Token(tag[0], name, bool(silent)))
        if name in _SILENT and not tag[0].endswith("/>"):
            if not tag[0].startswith("</"):
                silent.append(name)
            elif silent and silent[-1] == name:
                silent.pop()
        place = tag.end()
    return found


def _paragraphs(tokens: Sequence[_Token]) -> list[_Paragraph]:
    """The paragraphs that have words, in their order."""
    found = [_Paragraph()]
    for place, token in enumerate(tokens):
        if token.tag and token.tag not in _INLINE:
            found.append(_Paragraph())
        elif token.is_word:
            found[-1].places.append(place)
            found[-1].words.append(token.text)
        if not token.tag and not token.silent:
            found[-1].text += token.text
    for each in found:
        each.text = html.unescape(" ".join(each.text.split()))
    return [each for each in found if each.words]


def _differences(before: list[_Paragraph], after: list[_Paragraph]) -> tuple[set[int], list[int]]:
    """The places of the newer words that are new, and the numbers of the older paragraphs that lost words."""
    fresh: set[int] = set()
    touched: list[int] = []
    whole = SequenceMatcher(None, [tuple(e.words) for e in before], [tuple(e.words) for e in after], autojunk=False)
    for kind, b, to_b, a, to_a in whole.get_opcodes():
        if kind == "equal":
            continue
        kept_before, kept_after = _same_words(before[b:to_b], after[a:to_a])
        for paragraph in after[a:to_a]:
            kept = kept_after.intersection(paragraph.places)
            is_rewritten = paragraph.length_of(kept) < paragraph.length_of(paragraph.places) * _LEFT_OF_A_PARAGRAPH
            fresh.update(paragraph.places if is_rewritten else set(paragraph.places) - kept)
        touched += [
            number
            for number in range(b, to_b)
            if not kept_before.issuperset((number - b, place) for place in range(len(before[number].words)))
        ]
    return fresh, touched


def _same_words(before: list[_Paragraph], after: list[_Paragraph]) -> tuple[set[tuple[int, int]], set[int]]:
    """The words that two runs of paragraphs share: the older by paragraph and place in it, the newer by place."""
    older = [(number, place) for number, each in enumerate(before) for place in range(len(each.words))]
    newer = [place for each in after for place in each.places]
    matcher = SequenceMatcher(
        None, [word for each in before for word in each.words], [word for each in after for word in each.words], False
    )
    kept_before: set[tuple[int, int]] = set()
    kept_after: set[int] = set()
    for b, a, length in matcher.get_matching_blocks():
        kept_before.update(older[b : b + length])
        kept_after.update(newer[a : a + length])
    return kept_before, kept_after


def _marked(
    tokens: Sequence[_Token], fresh: set[int], paragraphs: Iterable[_Paragraph], begins: str, ends: str
) -> tuple[str, int]:
    """The document with its new words in `<ins>`: one stretch may run through inline tags, and is announced once."""
    starts, stops = set(), set()
    for paragraph in paragraphs:
        for number, place in enumerate(paragraph.places):
            if place not in fresh:
                continue
            if number == 0 or paragraph.places[number - 1] not in fresh:
                starts.add(place)
            if number + 1 == len(paragraph.places) or paragraph.places[number + 1] not in fresh:
                stops.add(place)
    written: list[str] = []
    is_open = running = False
    for place, token in enumerate(tokens):
        wanted = place in fresh or (running and not token.tag and not token.silent)
        if is_open and not wanted:
            written.append("</ins>")
            is_open = False
        if wanted and not is_open:
            written.append('<ins class="new-words">')
            is_open = True
        if place in starts:
            written.append(begins)
            running = True
        written.append(token.text)
        if place in stops:
            written.append(f"{ends}</ins>")
            is_open = running = False
    return "".join(written), len(starts)
