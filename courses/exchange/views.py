"""The pages on which an author takes a course out and brings one in."""

import tempfile
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.defaults import permission_denied
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from courses.exchange import transfers
from courses.exchange.importing import AlreadyHere
from courses.exchange.reading import Refused
from courses.models import CoursePage, CourseTransfer
from courses.permissions import may_exchange
from courses.releases import source_of

MOST_BYTES_OF_AN_UPLOAD = 512 * 2**20


class ExportForm(forms.Form):
    licence = forms.CharField(
        label=gettext_lazy("Licence"),
        help_text=gettext_lazy("Under which others may use the course, such as CC BY-SA 4.0."),
        max_length=200,
        required=False,
    )
    attribution = forms.CharField(
        label=gettext_lazy("Attribution"),
        help_text=gettext_lazy("Whom others name as its authors."),
        max_length=500,
        required=False,
    )


class UploadForm(forms.Form):
    archive = forms.FileField(label=gettext_lazy("Archive of a course"), widget=forms.FileInput({"accept": ".zip"}))

    def clean_archive(self):
        upload = self.cleaned_data["archive"]
        if upload.size > MOST_BYTES_OF_AN_UPLOAD:
            raise forms.ValidationError(
                _("The archive is larger than %(megabytes)d MB. Bring it in with the command import_course."),
                params={"megabytes": MOST_BYTES_OF_AN_UPLOAD // 2**20},
            )
        return upload


class _ExchangePage(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "download"

    def dispatch(self, request, *args, **kwargs):
        # Raised, the refusal would become Wagtail's message on another page, with the status of a success.
        if not may_exchange(request.user):
            return permission_denied(request, None)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or self.form_class()}


class ExportCourse(_ExchangePage):
    """One form, one archive."""

    page_title = gettext_lazy("Export")
    template_name = "courses/admin/export_course.html"
    form_class = ExportForm

    def dispatch(self, request, *args, **kwargs):
        if may_exchange(request.user):
            self.course = source_of(get_object_or_404(CoursePage, pk=kwargs["page"]))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, page):
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        name = f"{self.course.slug}.zip"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            try:
                transfers.export_to_file(
                    self.course, path, **form.cleaned_data, actor=request.user, now=timezone.now()
                )
            except Refused as problem:
                messages.error(request, str(problem))
                return redirect("export_course", page)
            # The open file outlives its name.
            return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")

    def get_page_subtitle(self):
        return self.course.title

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailadmin_explore", args=[self.course.pk]), "label": self.course.title},
            {"url": "", "label": self.page_title, "sublabel": self.course.title},
        ]

    def get_context_data(self, **kwargs):
        kwargs.setdefault("form", ExportForm(initial=transfers.terms_of(self.course)))
        return super().get_context_data(**kwargs)


class ImportCourse(_ExchangePage):
    """Takes an archive, checks it, and leads to the report."""

    page_title = gettext_lazy("Import a course")
    template_name = "courses/admin/import_course.html"
    form_class = UploadForm

    def post(self, request):
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                checked = transfers.check_upload(form.cleaned_data["archive"], actor=request.user, now=timezone.now())
            except Refused as problem:
                form.add_error("archive", str(problem))
            else:
                return redirect("import_checked_course", checked.uuid)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ImportCheckedCourse(_ExchangePage):
    """What an import would do, and the button that does it."""

    page_title = gettext_lazy("Import a course")
    template_name = "courses/admin/import_report.html"
    form_class = forms.Form

    def dispatch(self, request, *args, **kwargs):
        if may_exchange(request.user):
            self.transfer = get_object_or_404(
                CourseTransfer, uuid=kwargs["transfer"], actor=request.user, direction=CourseTransfer.Direction.IMPORT
            )
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, transfer):
        if self.transfer.done_at is None:
            try:
                outcome = transfers.import_checked(
                    self.transfer, actor=request.user, now=timezone.now(), update="update" in request.POST
                )
            except AlreadyHere:
                messages.warning(
                    request, _("The course was changed in the meantime. Look at the difference before importing.")
                )
                return redirect("import_course")
            except Refused as problem:
                messages.error(request, _("Nothing was imported. %(problem)s") % {"problem": problem})
            else:
                messages.success(request, _("The course is imported."))
                if outcome.course is not None:
                    return redirect("wagtailadmin_explore", outcome.course.pk)
        return redirect("import_checked_course", self.transfer.uuid)

    def get_page_subtitle(self):
        return self.transfer.title

    def get_context_data(self, **kwargs):
        report = self.transfer.report
        return super().get_context_data(**kwargs) | {
            "transfer": self.transfer,
            "report": report,
            "differs": bool(report["changed_pages"] or report["changed_assessments"]),
            "is_empty": not any(
                report[part] for part in ("new_pages", "changed_pages", "new_assessments", "changed_assessments")
            ),
        }
