"""What the pages of courses in Wagtail's admin share: who may open one, and the way back from it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.defaults import permission_denied
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from courses.models import CoursePage, ProgrammePage
from courses.releases import source_of


class AuthoringPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for those whom `may_open` names; nobody else learns even whether its address stands for something."""

    def may_open(self, user) -> bool:
        raise NotImplementedError

    def find(self, **named) -> HttpResponse | None:
        """Look up what the address names, once the person may see it; an answer where it lives elsewhere."""
        return None

    def dispatch(self, request, *args, **kwargs):
        # Raised, the refusal would become Wagtail's message on another page, with the status of a success.
        if not self.may_open(request.user):
            return permission_denied(request, None)
        return self.find(**kwargs) or super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class PageOfCourse(AuthoringPage):
    """About one course or programme, `self.course`: its page in the language it was written in.

    The address of a translation leads to that page's.
    """

    def find(self, page: int, **named):
        asked = get_object_or_404(Page.objects.type(CoursePage, ProgrammePage), pk=page).specific
        self.course = source_of(asked)
        return None if self.course == asked else redirect(self.request.resolver_match.view_name, self.course.pk)

    def get_page_subtitle(self):
        return self.course.title

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_explore", args=[self.course.pk]), "label": self.course.title},
            {"url": "", "label": self.page_title, "sublabel": self.course.title},
        ]
