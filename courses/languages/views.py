"""The translators' pages in Wagtail: the board of a course, the inbox, and the desk where one text is translated."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.defaults import permission_denied

from core.admin_pages import AuthoringPage
from core.languages import codes, is_right_to_left, name, own_name
from core.wordings import SOURCE_LANGUAGE
from courses.admin_pages import PageOfCourse
from courses.languages import desk, services, texts, words
from courses.languages.board import (
    Row,
    board_of,
    glossary_rows,
    letter_rows,
    show_changes,
    show_glossary,
    term_uses,
)
from courses.languages.models import Kind, TranslationWork
from courses.languages.services import BadPassages, Refused
from courses.languages.status import Gate, State
from courses.models import CoursePage
from courses.permissions import may_translate

ROWS_A_PAGE = 60
# What the inbox calls the glossary, and the letters and certificates, where others are courses.
GLOSSARY, LETTERS = "glossary", "letters"

STATES = {
    State.MISSING: gettext_lazy("Missing"),
    State.STALE: gettext_lazy("Out of date"),
    State.IN_REVIEW: gettext_lazy("In review"),
    State.TRANSLATED: gettext_lazy("Translated"),
}
GATES = {
    Gate.OPEN: gettext_lazy("May be released: everything is translated."),
    Gate.WITH_REMARKS: gettext_lazy(
        "May be released. What is out of date or in review reaches learners as it stands."
    ),
    Gate.CLOSED: gettext_lazy("Not offered in this language yet. What there is, is read page by page."),
}
PROBLEMS = {
    words.UNBALANCED: gettext_lazy("A mark such as <b> is opened and not closed, or closed in the wrong order."),
    words.NOT_ALLOWED: gettext_lazy(
        "Only the marks of the source may be used: <b>, <i> and <link1>. Write &lt; for <."
    ),
    words.LINKS_DIFFER: gettext_lazy("Every link of the source must be there once: <link1>…</link1>."),
    words.PLACES_DIFFER: gettext_lazy(
        "Keep every place that is filled in later, written as in the source, and add no other."
    ),
    words.TOO_LONG: gettext_lazy("This is longer than there is room for."),
    words.NOT_WRITABLE: gettext_lazy("The typefaces of the certificates lack a letter of this."),
}
REFUSALS = {
    services.CHANGED_MEANWHILE: gettext_lazy(
        "Somebody else has changed this translation since you opened it. Nothing was saved; here is how it stands now."
    ),
    services.SOURCE_CHANGED: gettext_lazy("The source has changed since this was translated. Look at the difference."),
    services.INCOMPLETE: gettext_lazy(
        "Your draft is kept. It cannot be handed in before every passage is translated."
    ),
    services.NOTHING_TO_CONFIRM: gettext_lazy("There is nothing to confirm."),
    services.UNDER_REVIEW: gettext_lazy(
        "The course's reviewers are deciding on this page. Nothing was changed; wait for what they say."
    ),
}


# What approval has done, where it is not published for the next release of a course.
AT_ONCE = {
    Kind.TERM: gettext_lazy("Approved. It is in the glossary."),
    Kind.LETTER: gettext_lazy("Approved. Letters that are written from now on say it."),
    Kind.DOCUMENT: gettext_lazy(
        "Approved. Certificates that are issued from now on say it; those that were issued stay as they are."
    ),
}


class ForTranslators(AuthoringPage):
    header_icon = "globe"

    def may_open(self, user):
        return may_translate(user)


class OfCourse(ForTranslators, PageOfCourse):
    """A page about the translations of one course or programme."""


class BoardView(OfCourse):
    """The texts of a course, and after them what all courses share: letters, certificates and the glossary."""

    page_title = gettext_lazy("Languages")
    template_name = "courses/admin/languages/board.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        language, state = asked.get("language", ""), asked.get("state", "")
        board = board_of(self.course)
        shown = [code for code in codes() if language in ("", code)]
        if not shown:
            shown, language = codes(), ""
        letters = letter_rows(self.request.user.administration, codes())
        terms = glossary_rows([code for code in codes() if code != SOURCE_LANGUAGE])
        rows = _filtered([*board.rows, *letters, *terms], shown, state)
        page = Paginator(rows, ROWS_A_PAGE).get_page(asked.get("p"))
        show_changes(page.object_list)
        if len(shown) == 1 and shown[0] != board.language:
            show_glossary(board, [row for row in page if row in board.rows], shown[0])
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "board": board,
            "source": _language(board.language),
            "columns": [(column, GATES[column.gate], _counts(column)) for column in board.columns],
            "languages": [_language(code) for code in codes()],
            "shown": [_language(code) for code in shown],
            "rows": [(row, _language(row.text.language), _in_columns(row, shown)) for row in page],
            "page": page,
            "language": language,
            "state": state,
            "states": STATES.items(),
            "kept": asked.copy(),
        }


def _filtered(rows: list[Row], shown: list[str], state: str) -> list[Row]:
    if state not in STATES:
        return rows
    return [row for row in rows if any(c.state == state and c.language in shown for c in row.cells)]


def _in_columns(row: Row, shown: list[str]) -> list:
    """A row's cells in the order of the columns; None in the language in which its text is written."""
    cells = {cell.language: cell for cell in row.cells}
    return [cells.get(code) for code in shown]


def _counts(column):
    return [(STATES[state], count) for state, count in column.counts.items() if count]


class GlossaryView(OfCourse):
    """Where a course does not keep to the glossary, in one language."""

    page_title = gettext_lazy("Glossary check")
    template_name = "courses/admin/languages/glossary.html"

    def get_context_data(self, **kwargs):
        language = self.request.GET.get("language", "")
        source = self.course.locale.language_code
        others = [code for code in codes() if code != source]
        if language not in others:
            language = others[0]
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "uses": term_uses(self.course, language),
            "language": _language(language),
            "source": _language(source),
            "languages": [_language(code) for code in others],
        }


class InboxView(ForTranslators):
    """What waits for a translator or a reviewer in the languages they work in, course by course."""

    page_title = gettext_lazy("Translations")
    template_name = "courses/admin/languages/inbox.html"

    def get_context_data(self, **kwargs):
        courses = _courses()
        chosen = self.request.GET.get("course", "")
        course = next((c for c in courses if str(c.pk) == chosen), courses[0] if courses else None)
        mine = self._languages()
        if chosen == GLOSSARY:
            course, rows = None, glossary_rows([code for code in mine if code != SOURCE_LANGUAGE])
        elif chosen == LETTERS:
            course, rows = None, letter_rows(self.request.user.administration, mine)
        else:
            rows = board_of(course, mine).rows if course else []
        cells = [(row.text, cell) for row in rows for cell in row.cells]
        todo = [(text, cell) for text, cell in cells if cell.state in (State.MISSING, State.STALE)]
        review = [(text, cell) for text, cell in cells if cell.state == State.IN_REVIEW]
        page = Paginator(todo, ROWS_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "courses": courses,
            "course": course,
            "shared": chosen if chosen in (GLOSSARY, LETTERS) else "",
            "languages": [(code, own_name(code), code in mine) for code in codes()],
            "mine": mine,
            "page": page,
            "todo": [_entry(text, cell) for text, cell in page],
            "words": sum(cell.todo for _text, cell in todo),
            "review": [_entry(text, cell) for text, cell in review],
            "own_id": self.request.user.pk,
            "kept": self.request.GET.copy(),
        }

    def _languages(self) -> list[str]:
        """The languages chosen now or last time; at first the person's own."""
        if "language" in self.request.GET:
            chosen = [code for code in codes() if code in self.request.GET.getlist("language")]
            self.request.session["translates_into"] = chosen
            return chosen
        kept = self.request.session.get("translates_into") or [self.request.user.language]
        return [code for code in codes() if code in kept]


def _courses() -> list[CoursePage]:
    """Every course by its oldest page, which is the one it was written in. One query."""
    oldest: dict = {}
    for course in CoursePage.objects.order_by("pk"):
        oldest.setdefault(course.translation_key, course)
    return list(oldest.values())


def _entry(text, cell):
    return text, cell, _language(cell.language), STATES[cell.state]


class DeskView(ForTranslators):
    """One text beside its translation: written by the translator, decided on by a reviewer."""

    page_title = gettext_lazy("Translate")
    template_name = "courses/admin/languages/desk.html"

    def find(self, kind, key, language):
        self.text = texts.text_of(kind, key, language)
        if self.text is None or not self.text.goes_into(language) or not self.text.is_for(self.request.user):
            raise Http404
        self.language = language
        self.typed: dict[str, str] = {}
        self.problems: dict[str, str] = {}

    def get_page_subtitle(self):
        return self.text.title

    def get_breadcrumbs_items(self):
        inbox = {"url": reverse("translations"), "label": InboxView.page_title}
        return [*self.breadcrumbs_items, inbox, {"url": "", "label": self.page_title, "sublabel": self.text.title}]

    def post(self, request, **kwargs):
        try:
            done = self._act(request.POST.get("do", ""))
        except BadPassages as refused:
            # What was typed stays on the page, with the reason at its passage.
            self.problems = {path: str(PROBLEMS[problem]) for path, problem in refused.problems.items()}
            messages.error(request, _("Nothing was saved. The passages that need mending say why."))
            return self.render_to_response(self.get_context_data(), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except Refused as refused:
            messages.warning(request, REFUSALS[str(refused)])
        except PermissionDenied:
            return permission_denied(request, None)
        else:
            messages.success(request, done)
        return redirect(request.path)

    def _act(self, deed: str) -> str:
        by = {"actor": self.request.user, "now": timezone.now()}
        turn = self._turn()
        if deed == "approve":
            if services.approve(self.text, self.language, turn=turn, **by) is None:
                return _("Approved. This course asks for review: its subject and legal reviewers decide next.")
            return AT_ONCE.get(self.text.kind) or _(
                "Approved and published. Learners get it with the next release of the course."
            )
        if deed == "send_back":
            services.send_back(self.text, self.language, self.request.POST.get("note", ""), turn=turn, **by)
            return _("Sent back with your note.")
        if deed == "confirm":
            services.confirm_as_it_stands(self.text, self.language, **by)
            return _("Confirmed: it says what the source says today.")
        self.typed = {
            name.removeprefix("t:"): value.replace("\r\n", "\n")
            for name, value in self.request.POST.items()
            if name.startswith("t:")
        }
        right = set(self.request.POST.getlist("right"))
        written = desk.written(desk.passages(self.text, self.language), self.typed, right)
        work = services.save_draft(self.text, self.language, written, turn=turn, **by)
        if deed == "hand_in":
            services.hand_in(self.text, self.language, turn=work.turn, **by)
            return _("Handed in. Somebody else reviews it now.")
        return _("Your draft is saved.")

    def _turn(self) -> int:
        value = self.request.POST.get("turn", "")
        return int(value) if value.isdecimal() and len(value) < 10 else -1

    def get_context_data(self, **kwargs):
        user = self.request.user
        sheet = desk.sheet(self.text, self.language)
        for passage in sheet.passages:
            passage.value = self.typed.get(passage.path, passage.value)
            passage.problem = self.problems.get(passage.path, "")
            passage.open = passage.open or bool(passage.problem)
        handed_in = sheet.work is not None and sheet.work.stage == TranslationWork.Stage.HANDED_IN
        unconfirmed = sheet.work is None and sheet.state == State.IN_REVIEW
        last_editor = services.last_editor_of(sheet.standing) if unconfirmed else None
        return super().get_context_data(**kwargs) | {
            "text": self.text,
            "sheet": sheet,
            "state": STATES[sheet.state],
            "source": _language(self.text.language),
            "target": _language(self.language),
            "turn": sheet.work.turn if sheet.work else 0,
            "handed_in": handed_in,
            "submitted": sheet.work is not None and sheet.work.stage == TranslationWork.Stage.SUBMITTED,
            "reviewing": handed_in and sheet.state == State.IN_REVIEW and services.may_review(user, sheet.work),
            "confirming": unconfirmed and last_editor != user.pk,
            "words": sum(passage.words for passage in sheet.passages if passage.open),
        }


def _language(code: str) -> dict:
    return {
        "code": code,
        "name": own_name(code),
        "named": name(code),
        "direction": "rtl" if is_right_to_left(code) else "ltr",
    }
