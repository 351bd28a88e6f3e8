"""Answers to learners that are overdue, for those above the ones who answer: with whom each is, and no more."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from people.guards import only_for
from people.models import User
from quizzes import permissions
from quizzes.case_views import today_of
from quizzes.models import Appeal, QuestionCase

PER_PAGE = 25


@dataclass(frozen=True)
class Row:
    """One answer that is overdue. `address` is its page, for a reader who may open it; nobody has taken it without an
    `owner`."""

    what: str
    due_on: date
    owner: User | None
    address: str


@require_GET
@only_for(permissions.follows_deadlines)
def overdue_answers(request):
    """Reported questions and appeals of the administration whose day is over, the longest first; not one's own."""
    reader, today = request.user, today_of(request.user, timezone.now())
    cases = QuestionCase.objects.visible_to(reader).overdue(today).select_related("owner")
    appeals = Appeal.objects.visible_to(reader).overdue(today).not_of(reader).select_related("owner")
    answers, decides = permissions.may_answer_reports(reader), permissions.may_decide_appeals(reader)
    rows = [
        *(_row(_("Reported question"), each, "question_case" if answers else "") for each in cases),
        *(_row(_("Appeal of a result"), each, "appeal" if decides else "") for each in appeals),
    ]
    rows.sort(key=lambda row: row.due_on)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "quizzes/disputes/overdue_answers.html", {"page": page, "overdue": len(rows)})


def _row(what: str, matter: QuestionCase | Appeal, address: str) -> Row:
    return Row(what, matter.due_on, matter.owner, reverse(address, args=[matter.uuid]) if address else "")
