"""Where Wagtail's pages lead to a course's export. Registered by courses.wagtail_hooks."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button

from courses.exchange.views import ExportCourse
from courses.models import CoursePage
from courses.permissions import may_exchange

addresses = [path("courses/<int:page>/export/", ExportCourse.as_view(), name="export_course")]


def export_button(page, user, priority: int):
    """The way to a course's export, on its page and in listings."""
    if page.specific_class is CoursePage and may_exchange(user):
        yield Button(
            _("Export"), url=reverse("export_course", args=[page.pk]), icon_name="download", priority=priority
        )
