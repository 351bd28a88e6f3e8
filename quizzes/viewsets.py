"""Quizzes as authors see them in Wagtail. Banks and items have their pages in quizzes.authoring."""

import secrets

from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy

from quizzes.allowing import Allowing
from quizzes.authoring.banks import ItemBankViewSet
from quizzes.models import Quiz
from quizzes.permissions import may_analyse
from quizzes.quiz_forms import FoundPanel, QuizForm, found_table, sections_panel
from quizzes.sample import sample_of

register_permission_policy(Quiz, Allowing(Quiz, {"view", "change"}))


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
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("opens_at", help_text=_("In your own time zone. Left empty: at once.")),
                            FieldPanel(
                                "closes_at", help_text=_("Attempts that are open then end. Left empty: never.")
                            ),
                        ]
                    ),
                    FieldPanel(
                        "grace_seconds",
                        help_text=_("Answers that a slow line brings this much after the end are still taken."),
                    ),
                ],
                heading=_("When it may be sat"),
            ),
            FieldPanel("review"),
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
