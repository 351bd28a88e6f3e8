"""Bringing in holidays from a file: choose it, see what will happen, confirm."""

import csv
import hashlib
import uuid
from http import HTTPStatus

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import languages
from people import calendars, holiday_import
from people.calendar_forms import HolidayFileForm
from people.calendar_views import only_managers
from people.models import Holiday
from people.working_days import DayOff

# How long a file that was read waits for its confirmation, on the server and for its uploader alone.
WAITS_FOR_SECONDS = 30 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@only_managers
def upload(request):
    """Step 1. A file that cannot be used is answered with why, and 422; nothing of it is kept."""
    main_language = request.user.administration.language
    if request.method != "POST":
        return _upload_page(request, HolidayFileForm(main_language=main_language))
    form = HolidayFileForm(request.POST, request.FILES, main_language=main_language)
    if not form.is_valid():
        return _upload_page(request, form)
    kept = {
        "shape": 1,
        "file": form.cleaned_data["file"].read(holiday_import.MAX_BYTES + 1),
        "language": form.cleaned_data["language"],
    }
    try:
        _read(kept)
    except holiday_import.Unreadable as error:
        form.add_error("file", str(error))
        return _upload_page(request, form)
    token = uuid.uuid4()
    cache.set(_cache_key(request.user, token), kept, WAITS_FOR_SECONDS)
    return redirect("holiday_import_confirm", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@only_managers
def confirm(request, token):
    """Step 2. The file is judged by today's holidays when it is shown, and once more when it is applied."""
    kept = cache.get(_cache_key(request.user, token))
    if kept is None:
        messages.warning(request, _("The file has waited too long, or was brought in already. Choose it again."))
        return redirect("holiday_import")
    administration, read = request.user.administration, _read(kept)
    if request.method != "POST":
        present = [holiday.as_day_off() for holiday in Holiday.objects.of(administration)]
        return _confirm_page(request, token, read, holiday_import.plan(read.rows, present))
    # Whoever removes the file first applies it: a second press of the button finds it gone.
    if not cache.delete(_cache_key(request.user, token)):
        return redirect("working_calendar")
    plan = calendars.import_holidays(
        administration,
        read.rows,
        digest=hashlib.sha256(kept["file"]).hexdigest(),
        actor=request.user,
        now=timezone.now(),
    )
    number = len(plan.added)
    messages.success(
        request,
        ngettext("%(number)d holiday is entered.", "%(number)d holidays are entered.", number) % {"number": number},
    )
    year = f"?year={plan.added[0].day.year}" if plan.added else ""
    return redirect(reverse("working_calendar") + year)


@require_safe
@only_managers
def example(request):
    """A file with the right columns, as spreadsheets like it: with the mark that says UTF-8."""
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="holidays-example.csv"'},
    )
    language = get_language()
    writer = csv.writer(response)
    writer.writerow(["day", "yearly", f"name_{language}"])
    writer.writerow(["2027-01-26", "yes", _("International Customs Day")])
    writer.writerow(["2027-03-10", "no", _("A feast that falls on another date each year")])
    return response


def _read(kept: dict) -> holiday_import.Read:
    return holiday_import.read(kept["file"], language=kept["language"], languages=languages.codes())


def _cache_key(user, token) -> str:
    return f"people:holiday-import:{user.uuid}:{token}"


def _upload_page(request, form):
    return render(
        request,
        "people/holiday_file.html",
        {"form": form, "columns": holiday_import.columns(languages.codes()), "most_days": holiday_import.MAX_DAYS},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


def _confirm_page(request, token, read: holiday_import.Read, plan: holiday_import.Plan):
    wanted = (get_language(), request.user.administration.language)
    return render(
        request,
        "people/holiday_file_plan.html",
        {
            "token": token,
            "is_calendar": read.is_calendar,
            "added": [_line(row, wanted) for row in plan.added],
            "there": [_line(row, wanted) for row in plan.there],
            "refused": sorted((*read.refused, *plan.refused), key=lambda each: each.place),
        },
    )


def _line(row: holiday_import.Row, wanted: tuple[str, ...]) -> dict:
    name, language = DayOff(row.day, row.yearly, row.names).name_in(*wanted)
    return {"row": row, "name": name, "language": language}
