"""Files for translation tools: a course's words out, and back in after a look at what they would do."""

import uuid
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.language_field import LanguageField
from core.languages import codes, named
from courses.languages import exchange, interchange
from courses.languages.views import PROBLEMS, OfCourse

KINDS = {"xliff": ("xlf", "application/xliff+xml"), "po": ("po", "text/x-gettext-translation")}
WAITS_FOR_SECONDS = 3600
LISTED = 200

OUTCOMES = {
    exchange.Outcome.CHANGED: gettext_lazy("Would be brought in"),
    exchange.Outcome.SAME: gettext_lazy("Already so"),
    exchange.Outcome.EMPTY: gettext_lazy("Not translated in the file"),
    exchange.Outcome.UNKNOWN: gettext_lazy("Refused: the course has no such passage"),
    exchange.Outcome.SOURCE_CHANGED: gettext_lazy("Refused: the source has changed since the file was made"),
    exchange.Outcome.MARKUP: gettext_lazy("Refused: its marks would not stand"),
    exchange.Outcome.UNDER_REVIEW: gettext_lazy("Refused: the course's reviewers are deciding on the translation"),
}
BAD_FILES = {
    interchange.NOT_READABLE: gettext_lazy("This is no XLIFF 1.2 and no PO file of this course in UTF-8."),
    interchange.TOO_LARGE: gettext_lazy("The file is too large: 10 MB at most."),
    interchange.HOSTILE: gettext_lazy(
        "The file has a document type or entities, which could hide something. Save it without them."
    ),
}


class ExportForm(forms.Form):
    """Which file goes out."""

    language = LanguageField(label=gettext_lazy("Language"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        choices=[("xliff", gettext_lazy("XLIFF 1.2, for translation tools")), ("po", gettext_lazy("PO, for gettext"))],
    )
    everything = forms.BooleanField(label=gettext_lazy("Also what is translated already"), required=False)
    letters = forms.BooleanField(label=gettext_lazy("With letters and certificates"), required=False)
    glossary = forms.BooleanField(label=gettext_lazy("With the glossary"), required=False)

    def __init__(self, *args, languages, takes_shared, **kwargs):
        super().__init__(*args, **kwargs)
        if not takes_shared:
            del self.fields["letters"], self.fields["glossary"]
        self.fields["language"].choices = named(languages)


class ImportForm(forms.Form):
    """Which file comes back."""

    language = LanguageField(label=gettext_lazy("Language"))
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args, languages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = named(languages)


class OfFiles(OfCourse):
    @property
    def languages(self) -> list[str]:
        return [code for code in codes() if code != self.course.locale.language_code]

    def _plan(self, language: str, data: bytes, name: str) -> exchange.Plan:
        """What a file would do, with the letters of whoever brings it. Raises BadFile, WrongLanguage."""
        letters_of = self.request.user.administration
        return exchange.plan(self.course, language, interchange.read(data, name), letters_of=letters_of)


class ExchangeView(OfFiles):
    """Both directions on one page: a GET with a language is the file that goes out, a POST brings one back."""

    page_title = gettext_lazy("Files for translation tools")
    template_name = "courses/admin/languages/files.html"

    def get(self, request, *args, **kwargs):
        if "kind" in request.GET:
            form = self._export_form(request.GET)
            if form.is_valid():
                return self._file(form.cleaned_data)
        return super().get(request, *args, **kwargs)

    def _export_form(self, data=None, **kwargs):
        takes_shared = exchange.takes_shared(self.course)
        return ExportForm(data, languages=self.languages, takes_shared=takes_shared, auto_id="out-%s", **kwargs)

    def _file(self, wanted):
        ending, media_type = KINDS[wanted["kind"]]
        content = exchange.export(
            self.course,
            wanted["language"],
            wanted["kind"],
            everything=wanted["everything"],
            letters_of=self.request.user.administration if wanted.get("letters") else None,
            glossary=wanted.get("glossary", False),
        )
        name = f"{self.course.slug}.{self.course.locale.language_code}-{wanted['language']}.{ending}"
        return HttpResponse(
            content,
            content_type=f"{media_type}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def post(self, request, page):
        form = ImportForm(request.POST, request.FILES, languages=self.languages, auto_id="in-%s")
        if form.is_valid():
            upload = form.cleaned_data["file"]
            token = uuid.uuid4()
            try:
                if upload.size > interchange.MOST_BYTES:
                    raise interchange.BadFile(interchange.TOO_LARGE)
                data = upload.read()
                self._plan(form.cleaned_data["language"], data, upload.name)
            except interchange.BadFile as problem:
                form.add_error("file", BAD_FILES[str(problem)])
            except exchange.WrongLanguage:
                form.add_error("file", _("The file is for other languages than this course and the one you chose."))
            else:
                kept = {"shape": 1, "language": form.cleaned_data["language"], "name": upload.name, "data": data}
                cache.set(_cache_key(request.user, token), kept, WAITS_FOR_SECONDS)
                return redirect("translation_import", page, token)
        return self.render_to_response(self.get_context_data(import_form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def get_context_data(self, **kwargs):
        wanted = {"language": self.request.GET.get("language", "")}
        return (
            super().get_context_data(**kwargs)
            | {
                "course": self.course,
                "export_form": self._export_form(initial=wanted),
                "import_form": ImportForm(initial=wanted, languages=self.languages, auto_id="in-%s"),
            }
            | kwargs
        )


class ImportView(OfFiles):
    """What a file would do, unit by unit, and the button that does it. It is judged anew each time."""

    page_title = gettext_lazy("Bring in a translation file")
    template_name = "courses/admin/languages/import.html"

    def get(self, request, page, token):
        judged = self._judged(token)
        if judged is None:
            return self._gone(page)
        return self.render_to_response(self.get_context_data(plan=judged))

    def post(self, request, page, token):
        judged = self._judged(token)
        if judged is None:
            return self._gone(page)
        if request.POST.get("seen") != judged.fingerprint:
            messages.warning(
                request, _("The course has changed since you looked. This is what the file would do now.")
            )
            return redirect("translation_import", page, token)
        # Whoever removes the file first applies it: a second press of the button finds it gone.
        if not cache.delete(_cache_key(request.user, token)):
            return self._gone(page)
        count = exchange.apply(judged, actor=request.user, now=timezone.now())
        messages.success(
            request,
            ngettext(
                "Drafts of %(count)d text are brought in. Look at them and hand them in.",
                "Drafts of %(count)d texts are brought in. Look at them and hand them in.",
                count,
            )
            % {"count": count},
        )
        return redirect(f"{reverse('translations')}?course={self.course.pk}&language={judged.language}")

    def _judged(self, token):
        kept = cache.get(_cache_key(self.request.user, token))
        if kept is None:
            return None
        return self._plan(kept["language"], kept["data"], kept["name"])

    def _gone(self, page):
        messages.warning(self.request, _("The file has waited too long, or was brought in already. Choose it again."))
        return redirect("translation_files", page)

    def get_context_data(self, *, plan, **kwargs):
        taken = (exchange.Outcome.CHANGED, exchange.Outcome.SAME, exchange.Outcome.EMPTY)
        told = sorted(plan.judged, key=lambda item: (item.outcome in taken, item.outcome != "changed"))
        return super().get_context_data(**kwargs) | {
            "course": self.course,
            "plan": plan,
            "language": plan.language,
            "counts": [(OUTCOMES[outcome], count) for outcome, count in plan.counts.items() if count],
            "told": [(item, OUTCOMES[item.outcome], PROBLEMS.get(item.problem, "")) for item in told[:LISTED]],
            "more": max(0, len(told) - LISTED),
        }


def _cache_key(user, token):
    return f"courses:translation-file:{user.uuid}:{token}"
