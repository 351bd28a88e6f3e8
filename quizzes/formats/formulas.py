"""MathML as a line of text: `e²`, `(1+x)/√(y)`. Pure.

A formula whose drawing is lost must keep its words, or the question is another one. The line is what a teacher would
write without a formula editor; it is not drawn, and the author is told.
"""

from dataclasses import dataclass, field

from quizzes.formats.markup import End, Start

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
# Said twice: once for programs.
_ASIDE = {"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark", "none", "mprescripts"}
_INVISIBLE = dict.fromkeys(range(0x2061, 0x2065))
_APART = set("=<>≤≥≠≈≡→⇒⇔∈∉⊂⊆∧∨")
_BRACKETS = {"(": ")", "[": "]", "{": "}", "|": "|"}


@dataclass
class _Part:
    """An element that is not closed yet, with what its children have become."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


class Formula:
    """Takes the pieces between `<math>` and `</math>`; `text` is what they say. Depth costs nothing but its length."""

    def __init__(self, attributes: dict[str, str]):
        self._words = " ".join(attributes.get("alttext", "").split())
        self._open = [_Part("math")]

    def take(self, piece: Start | End | str) -> None:
        if isinstance(piece, str):
            if words := " ".join(piece.translate(_INVISIBLE).split()):
                self._open[-1].said.append(words)
        elif isinstance(piece, Start):
            self._open.append(_Part(piece.name.rpartition(":")[2], piece.attributes))
            if piece.alone:
                self._close()
        elif len(self._open) > 1 and self._open[-1].name == piece.name.rpartition(":")[2]:
            self._close()

    def _close(self) -> None:
        part = self._open.pop()
        if part.name not in _ASIDE:
            self._open[-1].said.append(_line(part))

    @property
    def text(self) -> str:
        while len(self._open) > 1:
            self._close()
        return self._words or " ".join("".join(self._open[0].said).split())


def _line(part: _Part) -> str:
    """What an element says by what its children say."""
    said, name = part.said, part.name
    first, second, third = [*said, "", "", ""][:3]
    if name == "mo":
        sign = "".join(said)
        return f" {sign} " if sign in _APART else sign
    if name in ("mtext", "ms", "mspace"):
        return f" {' '.join(said)} "
    if name == "mfrac":
        return f"{_whole(first)}/{_whole(second)}"
    if name == "msqrt":
        return f"√({''.join(said)})"
    if name == "mroot":
        return f"{_shifted(second, _RAISED) or f'({second})'}√({first})"
    if name in ("msup", "mover"):
        return _whole(first) + _above(second)
    if name in ("msub", "munder"):
        return _whole(first) + _below(second)
    if name in ("msubsup", "munderover"):
        return _whole(first) + _below(second) + _above(third)
    if name == "mfenced":
        opens, closes = part.attributes.get("open", "("), part.attributes.get("close", ")")
        return opens + ", ".join(said) + closes
    if name == "mtable":
        return f"[{'; '.join(said)}]"
    if name in ("mtr", "mlabeledtr"):
        return ", ".join(said)
    return "".join(said)


def _shifted(words: str, table: dict) -> str:
    words = words.strip()
    return words.translate(table) if words and all(ord(character) in table for character in words) else ""


def _above(words: str) -> str:
    return _shifted(words, _RAISED) or f"^{_whole(words)}"


def _below(words: str) -> str:
    return _shifted(words, _LOWERED) or f"_{_whole(words)}"


def _whole(words: str) -> str:
    """What stands on one side of a sign: in brackets where it would be read apart."""
    words = words.strip()
    if (
        words.isalnum()
        or len(words) < 2
        or (words[0] in _BRACKETS and words.find(_BRACKETS[words[0]]) == len(words) - 1)
    ):
        return words
    return f"({words})"
