"""What the sheets of all kinds share: the question, its media, hints and worked solution."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.authoring.sheets.fields import Whether, Words
from quizzes.authoring.sheets.parts import Data, Part


class Hint(Part):
    """Something that leads to the answer; shown in the review."""

    rows_label = _("Hints")
    add_label = _("Add a hint")
    words = ("text",)
    tells = ("text",)
    own_rows, spare, least = True, 0, 0
    text = Words(label=_("Hint"))


class Medium(Part):
    """A picture, recording or film after the question, and what it is in words. Its file is kept as soon as it comes:
    a form that is shown again names it by its digest.
    """

    rows_label = _("Pictures, recordings and films")
    add_label = _("Add a picture, recording or film")
    words = ("file", "alt", "remove", "sha256", "kind")
    needed = ("alt",)
    tells = ("sha256",)
    own_rows, spare, least = True, 0, 0
    sha256 = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File"), required=False, help_text=_("A picture (JPEG, PNG, WebP), a recording or a film.")
    )
    alt = Words(
        label=_("In words, for those who cannot see or hear it"),
        required=True,
        help_text=_("Say what one must know of it to answer, and do not give the answer away."),
    )
    remove = Whether(label=_("Take it out"))

    @property
    def is_blank(self):
        return super().is_blank or bool(self.is_bound and self.data.get(self.add_prefix("remove")))

    @property
    def shown(self) -> dict | None:
        """What stands there already, for the template."""
        digest = self["sha256"].value()
        return {"sha256": digest, "kind": self["kind"].value()} if digest else None


class Sheet(Part):
    """The form of a kind of item. `opened` makes its data of structure and words, `structure` and `said` the reverse.

    `opened` takes words that lack parts: of a language that is not translated yet, or no more.
    """

    spare = 0
    words: ClassVar[tuple[str, ...]] = ("stem",)
    needed: ClassVar[tuple[str, ...]] = ("stem",)
    shape: ClassVar[int] = 2
    stem = Words(label=_("Question"), required=True, rows=5, help_text=_("An empty line begins a new paragraph."))

    @classmethod
    def opened(cls, structure: dict, words: dict) -> Data:
        return {
            "stem": words.get("stem", ""),
            "rationale": words.get("rationale", ""),
            "hints": [{"text": hint} for hint in words.get("hints", [])],
            "media": words.get("media", []),
        }

    @classmethod
    def structure(cls, data: Data) -> dict:
        raise NotImplementedError

    @classmethod
    def said(cls, data: Data) -> dict:
        """The words of one language."""
        words: dict = {"shape": cls.shape, "stem": data["stem"]}
        if data.get("rationale"):
            words["rationale"] = data["rationale"]
        if data.get("hints"):
            words["hints"] = [hint["text"] for hint in data["hints"]]
        if data.get("media"):
            words["media"] = [{name: medium[name] for name in ("sha256", "kind", "alt")} for medium in data["media"]]
        return words

    @classmethod
    def carried(cls, data: Data, words: dict) -> tuple[dict, int]:
        """Another language's words as they fit what was filled in here, and how many are still to be written."""
        opened = cls.opened(cls.structure(data), words)
        return cls.said(opened), cls.lacks(opened)

    @classmethod
    def for_translation(cls, structure: dict, words: dict, source: dict) -> Data:
        """What a translator begins with: their words, and the source's media until they say otherwise."""
        if not words.get("media") and source.get("media"):
            words = words | {"media": [medium | {"alt": ""} for medium in source["media"]]}
        return cls.opened(structure, words)

    def check(self) -> None:
        """What must hold between the parts; says so by `complain`. Only asked where each part is right by itself."""

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        if not self.translating:
            self.check()
        return not self.errors and super().is_valid()


def within(**own: type[Part]) -> dict[str, type[Part]]:
    """The rows of a sheet: media, those of its kind, hints."""
    return {"media": Medium, **own, "hints": Hint}


class Explained(Sheet):
    """A sheet of every kind but the scenario: with hints, media and a worked solution."""

    words = ("stem", "rationale")
    inner: ClassVar[Mapping[str, type[Part]]] = within()
    last = ("rationale",)
    rationale = Words(
        label=_("Worked solution"), rows=4, help_text=_("Shown in the review, where the answer may be told.")
    )


def with_text(row: Data, *names: str) -> dict:
    """The words of a row: its text, and of the others those that say something."""
    return {"text": row["text"]} | {name: row[name] for name in names if row.get(name)}
