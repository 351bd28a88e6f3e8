"""A learner's page of their own dates, and the file that a calendar subscribes to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from cohorts import own_dates
from cohorts.models import CalendarFeed
from core import calendar_file


@never_cache
@login_required
@require_GET
def my_dates(request):
    """What opens and ends when, and the address for one's own calendar."""
    feed = CalendarFeed.objects.filter(user=request.user).first()
    return render(
        request,
        "cohorts/my_dates.html",
        {
            "dates": own_dates.own_dates(request.user, get_language(), timezone.now()),
            "feed_address": own_dates.address_of(feed) if feed else None,
        },
    )


@never_cache
@login_required
@require_POST
def open_feed(request):
    own_dates.open_feed(request.user, now=timezone.now())
    return redirect("my_dates")


@never_cache
@login_required
@require_POST
def close_feed(request):
    own_dates.close_feed(request.user)
    messages.success(request, _("The address leads nowhere now. Take it out of your calendar, too."))
    return redirect("my_dates")


@cache_control(private=True, max_age=3600)
@require_safe
def calendar_feed(request, token):
    """A calendar program's view: it signs in nowhere, the address is the key. Wrong and closed ones look the same."""
    feed = own_dates.feed_at(token)
    if feed is None:
        raise Http404
    text = own_dates.as_calendar_file(feed.user, now=timezone.now())
    response = HttpResponse(text, content_type=calendar_file.CONTENT_TYPE)
    response["X-Robots-Tag"] = "noindex"
    return response
