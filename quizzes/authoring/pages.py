"""The page of an item: what it says and counts, how far its draft is, what was done with it, what may be done now."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.defaults import permission_denied

from core import languages
from core.admin_pages import AuthoringPage
from quizzes import errors, permissions, services
from quizzes.authoring.comparing import compared, facts
from quizzes.authoring.showing import language_of
from quizzes.drafts import outline, states
from quizzes.drafts.labels import DRAFT_STATES, ITEM_STATES
from quizzes.models import Item, ItemBank, ItemEvent, RadFactor
from quizzes.services import publishing, reviewing

Deed = ItemEvent.Deed

DONE = {
    Deed.ASK: _("The draft waits for a subject reviewer now."),
    Deed.APPROVE: _("You have approved the draft. It can be published now, which takes a request and another person."),
    Deed.RETURN: _("You have sent the draft back to its author."),
    Deed.REMARK: _("Your remark stands below."),
    Deed.RETIRE: _("The question is retired. Quizzes that are released from now on do not draw it."),
    Deed.RESTORE: _("The question is back. Quizzes that are released from now on may draw it."),
}


class ItemPage(AuthoringPage):
    """A page about one item of a bank, for those who may read it."""

    header_icon = "help"

    def may_open(self, user):
        return permissions.may_read_items(user)

    def find(self, bank, key):
        self.item = get_object_or_404(Item.objects.select_related("bank"), bank=bank, key=key)
        self.versions = list(self.item.versions.order_by("number").prefetch_related("texts"))
        newest_first = self.versions[::-1]
        self.draft = next((each for each in newest_first if each.published_at is None), None)
        self.published = next((each for each in newest_first if each.published_at), None)
        # A translation was published, or the bank brought in, after the draft was begun.
        self.is_overtaken = bool(self.draft and self.published and self.published.number > self.draft.number)

    @property
    def here(self) -> str:
        return reverse("itembank:item", args=[self.item.bank_id, self.item.key])

    def get_page_subtitle(self):
        return self.item.key

    def crumbs(self):
        return [*bank_crumbs(self, self.item.bank), {"url": self.here, "label": self.item.key}]

    def get_breadcrumbs_items(self):
        return [*self.crumbs(), {"url": "", "label": f"{self.item.key} · {self.page_title}"}]


def bank_crumbs(page: AuthoringPage, bank: ItemBank) -> list[dict]:
    """The way to the list of a bank's items."""
    return [
        *page.breadcrumbs_items,
        {"url": reverse("itembank:index"), "label": _("Item banks")},
        {"url": reverse("itembank:inspect", args=[bank.pk]), "label": str(bank)},
    ]


class ReadItem(ItemPage):
    """One item, reached from its bank; the deeds of its review are done here."""

    page_title = _("Question")
    template_name = "quizzes/admin/item.html"

    def get_breadcrumbs_items(self):
        *above, _here = self.crumbs()
        return [*above, {"url": "", "label": self.item.key}]

    def post(self, request, bank, key):
        deed = request.POST.get("do", "")
        try:
            self._do(deed)
        except PermissionDenied:
            return permission_denied(request, None)
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        except errors.NotForReview as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, DONE[deed])
        return redirect(self.here)

    def _do(self, deed: str) -> None:
        who = {"actor": self.request.user, "now": timezone.now()}
        if deed == Deed.RETIRE:
            services.retire(self.item, **who)
        elif deed == Deed.RESTORE:
            services.restore(self.item, **who)
        elif deed in (Deed.ASK, Deed.APPROVE, Deed.RETURN, Deed.REMARK):
            sent = self.request.POST
            services.review(self.item, deed, digest=sent.get("digest", ""), remark=sent.get("remark", ""), **who)
        else:
            raise errors.NotForReview

    def get_context_data(self, **kwargs):
        shown = self.draft or self.published
        texts = {text.language: text.content for text in shown.texts.all()}
        language = self.request.GET.get("language", "")
        language = language if language in texts else language_of(texts)
        state = reviewing.draft_state(self.draft) if self.draft and not self.is_overtaken else None
        waits = str(self.item.uuid) in publishing.waiting(self.item.bank)
        retired = self.item.retired_at is not None
        item_state = states.item_state(
            states.DraftState.DRAFT if self.draft and state is None else state,
            published=bool(self.published),
            waiting=waits,
            retired=retired,
        )
        user = self.request.user
        decides = state is not None and reviewing.may_decide_on(user, self.item)
        return super().get_context_data(**kwargs) | {
            "item": self.item,
            "shown": shown,
            "draft": self.draft,
            "published": self.published,
            "state": item_state,
            "state_label": ITEM_STATES[item_state],
            "draft_state": DRAFT_STATES.get(state, ""),
            "waits": waits,
            "is_overtaken": self.is_overtaken,
            "language": language,
            "lines": outline.outline(shown.structure, texts[language]),
            "languages": self._languages(texts),
            "changes": compared(self.draft, self.published) if self.draft and self.published else [],
            "changed_facts": facts(self.draft, self.published) if self.draft and self.published else [],
            "rad_factors": [RadFactor(number).label for number in shown.rad_factors],
            "events": self.item.events.select_related("actor").order_by("-pk"),
            "may_write": permissions.may_write_items(user),
            "may_ask": permissions.may_write_items(user) and _takes(state, Deed.ASK),
            "may_approve": decides and _takes(state, Deed.APPROVE),
            "may_return": decides and _takes(state, Deed.RETURN),
            "may_publish": permissions.may_ask_for_publication(user, self.item)
            and state in states.PUBLISHABLE
            and not waits
            and not retired,
        }

    def _languages(self, texts: dict) -> list[tuple[str, str, str]]:
        """Every language with its name and whether the item has it: `has`, `aside` or `lacks`."""
        aside = set(self.item.words_set_aside.values_list("language", flat=True))
        codes = [*languages.codes(), *sorted({*texts, *aside} - set(languages.codes()))]
        return [
            (code, languages.name(code), "has" if code in texts else "aside" if code in aside else "lacks")
            for code in codes
        ]


def _takes(state: states.DraftState | None, deed: str) -> bool:
    return state is not None and state in states.MOVES[deed]
