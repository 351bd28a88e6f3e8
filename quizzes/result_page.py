"""The page of a result: what is put into `quizzes/result.html`, which is rendered once for all who read it.

Around its questions stands what is the same for everybody (`frontend.furniture`), and in it each question as all are
shown it who answered alike (`furniture.alike_by`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language

from core import clock, days
from core.addresses import address
from frontend import furniture
from quizzes.models import Attempt, QuestionCase, QuestionReport
from quizzes.places import Place
from quizzes.review import Review, ReviewedItem
from quizzes.services import AppealStanding

_TOLD = ("passed", "pass_stands", "withdrawn", "regraded", "bright_line")


def shown(
    request,
    attempt: Attempt,
    place: Place | None,
    review: Review,
    *,
    reports: Mapping[int, QuestionReport],
    standing: AppealStanding,
) -> HttpResponse:
    """The result as its learner reads it; `reports` has the newest of those of each question, by its number."""
    alike = {name: getattr(review, name) for name in _TOLD} | {"answers": review.shown.answers}
    own = {
        "csrf_token": get_token(request),
        "place.title": place and place.title,
        "place.language": place and place.language,
        "place.back_url": place and place.back_url,
        "place.next_url": place and place.next_url,
        "place.next_label": place and place.next_label,
        "score": floatformat(review.score, "-1"),
        "pass_mark": floatformat(review.pass_mark, "-1"),
        **_later(review.shown.from_then_on),
        "reviewed": _questions(attempt, review.items, reports) if review.items else None,
        "of_result": _appeal(attempt, standing),
    }
    return furniture.page(request, "quizzes/result.html", alike, own)


def _later(moment: datetime | None) -> dict[str, str]:
    if moment is None:
        return {}
    local = localtime(moment)
    return {"from_then_on.date": days.in_words(local), "from_then_on.time": clock.of(moment)}


def _questions(attempt: Attempt, items: Iterable[ReviewedItem], reports: Mapping[int, QuestionReport]) -> SafeString:
    language = get_language()
    pattern = reverse("report_question", args=[attempt.uuid, 0])
    questions = []
    for item in items:
        report = reports.get(item.number)
        alike = {
            "number": item.number,
            "treatment": item.treatment,
            "rekeyed": item.rekeyed,
            "again": report is not None,
            "may_report": report is None or report.case.state == QuestionCase.State.ANSWERED,
        }
        own = {
            "body": furniture.alike_by(item.template, item.says, {"item": item}, language),
            "state": render_to_string("quizzes/disputes/report_state.html", {"report": report}) if report else None,
            "address": pattern.replace("/0/", f"/{item.number}/"),
        }
        questions.append(furniture.filled("quizzes/reviewed.html", alike, own, language))
    return SafeString("".join(questions))  # each is safe


def _appeal(attempt: Attempt, standing: AppealStanding) -> SafeString:
    appeal = standing.appeal
    own = {
        "state": render_to_string("quizzes/disputes/appeal_state.html", {"appeal": appeal}) if appeal else None,
        "last_day": days.in_words(standing.last_day),
        "appeal_url": address("quiz_appeal", attempt.uuid),
        "disputes_url": address("my_disputes"),
    }
    return furniture.filled("quizzes/disputes/of_result.html", {"refusal": standing.refusal}, own)
