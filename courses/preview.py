"""A lesson as its author sees it: drawn like a learner's page, in each of its languages, at a telephone's width."""

from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import languages, slots
from core.blocks import NationalSlot, freeze

# The narrowest telephone that counts, and what Wagtail offers besides.
PHONE = {"name": "phone", "icon": "mobile-alt", "device_width": 360, "label": gettext_lazy("As on a telephone")}


class InEveryLanguage:
    """For a page: Wagtail's preview offers each of its languages, as last saved there, and a telephone's width."""

    @property
    def preview_modes(self):
        others = self.get_translations().values_list("locale__language_code", flat=True)
        return [("", languages.own_name(self.locale.language_code))] + [
            (code, languages.own_name(code)) for code in sorted(others)
        ]

    @property
    def preview_sizes(self):
        return [PHONE, *(size for size in super().preview_sizes if size["name"] != "mobile")]

    def serve_preview(self, request, mode_name):
        """The page in the language of the mode; an address names a language, so the wording around it follows."""
        shown = self
        if mode_name:
            shown = self.get_translations().get(locale__language_code=mode_name).get_latest_revision_as_object()
        language = shown.locale.language_code
        with translation.override(language):
            response = TemplateResponse(
                request,
                shown.get_preview_template(request, mode_name),
                shown.get_preview_context(request, mode_name),
            )
            response.headers["Content-Language"] = language
            return response.render()


def preview_html(body) -> SafeString:
    """A lesson's blocks as a release would freeze them. What differs by reader is only said to stand there."""
    lesson = freeze(body)
    return slots.fill(
        lesson.html,
        {
            "media": lambda key: lesson.media[key]["html"] if key in lesson.media else "",
            "national": lambda key: _place(_("Here each administration says: %(slot)s.") % {"slot": _label(key)}),
            "reflection": lambda _key: _place(_("Here learners write what nobody else reads.")),
            "plan": lambda _key: _place(_("Here learners write their own plan. Nobody else reads it.")),
        },
    )


def _label(slot: str) -> str:
    return NationalSlot(slot).label if slot in NationalSlot.values else slot


def _place(sentence: str) -> SafeString:
    return format_html('<p class="place">{}</p>', sentence)
