"""A training manager's pages about when the administration works: the year, the week, each holiday."""

import zoneinfo
from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.second_calendar import CALENDARS
from core.second_calendar import shown as in_second_calendar
from people import calendars, permissions
from people.calendar_forms import HolidayForm, SecondCalendarForm, WeekForm
from people.models import Holiday
from people.working_days import FIRST_DAY, LAST_DAY
from people.year_picture import holidays_of_year, months_of


def only_managers(view):
    """A page for those who keep the calendar of their administration.

    It shows the second calendar as it is now, also in a process that keeps what it was before (`page_heads`): whoever
    has just chosen another one looks for it here.
    """

    @never_cache
    @login_required
    def guarded(request, *args, **kwargs):
        if not permissions.manages_calendar(request.user):
            raise PermissionDenied
        with in_second_calendar(lambda: request.user.administration.second_calendar):
            return view(request, *args, **kwargs)

    return guarded


@require_safe
@only_managers
def working_calendar(request):
    """A year: its week, its holidays, and a picture of its months."""
    administration = request.user.administration
    today = _today(administration)
    year = _year(request.GET.get("year"), today.year)
    rows = list(Holiday.objects.of(administration))
    calendar = calendars.with_holidays(administration, rows)
    wanted = (get_language(), administration.language)
    return render(
        request,
        "people/working_calendar.html",
        {
            "year": str(year),
            "previous": str(year - 1) if year > FIRST_DAY.year else "",
            "next": str(year + 1) if year < LAST_DAY.year else "",
            "working": [WEEKDAYS[number - 1] for number in calendar.weekdays() if number in calendar.working_weekdays],
            "first": WEEKDAYS[calendar.first_weekday - 1],
            "second_calendar": CALENDARS.get(administration.second_calendar),
            "has_holidays": bool(rows),
            "holidays": holidays_of_year(calendar, rows, year, wanted),
            "months": months_of(calendar, year, today, wanted),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_managers
def working_week(request):
    """Which days are worked, and with which one the week begins."""
    administration = request.user.administration
    initial = {
        "working_weekdays": list(administration.working_weekdays),
        "first_weekday": administration.first_weekday,
    }
    form = WeekForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        calendars.set_week(administration, **form.cleaned_data, actor=request.user, now=timezone.now())
        messages.success(request, _("The week is saved."))
        return redirect("working_calendar")
    return render(request, "people/working_week.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only_managers
def second_calendar(request):
    """In which calendar days are told beside the Gregorian one."""
    administration = request.user.administration
    initial = {"calendar": administration.second_calendar}
    form = SecondCalendarForm(request.POST or None, initial=initial, today=_today(administration))
    if request.method == "POST" and form.is_valid():
        calendars.set_second_calendar(
            administration, form.cleaned_data["calendar"], actor=request.user, now=timezone.now()
        )
        messages.success(request, _("The second calendar is saved."))
        return redirect("working_calendar")
    return render(request, "people/second_calendar.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only_managers
def add_holiday(request):
    administration = request.user.administration
    form = HolidayForm(request.POST or None, main_language=administration.language)
    if request.method == "POST" and form.is_valid():
        try:
            holiday = calendars.add_holiday(administration, **form.holiday(), actor=request.user, now=timezone.now())
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("The holiday is entered."))
            return _to_year(holiday.day.year)
    return render(request, "people/holiday.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@only_managers
def change_holiday(request, holiday):
    row = _holiday_or_404(request, holiday)
    form = HolidayForm(
        request.POST or None,
        main_language=request.user.administration.language,
        initial=HolidayForm.initial_of(row.as_day_off()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            calendars.change_holiday(row, **form.holiday(), actor=request.user, now=timezone.now())
        except ValidationError as problem:
            form.add_error(None, problem)
        except Holiday.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _("The holiday is saved."))
            return _to_year(form.cleaned_data["day"].year)
    return render(request, "people/holiday.html", {"form": form, "holiday": row}, status=_status(form))


@require_POST
@only_managers
def remove_holiday(request, holiday):
    row = _holiday_or_404(request, holiday)
    calendars.remove_holiday(row, actor=request.user, now=timezone.now())
    messages.success(request, _("The holiday is removed. Its day is an ordinary one again."))
    return _to_year(row.day.year)


def _today(administration) -> date:
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(administration.time_zone))


def _holiday_or_404(request, uuid) -> Holiday:
    visible = Holiday.objects.visible_to(request.user).select_related("administration").prefetch_related("names")
    return get_object_or_404(visible, uuid=uuid)


def _to_year(year: int):
    return redirect(f"{reverse('working_calendar')}?year={year}")


def _year(asked: str | None, this_year: int) -> int:
    """The year that was asked for; the present one where none was, or none that there could be."""
    if asked and asked.isascii() and asked.isdigit() and FIRST_DAY.year <= int(asked[:6]) <= LAST_DAY.year:
        return int(asked)
    return this_year


def _status(form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
