"""The page on which an author releases a course or a programme."""

import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.defaults import permission_denied
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from core import languages
from courses.models import CoursePage, ProgrammePage, Release
from courses.outlook import outlook_of
from courses.permissions import may_release
from courses.releases import Material, NotReleasable, ReleasedMeanwhile, release_course, source_of


class ReleaseView(WagtailAdminTemplateMixin, TemplateView):
    """What a release made now would hold, what keeps it from being made, and the button that makes it."""

    page_title = gettext_lazy("Release")
    header_icon = "upload"
    template_name = "courses/admin/release.html"

    def dispatch(self, request, *args, **kwargs):
        # Raised, the refusal would become Wagtail's message on another page, with the status of a success.
        if not may_release(request.user):
            return permission_denied(request, None)
        asked = get_object_or_404(Page.objects.type(CoursePage, ProgrammePage), pk=kwargs["page"]).specific
        self.course = source_of(asked)
        if self.course != asked:
            return redirect("release_course", self.course.pk)
        return super().dispatch(request, *args, **kwargs)

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

    def get_page_subtitle(self):
        return self.course.title

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_explore", args=[self.course.pk]), "label": self.course.title},
            {"url": "", "label": self.page_title, "sublabel": self.course.title},
        ]

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
