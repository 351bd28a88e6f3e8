"""Which of the answers that wait are for which assessors."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import User
from quizzes.models import Quiz
from quizzes.services.naming_markers import ALL, NOBODYS, Heap


class NamingForm(forms.Form):
    """Heaps, by their keys; which of them; and for whom, unless the button that opens them to all was pressed."""

    heaps = forms.MultipleChoiceField(
        label=_("Answers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Please choose answers."),
            "invalid_choice": _("Nothing of this waits any more."),
        },
    )
    of = forms.ChoiceField(label=_("Which of them"))
    assessors = forms.ModelMultipleChoiceField(
        label=_("Assessors"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one assessor.")},
        help_text=_(
            "Answers are shared out evenly. Nobody gets two marks of one answer, what they wrote, or what was written"
            " by somebody whom they teach."
        ),
    )

    def __init__(self, data=None, *, heaps: list[Heap], assessors):
        super().__init__(data)
        self.by_key = {heap.key: heap for heap in heaps}
        self.fields["heaps"].choices = [(key, str(heap.quiz)) for key, heap in self.by_key.items()]
        named = {person for heap in heaps for person, _count in heap.named}
        self.fields["of"].choices = [
            (NOBODYS, _("Those that nobody is named for")),
            (ALL, _("All that nobody is marking")),
            *((str(each.uuid), each.full_name) for each in sorted(named, key=str)),
        ]
        self.fields["assessors"].queryset = assessors
        self.fields["assessors"].required = "open" not in self.data

    def shares(self) -> list[tuple[Quiz, uuid.UUID | None]]:
        """The quizzes and runs that were chosen, as `name_markers` asks for them."""
        chosen = [self.by_key[key] for key in self.cleaned_data["heaps"]]
        return [(heap.quiz, heap.run.key if heap.run else None) for heap in chosen]
