"""Asking for the publication of drafts: of one, or of as many as a bank has."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import languages
from core.admin_pages import AuthoringPage
from quizzes import permissions, services
from quizzes.authoring.pages import bank_crumbs
from quizzes.authoring.showing import language_of
from quizzes.drafts import states
from quizzes.drafts.labels import DRAFT_STATES
from quizzes.models import ItemBank
from quizzes.services.publishing import MOST_AT_ONCE, Candidate, candidates, waiting


class Publish(AuthoringPage):
    """The drafts of a bank that could be published, all of them ticked, and why they should be."""

    page_title = gettext_lazy("Publish drafts")
    template_name = "quizzes/admin/publish.html"
    header_icon = "upload"

    def may_open(self, user):
        return permissions.may_ask_for_publication(user, None)

    def find(self, bank):
        self.bank = get_object_or_404(ItemBank, pk=bank)

    def get_page_subtitle(self):
        return str(self.bank)

    def get_breadcrumbs_items(self):
        return [*bank_crumbs(self, self.bank), {"url": "", "label": self.page_title}]

    def post(self, request, bank):
        try:
            asked = services.ask_for_publication(
                self.bank,
                request.POST.getlist("key"),
                reason=request.POST.get("reason", ""),
                actor=request.user,
                now=timezone.now(),
            )
        except ValidationError as problem:
            context = self.get_context_data(
                problems=problem.messages,
                chosen=set(request.POST.getlist("key")),
                reason=request.POST.get("reason", ""),
            )
            return self.render_to_response(context, status=422)
        messages.success(
            request, _("You have asked for publication. A subject reviewer who has not written it decides.")
        )
        return redirect("oversight:request", uuid=asked.uuid)

    def get_context_data(self, chosen=None, **kwargs):
        asked = set(self.request.GET.getlist("key"))
        in_requests = waiting(self.bank)
        found = candidates(self.bank, asked or None)
        rows = [
            _row(each)
            for each in found
            if str(each.item.uuid) not in in_requests and not each.item.retired_at and each.state in states.PUBLISHABLE
        ]
        for number, row in enumerate(rows):
            row["chosen"] = number < MOST_AT_ONCE if chosen is None else row["key"] in chosen
        return super().get_context_data(**kwargs) | {
            "bank": self.bank,
            "rows": rows,
            "left_out": len(found) - len(rows),
            "most": MOST_AT_ONCE,
        }


def _row(candidate: Candidate) -> dict:
    """A draft in the list, with what is plain to see about it."""
    texts = {text.language: text.content for text in candidate.draft.texts.all()}
    language = language_of(texts)
    before = {text.language for text in candidate.published.texts.all()} if candidate.published else set()
    return {
        "key": candidate.item.key,
        "stem": texts[language]["stem"],
        "language": language,
        "is_new": candidate.published is None,
        "kind": candidate.draft.get_kind_display(),
        "languages": sorted(texts),
        "gone": languages.listed(sorted(before - texts.keys())) if before - texts.keys() else "",
        "review": DRAFT_STATES[candidate.state],
    }
