"""The queue of reported questions, and the page on which one is answered. Reporters have no names here."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import languages
from people import kept_calendars
from people.guards import only_for
from people.models import Role, User
from quizzes import adjusted, content, permissions, services
from quizzes.dispute_forms import AnswerForm, HandOverForm
from quizzes.errors import Overtaken
from quizzes.media import Shelf
from quizzes.models import ItemAdjustment, QuestionCase, QuestionReport
from quizzes.questions import Question

PER_PAGE = 25
SHOWN = ("open", "overdue", "mine", "answered")


def colleagues_of(user: User, *roles: Role):
    """The others of an administration who hold one of the roles today."""
    return User.objects.visible_to(user).holding(*roles).exclude(pk=user.pk)


def today_of(user: User, now):
    """The day it is where the user's administration is."""
    return kept_calendars.of_administration(user.administration_id).today(now)


def shown_owner(disputed) -> str:
    """Who has a case or an appeal, as its forms say it: what they send back is whom the page showed."""
    return str(disputed.owner.uuid) if disputed.owner else ""


def check_shown_owner(request, disputed) -> None:
    """Raises Overtaken where a case or an appeal is with somebody else than the page with the button showed."""
    if request.POST.get("before", "") != shown_owner(disputed):
        raise Overtaken


def tell_overtaken(request, disputed, problem: Overtaken) -> None:
    """Tell who has a case or an appeal by now, as it stands."""
    if disputed.is_open and disputed.owner:
        told = _("A colleague was quicker. It is with %(person)s now, and nothing of yours was saved.")
        messages.error(request, told % {"person": disputed.owner.full_name})
    else:
        messages.error(request, str(problem.message))


@dataclass(frozen=True)
class Row:
    """A case in the list: how its question begins, in `language`."""

    case: QuestionCase
    stem: str
    language: str
    is_overdue: bool


def _rows(cases: Iterable[QuestionCase], today) -> list[Row]:
    cases = list(cases)
    content.item_texts(case.version_id for case in cases)
    rows = []
    for case in cases:
        language, words = content.item_text(case.version_id, get_language())
        rows.append(Row(case, words["stem"], language, case.is_open and case.due_on < today))
    return rows


@require_GET
@only_for(permissions.may_answer_reports)
def case_list(request):
    """Reported questions of the reader's administration: what is due first stands first."""
    today = today_of(request.user, timezone.now())
    # Said here, for counting reports takes the order of the model away.
    cases = QuestionCase.objects.visible_to(request.user).order_by("due_on", "pk")
    show = request.GET.get("show", "open")
    if show not in SHOWN:
        raise Http404
    shown = {
        "open": cases.open(),
        "overdue": cases.overdue(today),
        "mine": cases.open().filter(owner=request.user),
        "answered": cases.filter(state=QuestionCase.State.ANSWERED).order_by("-answered_at", "-pk"),
    }[show]
    listed = shown.with_question().annotate(reported=Count("reports"))
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"show": show, "page": page, "rows": _rows(page, today), "overdue": cases.overdue(today).count()}
    return render(request, "quizzes/disputes/case_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(permissions.may_answer_reports)
def case_detail(request, uuid):
    """One reported question: what was said of it, and, by what the button says, taking, handing over or answering."""
    case = _case(request, uuid)
    if request.method == "POST":
        return _deed(request, case)
    return _page(request, case)


def _case(request, uuid) -> QuestionCase:
    cases = QuestionCase.objects.visible_to(request.user).with_question().select_related("administration")
    return get_object_or_404(cases, uuid=uuid)


def _deed(request, case):
    deed, now, forms = request.POST.get("deed"), timezone.now(), _forms(request, case)
    try:
        if deed in ("take", "hand_over"):
            check_shown_owner(request, case)
        if deed == "take":
            services.assign_case(case, request.user, before=case.owner_id, actor=request.user, now=now)
            done = _("The case is yours now.")
        elif deed == "hand_over" and forms["hand_over"].is_valid():
            to = forms["hand_over"].cleaned_data["to"]
            services.assign_case(case, to, before=case.owner_id, actor=request.user, now=now)
            done = _("The case was handed over.")
        elif deed == "answer" and forms["answer"].is_valid():
            services.answer_case(case, actor=request.user, now=now, **forms["answer"].cleaned_data)
            done = _("Your answer was sent to everybody who has reported the question.")
        else:
            return _page(request, case, forms, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Overtaken as problem:
        now_stands = _case(request, case.uuid)
        if deed == "take" and now_stands.owner_id == request.user.pk:
            # The other press of a double click was first.
            return redirect("question_case", case.uuid)
        tell_overtaken(request, now_stands, problem)
        return _page(request, now_stands, forms, HTTPStatus.CONFLICT)
    except ValidationError as problem:
        forms[deed].add_error(None, problem.messages)
        return _page(request, case, forms, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, done)
    return redirect("question_case", case.uuid)


def _forms(request, case) -> dict:
    """The forms of the page; the one whose button was pressed is filled."""
    deed = request.POST.get("deed")
    colleagues = colleagues_of(request.user, Role.AUTHOR, Role.SUBJECT_REVIEWER).order_by("full_name")
    return {
        "hand_over": HandOverForm(request.POST if deed == "hand_over" else None, colleagues=colleagues),
        "answer": AnswerForm(
            request.POST if deed == "answer" else None,
            writer=request.user,
            readers=_("Everybody who has reported the question reads this, without your name."),
            language=get_language(),
        ),
    }


def _page(request, case, forms=None, status=HTTPStatus.OK):
    reports = list(case.reports.select_related("attempt"))
    language = request.GET.get("language")
    texts = content.item_texts([case.version_id])[case.version_id]
    forms = forms or _forms(request, case)
    pressed = next((form for form in forms.values() if form.is_bound), None)
    context = {
        "case": case,
        "reports": [(number, each) for number, each in enumerate(reports, start=1)],
        "is_overdue": case.is_open and case.due_on < today_of(request.user, timezone.now()),
        "is_mine": case.owner_id == request.user.pk,
        "before": shown_owner(case),
        "has_reported": any(report.reporter_id == request.user.pk for report in reports),
        "question": _question(case, reports, language if language in texts else get_language()),
        "question_languages": [
            (code, languages.own_name(code)) for code in sorted(texts) if languages.supported(code)
        ],
        "counts_as_right": _counts_as_right(case, language if language in texts else get_language()),
        "regrade_url": reverse("regrade_item", args=[case.version.uuid]) + f"?case={case.uuid}",
        "form": pressed,
        "forms": forms,
    }
    return render(request, "quizzes/disputes/case_detail.html", context, status=status)


def _question(case: QuestionCase, reports: list[QuestionReport], language: str) -> Question:
    """The question as the first reporter was asked it, in a language; nothing of what they answered."""
    version = content.item_version(case.version_id)
    shown_in, words = content.item_text(version.pk, language)
    first = reports[0]
    arrangement = first.attempt.served_items[first.position]["arrangement"]
    shown = content.kind_of(version.pk).shown(version.structure, arrangement, words, None)
    shelf = Shelf(None, [shown])
    return Question(version.kind, "shown", shown_in, shown, shelf.stem(shown), shelf.picture(shown))


def _counts_as_right(case: QuestionCase, language: str) -> list[tuple[str, Fraction]]:
    """What each option earns today, as a share of one, where the question has options with words."""
    item = adjusted.item_of(case.version_id, ItemAdjustment.objects.in_force([case.version_id]))
    keys = content.kind_of(case.version_id).option_keys(item.structure)
    _shown_in, words = item.words(language)
    texts = words.get("options", {})
    if not keys or not all("text" in texts.get(key, {}) for key in keys):
        return []
    return [(texts[key]["text"], item.key.credit[key]) for key in keys]
