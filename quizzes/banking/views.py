"""The pages on which an author brings questions in, sees what each would become, and takes a bank out."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.admin_pages import AuthoringPage
from core.language_field import LanguageField
from core.languages import own_name
from core.wordings import SOURCE_LANGUAGE
from quizzes.banking import arrivals, exporting, reports
from quizzes.banking.plans import Fate
from quizzes.banking.progress import progress_of
from quizzes.formats.detect import MOST_BYTES, NAMES, READERS, WRITERS
from quizzes.models import ItemBank, ItemKind, QuestionFile
from quizzes.permissions import may_write_items

# How often a page that waits asks again, without JavaScript.
SECONDS_BETWEEN_LOOKS = 3
LISTED = 10
PER_PAGE = 100
_MB = 1024 * 1024
_ENDINGS = ".xml,.zip,.txt,.gift,.csv,.xlsx"


class QuestionsForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Moodle XML, GIFT, Aiken, QTI 2 or 3 (an item or a package), CSV or Excel."),
        widget=forms.FileInput({"accept": _ENDINGS}),
    )
    bank = forms.ModelChoiceField(
        ItemBank.objects.all(),
        label=gettext_lazy("Item bank"),
        empty_label=gettext_lazy("The one that the file names"),
        required=False,
    )
    language = LanguageField(
        label=gettext_lazy("Language of the file"), help_text=gettext_lazy("Where the file does not say so itself.")
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[("", gettext_lazy("Found by the content of the file")), *((key, NAMES[key]) for key in READERS)],
        required=False,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)d megabytes. Split it."), params={"most": MOST_BYTES // _MB}
            )
        return file


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=[(key, NAMES[key]) for key in WRITERS])
    language = LanguageField(label=gettext_lazy("Language"))


class _QuestionsPage(AuthoringPage):
    def may_open(self, user):
        return may_write_items(user)

    def get_breadcrumbs_items(self):
        *above, here = super().get_breadcrumbs_items()
        return [*above, {"url": reverse("itembank:index"), "label": _("Item banks")}, here]


class BringQuestions(_QuestionsPage):
    """A form that takes a file, and the files that one has brought of late."""

    page_title = gettext_lazy("Import questions")
    header_icon = "upload"
    template_name = "quizzes/admin/bring_questions.html"

    def post(self, request):
        form = QuestionsForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        given = form.cleaned_data
        brought = arrivals.bring(
            given["file"],
            format=given["format"],
            spoken=given["language"],
            bank=given["bank"],
            actor=request.user,
            now=timezone.now(),
        )
        return redirect("question_file", brought.uuid)

    def get_context_data(self, **kwargs):
        asked = self.request.GET.get("bank", "")
        initial = {"bank": asked if asked.isdecimal() else None, "language": get_language()}
        mine = QuestionFile.objects.filter(actor=self.request.user).defer("report")[:LISTED]
        return {"form": QuestionsForm(initial=initial), "mine": mine} | super().get_context_data(**kwargs)


class QuestionFilePage(_QuestionsPage):
    """How far a file is; once looked at, what each question would become, and the buttons that let it in or take it
    away. While a worker has it, the page loads itself again; it needs no JavaScript for that."""

    page_title = BringQuestions.page_title
    header_icon = "upload"
    template_name = "quizzes/admin/question_file.html"

    def find(self, file):
        mine = QuestionFile.objects.filter(actor=self.request.user)
        self.brought = get_object_or_404(mine, uuid=file)

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if self.brought.state in QuestionFile.WAITING:
            response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
        return response

    def post(self, request, file):
        if "discard" in request.POST:
            arrivals.discard(self.brought, actor=request.user)
            messages.info(request, _("The file was taken away. Nothing was imported."))
            return redirect("import_questions")
        arrivals.confirm(self.brought, actor=request.user)
        return redirect("question_file", file)

    def get_page_subtitle(self):
        return self.brought.filename

    def get_context_data(self, **kwargs):
        shown = super().get_context_data(**kwargs) | {
            "brought": self.brought,
            "is_waiting": self.brought.state in QuestionFile.WAITING,
        }
        if shown["is_waiting"]:
            shown["progress"] = progress_of(self.brought)
        return shown | (self._reported(self.brought.report) if self.brought.report else {})

    def _reported(self, report: dict) -> dict:
        wanted = self.request.GET.get("result", "")
        wanted = wanted if wanted in list(Fate) else ""
        rows = [row for row in report["rows"] if not wanted or row["result"] == wanted]
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p"))
        counts = report["counts"]
        bank = ItemBank.objects.filter(slug=report["bank"]["slug"]).first()
        return {
            "report": report,
            "format": NAMES[report["format"]],
            "page": page,
            "rows": [_shown(row) for row in page],
            "fates": [(fate, reports.FATES[fate], counts[fate]) for fate in Fate if counts[fate]],
            "wanted": wanted,
            "language": report["language"],
            "language_name": own_name(report["language"]),
            "brings": counts[Fate.NEW] + counts[Fate.CHANGED] + counts[Fate.LANGUAGE],
            "bank_url": reverse("itembank:inspect", args=[bank.pk]) if bank else "",
        }


def _shown(row: dict) -> dict:
    return row | {
        "label": reports.FATES[Fate(row["result"])],
        "kind_label": ItemKind(row["kind"]).label if row["kind"] else "",
    }


class ExportBank(_QuestionsPage):
    """One form: what a format would hold of the bank, and the file."""

    page_title = gettext_lazy("Export")
    header_icon = "download"
    template_name = "quizzes/admin/export_bank.html"

    def find(self, bank):
        self.bank = get_object_or_404(ItemBank, pk=bank)

    def get_page_subtitle(self):
        return self.bank.title

    def get_breadcrumbs_items(self):
        *above, here = super().get_breadcrumbs_items()
        return [*above, {"url": reverse("itembank:inspect", args=[self.bank.pk]), "label": self.bank.title}, here]

    def post(self, request, bank):
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
        format, language = form.cleaned_data["format"], form.cleaned_data["language"]
        if "look" in request.POST:
            export = exporting.foreseen(self.bank, format, language=language)
            report = reports.export_as_data(export, format)
            return self.render_to_response(self.get_context_data(form=form, report=report, language=language))
        export = exporting.export_bank(self.bank, format, language=language, actor=request.user, now=timezone.now())
        return HttpResponse(
            export.writing.data,
            content_type=export.writing.content_type,
            headers={"Content-Disposition": content_disposition_header(True, export.filename)},
        )

    def get_context_data(self, **kwargs):
        form = ExportForm(initial={"language": SOURCE_LANGUAGE})
        return {"form": form, "bank": self.bank} | super().get_context_data(**kwargs)


addresses = [
    path("questions/import/", BringQuestions.as_view(), name="import_questions"),
    path("questions/import/<uuid:file>/", QuestionFilePage.as_view(), name="question_file"),
    path("questions/export/<int:bank>/", ExportBank.as_view(), name="export_bank"),
]
