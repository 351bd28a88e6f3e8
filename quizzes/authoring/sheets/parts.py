"""The editor's form as parts within parts: an item has options, a gap its accepted answers, a criterion its levels.

A `Part` is a form with rows of further parts. Empty rows stand below those that are filled in, and a row whose telling
fields are empty is no part of the item: this is how one adds and takes away without JavaScript. `data()` is everything
that was filled in, as plain nested objects; a kind's `Sheet` makes structure and words of it, and the other way round.

A part may be opened for a translator: then only its words can be changed, the rows are those of the item, and each
field has the words of the source beside it. Rows that each language has of its own (`own_rows`: accepted answers,
hints) stay free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from quizzes.authoring.sheets.fields import Share, Words, in_per_cent
from quizzes.kinds.shapes import KEY, MOST_PARTS

Data = dict[str, Any]


class Rows:
    """Several parts of one class, under a name, with empty ones below. The form says how many there are."""

    def __init__(self, owner: "Part", name: str, kind: type["Part"], initial: list[Data], source: list[Data]):
        self.name, self.kind = name, kind
        self.prefix = owner.add_prefix(name)
        self.is_free = not owner.translating or kind.own_rows
        self.label, self.add_label = kind.rows_label, kind.add_label
        self.parts = []
        for number in range(self._count(owner, len(initial))):
            self.parts.append(
                kind(
                    owner.data if owner.is_bound else None,
                    prefix=f"{self.prefix}-{number}",
                    initial=initial[number] if number < len(initial) else {},
                    source=source[number] if number < len(source) else {},
                    translating=owner.translating,
                    judged=owner.judged,
                    more=owner.more,
                )
            )

    def _count(self, owner: "Part", filled: int) -> int:
        if not self.is_free:
            return filled
        if not owner.is_bound:
            return min(max(filled + self.kind.spare, self.kind.least), MOST_PARTS)
        sent = owner.data.get(f"{self.prefix}-count", "")
        count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
        return min(count + (3 if owner.more == self.prefix else 0), MOST_PARTS)

    @property
    def count(self) -> int:
        return len(self.parts)

    @property
    def filled(self) -> list["Part"]:
        """The parts that are some, in the order of their places where they have any."""
        found = [part for part in self.parts if not part.is_blank]
        if "place" not in self.kind.base_fields:
            return found
        return sorted(found, key=lambda part: part.cleaned_data.get("place") or MOST_PARTS)

    def data(self) -> list[Data]:
        numbers = {id(part): number for number, part in enumerate(self.parts, start=1)}
        rows = [part.data_of() | {"number": numbers[id(part)]} for part in self.filled]
        if self.kind.key_begins is not None:
            _give_keys(rows, self.kind.key_begins)
        return rows


def _give_keys(rows: list[Data], begins: str) -> None:
    """A key for each row that is new, which no other has: `a`, `b`, … or `e1`, `e2`, …"""
    taken = {row["key"] for row in rows if row.get("key")}
    for row in rows:
        if not row.get("key"):
            row["key"] = next(key for key in _keys(begins) if key not in taken)
            taken.add(row["key"])


def _keys(begins: str) -> Iterator[str]:
    if not begins:
        yield from "abcdefghijklmnopqrstuvwxyz"
    number = 1
    while True:
        yield f"{begins or 'o'}{number}"
        number += 1


class Part(forms.Form):
    """A part of an item as a form; see the module."""

    # Rows of further parts, by their name.
    inner: ClassVar[Mapping[str, type["Part"]]] = {}
    # The fields that are words of a language; the others are the structure, which all languages share.
    words: ClassVar[tuple[str, ...]] = ()
    # Those of them that a question cannot be asked without.
    needed: ClassVar[tuple[str, ...]] = ()
    # A row is one where any of these is filled in; () where it always is.
    tells: ClassVar[tuple[str, ...]] = ()
    # What the key of a new row begins with, `""` for letters; None where rows have no keys.
    key_begins: ClassVar[str | None] = None
    own_rows: ClassVar[bool] = False
    # The fields that stand below the rows.
    last: ClassVar[tuple[str, ...]] = ()
    spare: ClassVar[int] = 1
    least: ClassVar[int] = 2
    rows_label: ClassVar[Any] = ""
    add_label: ClassVar[Any] = _("Add another")

    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self, data=None, *, prefix="", initial=None, source=None, translating=False, judged=True, more="", **kwargs
    ):
        initial = initial or {}
        super().__init__(data, prefix=prefix or None, initial=self._as_typed(initial), **kwargs)
        self.translating, self.judged, self.more = translating, judged, more
        self.source = self._as_typed(source or {})
        self.told: list[tuple[str, Any]] = []
        if self.key_begins is None:
            del self.fields["key"]
        if translating and not self.own_rows:
            for name in [each for each in self.fields if each not in (*self.words, "key")]:
                del self.fields[name]
        for name in self.needed:
            if name in self.fields and translating:
                # A translation may be left half done; it waits aside until it is whole.
                self.fields[name].required = False
        self.rows = {
            name: Rows(self, name, kind, initial.get(name) or [], self.source.get(name) or [])
            for name, kind in self.inner_of(initial, translating).items()
        }

    def _as_typed(self, data: Data) -> Data:
        """What items keep otherwise than authors write it, as authors write it."""
        shares = {name for name, field in self.base_fields.items() if isinstance(field, Share)}
        return {name: in_per_cent(value) if name in shares else value for name, value in data.items()}

    @classmethod
    def inner_of(cls, data: Data, translating: bool) -> Mapping[str, type["Part"]]:
        """The rows of further parts that a part with this data has."""
        return cls.inner

    @classmethod
    def lacks(cls, data: Data) -> int:
        """How many words a translation still needs, of the data that it has, here and within."""
        missing = sum(1 for name in cls.needed if not str(data.get(name) or "").strip())
        for name, kind in cls.inner_of(data, True).items():
            rows = data.get(name) or []
            missing += sum(kind.lacks(row) for row in rows) + int(kind.own_rows and kind.least > 0 and not rows)
        return missing

    @classmethod
    def merged(cls, whole: Data, sent: Data) -> Data:
        """What a translator has sent, laid over all of the part: what they cannot change stays."""
        rows: Data = {}
        for name, kind in cls.inner_of(whole, True).items():
            if kind.own_rows:
                rows[name] = sent[name]
            else:
                rows[name] = [kind.merged(*pair) for pair in zip(whole[name], sent[name], strict=True)]
        return whole | sent | rows

    def clean_key(self):
        key = self.cleaned_data["key"]
        if key and not KEY.fullmatch(key):
            raise ValidationError(_("This is not a key: use up to 20 letters and digits without accents."))
        return key

    @property
    def is_blank(self) -> bool:
        """Whether a row was left empty, or emptied."""
        if not self.tells or (self.translating and not self.own_rows):
            return False
        if not self.is_bound:
            return not any(self.initial.get(name) for name in self.tells)
        return not any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in self.tells)

    def full_clean(self):
        super().full_clean()
        if self.is_bound and (not self.judged or self.is_blank):
            self._errors = ErrorDict()

    def is_valid(self) -> bool:
        """Whether this part and all within it can be kept."""
        inner = [part.is_valid() for rows in self.rows.values() for part in rows.parts if not part.is_blank]
        return super().is_valid() and all(inner)

    def data_of(self) -> Data:
        """What was filled in, here and within; call it of a valid part."""
        return self.cleaned_data | {name: rows.data() for name, rows in self.rows.items()}

    @property
    def title(self) -> str:
        """What the row is called beside its number, where it has a name that its author uses."""
        return ""

    @property
    def cells(self) -> list["Cell"]:
        """The fields that are seen, each with the words that it stands for in the source; those above the rows."""
        return [self._cell(name) for name in self.fields if name not in self.last and not self[name].is_hidden]

    @property
    def last_cells(self) -> list["Cell"]:
        """Those below the rows, in their own order."""
        return [self._cell(name) for name in self.last if name in self.fields]

    def _cell(self, name: str) -> "Cell":
        is_read = self.translating and isinstance(self.fields[name], Words)
        source = self.source.get(name, "") if is_read else None
        return Cell(self[name], name in self.words, source)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """All errors, here and within, for the summary on top: the id and the name of the field, and what is wrong."""
        found = [("", "", error) for error in self.non_field_errors()]
        for field in self:
            found += [(field.id_for_label, field.label, error) for error in field.errors]
        for rows in self.rows.values():
            for part in rows.parts:
                found += part.wrong
        return found

    def complain(self, message, field: str | None = None) -> None:
        """Say that something does not fit, at a field or about the part as a whole."""
        self.add_error(field, message)


@dataclass(frozen=True)
class Cell:
    """A field as the template draws it. `source` are the words beside it, None where nothing is translated."""

    field: forms.BoundField
    is_words: bool
    source: str | None
