"""Where Wagtail's pages lead to bringing files in. Registered by courses.wagtail_hooks."""

from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from courses.arrivals.views import ArrivalPage, BringCourse, BringLessons
from courses.models import ModulePage
from courses.permissions import may_exchange

addresses = [
    path("courses/import/", BringCourse.as_view(), name="import_course"),
    path("courses/import/lessons/", BringLessons.as_view(), name="import_lessons"),
    path("courses/import/<uuid:arrival>/", ArrivalPage.as_view(), name="arrival"),
]


def lessons_button(page, user, priority: int):
    """The way from a module to a file of its lessons."""
    if page.specific_class is ModulePage and may_exchange(user):
        address = f"{reverse('import_lessons')}?{urlencode({'module': page.pk})}"
        yield Button(_("Lessons from a file"), url=address, icon_name="upload", priority=priority)


class BringMenuItem(MenuItem):
    """In the main menu, because what is brought has no page yet."""

    def is_shown(self, request):
        return may_exchange(request.user)
