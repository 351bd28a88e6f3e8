"""What is wrong with links: what they lead to is gone, unpublished, moved, or in another language."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db import models
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from core.languages import codes
from courses.inside import Words
from courses.links import anchors
from courses.links.checking import digest_of, seems_offline
from courses.links.finding import Kind, Link
from courses.models import CheckedAddress
from quizzes.models import Quiz

Outcome = CheckedAddress.Outcome


class Problem(models.TextChoices):
    """What is wrong with a link of our own; those of other hosts are CheckedAddress.Outcome."""

    PAGE_GONE = "page_gone", _("The page is gone.")
    UNPUBLISHED = "unpublished", _("The page is not published.")
    DOCUMENT_GONE = "document_gone", _("The document is gone.")
    IMAGE_GONE = "image_gone", _("The picture is gone.")
    QUIZ_GONE = "quiz_gone", _("The quiz is gone.")
    NO_PLACE = "no_place", _("The page has no place of this name.")
    TYPED_GONE = "typed_gone", _("The address was typed by hand, and leads to nothing that is published here.")
    TYPED = "typed", _("The address was typed by hand. Choose the page instead, and the link follows when it moves.")
    OTHER_LANGUAGE = "other_language", _("The page is in another language, and there is one in this.")


# What a reader meets as a dead end. The rest is worth an author's look.
BROKEN = {
    Problem.PAGE_GONE,
    Problem.UNPUBLISHED,
    Problem.DOCUMENT_GONE,
    Problem.IMAGE_GONE,
    Problem.QUIZ_GONE,
    Problem.NO_PLACE,
    Problem.TYPED_GONE,
    Outcome.GONE,
    Outcome.FAILING,
    Outcome.UNSAFE,
    Outcome.SILENT,
    Outcome.WRONG,
}
FINE = {Outcome.REACHED, Outcome.UNASKED}
_GONE = {Kind.DOCUMENT: Problem.DOCUMENT_GONE, Kind.IMAGE: Problem.IMAGE_GONE, Kind.QUIZ: Problem.QUIZ_GONE}


@dataclass(frozen=True)
class Finding:
    """Something about a link. `asked` is the row of an address of another host, else None."""

    link: Link
    problem: Problem | Outcome
    # The title of the page that it leads to, where there is one.
    leads_to: str = ""
    asked: CheckedAddress | None = None

    @property
    def is_broken(self) -> bool:
        return self.problem in BROKEN


@dataclass(frozen=True)
class Judgement:
    """What is wrong, the broken first; and of the addresses of other hosts, the rows that there are."""

    findings: list[Finding]
    addresses: list[CheckedAddress]
    # How many of them no row knows yet.
    unknown: int


def judge(links: Iterable[Link], words: Iterable[Words], *, is_offline: bool) -> Judgement:
    """Judge links by what is here now, and by what asking has shown. A constant number of queries.

    `words` are the pages that the links stand in. Offline, the silence of other hosts says nothing about them.
    """
    by_kind: dict[Kind, list[Link]] = defaultdict(list)
    for link in links:
        by_kind[link.kind].append(link)
    findings = _of_pages(by_kind[Kind.PAGE])
    for kind in (Kind.DOCUMENT, Kind.IMAGE, Kind.QUIZ):
        here = _here(kind, by_kind[kind])
        findings += [Finding(link, _GONE[kind]) for link in by_kind[kind] if link.target not in here]
    findings += _of_typed(by_kind[Kind.TYPED])
    places = anchors.places_in({link.page for link in by_kind[Kind.ANCHOR]}, words)
    findings += [
        Finding(link, Problem.NO_PLACE)
        for link in by_kind[Kind.ANCHOR]
        if link.target and link.target not in places[link.page]
    ]
    wanted = {digest_of(link.target): link for link in by_kind[Kind.EXTERNAL]}
    rows = {row.digest: row for row in CheckedAddress.objects.filter(digest__in=wanted)} if wanted else {}
    for link in by_kind[Kind.EXTERNAL]:
        row = rows.get(digest_of(link.target))
        if row and row.outcome not in FINE and not (is_offline and row.outcome == Outcome.SILENT):
            findings.append(Finding(link, Outcome(row.outcome), asked=row))
    findings.sort(key=lambda finding: not finding.is_broken)
    return Judgement(findings, list(rows.values()), len(wanted.keys() - rows.keys()))


def broken_among(addresses: Iterable[str]) -> dict[str, Outcome]:
    """Those of some addresses of other hosts that are known to be broken, and how. Two queries, none for none."""
    wanted = {digest_of(address) for address in addresses}
    rows = CheckedAddress.objects.filter(digest__in=wanted, outcome__in=BROKEN & set(Outcome)) if wanted else ()
    is_offline = bool(rows) and seems_offline()
    return {row.address: Outcome(row.outcome) for row in rows if not (is_offline and row.outcome == Outcome.SILENT)}


def _of_pages(links: list[Link]) -> list[Finding]:
    if not links:
        return []
    pages = {
        str(pk): (title, live, key, language)
        for pk, title, live, key, language in Page.objects.filter(
            pk__in={int(link.target) for link in links if link.target.isdecimal()}
        ).values_list("pk", "title", "live", "translation_key", "locale__language_code")
    }
    published = set(
        Page.objects.live()
        .filter(translation_key__in={key for _title, _live, key, _language in pages.values()})
        .values_list("translation_key", "locale__language_code")
    )
    findings = []
    for link in links:
        if link.target not in pages:
            findings.append(Finding(link, Problem.PAGE_GONE))
            continue
        title, live, key, language = pages[link.target]
        if not live:
            findings.append(Finding(link, Problem.UNPUBLISHED, title))
        elif language != link.language and (key, link.language) in published:
            findings.append(Finding(link, Problem.OTHER_LANGUAGE, title))
    return findings


def _here(kind: Kind, links: list[Link]) -> set[str]:
    """The rows that are there; of a picture or document, its file too."""
    numbers = {int(link.target) for link in links if link.target.isdecimal()}
    if not numbers:
        return set()
    if kind == Kind.QUIZ:
        return {str(pk) for pk in Quiz.objects.filter(pk__in=numbers).values_list("pk", flat=True)}
    model = get_document_model() if kind == Kind.DOCUMENT else get_image_model()
    return {str(row.pk) for row in model.objects.filter(pk__in=numbers) if row.file.storage.exists(row.file.name)}


# --- Addresses of this installation, typed by hand ------------------------------------------------------------------


def _of_typed(links: list[Link]) -> list[Finding]:
    if not links:
        return []
    published = {
        # Without the language's home page, which no address names.
        (language, path.split("/", 2)[2])
        for path, language in Page.objects.live().filter(depth__gt=1).values_list("url_path", "locale__language_code")
    }
    documents = {str(pk) for pk in get_document_model().objects.values_list("pk", flat=True)}
    return [
        Finding(link, Problem.TYPED if _is_here(link.target, published, documents) else Problem.TYPED_GONE)
        for link in links
    ]


def _is_here(address: str, published: set[tuple[str, str]], documents: set[str]) -> bool:
    path = unquote(urlsplit(address).path) or "/"
    language = path.split("/")[1] if path.startswith("/") else ""
    try:
        with translation.override(language if language in codes() else None):
            match = resolve(path)
    except Resolver404:
        return False
    if match.url_name == "wagtail_serve":
        return (language, path.split("/", 2)[2]) in published
    if match.url_name == "wagtaildocs_serve":
        return str(match.args[0] if match.args else match.kwargs["document_id"]) in documents
    return True
