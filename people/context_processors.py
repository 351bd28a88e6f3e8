"""What every page's head and foot need, worked out only when a template asks for it.

Tuples, for a page's head is looked for by them, and what is a tuple all through is hashed without a step of Python.
"""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import bandwidth, languages
from people import page_heads


class Link(NamedTuple):
    """An entry of a menu; `current` where the reader is below it."""

    label: str
    url: str
    current: bool = False


class LanguageChoice(NamedTuple):
    """An entry of the language menu; whoever shows it adds the page to come back to (`?next=`)."""

    code: str
    name_local: str
    dir: str
    url: str
    current: bool


def site(request):
    """Names for `base.html`. No query for visitors; for people none beyond their account, which they have anyway.

    Each is a function, which a template calls where it uses it: cheaper than a lazy object, and as lazy.
    """
    return {
        "administration": lambda: _head(request),
        "reporting": lambda: _reporting(request),
        "languages": lambda: _languages(get_language()),
        "nav": lambda: _navigation(request),
        "account_links": lambda: _account_links(get_language()),
        "foot_links": lambda: _foot_links(get_language()),
        "is_spared": lambda: bandwidth.is_spared(request),
        "demonstration": settings.DEMONSTRATION,
    }


def _head(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return page_heads.of_administration(user.administration_id)


def _reporting(request):
    head = _head(request)
    return head.reporting if head else None


def _navigation(request) -> tuple[Link, ...]:
    """The entries of `settings.NAVIGATION` that are for this person. Which pages there are is the wiring's to say."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    entries = _entries(get_language(), signed_in, tuple(user.roles) if signed_in else ())
    return _with_current(entries, next((link.url for link in entries if request.path.startswith(link.url)), None))


# What follows is the same for all who share a language and their roles; a process works it out once.


@lru_cache(maxsize=512)
def _entries(_language: str, signed_in: bool, roles: tuple[str, ...]) -> tuple[Link, ...]:
    entries = []
    for entry in settings.NAVIGATION:
        if entry.get("signed_in") and not signed_in:
            continue
        if "roles" in entry and not set(entry["roles"]) & set(roles):
            continue
        try:
            url = reverse(entry["url_name"])
        except NoReverseMatch:  # people.E002 reports it before anything starts
            continue
        entries.append(Link(str(entry["label"]), url))
    return tuple(entries)


@lru_cache(maxsize=1024)
def _with_current(entries: tuple[Link, ...], url: str | None) -> tuple[Link, ...]:
    return tuple(link._replace(current=link.url == url) for link in entries)


@lru_cache(maxsize=64)
def _languages(current: str) -> tuple[LanguageChoice, ...]:
    return tuple(
        LanguageChoice(
            code=code,
            name_local=languages.own_name(code),
            dir="rtl" if languages.is_right_to_left(code) else "ltr",
            url=reverse("choose_language", args=[code]),
            current=code == current,
        )
        for code in languages.codes()
    )


@lru_cache(maxsize=64)
def _account_links(_language: str) -> tuple[Link, ...]:
    return (
        Link(_("Password"), reverse("account_change_password")),
        Link(_("Second factor"), reverse("mfa_index")),
    )


@lru_cache(maxsize=64)
def _foot_links(_language: str) -> tuple[Link, ...]:
    if not settings.DEMONSTRATION:
        return ()
    return (Link(_("Letters of the demonstration"), reverse("demonstration_mail")),)
