"""The auditor's day: a learner's course as it was for them on a past day. Every look is recorded (rule 10)."""

import uuid
from datetime import date
from http import HTTPStatus

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import asked, past
from cohorts.forms import PastDayForm
from cohorts.models import Cohort, Enrolment
from core import languages
from courses import vouching
from courses.models import ReleaseNode
from oversight import records
from oversight.models import Verification
from oversight.permissions import is_auditor
from people.guards import only_for


def _places(user):
    """The places whose days an auditor may look at: of the administration, but not the auditor's own."""
    return Enrolment.objects.visible_to(user).exclude(user=user)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(is_auditor)
def find_past_day(request):
    """Whose day, in which run, and which one. Posted, because a staff number belongs in no address."""
    cohorts = Cohort.objects.visible_to(request.user)
    today = timezone.localdate()
    form, status = PastDayForm(cohorts=cohorts, today=today), HTTPStatus.OK
    if request.method == "POST":
        form, status = PastDayForm(request.POST, cohorts=cohorts, today=today), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = form.cleaned_data
            place = _places(request.user).filter(
                cohort=said["cohort"], user__staff_number__iexact=said["staff_number"]
            )
            found = place.first()
            if found is not None:
                on = said["day"]
                return redirect("past_day", found.uuid, on.year, on.month, on.day)
            form.found_nobody()
    return render(request, "cohorts/find_past_day.html", {"form": form}, status=status)


@require_safe
@only_for(is_auditor)
def past_day(request, enrolment, year, month, day):
    """The course as it was for a learner on a day; with `?step=`, one page of it, in `?language=`."""
    places = _places(request.user).select_related("user", "administration", "cohort", "release")
    enrolment = get_object_or_404(places, uuid=enrolment)
    try:
        on = date(year, month, day)
        span = past.day_of(enrolment, on)
    except (ValueError, OverflowError):
        raise Http404 from None
    now = timezone.now()
    if span.starts > now:
        raise Http404
    held = past.releases_held(enrolment, span)
    context = {"enrolment": enrolment, "day": on, "held": held, "verification": Verification.objects.first()}
    if held:
        context |= _course(request, enrolment, held, min(span.ends, now))
    facts = {"shape": 1, "day": on.isoformat(), "step": request.GET.get("step", "")[:36]}
    with transaction.atomic():
        records.append("cohorts.past_day.read", subject=enrolment, facts=facts, actor=request.user, now=now)
    return render(request, "cohorts/past_day.html", context)


def _course(request, enrolment, held, moment) -> dict:
    chosen = _chosen(request.GET.get("release"), held)
    moment = min(moment, chosen.until) if chosen.until else moment
    learners = languages.supported(enrolment.user.language) or chosen.release.source_language
    language = languages.supported(request.GET.get("language")) or learners
    outline = asked.outline(chosen.release.pk, enrolment.delta_id, language)
    done = past.done_by(enrolment, chosen.release, moment)
    record = vouching.record_of(chosen.release)
    context = {
        "chosen": chosen,
        "record": record,
        "language": language,
        "learners_language": languages.own_name(learners),
        "course": outline.course,
        "steps": [
            {"step": step, "kind": ReleaseNode.Kind(step.kind).label, "done_at": done.get(step.node_id)}
            for step in outline.steps
        ],
    }
    if "step" in request.GET:
        page = past.page(enrolment, outline, _key(request.GET["step"]), language, moment, record)
        if page is None:
            raise Http404
        context["page"] = page
        context["page_languages"] = [(code, languages.own_name(code)) for code in page.languages]
        context["in_other_language"] = page.body.language != language
    return context


def _chosen(asked: str | None, held: list[past.Held]) -> past.Held:
    if not asked:
        return held[0]
    wanted = _key(asked)
    for each in held:
        if each.release.uuid == wanted:
            return each
    raise Http404


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
