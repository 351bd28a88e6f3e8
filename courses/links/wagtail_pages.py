"""Where Wagtail's pages lead to the reports about links and uses. Registered by courses.wagtail_hooks."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from courses.links.views import LinksOfCourses, LinksReport, UseReport
from courses.models import CoursePage, ProgrammePage
from courses.permissions import may_exchange

addresses = [
    path("courses/<int:page>/links/", LinksReport.as_view(), name="course_links"),
    path("courses/links/", LinksOfCourses.as_view(), name="links_of_courses"),
    path("courses/use/", UseReport.as_view(), name="where_used"),
]


def links_button(page, user, priority: int):
    """The way from a course or programme to the report on its links."""
    if page.specific_class in (CoursePage, ProgrammePage) and may_exchange(user):
        yield Button(_("Links"), url=reverse("course_links", args=[page.pk]), icon_name="link", priority=priority)


class AuthorsReport(MenuItem):
    """In Wagtail's menu of reports, for authors."""

    def is_shown(self, request):
        return may_exchange(request.user)
