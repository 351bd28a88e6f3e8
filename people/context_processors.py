"""What every page's head and foot need, worked out only when a template asks for it."""

from functools import cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import languages
from people import page_heads


def site(request):
    """Names for `base.html`. No query for visitors; for people none beyond their account, which they have anyway."""
    head = SimpleLazyObject(lambda: _head(request))
    return {
        "administration": head,
        "reporting": SimpleLazyObject(lambda: head.reporting if head else {}),
        "languages": SimpleLazyObject(lambda: _languages()),
        "nav": SimpleLazyObject(lambda: _navigation(request)),
        "account_links": SimpleLazyObject(lambda: _account_links(request)),
        "foot_links": SimpleLazyObject(_foot_links),
        "demonstration": settings.DEMONSTRATION,
    }


def _head(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return page_heads.of_administration(user.administration_id)


def _languages():
    """The languages of the menu; whoever shows it adds the page to come back to (`?next=`)."""
    current = get_language()
    return [entry | {"current": entry["code"] == current} for entry in _installed_languages()]


@cache
def _installed_languages():
    return [
        {
            "code": code,
            "name_local": languages.own_name(code),
            "dir": "rtl" if languages.is_right_to_left(code) else "ltr",
            "url": reverse("choose_language", args=[code]),
        }
        for code in languages.codes()
    ]


def _navigation(request):
    """The entries of `settings.NAVIGATION` that are for this person. Which pages there are is the wiring's to say."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    shown = []
    for entry in settings.NAVIGATION:
        if entry.get("signed_in") and not signed_in:
            continue
        if "roles" in entry and not (signed_in and user.holds(*entry["roles"])):
            continue
        try:
            url = reverse(entry["url_name"])
        except NoReverseMatch:  # people.E002 reports it before anything starts
            continue
        shown.append({"label": str(entry["label"]), "url": url, "current": request.path.startswith(url)})
    return shown


def _account_links(request):
    return [
        {"label": _("Password"), "url": reverse("account_change_password")},
        {"label": _("Second factor"), "url": reverse("mfa_index")},
    ]


def _foot_links():
    if not settings.DEMONSTRATION:
        return []
    return [{"label": _("Letters of the demonstration"), "url": reverse("demonstration_mail")}]
