"""What the codes in an item analysis mean, in words for authors and translators."""

from django.utils.translation import gettext_lazy as _

from quizzes.analysis.results import Form, ItemDif, ItemStatistics, Suspicion, Withheld

WITHHELD = {
    Withheld.TOO_FEW: _("Too few attempts to tell."),
    Withheld.NO_SPREAD: _("Nothing to compare: all did alike, or there is no other question."),
}

FORMS = {
    Form.FIXED: _("Everybody was served the same questions."),
    Form.DRAWN: _("Questions are drawn from a pool, so attempts differ in their questions."),
}

CATEGORIES = {
    "A": _("No difference that matters between the two languages."),
    "B": _("A moderate difference between the two languages. Compare the texts when you next work on the question."),
    "C": _("A large difference between the two languages."),
}

_SUSPICIONS = {
    Suspicion.HARDER: _(
        "Of learners who did equally well in the quiz, %(solved)s%% solved this question in %(focal)s and "
        "%(expected)s%% in %(reference)s. The translation probably misleads or leaves something out. Compare the two "
        "texts."
    ),
    Suspicion.EASIER: _(
        "Of learners who did equally well in the quiz, %(solved)s%% solved this question in %(focal)s and "
        "%(expected)s%% in %(reference)s. The translation probably gives the answer away. Compare the two texts."
    ),
}


def suspicion(found: ItemDif, reference: str, focal: str) -> str:
    """Why a translation is suspected, with the languages by their names; empty where it is not."""
    if found.suspicion is None or found.solved is None or found.expected is None:
        return ""
    return _SUSPICIONS[found.suspicion] % {
        "reference": reference,
        "focal": focal,
        "solved": round(found.solved * 100),
        "expected": round(found.expected * 100),
    }


NEARLY_ALL = 0.95

_UPSIDE_DOWN = _("Those who do well in the other questions do worse in this one. Check its key.")
_TOO_EASY = _("Nearly everybody solves it, so it tells little.")


def cautions(found: ItemStatistics) -> list[str]:
    """What an author should look at first."""
    told = []
    if found.item_rest is not None and found.item_rest < 0:
        told.append(str(_UPSIDE_DOWN))
    if found.facility is not None and found.facility >= NEARLY_ALL:
        told.append(str(_TOO_EASY))
    return told
