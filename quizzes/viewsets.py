"""Item banks and quizzes as authors see them in Wagtail. Items are read here; their editor is still to come."""

import secrets
from dataclasses import dataclass

from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from quizzes.kinds.choices import Rating
from quizzes.models import ItemBank, ItemVersion, Mechanism, Quiz, RadFactor
from quizzes.permissions import may_analyse
from quizzes.quiz_forms import FoundPanel, QuizForm, found_table, sections_panel
from quizzes.sample import sample_of
from quizzes.services import newest_published

RATINGS = {
    Rating.BEST: _("Best"),
    Rating.ACCEPTABLE: _("Acceptable"),
    Rating.RISKY: _("Risky"),
    Rating.BREACH: _("Breach"),
}


class Allowing(ModelPermissionPolicy):
    """A model's usual rights, narrowed to what Wagtail's pages may do with its rows at all, superusers' included."""

    def __init__(self, model, actions):
        super().__init__(model)
        self.actions = actions

    def user_has_permission(self, user, action):
        return action in self.actions and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return super().user_has_any_permission(user, self.actions.intersection(actions))


register_permission_policy(ItemBank, Allowing(ItemBank, {"view"}))
register_permission_policy(Quiz, Allowing(Quiz, {"view", "change"}))


# --- Item banks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemShown:
    """The newest published version of an item, in the author's language or another that it has."""

    version: ItemVersion
    language: str
    words: dict

    @classmethod
    def of(cls, version: ItemVersion) -> "ItemShown":
        texts = {text.language: text.content for text in version.texts.all()}
        language = next(code for code in (get_language(), "en", *sorted(texts)) if code in texts)
        return cls(version, language, texts[language])

    @property
    def rad_factors(self) -> list[str]:
        return [RadFactor(number).label for number in self.version.rad_factors]

    @property
    def options(self) -> list[dict]:
        return [
            self.words["options"][option["key"]]
            | {
                "key": option["key"],
                "rating": RATINGS[Rating(option["rating"])],
                "bright_line": option["bright_line"],
                "mechanism": Mechanism(option["mechanism"]).label if option["mechanism"] else "",
            }
            for option in self.version.structure["options"]
        ]


def _published(bank: ItemBank):
    """The newest published versions of a bank's items with their words: three queries, however many there are."""
    return (
        ItemVersion.objects.filter(pk__in=newest_published(bank))
        .select_related("item")
        .prefetch_related("texts")
        .order_by("item__key")
    )


class ItemBanks(generic.IndexView):
    def get_base_queryset(self):
        return ItemBank.objects.annotate(size=Count("items"))


class ReadItemBank(generic.InspectView):
    page_title = _("Item bank")
    template_name = "quizzes/admin/item_bank.html"

    def get_context_data(self, **kwargs):
        items = [ItemShown.of(version) for version in _published(self.object)]
        return super().get_context_data(**kwargs) | {"items": items}


class ReadItem(ReadItemBank):
    """One item with its options, reached from its bank."""

    page_title = _("Item")
    template_name = "quizzes/admin/item.html"

    def get_context_data(self, **kwargs):
        version = get_object_or_404(_published(self.object), item__key=self.kwargs["key"])
        return super(ReadItemBank, self).get_context_data(**kwargs) | {"item": ItemShown.of(version)}

    def get_breadcrumbs_items(self):
        *above, _here = super().get_breadcrumbs_items()
        bank = {"url": reverse("itembank:inspect", args=[self.object.pk]), "label": str(self.object)}
        return [*above, bank, {"url": "", "label": self.kwargs["key"]}]


class ItemBankViewSet(ModelViewSet):
    model = ItemBank
    icon = "folder-open-inverse"
    index_view_class = ItemBanks
    inspect_view_class = ReadItemBank
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = ["title", Column("size", label=_("Items"))]
    form_fields = ["title"]
    url_prefix = "item-banks"

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("inspect/<int:pk>/<slug:key>/", self.construct_view(ReadItem), name="item"),
        ]


# --- Quizzes --------------------------------------------------------------------------------------------------------


class Quizzes(generic.IndexView):
    def get_base_queryset(self):
        return Quiz.objects.select_related("bank").prefetch_related("texts")

    def get_list_more_buttons(self, instance):
        return [*super().get_list_more_buttons(instance), *_analysis_button(self.request.user, instance)]


class ChangeQuiz(generic.EditView):
    @property
    def header_more_buttons(self):
        sample = Button(
            _("Draw a sample"), url=reverse("quiz:sample", args=[self.object.pk]), icon_name="view", priority=40
        )
        return [*super().header_more_buttons, sample, *_analysis_button(self.request.user, self.object)]


class FoundNow(ChangeQuiz):
    """What each section would find as the form stands, before it is saved."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = self.get_form()
        form.is_valid()
        return render(request, "quizzes/admin/found_table.html", found_table(form))


class Sample(generic.InspectView):
    """What one attempt might be served, for nobody: nothing is kept of it. The same seed draws the same."""

    page_title = _("A drawn sample")
    template_name = "quizzes/admin/sample.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET.get("seed", "")
        seed = int(asked) if asked.isdecimal() and len(asked) < 10 else secrets.randbelow(10**6)
        return super().get_context_data(**kwargs) | sample_of(self.object, seed, get_language())


def _analysis_button(user, quiz: Quiz):
    """The way from a quiz to what its answers say about its items."""
    if may_analyse(user):
        yield Button(_("Item analysis"), url=reverse("item_analysis", args=[quiz.pk]), icon_name="view", priority=50)


class QuizViewSet(ModelViewSet):
    model = Quiz
    icon = "help"
    url_prefix = "quizzes"
    index_view_class = Quizzes
    edit_view_class = ChangeQuiz
    copy_view_enabled = False
    list_display = ["__str__", "bank", "draw", "time_limit_minutes", "minutes"]
    edit_handler = ObjectList(
        [
            HelpPanel(_("What you change here reaches learners with the next release of the course, not before.")),
            FieldPanel("draw", help_text=_("With sections, this is the sum of what they draw.")),
            FieldPanel("time_limit_minutes"),
            FieldPanel("minutes"),
            sections_panel(),
            FoundPanel(heading=_("What the bank holds for it today")),
        ],
        base_form_class=QuizForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("found/<int:pk>/", self.construct_view(FoundNow, **self.get_edit_view_kwargs()), name="found"),
            path("sample/<int:pk>/", self.construct_view(Sample), name="sample"),
        ]


class QuizChooser(ChooserViewSet):
    """How a module's page picks the quiz that closes it."""

    model = Quiz
    icon = "help"
    choose_one_text = _("Choose a quiz")
    choose_another_text = _("Choose another quiz")
    edit_item_text = _("Change this quiz")

    def get_object_list(self):
        return Quiz.objects.prefetch_related("texts")


class AssessmentViewSetGroup(ModelViewSetGroup):
    menu_label = _("Assessment")
    menu_icon = "help"
    menu_order = 250
    items = (QuizViewSet("quiz"), ItemBankViewSet("itembank"))
