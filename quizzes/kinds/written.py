"""Words as people write them: when a typed answer is the accepted one.

What never counts: the normal form (NFKC), white space, invisible marks of direction and joining, the shape of quotes,
dashes and apostrophes, the script of digits (`٣`, `۳` and `3`), a full stop at the end, the Arabic tatweel, and the
vowel signs that Arabic is written without. Persian and Arabic keyboards give one letter two codes (`ک` and `ك`, `ی`
and `ي`); these are one.

What counts only where the item says so: case, and accents. Without accents,

- Latin and Greek letters stand bare (`é` is `e`, `ł` is `l`), and a German or Nordic word may be written out as
  telegrams had it: `Zöllner`, `Zollner` and `Zoellner` are one;
- Arabic hamza carriers are their bare letters (`أ إ آ ٱ` are `ا`, `ؤ` is `و`, `ئ` is `ي`), `ة` is `ه`, `ى` is `ي`;
- Cyrillic `ё` is `е`, as newspapers print it, and stress marks go; but `й`, `ї`, `ў` and their like stay, for they are
  letters of their own and not accents: `мои` is another word than `мой`;
- Hebrew stands without its points. In the scripts of South and South-East Asia marks are vowels: they always count.

Where a difference could be a slip of the keyboard as well as of knowledge, the learner has the benefit of the doubt.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from quizzes.kinds.contract import LONGEST_LINE, NOTHING, WrongItem
from quizzes.kinds.shapes import MOST_PARTS, check_earnable, check_flags, check_parts, check_text

RULES = {"case", "accents", "wildcards"}

# Stands for any text while a pattern is made. No character, so that nobody means it.
ANY = "\ufdd0"

TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʹʻ′`´＇", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("。۔।", "."),
        **{"،": ",", "؛": ";", "؟": "?", "٪": "%"},
    }
)
SAME_LETTER = str.maketrans({"ک": "ك", "ی": "ي", "ہ": "ه", "ھ": "ه", "ە": "ه"})
TATWEEL_AND_VOWELS = re.compile(
    "[\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)

CASELESS = str.maketrans({"ı": "i"})
OWN_LETTERS = frozenset("йїўѓќӣӯЙЇЎЃЌӢӮ")
ACCENTS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0653-\u0655\u1ab0-\u1aff\u1dc0-\u1dff]"
)
BARE = str.maketrans(
    {"ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "ħ": "h", "Ħ": "H", "ŧ": "t"}
    | {"Ŧ": "T", "þ": "th", "Þ": "TH", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ẞ": "SS"}
    | {"ı": "i", "ٱ": "ا", "ة": "ه", "ى": "ي"}
)
WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Ø": "OE"}
)


def plain(text: str) -> str:
    """A text in the normal form, without what is never seen, in plain quotes and dashes and the digits 0 to 9."""
    if text.isascii():
        return text
    # What looks like a quote is made one before NFKC takes it apart, and what NFKC makes one of afterwards.
    text = unicodedata.normalize("NFC", text).translate(TYPOGRAPHY)
    text = unicodedata.normalize("NFKC", text).translate(TYPOGRAPHY)
    return "".join(
        str(unicodedata.decimal(each)) if each.isdecimal() else each
        for each in text
        if unicodedata.category(each) != "Cf"
    )


def _bare(letter: str) -> str:
    if letter in OWN_LETTERS:
        return letter
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", letter)))


@dataclass(frozen=True)
class Spelling:
    """Which differences of writing count, and whether `*` in an accepted answer stands for any text."""

    case: bool
    accents: bool
    wildcards: bool

    @classmethod
    def of(cls, structure: dict) -> "Spelling":
        return cls(structure["case"], structure["accents"], structure["wildcards"])

    def spellings(self, text: str) -> tuple[str, ...]:
        """What a text comes to when the differences that do not count are gone: in one way, or in two where umlauts
        may be written out. Two texts are the same if they share one.
        """
        bare = self._without_differences(text)
        if self.accents or text.isascii():
            return (bare,)
        out = self._without_differences(unicodedata.normalize("NFC", text).translate(WRITTEN_OUT))
        return (bare,) if out == bare else (bare, out)

    def _without_differences(self, text: str) -> str:
        text = TATWEEL_AND_VOWELS.sub("", plain(text).translate(SAME_LETTER))
        if not self.case:
            text = unicodedata.normalize("NFKC", text.casefold()).translate(CASELESS)
        if not self.accents and not text.isascii():
            text = "".join(map(_bare, text)).translate(BARE)
        text = " ".join(text.translate(TYPOGRAPHY).split())
        return text.removesuffix(".").rstrip() or text

    def pattern(self, accepted: str) -> "Pattern":
        """What an accepted answer matches."""
        accepted = accepted.replace(ANY, "")
        if self.wildcards:
            accepted = re.sub(r"\\?\*", lambda star: ANY if star[0] == "*" else "*", accepted)
        return Pattern(tuple(tuple(f" {each} ".split(ANY)) for each in self.spellings(accepted)))

    def readable(self, accepted: str) -> str:
        """An accepted answer as a review tells it."""
        if not self.wildcards:
            return accepted
        return re.sub(r"\\?\*", lambda star: "…" if star[0] == "*" else "*", accepted)


@dataclass(frozen=True)
class Pattern:
    """An accepted answer in each of its spellings: pieces of text between which anything may stand.

    A space stands before and after the whole, as before and after each word: so `in * Bern` is `in Bern` too.
    """

    spellings: tuple[tuple[str, ...], ...]

    def matches(self, answer: tuple[str, ...]) -> bool:
        """Whether one of the answer's spellings is one of these."""
        return any(_fits(pieces, f" {text} ") for pieces in self.spellings for text in answer)

    @property
    def is_empty(self) -> bool:
        return any(len(pieces) == 1 and pieces[0].isspace() for pieces in self.spellings)


def _fits(pieces: tuple[str, ...], text: str) -> bool:
    """Each piece is looked for once, from left to right: no pattern takes longer than its length times the text's.

    The space after one piece may be the space before the next, where nothing stands between them.
    """
    first, *rest = pieces
    if not rest:
        return text == first
    *middle, last = rest
    if not text.startswith(first):
        return False
    reached = len(first)
    for piece in middle:
        found = text.find(piece, _from(text, reached, piece))
        if found < 0:
            return False
        reached = max(reached, found + len(piece))
    return len(text) - _from(text, reached, last) >= len(last) and text.endswith(last)


def _from(text: str, reached: int, piece: str) -> int:
    """Where a piece may begin when the text is matched up to `reached`."""
    return reached - 1 if piece.startswith(" ") and text[:reached].endswith(" ") else reached


@dataclass(frozen=True)
class AcceptedTexts:
    """Accepted answers with the share that each of them earns."""

    spelling: Spelling
    patterns: tuple[tuple[Pattern, Fraction], ...]

    @classmethod
    def of(cls, structure: dict, accepted: Iterable[dict]) -> "AcceptedTexts":
        spelling = Spelling.of(structure)
        return cls(spelling, tuple((spelling.pattern(each["text"]), Fraction(each["fraction"])) for each in accepted))

    def credit(self, typed: str) -> Fraction:
        """The best share that the answer earns; less than nothing if only a bad answer matches."""
        answer = self.spelling.spellings(typed)
        return max((share for pattern, share in self.patterns if pattern.matches(answer)), default=NOTHING)


def feedback_on(structure: dict, accepted: list[dict], typed: str) -> str:
    """What one language's words say to a typed answer: to the best of those that it matches."""
    spelling = Spelling.of(structure)
    answer = spelling.spellings(typed)
    matching = [each for each in accepted if spelling.pattern(each["text"]).matches(answer)]
    best = max(matching, key=lambda each: Fraction(each["fraction"]), default={})
    return best.get("feedback", "")


def right_texts(structure: dict, accepted: list[dict]) -> list[str]:
    """The accepted answers that earn everything, as a review tells them."""
    spelling = Spelling.of(structure)
    return [spelling.readable(each["text"]) for each in accepted if Fraction(each["fraction"]) == 1]


def check_rules(structure: dict) -> None:
    """That a structure says which differences count. Raises WrongItem."""
    check_flags(structure, *sorted(RULES))


def check_accepted(language: str, structure: dict, accepted: Any) -> None:
    """That one language has accepted answers, one of which earns everything. Raises WrongItem."""
    if not isinstance(accepted, list) or not 1 <= len(accepted) <= MOST_PARTS:
        raise WrongItem(f"in “{language}” it has no accepted answers, or more than {MOST_PARTS}")
    for each in accepted:
        check_parts(each, {"text", "fraction"}, {"feedback"})
        check_text(language, each["text"], least=1)
        check_text(language, each.get("feedback", ""))
        if len(each["text"]) > LONGEST_LINE or Spelling.of(structure).pattern(each["text"]).is_empty:
            raise WrongItem(f"in “{language}” nobody can give the accepted answer “{each['text'][:50]}”")
    check_earnable([each["fraction"] for each in accepted])
