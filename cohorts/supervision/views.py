"""An invigilator's pages: the sittings of a run, one sitting with its people, its code for the wall."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import permissions
from cohorts.models import Enrolment, Sitting
from cohorts.supervision import codes, invigilating, reading, requiring, rules
from cohorts.supervision.forms import NoteForm, SittingForm, who
from people.guards import only_for

# For who wants it, the page of a sitting loads itself again. By a header, so that it works without JavaScript.
REFRESH_SECONDS = 30


def _run(request, cohort: UUID):
    """A run that one may open sittings for; a 404 for any other."""
    runs = invigilating.runs_of(request.user).select_related("release", "administration")
    return get_object_or_404(runs, uuid=cohort)


def _sitting(request, sitting: UUID) -> Sitting:
    """A sitting that one may look after; a 404 for any other."""
    found = invigilating.supervised_by(request.user).select_related(
        "section__cohort__release", "group", "opened_by", "closed_by"
    )
    return get_object_or_404(found, uuid=sitting)


def _quiz(sitting: Sitting):
    """The quiz of a sitting as the run has it now; None where its release has it no longer."""
    quizzes = requiring.quizzes_of(sitting.section.cohort, get_language())
    return next((quiz for quiz in quizzes if quiz.key == sitting.step), None)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.supervises)
def run_sittings(request, cohort):
    """Which quizzes of a run are supervised, its sittings, and the form that opens another."""
    cohort, now = _run(request, cohort), timezone.now()
    quizzes = requiring.quizzes_of(cohort, get_language())
    supervised = reading.supervised_steps(cohort)
    learns_here = invigilating.learns_in(request.user, cohort)
    form, status = None, HTTPStatus.OK
    offered = [quiz for quiz in quizzes if quiz.key in supervised]
    groups = [] if learns_here else list(invigilating.groups_of(request.user, cohort))
    if offered and groups:
        whole = permissions.supervises_whole_runs(request.user)
        wanted = {"quizzes": offered, "groups": groups, "whole_sections": whole, "now": now}
        form = SittingForm(**wanted)
        if request.method == "POST":
            form, status = SittingForm(request.POST, **wanted), HTTPStatus.UNPROCESSABLE_ENTITY
            if form.is_valid():
                return _opened(request, form, now)
    elif request.method == "POST":
        raise PermissionDenied if learns_here else Http404
    sittings = invigilating.supervised_by(request.user).filter(section__cohort=cohort)
    rows = reading.sittings_of(sittings, quizzes, now)
    context = {
        "cohort": cohort,
        "quizzes": [{"quiz": quiz, "supervised": supervised.get(quiz.key)} for quiz in quizzes],
        "may_require": permissions.may_require_supervision(request.user, cohort),
        "learns_here": learns_here,
        "form": form,
        "sittings": [(row, who(row.sitting.section, row.sitting.group)) for row in rows],
    }
    return render(request, "cohorts/run_sittings.html", context, status=status)


def _opened(request, form, now):
    section, group = form.chosen()
    facts = form.cleaned_data
    sitting = invigilating.open_sitting(
        section,
        group,
        UUID(facts["step"]),
        place=facts["place"],
        opens_at=facts["opens_at"],
        closes_at=facts["closes_at"],
        actor=request.user,
        now=now,
    )
    messages.success(request, _("The sitting is open. Show its code in the room."))
    return redirect("sitting", sitting.uuid)


@require_POST
@only_for(permissions.supervises)
def supervise_quiz(request, cohort, step):
    """Have a quiz of a run sat under supervision, or lift that."""
    cohort = _run(request, cohort)
    deed = requiring.require if request.POST.get("deed") == "require" else requiring.lift
    try:
        deed(cohort, step, actor=request.user, now=timezone.now())
    except requiring.NoSuchQuiz as problem:
        raise Http404 from problem
    if deed is requiring.require:
        messages.success(request, _("From now on this quiz is started with the code of a sitting."))
    else:
        messages.success(request, _("From now on this quiz is started without supervision."))
    return redirect("run_sittings", cohort.uuid)


@require_safe
@only_for(permissions.supervises)
def sitting(request, sitting):
    """One sitting: its code, who has started, who has handed in. With `?live=1` it loads itself again."""
    row, now = _sitting(request, sitting), timezone.now()
    people = reading.people_of(row, now)
    standing = row.standing(now)
    is_live = "live" in request.GET
    context = {
        "sitting": row,
        "cohort": row.section.cohort,
        "quiz": _quiz(row),
        "who": who(row.section, row.group),
        "standing": standing,
        "is_over": standing in (rules.Standing.CLOSED, rules.Standing.OVER),
        "code": codes.groups_of(row.code) if _shows_code(row, people) else None,
        "people": people,
        "tally": reading.tally_of(people),
        "now": now,
        "is_live": is_live,
        "seconds": REFRESH_SECONDS,
    }
    response = render(request, "cohorts/sitting.html", context)
    if is_live:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _shows_code(row: Sitting, people: list[reading.Person]) -> bool:
    """As long as it is good for something: after the end, for those who are let go on at another computer."""
    if row.code_withdrawn_at is not None:
        return False
    return row.closed_at is None and row.closes_at > timezone.now() or any(each.is_working for each in people)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.supervises)
def sitting_code(request, sitting):
    """The code alone, for a projector; posted, another one, or none."""
    row, now = _sitting(request, sitting), timezone.now()
    if request.method == "POST":
        return _another_code(request, row, now)
    standing = row.standing(now)
    context = {
        "sitting": row,
        "quiz": _quiz(row),
        "who": who(row.section, row.group),
        "standing": standing,
        "code": codes.groups_of(row.code) if standing in (rules.Standing.OPEN, rules.Standing.PLANNED) else None,
    }
    return render(request, "cohorts/sitting_code.html", context)


def _another_code(request, row, now):
    is_withdrawn = request.POST.get("deed") == "withdraw"
    try:
        if is_withdrawn:
            invigilating.withdraw_code(row, actor=request.user, now=now)
        else:
            invigilating.renew_code(row, actor=request.user, now=now)
    except invigilating.AlreadyClosed:
        messages.info(request, _("This sitting is closed. Nothing was changed."))
    else:
        if is_withdrawn:
            messages.success(request, _("The code opens nothing any more. Who has started goes on."))
        else:
            messages.success(request, _("There is a new code. The one before opens nothing any more."))
    return redirect("sitting", row.uuid)


@require_POST
@only_for(permissions.supervises)
def close_sitting(request, sitting):
    """Nobody starts any more."""
    row = _sitting(request, sitting)
    invigilating.close(row, actor=request.user, now=timezone.now())
    messages.success(request, _("The sitting is closed. Who has started keeps the whole time of the quiz."))
    return redirect("sitting", row.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.supervises)
def sitting_person(request, sitting, enrolment):
    """One person in a sitting: seen, let go on at another computer, and what was noted."""
    row, now = _sitting(request, sitting), timezone.now()
    people = reading.people_of(row, now)
    person = next((each for each in people if each.enrolment.uuid == enrolment), None)
    if person is None:
        raise Http404
    form, status = NoteForm(), HTTPStatus.OK
    if request.method == "POST":
        deed = request.POST.get("deed")
        if deed == "present":
            return _present(request, row, person.enrolment, now)
        if deed == "release":
            return _released(request, row, person.enrolment, now)
        form, status = NoteForm(request.POST), HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            note = form.cleaned_data["note"]
            invigilating.note_irregularity(row, person.enrolment, note=note, actor=request.user, now=now)
            messages.success(request, _("It is kept in the records."))
            return redirect("sitting_person", row.uuid, person.enrolment.uuid)
    context = {
        "sitting": row,
        "person": person,
        "code": codes.groups_of(row.code) if person.may_change and row.code_withdrawn_at is None else None,
        "minutes": int(rules.RELEASE.total_seconds() // 60),
        "notes": reading.notes_of(row, person.enrolment),
        "form": form,
    }
    return render(request, "cohorts/sitting_person.html", context, status=status)


def _present(request, row: Sitting, enrolment: Enrolment, now):
    invigilating.confirm_presence(row, enrolment, actor=request.user, now=now)
    return redirect("sitting", row.uuid)


def _released(request, row: Sitting, enrolment: Enrolment, now):
    try:
        invigilating.release(row, enrolment, actor=request.user, now=now)
    except invigilating.NothingOpen:
        messages.info(request, _("This person has no attempt open. Nothing was changed."))
    return redirect("sitting_person", row.uuid, enrolment.uuid)
