"""Template tags for what an include cannot do: be cheap inside loops, compute, or wrap other markup."""

import json
from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

register = template.Library()

# Drawn for Plumbline on a grid of 24 with a stroke of 2; `turns` marks what must point the other way in Arabic.
ICON_PATHS = {
    "arrow": ("turns", '<path d="M4 12h16M14 6l6 6-6 6"/>'),
    "bad": ("", '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 17h.01"/>'),
    "bookmark": ("", '<path d="M6 3h12v18l-6-5-6 5z"/>'),
    "care": ("", '<path d="M12 3 2 21h20zM12 10v5M12 18h.01"/>'),
    "check": ("", '<path d="m4 13 5 5L20 6"/>'),
    "chevron": ("", '<path d="m6 9 6 6 6-6"/>'),
    "clock": ("", '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l4 2"/>'),
    "copy": ("", '<path d="M9 9h12v12H9zM5 15H3V3h12v2"/>'),
    "download": ("", '<path d="M12 3v12M6 10l6 6 6-6M4 21h16"/>'),
    "globe": (
        "",
        '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18"/>',
    ),
    "good": ("", '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 3 3 5-6"/>'),
    "info": ("", '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7h.01"/>'),
    "lock": ("", '<path d="M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4"/>'),
    "moon": ("", '<path d="M20 14A8.5 8.5 0 1 1 10 4a7 7 0 0 0 10 10z"/>'),
    "person": ("", '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>'),
    "shield": ("", '<path d="M12 2 4 5v6c0 5 3 9 8 11 5-2 8-6 8-11V5zM12 8v4M12 16h.01"/>'),
    "sun": (
        "",
        '<circle cx="12" cy="12" r="4"/><path d="M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19'
        'M5 19l1.5-1.5M17.5 6.5 19 5"/>',
    ),
}

# Made once: a lesson's path alone asks for a dozen.
ICONS = {
    name: mark_safe(  # noqa: S308 - our own constants
        f'<svg class="icon icon-{name}{" " + turns if turns else ""}" viewBox="0 0 24 24" aria-hidden="true">'
        f"{paths}</svg>"
    )
    for name, (turns, paths) in ICON_PATHS.items()
}


@register.simple_tag
def icon(name):
    """An icon of our own set, silent for screen readers: the word stands beside it. An unknown name is an error."""
    return ICONS[name]


@register.simple_tag
@cache
def asset(path):
    """The address of a static file. Looked up once for each process: the manifest is slow to ask."""
    return static(path)


@cache
def _minutes(count, language):
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", count) % {"minutes": count}


@register.simple_tag
def about_minutes(minutes):
    """How long a lesson takes, in the reader's words."""
    return ngettext("About %(minutes)d minute", "About %(minutes)d minutes", minutes) % {"minutes": minutes}


@register.simple_tag
def credited(minutes, required):
    """What is credited of what is required, in the reader's words."""
    return gettext("Credited: %(minutes)s of %(required)s") % {
        "minutes": _duration(minutes),
        "required": _duration(required),
    }


def _duration(minutes):
    if minutes < 60:
        return _minutes(minutes, get_language())
    hours, rest = divmod(minutes, 60)
    if not rest:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.simple_tag
def credits(minutes):
    """What a lesson is worth, in the reader's words."""
    return _credits(minutes, get_language())


@cache
def _credits(minutes, _language):
    return ngettext("Credits %(minutes)s minute", "Credits %(minutes)s minutes", minutes) % {"minutes": minutes}


CONTROLLERS = (
    "answer", "copy", "countdown", "marking", "menu", "order", "paper", "place", "point", "result", "submit-once",
    "tabs", "theme", "writing",
)  # fmt: skip


@register.simple_tag
@cache
def import_map():
    """Where the page's modules stand: Stimulus from npm, and one controller to a file."""
    imports = {"@hotwired/stimulus": static("vendor/stimulus/stimulus.js")}
    for name in CONTROLLERS:
        imports[f"plumbline/{name}"] = static(f"js/{name.replace('-', '_')}_controller.js")
    return mark_safe(json.dumps({"imports": imports}))  # noqa: S308 - our own file names


@register.simple_tag
def alike(component, **given):
    """A component that says the same to many readers: rendered once for what it is given, all of it hashable."""
    return _alike(component, tuple(given.items()), get_language())


@lru_cache(maxsize=4096)
def _alike(component, given, _language):
    return render_to_string(component, dict(given))


@register.simple_tag
def how_far(standing):
    """How much is done of what there is, and how long the rest takes, in the reader's words."""
    return _how_far(standing.done, standing.total, standing.minutes_left, get_language())


@lru_cache(maxsize=4096)
def _how_far(done, total, minutes_left, language):
    text = ngettext(
        "%(done)s of %(total)s steps, about %(minutes)s minute left",
        "%(done)s of %(total)s steps, about %(minutes)s minutes left",
        minutes_left,
    )
    return text % {"done": done, "total": total, "minutes": minutes_left}


@register.simple_tag
def path_steps(steps):
    """The items of a path. In Python: a dozen template nodes for each step would cost more than a lesson's text."""
    return format_html_join("", _PATH_STEP, (_path_step(step) for step in steps))


_PATH_STEP = (
    '<li class="{state}"{current}><span class="bead">{bead}</span>'
    '<span><a href="{url}" lang="{language}">{label}</a>{unseen} <span class="minutes">{minutes}</span></span></li>'
)
_CURRENT_STEP = mark_safe(' aria-current="step"')


def _path_step(step):
    done = step.state == "done"
    return {
        "state": step.state,
        "current": _CURRENT_STEP if step.state == "current" else "",
        "bead": ICONS["check"] if done else "",
        "url": step.url,
        "language": step.language,
        "label": step.label,
        "unseen": _unseen_done(get_language()) if done else "",
        "minutes": _minutes(step.minutes, get_language()),
    }


@cache
def _unseen_done(language):
    return format_html(' <span class="unseen">{}</span>', gettext("Done"))


@register.simple_tag
def title_of(subject):
    """The title of what has one in several languages (`title_in`), marked with the language that it is really in."""
    title, language = subject.title_in(get_language())
    if not language:
        return format_html("<bdi>{}</bdi>", title)
    return format_html('<bdi lang="{}">{}</bdi>', language, title)


@register.simple_tag
def option(name, value, label, chosen=False, several=False):
    """One answer among several, as a card the whole of which can be pressed; `several`: a checkbox.

    It stands in a <fieldset> whose <legend class="question"> asks. `name` and `value` are the form's own words.
    """
    kind, checked = "checkbox" if several else "radio", " checked" if chosen else ""
    # As `mark_safe`, in a sixth of its steps: a paper has forty of them. The one text in it is escaped.
    return SafeString(
        f'<label class="option"><input type="{kind}" name="{name}" value="{value}"{checked}>'
        f'<span class="face">{_escaped(label)}</span></label>'
    )


@lru_cache(maxsize=8192, typed=True)  # a label that is safe HTML equals its plain text, and is not written alike
def _escaped(label):
    return conditional_escape(label)


@register.simple_tag
def options(name, given, several=False):
    """All answers to choose among, each with `value`, `text` and `chosen`. In Python: a quiz has forty of them."""
    return SafeString("".join(option(name, each["value"], each["text"], each["chosen"], several) for each in given))


@register.simple_tag
def question_marks(marks):
    """The items of a quiz's list of questions. In Python, as the steps of a path."""
    answered, left = pgettext("question", "answered"), pgettext("question", "open")
    words = {True: conditional_escape(answered), False: conditional_escape(left)}
    return mark_safe(  # noqa: S308 - the words are escaped, the rest is ours
        "".join(
            f'<li class="{"current" if mark.current else "done" if mark.answered else "todo"}"'
            f"{_CURRENT_STEP if mark.current else ''}>"
            f'<a href="{mark.url}">{mark.number}<span class="unseen"> {words[mark.answered]}</span></a></li>'
            for mark in marks
        )
    )


@register.filter
def share(value, maximum):
    """`value` as a percentage of `maximum` for an SVG attribute: never localised, held between 0 and 100 %."""
    if not value or not maximum:
        return "0%"
    return f"{min(max(float(value) / float(maximum), 0), 1) * 100:.2f}%"


@register.filter
def per_cent(share):
    """A share of one as the reader writes it, in whole per cent: 62 %."""
    return (gettext("%(number)s %%") % {"number": number_format(round(share * 100))}).replace(" ", "\u00a0")


@register.simple_block_tag
def datatable(content, caption, id):
    """Let a wide table scroll inside its own box, which the keyboard can reach and a screen reader can name.

    `content` is the table's `<thead>` and `<tbody>`. `id` must be unique on the page.
    """
    return format_html(
        '<div class="table-box" role="region" aria-labelledby="{id}" tabindex="0">'
        '<table><caption id="{id}">{caption}</caption>{content}</table></div>',
        id=id,
        caption=caption,
        content=content,
    )
