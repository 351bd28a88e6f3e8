"""The parts of every page around what it is about, made once for all who see the same.

People with the same language, roles and administration see the same head but for three places: their name, the page to
come back to after a change of language, and the token of the sign-out form. So the markup is rendered once with marks
in these places, remembered in this process, and each page fills in its own: a tenth of what rendering it anew costs.

A page that is furniture as a whole (`frontend.furniture`) is rendered with a mark under the name of each part, and
gets the parts of its reader from `parts`.
"""

from functools import cache, lru_cache
from urllib.parse import quote

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_bidi

register = template.Library()

# Characters of the private use area: no text of ours has them, and escaping leaves them alone.
_NAME, _NEXT, _TOKEN, _NONCE = "\ue001", "\ue002", "\ue003", "\ue004"


_PARTS = []


def _part(work_out):
    """A tag for a part, which gives way to what the context has under its name."""

    @register.simple_tag(takes_context=True, name=work_out.__name__)
    def tag(context):
        given = context.get(work_out.__name__)
        return work_out(context) if given is None else given

    _PARTS.append(work_out)
    return work_out


def parts(told):
    """Every part for one reader, by name, and `administration.name` for the title.

    `told` is what the context processors tell, and the token of the page's forms.
    """
    # What several parts ask for is worked out once.
    told = told | {name: _told(told, name) for name in ("administration", "is_spared")}
    administration = told["administration"]
    return {part.__name__: part(told) for part in _PARTS} | {
        "administration.name": administration.name if administration else None
    }


@_part
def page_attributes(context):
    """Language and direction of the page, the theme where one was chosen, and whether the line is to be spared."""
    request, language = context.get("request"), get_language()
    theme = request.COOKIES.get("theme") if request is not None else None
    return _page_attributes(language, theme if theme in ("dark", "light") else "", bool(_told(context, "is_spared")))


@lru_cache(maxsize=64)
def _page_attributes(language, theme, is_spared):
    attributes = {"lang": language, "dir": "rtl" if get_language_bidi() else "ltr"}
    if theme:
        attributes["data-theme"] = theme
    if is_spared:
        attributes["data-line"] = "low"
    return format_html_join(" ", '{}="{}"', attributes.items())


@_part
def page_assets(context):
    """What every page loads, allowed to by the nonce of this page's policy."""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return mark_safe(_assets().replace(_NONCE, str(nonce)))  # noqa: S308 - our own template, and a nonce of our own


@cache
def _assets():
    return render_to_string("includes/assets.html", {"nonce": _NONCE})


@_part
def page_head(context):
    """The head of this page. Works without any of its context, as on an error page."""
    request = context.get("request")
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    markup = _head(
        get_language(),
        signed_in,
        _told(context, "administration"),
        _told(context, "nav"),
        _told(context, "languages"),
        _told(context, "account_links") if signed_in else None,
        bool(_told(context, "is_spared")),
    )
    came_from = request.get_full_path() if request is not None and request.method == "GET" else "/"
    markup = markup.replace(_NEXT, quote(came_from))
    if signed_in:
        markup = markup.replace(_NAME, escape(user.full_name)).replace(_TOKEN, str(context["csrf_token"]))
    return mark_safe(markup)  # noqa: S308 - rendered by a template; what was filled in is escaped


@_part
def page_foot(context):
    """The foot of this page, with where to report."""
    return _foot(get_language(), _told(context, "administration"), _told(context, "foot_links"))


@_part
def page_messages(context):
    """What has just happened, or nothing."""
    messages = context.get("messages")
    return render_to_string("includes/messages.html", {"messages": messages}) if messages else ""


@lru_cache(maxsize=512)
def _head(language, signed_in, administration, nav, languages, account_links, is_spared):
    return render_to_string(
        "includes/top.html",
        {
            "signed_in": signed_in,
            "administration": administration,
            "nav": nav,
            "languages": languages,
            "account_links": account_links,
            "is_spared": is_spared,
            "name": _NAME,
            "came_from": _NEXT,
            "token": _TOKEN,
        },
    )


@lru_cache(maxsize=512)
def _foot(language, administration, foot_links):
    return render_to_string("includes/foot.html", {"administration": administration, "foot_links": foot_links})


def _told(context, name):
    """What the context processor has under this name, often a function; None where a page has no context."""
    told = context.get(name)
    return told() if callable(told) else told
