"""The languages an installation offers. A seventh is a line in the environment and a translation file."""

from collections.abc import Iterable
from functools import cache

from babel.lists import format_list
from django.conf import settings
from django.utils.translation import get_language, get_language_info, to_locale


@cache
def is_right_to_left(code: str) -> bool:
    """Whether text in this language runs from right to left. A page asks for each of its passages."""
    return get_language_info(code)["bidi"]


def own_name(code: str) -> str:
    """The language's name in itself, as its readers look for it in a list."""
    return get_language_info(code)["name_local"]


def name(code: str) -> str:
    """The language's name in the language that is active, for the inside of a sentence."""
    return get_language_info(code)["name_translated"]


def listed(chosen: Iterable[str]) -> str:
    """Several languages in one sentence, joined as the active language joins a list."""
    return format_list([name(code) for code in chosen], locale=to_locale(get_language() or settings.LANGUAGE_CODE))


def codes() -> list[str]:
    """Language codes in the order of the language menu."""
    return [code for code, _name in settings.LANGUAGES]


def choices() -> list[tuple[str, str]]:
    """The installed languages for a field or a form, each by its own name."""
    return named(codes())


def named(chosen: Iterable[str]) -> list[tuple[str, str]]:
    """These languages for a field or a form, each by its own name."""
    return [(code, own_name(code)) for code in chosen]


def supported(code: str | None) -> str | None:
    """The installed language for a code such as `pt-BR` (here: `pt`), or None."""
    if not code:
        return None
    available = codes()
    if code in available:
        return code
    base = code.split("-")[0].lower()
    return base if base in available else None
