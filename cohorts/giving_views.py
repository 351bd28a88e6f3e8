"""A training manager's pages on which somebody gets a place in a run: found, looked at, and given it."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import giving, permissions
from cohorts.forms import FindPersonForm, GivePlaceForm
from cohorts.models import Cohort, Enrolment
from cohorts.services import NotForPartners, PrerequisitesMissing
from courses.reading import outline
from people import external_learners, finding, kept_calendars
from people.guards import only_for
from people.models import User

FOUND_AT_MOST = 25
RUNS_ON_A_PAGE = 24


def _runs(user: User):
    return Cohort.objects.visible_to(user).runs().select_related("release", "administration")


def _people(user: User):
    return User.objects.visible_to(user).select_related("invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.manages_runs)
def give_places(request, cohort):
    """Looking for somebody. Posted, because a name or a staff number belongs in no address."""
    cohort = get_object_or_404(_runs(request.user), uuid=cohort)
    form, status, context = FindPersonForm(), HTTPStatus.OK, {}
    if request.method == "POST":
        form, status = FindPersonForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            status = HTTPStatus.OK
            found = finding.find(form.cleaned_data["who"], _people(request.user))
            count = found.count()
            many = number_format(count, force_grouping=True)
            context = {"count": count, "many": many, "found": _found(list(found[:FOUND_AT_MOST]), cohort)}
    context |= {"cohort": cohort, "course": outline(cohort.release_id, get_language()).course, "form": form}
    return render(request, "cohorts/give_places.html", context, status=status)


def _found(people: list[User], cohort: Cohort) -> list[dict]:
    """Each with where they work and how they stand towards the run. The queries do not grow with the people."""
    now = timezone.now()
    offices = finding.offices_of(people, kept_calendars.of_administration(cohort.administration_id).today(now))
    standings = giving.standings(people, [cohort])
    return [
        {
            "person": person,
            "from": offices.get(person.pk) or _organisation(person),
            "may_sign_in": _may_sign_in(person, now),
            **_shown(standings[person.pk, cohort.pk]),
        }
        for person in people
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.manages_runs)
def give_place(request, cohort, person):
    """One person before one run: the place they have, what keeps them from one, or the group to choose."""
    cohort = get_object_or_404(_runs(request.user), uuid=cohort)
    person = get_object_or_404(_people(request.user), uuid=person)
    form, status = GivePlaceForm(cohort=cohort), HTTPStatus.OK
    if request.method == "POST":
        form, status = GivePlaceForm(request.POST, cohort=cohort), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            return _given(request, cohort, person, form.cleaned_data["group"])
    now = timezone.now()
    calendar = kept_calendars.of_administration(cohort.administration_id)
    [found] = _found([person], cohort)
    context = {
        "cohort": cohort,
        "course": outline(cohort.release_id, get_language()).course,
        "form": form,
        "is_over": cohort.ends_on < calendar.today(now),
        **found,
    }
    return render(request, "cohorts/give_place.html", context, status=status)


def _given(request, cohort, person, group):
    try:
        place = giving.give(person, group, actor=request.user, now=timezone.now())
    except (NotForPartners, PrerequisitesMissing):
        messages.warning(request, _("Nothing was changed. The page says why."))
        return redirect("give_place", cohort.uuid, person.uuid)
    is_open = place.state in (Enrolment.State.INVITED, Enrolment.State.ACTIVE)
    # A second click finds the place of the first, and is told the same.
    if is_open and place.group_id == group.pk:
        messages.success(request, _("%(name)s has a place in this run.") % {"name": person.full_name})
        return redirect("give_places", cohort.uuid)
    messages.info(request, _("%(name)s has a place already. Nothing was changed.") % {"name": person.full_name})
    return redirect("give_place", cohort.uuid, person.uuid)


@require_safe
@only_for(permissions.manages_runs)
def runs_for_person(request, person):
    """The runs in which somebody may get a place. A partner sees none but those that are open to partners."""
    person = get_object_or_404(_people(request.user), uuid=person)
    runs = _runs(request.user)
    if person.is_external:
        own = Enrolment.objects.of(person).values("cohort")
        runs = runs.filter(Q(release__terms__content__external_learners=True) | Q(pk__in=own))
    page = Paginator(runs, RUNS_ON_A_PAGE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    standings = giving.standings([person], listed)
    context = {
        "person": person,
        "page": page,
        "runs": [
            {
                "run": run,
                "course": outline(run.release_id, get_language()).course,
                **_shown(standings[person.pk, run.pk]),
            }
            for run in listed
        ],
    }
    return render(request, "cohorts/runs_for_person.html", context)


def _shown(standing: giving.Standing) -> dict:
    """A standing with the titles of what is missing in the reader's language, each with the one it is really in."""
    language = get_language()
    missing = [
        {"title": titles[code], "language": code}
        for titles in standing.missing
        for code in [language if language in titles else min(titles)]
    ]
    return {"standing": standing, "missing": missing}


def _may_sign_in(person: User, now) -> bool:
    return person.is_active and (not person.is_external or external_learners.has_access(person, now))


def _organisation(person: User) -> str:
    """The business or body that a partner comes from; empty for others."""
    return person.invitation.organisation if hasattr(person, "invitation") else ""
