"""An item version in its reader's language, or in another that it has."""

from dataclasses import dataclass

from django.utils.translation import get_language

from quizzes.models import ItemVersion, RadFactor


def language_of(texts: dict[str, dict]) -> str:
    """The language in which words are shown to whoever reads now: their own, or English, or what there is."""
    return next(code for code in (get_language(), "en", *sorted(texts)) if code in texts)


@dataclass(frozen=True)
class ItemShown:
    """A version of an item with its words in the language that is shown."""

    version: ItemVersion
    language: str
    words: dict

    @classmethod
    def of(cls, version: ItemVersion) -> "ItemShown":
        texts = {text.language: text.content for text in version.texts.all()}
        language = language_of(texts)
        return cls(version, language, texts[language])

    @property
    def rad_factors(self) -> list[str]:
        return [RadFactor(number).label for number in self.version.rad_factors]
