"""The pages on which an author brings a file in, sees what it holds and how far it is, and lets it in."""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.admin_pages import AuthoringPage
from core.languages import is_right_to_left
from courses.arrivals import services, turn
from courses.arrivals.forms import ArchiveForm, LessonsForm
from courses.models import Arrival, CoursePage, ModulePage
from courses.permissions import may_exchange, may_write_lessons

# How often a page that waits asks again, without JavaScript.
SECONDS_BETWEEN_LOOKS = 3
LISTED = 10


class _ArrivalsPage(AuthoringPage):
    header_icon = "upload"

    def may_open(self, user):
        return may_exchange(user)


class _BringPage(_ArrivalsPage):
    """A form that takes a file, and the files that one has brought of late."""

    def refused(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def get_context_data(self, **kwargs):
        mine = Arrival.objects.filter(actor=self.request.user)[:LISTED]
        return {"form": self.empty_form(), "mine": mine} | super().get_context_data(**kwargs)


class BringCourse(_BringPage):
    page_title = gettext_lazy("Import a course")
    template_name = "courses/admin/arrivals/bring_course.html"

    def empty_form(self):
        return ArchiveForm()

    def post(self, request):
        form = ArchiveForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.refused(form)
        brought = services.bring_archive(form.cleaned_data["archive"], actor=request.user, now=timezone.now())
        return redirect("arrival", brought.uuid)


class BringLessons(_BringPage):
    page_title = gettext_lazy("Lessons from a file")
    template_name = "courses/admin/arrivals/bring_lessons.html"

    def empty_form(self):
        """With the module from whose page one came."""
        asked = self.request.GET.get("module", "")
        module = ModulePage.objects.filter(pk=asked).select_related("locale").first() if asked.isdecimal() else None
        if module is None:
            return LessonsForm(initial={"language": get_language()})
        return LessonsForm(initial={"module": module.translation_key, "language": module.locale.language_code})

    def post(self, request):
        form = LessonsForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.refused(form)
        given = form.cleaned_data
        if not may_write_lessons(request.user, given["page"]):
            form.add_error("module", _("You may not add lessons to this module."))
            return self.refused(form)
        brought = services.bring_lessons(
            given["file"], given["pictures"], given["page"], actor=request.user, now=timezone.now()
        )
        return redirect("arrival", brought.uuid)


class ArrivalPage(_ArrivalsPage):
    """How far a file is; once checked, what it would bring, and the buttons that let it in or take it away.

    While a worker has it, the page loads itself again; it needs no JavaScript for that.
    """

    template_name = "courses/admin/arrivals/arrival.html"

    def find(self, arrival):
        mine = Arrival.objects.filter(actor=self.request.user).select_related("module__locale")
        self.arrival = get_object_or_404(mine, uuid=arrival)

    @property
    def page_title(self):
        return BringCourse.page_title if self.arrival.kind == Arrival.Kind.ARCHIVE else BringLessons.page_title

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if self.arrival.state in Arrival.WAITING:
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def post(self, request, arrival):
        if "discard" in request.POST:
            services.discard(self.arrival, actor=request.user)
            messages.info(request, _("The file was taken away. Nothing was imported."))
            return redirect("import_course" if self.arrival.kind == Arrival.Kind.ARCHIVE else "import_lessons")
        services.confirm(self.arrival, actor=request.user, update="update" in request.POST)
        return redirect("arrival", arrival)

    def get_page_subtitle(self):
        return self.arrival.filename

    def get_context_data(self, **kwargs):
        arrival, report = self.arrival, self.arrival.report
        shown = super().get_context_data(**kwargs) | {
            "arrival": arrival,
            "report": report,
            "is_waiting": arrival.state in Arrival.WAITING,
            "progress": turn.progress_of(arrival) if arrival.state in Arrival.WAITING else None,
        }
        if report is None:
            return shown
        if arrival.kind == Arrival.Kind.LESSONS:
            language = arrival.module.locale.language_code if arrival.module else arrival.language
            direction = "rtl" if is_right_to_left(language) else "ltr"
            return shown | {"language": language, "direction": direction, "came_to": _explorer(arrival.module)}
        course = CoursePage.objects.filter(translation_key=report["course"]).order_by("pk").first()
        return shown | {
            "differs": bool(report["changed_pages"] or report["changed_assessments"]),
            "is_empty": not any(
                report[part] for part in ("new_pages", "changed_pages", "new_assessments", "changed_assessments")
            ),
            "came_to": _explorer(course),
        }


def _explorer(page) -> str:
    return reverse("wagtailadmin_explore", args=[page.pk]) if page else ""
