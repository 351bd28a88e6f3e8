"""The languages an installation offers. A seventh is a line in the environment and a translation file."""

from django.conf import settings
from django.utils.translation import get_language_info


def is_right_to_left(code: str) -> bool:
    """Whether text in this language runs from right to left."""
    return get_language_info(code)["bidi"]


def own_name(code: str) -> str:
    """The language's name in itself, as its readers look for it in a list."""
    return get_language_info(code)["name_local"]


def codes() -> list[str]:
    """Language codes in the order of the language menu."""
    return [code for code, _name in settings.LANGUAGES]


def choices() -> list[tuple[str, str]]:
    """The installed languages for a field or a form, each by its own name."""
    return [(code, own_name(code)) for code in codes()]


def supported(code: str | None) -> str | None:
    """The installed language for a code such as `pt-BR` (here: `pt`), or None."""
    if not code:
        return None
    available = codes()
    if code in available:
        return code
    base = code.split("-")[0].lower()
    return base if base in available else None
