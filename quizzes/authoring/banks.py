"""Item banks in Wagtail: which there are, a new one, and the list of the items of each."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy

from core import languages
from quizzes import permissions, services
from quizzes.allowing import Allowing
from quizzes.authoring import editing, pages, previewing, publishing_pages
from quizzes.authoring.listing import Wanted, listing, word
from quizzes.drafts.labels import ITEM_STATES
from quizzes.models import ItemBank, ItemKind, RadFactor

PER_PAGE = 50


class Banks(Allowing):
    """Banks are read by those who write or review questions, and begun by those who write them."""

    def user_has_permission(self, user, action):
        if action == "add":
            return permissions.may_write_items(user)
        return super().user_has_permission(user, action) or (action == "view" and permissions.may_read_items(user))

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


register_permission_policy(ItemBank, Banks(ItemBank, {"view", "add"}))


class ItemBanks(generic.IndexView):
    def get_base_queryset(self):
        return ItemBank.objects.annotate(size=Count("items"))

    @cached_property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if permissions.may_write_items(self.request.user):
            address = reverse("import_questions")
            buttons.append(Button(_("Import questions"), url=address, icon_name="upload", priority=50))
        return buttons


class NewBankForm(WagtailAdminModelForm):
    """A title is all that a bank needs; its short name follows from it."""

    class Meta:
        model = ItemBank
        fields = ("title",)


class NewBank(generic.CreateView):
    def save_instance(self):
        return services.begin_bank(self.form.cleaned_data["title"], actor=self.request.user)

    def get_success_url(self):
        return reverse("itembank:inspect", args=[self.object.pk])


class Filters(forms.Form):
    """What a reader looks for in a bank. Nonsense asks for nothing."""

    q = forms.CharField(label=_("Words or key"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    difficulty = forms.TypedChoiceField(label=_("Difficulty"), required=False, coerce=int, empty_value=None)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    rad_factor = forms.TypedChoiceField(label=_("RAD factor"), required=False, coerce=int, empty_value=None)
    lacks = forms.ChoiceField(label=_("Missing in"), required=False)

    def __init__(self, tags, data):
        super().__init__(data)
        offered = {
            "state": ITEM_STATES.items(),
            "kind": ItemKind.choices,
            "difficulty": [(number, number) for number in (1, 2, 3)],
            "tag": [(tag, tag) for tag in tags],
            "rad_factor": RadFactor.choices,
            "lacks": [(code, languages.name(code)) for code in languages.codes()],
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("All")), *choices]

    def wanted(self) -> Wanted:
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        return Wanted(words=found.pop("q", ""), **found)


class ReadItemBank(generic.InspectView):
    page_title = _("Item bank")
    template_name = "quizzes/admin/item_bank.html"

    def get_context_data(self, **kwargs):
        every = listing(self.object)
        form = Filters(every.tags, self.request.GET)
        wanted = form.wanted()
        found = every.only(wanted)
        page = Paginator(found.rows, PER_PAGE).get_page(self.request.GET.get("p"))
        word(page)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "form": form,
            "size": len(every.rows),
            "is_filtered": wanted != Wanted(),
            "may_write": permissions.may_write_items(self.request.user),
            "may_publish": permissions.may_ask_for_publication(self.request.user, self.object),
        }


class ItemBankViewSet(ModelViewSet):
    model = ItemBank
    icon = "folder-open-inverse"
    index_view_class = ItemBanks
    add_view_class = NewBank
    inspect_view_class = ReadItemBank
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["title", Column("size", label=_("Items"))]
    url_prefix = "item-banks"

    def get_form_class(self, for_update=False):
        return NewBankForm

    def get_urlpatterns(self):
        of_item = "inspect/<int:bank>/<slug:key>/"
        return [
            *super().get_urlpatterns(),
            path("new-item/<int:bank>/", editing.NewItem.as_view(), name="new_item"),
            path("publish/<int:bank>/", publishing_pages.Publish.as_view(), name="publish"),
            path(of_item, pages.ReadItem.as_view(), name="item"),
            path(f"{of_item}edit/", editing.EditItem.as_view(), name="edit_item"),
            path(f"{of_item}words/<slug:language>/", editing.WordItem.as_view(), name="word_item"),
            path(f"{of_item}preview/", previewing.PreviewItem.as_view(), name="preview_item"),
        ]
