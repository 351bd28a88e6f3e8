"""Item analysis in Wagtail: asked for, waited for, read as a table of a quiz and as a page of each item.

Authors see what the options of their items were chosen for, never who chose them. Nothing here loads NumPy: a worker
has made the figures.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import languages
from core.admin_pages import AuthoringPage
from quizzes import content, errors, services
from quizzes.analysis import results, sentences
from quizzes.analysis.telling import curve, tellable
from quizzes.authoring.showing import ItemShown
from quizzes.kinds import KINDS
from quizzes.models import Analysis, ItemVersion, Quiz
from quizzes.permissions import may_analyse

# How often a page that waits asks again, without JavaScript.
SECONDS_BETWEEN_LOOKS = 3
LISTED = 10


@dataclass(frozen=True)
class Row:
    """An item in the table of a quiz. `notes` are sentences about what an author or a translator should look at."""

    shown: ItemShown
    found: results.ItemStatistics
    notes: list[str]


@dataclass(frozen=True)
class Option:
    """A bar: an option's words in `language`, empty where the interface says them, and who chose it."""

    text: str
    language: str
    credit: float | None
    use: results.OptionUse | None


@dataclass(frozen=True)
class Curve:
    """A line of an item's plot. `number` picks its stroke."""

    number: int
    name: str
    language: str
    found: results.ItemStatistics

    @property
    def path(self) -> str:
        return curve(self.found.fifths)


class _AnalysisPage(AuthoringPage):
    header_icon = "view"

    def may_open(self, user):
        return may_analyse(user)

    def get_page_subtitle(self):
        return str(self.quiz)

    def crumbs(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("quiz:index"), "label": _("Quizzes")},
            {"url": reverse("item_analysis", args=[self.quiz.pk]), "label": str(self.quiz)},
        ]


class QuizAnalysis(_AnalysisPage):
    """The newest analysis of a quiz, or the one that is named; how far the next one is, and the button for it.

    While a worker has it, the page loads itself again; it needs no JavaScript for that.
    """

    page_title = _("Item analysis")
    template_name = "quizzes/admin/analysis.html"

    def find(self, quiz, analysis=None):
        self.quiz = get_object_or_404(Quiz.objects.prefetch_related("texts"), pk=quiz)
        self.earlier = list(self.quiz.analyses.done().defer("results")[:LISTED])
        of_quiz = self.quiz.analyses.all()
        if analysis:
            self.analysis = get_object_or_404(of_quiz.done(), uuid=analysis)
        else:
            self.analysis = of_quiz.done().first()
        self.newest = of_quiz.defer("results").first()

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if self.newest and self.newest.is_open:
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def post(self, request, quiz, analysis=None):
        try:
            services.ask_for_analysis(self.quiz, actor=request.user, now=timezone.now())
        except errors.TooFewNewAttempts as problem:
            messages.warning(request, problem.message)
        return redirect("item_analysis", quiz)

    def get_breadcrumbs_items(self):
        return [*self.crumbs(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        new = services.new_attempts(self.quiz)
        shown = super().get_context_data(**kwargs) | {
            "quiz": self.quiz,
            "newest": self.newest,
            "is_waiting": bool(self.newest and self.newest.is_open),
            "has_failed": bool(self.newest and self.newest.state == Analysis.State.FAILED),
            "new_attempts": new,
            "missing": max(0, services.LEAST_NEW - new),
            "analysis": self.analysis,
            "earlier": [each for each in self.earlier if each != self.analysis],
        }
        if self.analysis is None:
            return shown
        found = results.Analysis.from_json(self.analysis.results)
        return shown | {
            "form": sentences.FORMS[found.overall.reliability.form],
            "groups": _groups(found),
            "rows": _rows(found),
        }


def _groups(found: results.Analysis) -> list[tuple[str, str, results.Reliability]]:
    """What is told of the quiz: of everybody first, then by language, each with the code of its name's language."""
    sizes = {code: group.reliability.n for code, group in found.languages.items()}
    told = tellable(sizes, found.overall.reliability.n)
    return [
        ("", "", found.overall.reliability),
        *((languages.name(code), code, found.languages[code].reliability) for code in sorted(told)),
    ]


def _rows(found: results.Analysis) -> list[Row]:
    """What somebody should look at first, and then in the order of the items' keys."""
    suspected: dict[int, list[str]] = {}
    for each in found.dif:
        if each.suspicion is not None:
            suspected.setdefault(each.item, []).append(_suspicion(each))
    versions = _versions([item.item for item in found.overall.items])
    rows = [
        Row(
            ItemShown.of(versions[item.item]),
            item,
            [*suspected.get(item.item, []), *sentences.cautions(item)],
        )
        for item in found.overall.items
    ]
    return sorted(rows, key=lambda row: (not row.notes, row.shown.version.item.key, row.shown.version.number))


def _suspicion(found: results.ItemDif) -> str:
    return sentences.suspicion(found, languages.name(found.reference), languages.name(found.focal))


def _versions(ids: list[int]) -> dict[int, ItemVersion]:
    """Items with their words: two queries, however many there are."""
    return {
        version.pk: version
        for version in ItemVersion.objects.filter(pk__in=ids).select_related("item").prefetch_related("texts")
    }


class ItemOfAnalysis(_AnalysisPage):
    """One item: who chose what, how its curve runs in each language, and whether it asks the same in all of them."""

    template_name = "quizzes/admin/item_analysis.html"

    def find(self, quiz, analysis, version):
        self.quiz = get_object_or_404(Quiz.objects.prefetch_related("texts"), pk=quiz)
        self.analysis = get_object_or_404(self.quiz.analyses.done(), uuid=analysis)
        self.found = results.Analysis.from_json(self.analysis.results)
        self.statistics = _of_item(self.found.overall, version)
        if self.statistics is None:
            raise Http404
        self.version = _versions([version])[version]

    @property
    def page_title(self):
        return self.version.item.key

    def get_breadcrumbs_items(self):
        table = reverse("item_analysis_of", args=[self.quiz.pk, self.analysis.uuid])
        return [*self.crumbs(), {"url": table, "label": _("Item analysis")}, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        shown = ItemShown.of(self.version)
        return super().get_context_data(**kwargs) | {
            "quiz": self.quiz,
            "analysis": self.analysis,
            "item": shown,
            "found": self.statistics,
            "cautions": sentences.cautions(self.statistics),
            "options": _options(shown, self.statistics),
            "curves": self._curves(),
            "comparisons": self._comparisons(),
        }

    def _curves(self) -> list[Curve]:
        """Everybody's and those of the languages, where they are told."""
        of_languages = {
            code: found
            for code, group in self.found.languages.items()
            if (found := _of_item(group, self.version.pk)) is not None
        }
        told = tellable({code: found.n for code, found in of_languages.items()}, self.statistics.n)
        curves = [Curve(0, "", "", self.statistics)] if self.statistics.fifths else []
        return curves + [
            Curve(number, languages.name(code), code, of_languages[code])
            for number, code in enumerate(sorted(told), start=1)
            if of_languages[code].fifths
        ]

    def _comparisons(self) -> list[dict]:
        """The item in each other language, beside its words in the language it is compared with."""
        texts = {text.language: text.content for text in self.version.texts.all()}
        return [
            {
                "found": each,
                "language": languages.name(each.focal),
                "sentence": _suspicion(each) or (each.category and sentences.CATEGORIES[each.category]),
                "withheld": each.withheld and sentences.WITHHELD[each.withheld],
                "is_suspected": each.suspicion is not None,
                "texts": [
                    (code, languages.name(code), texts[code]["stem"])
                    for code in (each.reference, each.focal)
                    if code in texts
                ],
            }
            for each in self.found.dif
            if each.item == self.version.pk
        ]


def _of_item(group: results.Group, version: int) -> results.ItemStatistics | None:
    return next((item for item in group.items if item.item == version), None)


# What an item of true or false calls its options; they have no words of their own.
_TRUE_OR_FALSE = {"true": _("True"), "false": _("False")}


def _options(shown: ItemShown, found: results.ItemStatistics) -> list[Option]:
    """All options in the author's order, chosen or not, and last those who left the question open; none where shares
    are not told or nothing is chosen among."""
    version = shown.version
    keys = KINDS[version.kind].option_keys(version.structure)
    if not keys or not found.options:
        return []
    uses = {use.option: use for use in found.options}
    credit = content.item_keys([version.pk])[version.pk].credit
    words = shown.words.get("options", {})
    options = [
        Option(
            text=words.get(key, {}).get("text") or str(_TRUE_OR_FALSE.get(key, key)),
            language=shown.language if words.get(key, {}).get("text") else "",
            credit=float(credit[key]),
            use=uses.get(place),
        )
        for place, key in enumerate(keys)
    ]
    return [*options, Option("", "", None, uses[None])] if None in uses else options
