"""Bringing in officers from a file: choose it, see what will happen, confirm."""

import csv
import logging
import uuid
from http import HTTPStatus

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from people import officer_import, permissions, services
from people.forms import OfficerFileForm
from people.guards import only_for
from people.models import Officer

logger = logging.getLogger(__name__)

# How long a checked file waits for its confirmation, on the server and for its uploader alone.
WAITS_FOR_SECONDS = 30 * 60
LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.manages_officers)
def upload_officers(request):
    """Step 1. A file that cannot be used is answered with what to mend, and 422; nothing of it is kept."""
    if request.method != "POST":
        return _upload_page(request, OfficerFileForm())
    form = OfficerFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form)
    try:
        rows = officer_import.read(form.cleaned_data["file"].read(officer_import.MAX_BYTES + 1))
    except officer_import.Unreadable as error:
        form.add_error("file", str(error))
        return _upload_page(request, form)
    report = _check(request, rows)
    if report.problems:
        return _upload_page(request, form, report)
    token = uuid.uuid4()
    kept = {"shape": 1, "rows": [[row.line, row.cells] for row in rows]}
    cache.set(_cache_key(request.user, token), kept, WAITS_FOR_SECONDS)
    return redirect("officer_import_confirm", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.manages_officers)
def confirm_officers(request, token):
    """Step 2. The file is checked once more against today's people before it is shown and before it is applied."""
    kept = cache.get(_cache_key(request.user, token))
    if kept is None:
        messages.warning(request, _("The file has waited too long, or was brought in already. Choose it again."))
        return redirect("officer_import")
    rows = [officer_import.Row(line=line, cells=cells) for line, cells in kept["rows"]]
    report = _check(request, rows)
    if request.method != "POST" or not report.is_applicable:
        return _confirm_page(request, token, report)
    # Whoever removes the file first applies it: a second press of the button finds it gone.
    if not cache.delete(_cache_key(request.user, token)):
        return redirect("officer_import")
    try:
        services.import_officers(
            report.officers,
            administration=request.user.administration,
            actor=request.user,
            now=timezone.now(),
        )
    except (ValidationError, IntegrityError) as error:
        logger.warning("An import of officers was interrupted: %s", type(error).__name__)
        messages.error(
            request,
            _(
                "Someone else changed the officers at the same time, so not all were brought in. Choose the file"
                " again: those who are in already will be recognised."
            ),
        )
        return redirect("officer_import")
    messages.success(
        request,
        ngettext(
            "%(count)d officer was brought in or changed.",
            "%(count)d officers were brought in or changed.",
            len(report.officers),
        )
        % {"count": len(report.officers)},
    )
    return redirect("officer_import")


@require_safe
@only_for(permissions.manages_officers)
def example_file(request):
    """A file with the right columns, as spreadsheets like it: with the mark that says UTF-8."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="officers-example.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(officer_import.COLUMNS)
    example = {
        "staff_number": "10482",
        "full_name": "Иван Соколов",
        "latin_name": "Ivan Sokolov",
        "email": "ivan.sokolov@example.org",
        "language": "ru",
        "office": _("Head office"),
        "post": _("Inspector"),
        "rank": _("Senior inspector"),
        "category": Officer.Category.CIVIL_SERVANT.value,
        "gender": Officer.Gender.MALE.value,
        "hire_date": "2024-03-01",
        "customs_related": "yes",
    }
    writer.writerow([example[column] for column in officer_import.COLUMNS])
    return response


def _check(request, rows):
    known = services.known_for_import(request.user.administration, now=timezone.now())
    return officer_import.check(rows, known)


def _cache_key(user, token):
    return f"people:officer-import:{user.uuid}:{token}"


def _upload_page(request, form, report=None):
    failed = form.errors or report
    return render(
        request,
        "people/import_upload.html",
        {
            "form": form,
            "report": report,
            "required": officer_import.REQUIRED,
            "optional": officer_import.OPTIONAL,
            "limit": officer_import.MAX_PROBLEMS,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK,
    )


def _confirm_page(request, token, report):
    return render(
        request,
        "people/import_confirm.html",
        {
            "token": token,
            "report": report,
            "new": report.new[:LISTED],
            "more_new": max(len(report.new) - LISTED, 0),
            "changed": report.changed[:LISTED],
            "more_changed": max(len(report.changed) - LISTED, 0),
            "limit": officer_import.MAX_PROBLEMS,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if report.problems else HTTPStatus.OK,
    )
