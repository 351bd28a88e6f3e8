"""The page on which an author releases a course or a programme."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import languages
from courses.admin_pages import PageOfCourse
from courses.models import Release
from courses.outlook import outlook_of
from courses.permissions import may_release
from courses.releases import Material, NotReleasable, ReleasedMeanwhile, release_course


class ReleaseView(PageOfCourse):
    """What a release made now would hold, what keeps it from being made, and the button that makes it."""

    page_title = gettext_lazy("Release")
    header_icon = "upload"
    template_name = "courses/admin/release.html"

    def may_open(self, user):
        return may_release(user)

    def post(self, request, page):
        reason, keys = request.POST.get("material_reason", "").strip(), request.POST.getlist("material")
        if bool(reason) != bool(keys):
            messages.error(request, _("Nothing was released. A material change has both steps and a reason."))
            return redirect("release_course", page)
        try:
            made = release_course(
                self.course,
                actor=request.user,
                now=timezone.now(),
                after=int(request.POST.get("after", "")),
                material=Material(frozenset(map(uuid.UUID, keys)), reason) if keys else None,
            )
        except NotReleasable:
            messages.error(request, _("Nothing was released. The reasons are below."))
        except (ReleasedMeanwhile, ValueError):
            messages.warning(
                request, _("The course was released in the meantime. Look at the difference again before releasing.")
            )
        else:
            messages.success(request, _("Release %(number)d is made.") % {"number": made.number})
        return redirect("release_course", page)

    def get_context_data(self, **kwargs):
        outlook = outlook_of(self.course)
        releases = Release.objects.filter(course=self.course.translation_key)
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "outlook": outlook,
            "next_number": outlook.latest.number + 1 if outlook.latest else 1,
            "releases": [
                (made, [languages.own_name(code) for code in made.languages])
                for made in releases.select_related("material_change")
            ],
        }
