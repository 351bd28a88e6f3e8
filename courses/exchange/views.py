"""The page on which an author takes a course out. Bringing one in is courses.arrivals."""

import tempfile
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy

from courses.admin_pages import PageOfCourse
from courses.exchange import transfers
from courses.exchange.reading import Refused
from courses.models import CoursePage
from courses.permissions import may_exchange
from courses.releases import source_of


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


class ExportCourse(PageOfCourse):
    """One form, one archive."""

    page_title = gettext_lazy("Export")
    header_icon = "download"
    template_name = "courses/admin/export_course.html"

    def may_open(self, user):
        return may_exchange(user)

    def find(self, page):
        self.course = source_of(get_object_or_404(CoursePage, pk=page))

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

    def get_context_data(self, **kwargs):
        return {"form": ExportForm(initial=transfers.terms_of(self.course))} | super().get_context_data(**kwargs)
