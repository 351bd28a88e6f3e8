"""The editor of items: a new question, a new version of one, and its words in another language beside the source.

Plain forms: a button adds rows, one looks at the draft, one saves it. What is sent is kept in the form whatever is
wrong with it, files too, and so is what somebody else's save came before.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from core import languages, uploads
from core.admin_pages import AuthoringPage
from quizzes import errors, permissions, services
from quizzes.authoring.pages import ItemPage, bank_crumbs
from quizzes.authoring.sheets import SHEETS, Sheet
from quizzes.authoring.sheets.looking import ratio_of
from quizzes.authoring.showing import language_of
from quizzes.kinds import KINDS
from quizzes.kinds.contract import WrongItem
from quizzes.models import Item, ItemBank, ItemKind, ItemMedia, RadFactor
from quizzes.services import Draft
from quizzes.services.drafting import newest_of, seen_of

FILE, DIGEST = "file", "sha256"


class FactsForm(forms.Form):
    """What is said of an item beside its question."""

    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=50,
        validators=[validate_slug],
        help_text=gettext_lazy("A short name that this bank keeps for it: letters, digits, hyphens."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    difficulty = forms.TypedChoiceField(
        label=gettext_lazy("Difficulty"),
        coerce=int,
        choices=[(1, gettext_lazy("1, easy")), (2, gettext_lazy("2, middling")), (3, gettext_lazy("3, hard"))],
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("With commas between them."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    rad_factors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Factors of the Revised Arusha Declaration"),
        required=False,
        coerce=int,
        choices=RadFactor.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, bank, *args, has_key: bool, judged=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.bank, self.judged = bank, judged
        if has_key:
            del self.fields["key"]

    def full_clean(self):
        super().full_clean()
        if not self.judged:
            self._errors.clear()

    def clean_key(self):
        key = self.cleaned_data["key"]
        if Item.objects.filter(bank=self.bank, key=key).exists():
            raise ValidationError(_("This bank has a question with this key already."))
        return key

    def clean_tags(self):
        tags = (tag.strip() for tag in self.cleaned_data["tags"].replace("،", ",").split(","))
        return list(dict.fromkeys(tag for tag in tags if tag))


@dataclass(frozen=True)
class Sent:
    """What a browser sent, with the files it brought kept and named in it, and what was wrong with files."""

    data: dict
    refused: list[tuple[str, str]]

    @classmethod
    def of(cls, request) -> "Sent":
        data, refused = request.POST.copy(), []
        for name, file in request.FILES.items():
            if not name.endswith(FILE):
                continue
            place = name.removesuffix(FILE)
            try:
                kept = services.keep_medium(file, file.name, now=timezone.now())
            except uploads.Refused as problem:
                refused.append((name, str(problem)))
                continue
            data[f"{place}{DIGEST}"] = kept.sha256
            data[f"{place}kind"] = kept.kind
        return cls(data, refused)


class _Editor(AuthoringPage):
    """What the pages of the editor share: each knows its bank, the kind, what it began with, and the language."""

    template_name = "quizzes/admin/edit_item.html"
    header_icon = "edit"
    translating = False
    overtaken = False
    refused: list[tuple[str, str]] = []

    def may_open(self, user):
        return permissions.may_write_items(user)

    def begin(self, bank: ItemBank, item: Item | None, kind: str) -> None:
        self.bank, self.item, self.kind = bank, item, kind
        self.newest = newest_of(item) if item else None
        self.texts = {text.language: text.content for text in self.newest.texts.all()} if self.newest else {}
        self.aside = dict(item.words_set_aside.values_list("language", "content")) if item else {}
        self.base = self.newest.structure if self.newest else {}

    @property
    def sheet_class(self) -> type[Sheet]:
        return SHEETS[self.kind]

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(facts=self.facts(), sheet=self.sheet()))

    def post(self, request, *args, **kwargs):
        sent = Sent.of(request)
        more, judged = sent.data.get("more", ""), "save" in sent.data
        facts = self.facts(sent.data, judged=judged)
        sheet = self.sheet(sent.data, judged=judged, more=more)
        self.refused = sent.refused
        status = 200
        if judged:
            status = 422
            if facts_and_sheet_are_right(facts, sheet) and not sent.refused:
                answer = self._save(facts, sheet, sent)
                if answer is not None:
                    return answer
        context = self.get_context_data(facts=facts, sheet=sheet)
        return self.render_to_response(context, status=status)

    def _save(self, facts, sheet, sent: Sent):
        """Save what is right in itself; None where it cannot be, with why on the form."""
        try:
            self.check_media(sheet)
            draft, aside, key = self.written(facts, sheet)
            services.save_draft(
                self.bank,
                key,
                draft,
                aside,
                seen=sent.data.get("seen", ""),
                actor=self.request.user,
                now=timezone.now(),
            )
        except errors.ChangedByAnother as problem:
            # Told once: who saves again after that does it knowingly.
            self.begin(self.bank, Item.objects.filter(bank=self.bank, key=key).first(), self.kind)
            sheet.complain(problem.message)
            self.overtaken = True
            return None
        except WrongItem as problem:
            sheet.complain(_("This could not be asked or graded: %(problem)s.") % {"problem": problem})
            return None
        self.tell_saved(aside)
        return redirect("itembank:item", self.bank.pk, key)

    def tell_saved(self, aside: dict) -> None:
        messages.success(self.request, _("The draft is saved. Learners get nothing of it before it is published."))
        if aside:
            messages.warning(
                self.request,
                ngettext(
                    "Its words in %(languages)s are not complete and wait until they are.",
                    "Its words in these languages are not complete and wait until they are: %(languages)s.",
                    len(aside),
                )
                % {"languages": languages.listed(aside)},
            )

    def check_media(self, sheet) -> None:
        """A digest that a form sends names a file that is kept here. Raises WrongItem."""
        named = {medium["sha256"] for medium in sheet.rows["media"].data()} if "media" in sheet.rows else set()
        if self.kind == ItemKind.HOTSPOT and not self.translating:
            named.add(sheet.cleaned_data["sha256"])
        if ItemMedia.objects.filter(sha256__in=named).count() != len(named):
            raise WrongItem(_("a file that it shows is not kept here"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "bank": self.bank,
            "item": self.item,
            "kind": self.kind,
            "kind_label": ItemKind(self.kind).label,
            "language": self.language,
            "language_name": languages.name(self.language),
            "is_rtl": languages.is_right_to_left(self.language),
            "seen": seen_of(self.item),
            "translating": self.translating,
            "overtaken": self.overtaken,
            "wrong": self._wrong(kwargs["facts"], kwargs["sheet"]),
        }

    def _wrong(self, facts, sheet) -> list[tuple[str, str, str]]:
        found = [(f"id_{name}", _("File"), problem) for name, problem in self.refused]
        if facts is not None and facts.is_bound:
            found += [(field.id_for_label, field.label, error) for field in facts for error in field.errors]
        return found + sheet.wrong if sheet.is_bound else found


def facts_and_sheet_are_right(facts, sheet) -> bool:
    """Both are asked, so that all that is wrong is told at once."""
    return all([facts is None or facts.is_valid(), sheet.is_valid()])


class _Whole(_Editor):
    """The question, its key and its words in one language."""

    def facts(self, data=None, *, judged=True):
        initial = {"difficulty": 1}
        if self.newest:
            initial = {
                "difficulty": self.newest.difficulty,
                "tags": ", ".join(self.newest.tags),
                "rad_factors": self.newest.rad_factors,
            }
        return FactsForm(self.bank, data, has_key=self.item is not None, judged=judged, initial=initial)

    def sheet(self, data=None, *, judged=True, more=""):
        words = self.texts.get(self.language) or self.aside.get(self.language) or {}
        return self.sheet_class(
            self._with_ratio(data), initial=self.sheet_class.opened(self.base, words), judged=judged, more=more
        )

    def _with_ratio(self, data):
        """A picture that is pointed at is as high as its file says, whatever a form says."""
        if data is not None and self.kind == ItemKind.HOTSPOT:
            picture = ItemMedia.objects.filter(sha256=data.get(DIGEST, ""), kind=ItemMedia.Kind.IMAGE).first()
            data["ratio"] = ratio_of(picture.width, picture.height) if picture else ""
            if picture is None:
                data[DIGEST] = ""
        return data

    def written(self, facts, sheet):
        data = sheet.data_of()
        structure = self.sheet_class.structure(data)
        texts, aside = {self.language: self.sheet_class.said(data)}, {}
        others = self.aside | self.texts
        for language in others.keys() - {self.language}:
            words, missing = self.sheet_class.carried(data, others[language])
            if missing or not _fits(self.kind, structure, language, words):
                aside[language] = words
            else:
                texts[language] = words
        cleaned = facts.cleaned_data
        draft = Draft(
            kind=self.kind,
            difficulty=cleaned["difficulty"],
            structure=structure,
            texts=texts,
            tags=cleaned["tags"],
            rad_factors=cleaned["rad_factors"],
        )
        return draft, aside, self.item.key if self.item else cleaned["key"]


def _fits(kind: str, structure: dict, language: str, words: dict) -> bool:
    try:
        KINDS[kind].check(structure, {language: words})
    except WrongItem:
        return False
    return True


def _asked_language(request, offered) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in offered else language_of(offered) if offered else get_language()


class NewItem(_Whole):
    """A question that a bank does not have yet: of which kind, in which language, and then itself."""

    page_title = gettext_lazy("New question")

    def find(self, bank):
        bank = get_object_or_404(ItemBank, pk=bank)
        kind = self.request.GET.get("kind", "")
        self.language = _asked_language(self.request, dict.fromkeys(languages.codes()))
        self.begin(bank, None, kind if kind in SHEETS else ItemKind.SINGLE_CHOICE)
        self.is_chosen = kind in SHEETS

    def get_template_names(self):
        return [self.template_name if self.is_chosen else "quizzes/admin/new_item.html"]

    def get_breadcrumbs_items(self):
        return [*bank_crumbs(self, self.bank), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "kinds": ItemKind.choices,
            "languages": [(code, languages.name(code)) for code in languages.codes()],
        }


class EditItem(_Whole, ItemPage):
    """The draft of a question, or a new version of what is published."""

    page_title = gettext_lazy("Write")

    def find(self, bank, key):
        ItemPage.find(self, bank, key)
        if not self.versions:
            raise Http404
        self.begin(self.item.bank, self.item, (self.draft or self.published).kind)
        self.language = _asked_language(self.request, self.texts)
        self._take_up_what_came_since()

    def _take_up_what_came_since(self) -> None:
        """A draft that was overtaken by a published version takes over the languages that it lacks."""
        if self.is_overtaken and self.published.kind == self.kind:
            self.texts = {text.language: text.content for text in self.published.texts.all()} | self.texts

    def get_context_data(self, **kwargs):
        others = sorted(code for code in self.texts if code != self.language)
        return super().get_context_data(**kwargs) | {
            "other_languages": [(code, languages.name(code)) for code in others],
        }


class WordItem(_Editor, ItemPage):
    """The words of a question in another language, beside the source."""

    page_title = gettext_lazy("Translate")
    translating = True

    def find(self, bank, key, language):
        ItemPage.find(self, bank, key)
        if not self.versions or language not in {*languages.codes(), *self._spoken()}:
            raise Http404
        self.begin(self.item.bank, self.item, (self.draft or self.published).kind)
        self.language = language
        others = {code: words for code, words in self.texts.items() if code != language}
        if not others:
            return redirect(reverse("itembank:edit_item", args=[bank, key]) + f"?language={language}")
        asked = self.request.GET.get("from", "")
        self.source_language = asked if asked in others else language_of(others)
        self.source = others[self.source_language]
        self.whole = self.sheet_class.for_translation(
            self.base, self.texts.get(language) or self.aside.get(language) or {}, self.source
        )
        return None

    def _spoken(self) -> set[str]:
        return {text.language for version in self.versions for text in version.texts.all()}

    def facts(self, data=None, *, judged=True):
        return None

    def sheet(self, data=None, *, judged=True, more=""):
        return self.sheet_class(
            data,
            initial=self.whole,
            source=self.sheet_class.opened(self.base, self.source),
            translating=True,
            judged=judged,
            more=more,
        )

    def written(self, facts, sheet):
        """The item as it is, with these words; they wait aside while some are missing."""
        data = self.sheet_class.merged(self.whole, sheet.data_of())
        words = self.sheet_class.said(data)
        version = self.newest
        texts = {code: said for code, said in self.texts.items() if code != self.language}
        aside = {code: said for code, said in self.aside.items() if code != self.language}
        if self.sheet_class.lacks(data) or not _fits(self.kind, self.base, self.language, words):
            aside[self.language] = words
        else:
            texts[self.language] = words
        draft = Draft(
            kind=version.kind,
            difficulty=version.difficulty,
            structure=version.structure,
            texts=texts,
            tags=version.tags,
            rad_factors=version.rad_factors,
        )
        return draft, aside, self.item.key

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "source_language": self.source_language,
            "source_name": languages.name(self.source_language),
            "source_is_rtl": languages.is_right_to_left(self.source_language),
            "sources": [
                (code, languages.name(code))
                for code in sorted(self.texts)
                if code not in (self.language, self.source_language)
            ],
        }
