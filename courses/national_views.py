"""Where a training manager writes what lessons leave to the administration."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import languages
from core.blocks import NationalSlot
from courses import national
from courses.links.judging import broken_among
from courses.models import NationalText
from courses.permissions import may_write_national_texts
from people.guards import only_for


class NationalTextForm(forms.Form):
    """`after` is the number of the words that the writer saw: nobody writes over what they have not read."""

    text = forms.CharField(
        label=gettext_lazy("What your administration says"),
        help_text=gettext_lazy("Short and exact. An empty line begins a new paragraph."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reference = forms.CharField(
        label=gettext_lazy("Where it is written"),
        help_text=gettext_lazy("For example “Code of Conduct, article 12”."),
        max_length=300,
        required=False,
    )
    url = forms.URLField(
        label=gettext_lazy("Address where officers can read it"), required=False, assume_scheme="https"
    )
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, language, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("text", "reference"):
            direction = "rtl" if languages.is_right_to_left(language) else "ltr"
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction}
        self.fields["url"].widget.attrs["dir"] = "ltr"


def _may_write(user) -> bool:
    return may_write_national_texts(user, user.administration)


@require_safe
@only_for(_may_write)
def national_texts(request):
    """What there is to say, in which languages it is said, and what is missing."""
    standing = national.standing(request.user.administration)
    return render(
        request,
        "courses/national_texts.html",
        {
            "columns": [{"code": code, "name": languages.own_name(code)} for code in languages.codes()],
            "rows": standing,
            "missing": sum(cell.state == "missing" for row in standing for cell in row.cells),
            "has_written": any(cell.state == "written" for row in standing for cell in row.cells),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(_may_write)
def national_text(request, slot, language):
    """One text in one language: what is said now, and the form that says it anew."""
    if slot not in NationalSlot.values or language not in languages.codes():
        raise Http404
    administration = request.user.administration
    said = {text.language: text for text in NationalText.objects.of_slot(administration, slot).in_force()}
    present = said.get(language)
    form = NationalTextForm(request.POST or None, language=language, initial=_initial(present))
    if request.method == "POST" and form.is_valid():
        try:
            national.write(administration, slot, language, **form.cleaned_data, actor=request.user, now=timezone.now())
        except national.WrittenMeanwhile:
            form.add_error(
                None, _("A colleague has written this in the meantime. Compare it with yours, then save again.")
            )
            present = NationalText.objects.of_slot(administration, slot).in_force().get(language=language)
            form.data = form.data.copy()
            form.data["after"] = str(present.number)
        else:
            messages.success(request, _("Saved. Learners read it within a minute."))
            return redirect("national_texts")
    context = {
        "slot": NationalSlot(slot),
        "language": language,
        "language_name": languages.own_name(language),
        "form": form,
        "present": present,
        "broken": broken_among([present.url] if present and present.url else []).values(),
        "others": [text for code, text in sorted(said.items()) if code != language],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "courses/national_text.html", context, status=status)


def _initial(present: NationalText | None) -> dict:
    if present is None:
        return {"after": 0}
    return {"text": present.text, "reference": present.reference, "url": present.url, "after": present.number}
