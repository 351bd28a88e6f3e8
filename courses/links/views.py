"""The authors' pages about links: what is wrong with those of a course, and where something is used."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin_pages import AuthoringPage
from core.languages import codes, own_name
from courses.admin_pages import PageOfCourse
from courses.inside import every_page, pages_of, words_of
from courses.links import checking
from courses.links.finding import Link, links_of
from courses.links.judging import judge
from courses.links.use import Used, What, named_in_one_language, used
from courses.models import CheckedAddress, CoursePage, ProgrammePage
from courses.permissions import may_exchange

ROWS_A_PAGE = 60
# Of one thing; who wants to see them all chooses a course.
MOST_PLACES = 100
# How often the page of a course asks again while addresses wait, without JavaScript.
SECONDS_BETWEEN_LOOKS = 5


class _ForAuthors(AuthoringPage):
    header_icon = "link"

    def may_open(self, user):
        return may_exchange(user)


class LinksReport(_ForAuthors, PageOfCourse):
    """What is wrong with the links of a course, in all its languages; and the button that has other hosts asked."""

    page_title = gettext_lazy("Links")
    template_name = "courses/admin/links/report.html"

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if response.context_data["waiting"]:
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def post(self, request, page):
        checking.want_course(self.course, actor=request.user, now=timezone.now())
        messages.info(request, _("The addresses of other hosts are being asked. This page shows how far it is."))
        return redirect("course_links", page)

    def get_context_data(self, **kwargs):
        words = list(words_of(pages_of(self.course)))
        links, is_offline = links_of(words), checking.seems_offline()
        judgement = judge(links, words, is_offline=is_offline)
        language, only_broken = self.request.GET.get("language", ""), "broken" in self.request.GET
        shown = [
            (finding, _state_of(finding.link), _editor(finding.link.page, finding.link.block_id))
            for finding in judgement.findings
            if language in ("", finding.link.language) and (finding.is_broken or not only_broken)
        ]
        kept = self.request.GET.copy()
        kept.pop("p", None)
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "links": len(links),
            "broken": sum(finding.is_broken for finding in judgement.findings),
            "is_offline": is_offline,
            "page": Paginator(shown, ROWS_A_PAGE).get_page(self.request.GET.get("p")),
            "kept": kept,
            "languages": [(code, own_name(code)) for code in codes()],
            "language": language,
            "only_broken": only_broken,
            **_asked(judgement.addresses, judgement.unknown),
        }


def _asked(rows: list[CheckedAddress], unknown: int) -> dict:
    """How far the asking of other hosts is."""
    waiting = sum(row.wanted_at is not None for row in rows)
    return {
        "addresses": len(rows) + unknown,
        "waiting": waiting,
        "done": len(rows) - waiting,
        "unasked": unknown + sum(row.asked_at is None for row in rows),
        "asked_at": max((row.asked_at for row in rows if row.asked_at), default=None),
    }


def _state_of(link: Link) -> str:
    """In which words of the page a link stands, where that is not simply the published ones."""
    if not link.published:
        return _("in a draft")
    if link.has_draft and not link.drafted:
        return _("published; no longer in the draft")
    return ""


def _editor(page: int, block_id: str) -> str:
    """The page's editor, at the block."""
    address = reverse("wagtailadmin_pages:edit", args=[page])
    return f"{address}#block-{block_id}-section" if block_id else address


class LinksOfCourses(_ForAuthors):
    """The courses and programmes, each with the way to its report."""

    page_title = gettext_lazy("Links of courses")
    template_name = "courses/admin/links/courses.html"

    def get_context_data(self, **kwargs):
        courses = {}
        for model in (CoursePage, ProgrammePage):
            # Each by the page that was made first, which the others are translations of.
            for course in model.objects.select_related("locale").order_by("pk"):
                courses.setdefault(course.translation_key, course)
        listed = sorted(courses.values(), key=lambda course: course.title.casefold())
        return super().get_context_data(**kwargs) | {"courses": listed}


class UseReport(_ForAuthors):
    """Where pictures, documents, pages, quizzes, item banks, instruments, national slots and blocks are used."""

    page_title = gettext_lazy("Where it is used")
    template_name = "courses/admin/links/use.html"

    def get_context_data(self, **kwargs):
        asked = self.request.GET
        what = What(asked["what"]) if asked.get("what") in What.values else What.PICTURE
        course = asked.get("course", "")
        courses = list(CoursePage.objects.filter(alias_of=None).select_related("locale").order_by("title", "pk"))
        chosen = next((one for one in courses if str(one.pk) == course), None)
        pages = pages_of(chosen) if chosen else every_page()
        things = used(what, words_of(pages))
        if what == What.INSTRUMENT:
            things = named_in_one_language(things, {page.pk: str(page.translation_key) for page in pages})
        query = asked.get("q", "").strip()
        things = [thing for thing in things if query.casefold() in thing.name.casefold()]
        page = Paginator(things, ROWS_A_PAGE).get_page(asked.get("p"))
        kept = asked.copy()
        kept.pop("p", None)
        return super().get_context_data(**kwargs) | {
            "whats": What.choices,
            "what": what,
            "courses": courses,
            "chosen": chosen,
            "query": query,
            "page": page,
            "rows": [
                (thing, _own_page(what, thing), _places(thing), max(len(thing.places) - MOST_PLACES, 0))
                for thing in page.object_list
            ],
            "kept": kept,
        }


def _places(thing: Used) -> list[tuple]:
    return [
        (place, "" if place.published else _("in a draft"), _editor(place.page, place.block_id))
        for place in thing.places[:MOST_PLACES]
    ]


def _own_page(what: What, thing: Used) -> str:
    """Where the thing itself is looked after, if anywhere."""
    names = {
        What.PICTURE: "wagtailimages:edit",
        What.DOCUMENT: "wagtaildocs:edit",
        What.PAGE: "wagtailadmin_pages:edit",
        What.QUIZ: "quiz:edit",
        What.BANK: "itembank:inspect",
    }
    if what not in names or thing.is_gone:
        return ""
    return reverse(names[what], args=[thing.number])
