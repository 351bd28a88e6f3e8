"""Where Wagtail's pages lead to a course's export and import. Registered by courses.wagtail_hooks."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from courses.exchange.views import ExportCourse, ImportCheckedCourse, ImportCourse
from courses.models import CoursePage
from courses.permissions import may_exchange

addresses = [
    path("courses/<int:page>/export/", ExportCourse.as_view(), name="export_course"),
    path("courses/import/", ImportCourse.as_view(), name="import_course"),
    path("courses/import/<uuid:transfer>/", ImportCheckedCourse.as_view(), name="import_checked_course"),
]


def export_button(page, user, priority: int):
    """The way to a course's export, on its page and in listings."""
    if page.specific_class is CoursePage and may_exchange(user):
        yield Button(
            _("Export"), url=reverse("export_course", args=[page.pk]), icon_name="download", priority=priority
        )


class ImportMenuItem(MenuItem):
    """In the main menu, because what is imported has no page yet."""

    def __init__(self):
        super().__init__(
            _("Import a course"), reverse("import_course"), name="import-course", icon_name="upload", order=260
        )

    def is_shown(self, request):
        return may_exchange(request.user)
