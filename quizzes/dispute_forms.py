"""What learners write about questions and results, and what they are answered."""

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.language_field import LanguageField
from people import page_heads
from people.models import User
from quizzes import appealing, reported
from quizzes.models import Appeal, QuestionCase, QuestionReport
from quizzes.services import appeals, reports


def _box(label, *, most: int, missing, rows: int = 6):
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"}),
        error_messages={"required": missing},
    )


def _who_reads(user: User, readers) -> str:
    """What stands at every box for free text: who reads it, and where real offences belong."""
    head = page_heads.of_administration(user.administration_id)
    reporting = head.reporting if head else None
    return render_to_string("components/who_reads.html", {"readers": readers, "reporting": reporting})


class ReportForm(forms.Form):
    """What is wrong with a question."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=QuestionReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what is wrong.")},
    )
    language = LanguageField(label=_("Which translation, if it is that"), required=False)
    words = _box(_("In your own words"), most=reports.LONGEST, missing=_("Please say in a few words what is wrong."))

    def __init__(self, data=None, *, writer: User, readers=None):
        super().__init__(data, initial={"language": get_language()})
        self.fields["words"].help_text = _who_reads(
            writer,
            readers or _("Those who answer for the question read this, without your name. Do not name anybody."),
        )

    def clean(self):
        said = super().clean()
        if said.get("reason") == reported.Reason.MISTRANSLATED and not said.get("language"):
            self.add_error("language", _("Please say which translation is wrong."))
        return said


class AppealForm(forms.Form):
    """Why a result should be looked at again."""

    grounds = _box(
        _("Why should the result be looked at again?"),
        most=appeals.LONGEST,
        rows=8,
        missing=_("Please say why the result should be looked at again."),
    )

    def __init__(self, data=None, *, writer: User):
        super().__init__(data)
        self.fields["grounds"].help_text = _who_reads(
            writer, _("The certifying officers of your administration read this, with your name.")
        )


class _ReplyForm(forms.Form):
    reply = _box(_("Your reply"), most=reports.LONGEST, missing=_("Please write a reply."))
    reply_language = LanguageField(label=_("The language of your reply"))

    def __init__(self, data=None, *, writer: User, readers, language: str):
        super().__init__(data, initial={"reply_language": language})
        self.fields["reply"].help_text = _who_reads(writer, readers)


class AnswerForm(_ReplyForm):
    """The answer to all reports of a question."""

    outcome = forms.ChoiceField(
        label=_("What have you found?"),
        choices=QuestionCase.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what you have found.")},
    )
    field_order = ["outcome", "reply", "reply_language"]


class DecisionForm(_ReplyForm):
    """The decision on an appeal."""

    decision = forms.ChoiceField(
        label=_("Is the appeal right?"),
        choices=[(state.value, state.label) for state in Appeal.State if state in appealing.DECIDED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a decision.")},
    )
    field_order = ["decision", "reply", "reply_language"]


class HandOverForm(forms.Form):
    """Another owner. `colleagues` are offered by name; who may is for the service to say."""

    to = forms.ModelChoiceField(
        label=_("Hand over to"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose a colleague"),
    )

    def __init__(self, data=None, *, colleagues):
        super().__init__(data)
        self.fields["to"].queryset = colleagues


class PeriodForm(forms.Form):
    """For how many days results can be appealed."""

    days = forms.IntegerField(
        label=_("Days to appeal a result"),
        help_text=_(
            "Counted from the day of the grade. What you say here holds for grades that are given from now on."
        ),
        min_value=appealing.SHORTEST_PERIOD,
        max_value=appealing.LONGEST_PERIOD,
    )
