"""The form in which an author plans a quiz: its sections, and what each would find in the bank today."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel

from core import languages
from quizzes.blueprint import Allotted, SectionPlan, allot
from quizzes.models import RadFactor
from quizzes.services import published_items

# More than anybody sits; what it may weigh fits a grade.
MOST_ITEMS = 500
TITLES = {f"title_{code}": code for code in languages.codes()}
DIFFICULTIES = [(number, str(number)) for number in (1, 2, 3)]


def _boxes(label, choices=(), coerce=str, help_text=""):
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=choices,
        coerce=coerce,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class _SectionForm(WagtailAdminModelForm):
    """One section. `known_tags` are those that the published items of the bank have."""

    tags = _boxes(_("Tags"), help_text=_("Items with any of these. None chosen: all."))
    rad_factors = _boxes(_("RAD factors"), RadFactor.choices, int, _("Items on any of these. None chosen: all."))
    difficulties = _boxes(_("Difficulty"), DIFFICULTIES, int, _("None chosen: all."))

    def __init__(self, *args, known_tags=(), **kwargs):
        super().__init__(*args, **kwargs)
        tags = sorted({*known_tags, *self.instance.tags})
        self.fields["tags"].choices = [(tag, tag) for tag in tags]
        if not tags:
            self.fields["tags"].help_text = _("No published item of the bank has a tag.")
        for name, code in TITLES.items():
            self.fields[name].initial = self.instance.words["titles"].get(code, "")

    def clean(self):
        data = super().clean()
        titles = {code: data[name] for name, code in TITLES.items() if data.get(name)}
        self.instance.words = {"shape": 1, "titles": titles}
        return data

    def plan(self) -> SectionPlan:
        """What a valid form plans."""
        data = self.cleaned_data
        return SectionPlan(
            draw=data["draw"],
            tags=frozenset(data["tags"]),
            rad_factors=frozenset(data["rad_factors"]),
            difficulties=frozenset(data["difficulties"]),
            weight=data["weight"],
            keeps_order=data["keeps_order"],
            titles=self.instance.words["titles"],
        )


# A field for the title in each language of the installation.
SectionForm = type(
    "SectionForm",
    (_SectionForm,),
    {
        name: forms.CharField(label=languages.own_name(code), max_length=100, required=False)
        for name, code in TITLES.items()
    }
    | {"__module__": __name__},
)


class QuizForm(WagtailAdminModelForm):
    """Refuses what could never be sat: a quiz of no items or no time, or a section of more items than it finds."""

    class Media:
        js = ["js/quiz_plan.js"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What each section would find as the form was sent; None while it says nothing that could be counted.
        self._found: list[Allotted] | None = None
        self.fields["draw"].required = False
        self._sections.form_kwargs["known_tags"] = {tag for item in self.items for tag in item.tags}

    @property
    def _sections(self):
        return self.formsets["sections"]

    @cached_property
    def items(self):
        """What the bank holds. Two queries, once for a form."""
        return published_items(self.instance.bank_id)

    def clean_time_limit_minutes(self):
        return _at_least_one(self.cleaned_data["time_limit_minutes"])

    def clean(self):
        data = super().clean()
        if not self._sections.is_valid():
            return data
        sections = self._kept_sections()
        plans = [form.plan() for form in sections] or [SectionPlan(data.get("draw") or 0)]
        self._found = allot(plans, self.items)
        if not sections:
            self._check_draw(data.get("draw"))
            return data
        data["draw"] = sum(plan.draw for plan in plans)
        for form, found in zip(sections, self._found, strict=True):
            if not found.is_enough:
                form.add_error("draw", _too_few(found))
        if data["draw"] > MOST_ITEMS:
            raise ValidationError(_("A quiz cannot draw more than %(most)s items."), params={"most": MOST_ITEMS})
        return data

    def _kept_sections(self) -> list[_SectionForm]:
        """The forms of the sections that stay, in the order in which they were put."""
        kept = [form for form in self._sections.forms if form not in self._sections.deleted_forms]
        return sorted(kept, key=lambda form: form.cleaned_data.get("ORDER") or 0)

    def _check_draw(self, draw):
        available = len(self.items)
        if not draw:
            self.add_error("draw", _("Enter a number from 1 upwards."))
        elif draw > available:
            message = ngettext(
                "The bank has %(count)d published item. A quiz cannot draw more.",
                "The bank has %(count)d published items. A quiz cannot draw more.",
                available,
            )
            self.add_error("draw", ValidationError(message, params={"count": available}))

    def found(self) -> list[Allotted]:
        """What each section would find: as the form was sent, or as the quiz is where that says nothing."""
        if self._found is None:
            self._found = allot(self.instance.section_plans(), self.items)
        return self._found


def _too_few(found: Allotted) -> str:
    finds = ngettext(
        "This section finds %(count)d published item.",
        "This section finds %(count)d published items.",
        len(found.items),
    ) % {"count": len(found.items)}
    if not found.elsewhere:
        return finds
    others = ngettext(
        "%(count)d more fits, but goes to a section above.",
        "%(count)d more fit, but go to sections above.",
        found.elsewhere,
    ) % {"count": found.elsewhere}
    return _now("%(finds)s %(others)s") % {"finds": finds, "others": others}


def _at_least_one(number: int) -> int:
    if number < 1:
        raise ValidationError(_("Enter a number from 1 upwards."))
    return number


class SectionsPanel(InlinePanel):
    """The sections, each in a form of its own."""

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = SectionForm
        return options


class FoundPanel(Panel):
    """How many published items each section finds, in all and in each language."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "quizzes/admin/found.html"

        def get_context_data(self, parent_context=None):
            address = reverse("quiz:found", args=[self.instance.pk])
            return super().get_context_data(parent_context) | found_table(self.form) | {"address": address}


def found_table(form: QuizForm) -> dict:
    """What the table of found items shows."""
    rows = [
        {
            "number": number,
            "found": each,
            "count": len(each.items),
            "languages": [each.by_language[code] for code in languages.codes()],
        }
        for number, each in enumerate(form.found(), start=1)
    ]
    return {"rows": rows, "languages": [languages.name(code) for code in languages.codes()]}


SECTION_PANELS = [
    FieldRowPanel([FieldPanel("draw"), FieldPanel("weight")]),
    FieldPanel("tags"),
    FieldPanel("rad_factors"),
    FieldPanel("difficulties"),
    FieldPanel("keeps_order"),
    MultiFieldPanel([FieldPanel(name) for name in TITLES], heading=_("Title"), classname="collapsed"),
]


def sections_panel() -> SectionsPanel:
    return SectionsPanel(
        "sections",
        SECTION_PANELS,
        heading=_("Sections"),
        label=_("section"),
        max_num=20,
        help_text=_(
            "An item belongs to the first section that takes it. A last section without any choice takes the rest."
            " Without sections the quiz draws from the whole bank."
        ),
    )
