"""What the states of items and the parts of items are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quizzes.drafts.states import DraftState, ItemState

ITEM_STATES = {
    ItemState.DRAFT: pgettext_lazy("question", "Draft"),
    ItemState.IN_REVIEW: pgettext_lazy("question", "In review"),
    ItemState.RETURNED: pgettext_lazy("question", "Sent back"),
    ItemState.APPROVED: pgettext_lazy("question", "Reviewed"),
    ItemState.WAITING: pgettext_lazy("question", "Waits for publication"),
    ItemState.CHANGED: pgettext_lazy("question", "Changed since"),
    ItemState.PUBLISHED: pgettext_lazy("question", "Published"),
    ItemState.RETIRED: pgettext_lazy("question", "Retired"),
}
DRAFT_STATES = {
    DraftState.DRAFT: _("This draft has not been reviewed."),
    DraftState.IN_REVIEW: _("This draft waits for a subject reviewer."),
    DraftState.RETURNED: _("A reviewer sent this draft back."),
    DraftState.APPROVED: _("A subject reviewer has approved exactly these words and this key."),
}
