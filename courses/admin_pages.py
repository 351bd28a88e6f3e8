"""What the pages of one course in Wagtail's admin share."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.models import Page

from core.admin_pages import AuthoringPage
from courses.models import CoursePage, ProgrammePage
from courses.releases import source_of


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
