"""The letters of a run whose words an administration may choose, as they ship."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.wordings import LETTER, Part, Wording

LAST_DAY_NEAR = Wording(
    key="cohorts.last_day_near",
    kind=LETTER,
    label=_("The last day of a course is near"),
    parts=(
        Part("subject", _("Subject"), gettext_noop("“%(title)s” ends on %(date)s"), most=150),
        Part("greeting", _("Greeting"), gettext_noop("Dear %(name)s,"), most=200),
        Part(
            "body",
            _("Body of the letter"),
            gettext_noop("the last day for “%(title)s” is %(date)s. You go on where you left off:\n%(page)s"),
        ),
        Part(
            "rest_day",
            _("Where the last day is a day of rest"),
            gettext_noop("That is a day of rest. The last working day before it is %(working_day)s."),
        ),
        Part("end", _("End of the letter"), gettext_noop("%(administration)s"), most=500),
    ),
)

PLACE_GIVEN = Wording(
    key="cohorts.place_given",
    kind=LETTER,
    label=_("A place in a course"),
    parts=(
        Part("subject", _("Subject"), gettext_noop("You have a place in “%(title)s”"), most=150),
        Part("greeting", _("Greeting"), gettext_noop("Dear %(name)s,"), most=200),
        Part(
            "body",
            _("Body of the letter"),
            gettext_noop(
                "you have a place in “%(title)s”, from %(first)s to %(last)s. It waits for you here, and nothing"
                " starts before you open it:\n%(page)s"
            ),
        ),
        Part("end", _("End of the letter"), gettext_noop("%(administration)s"), most=500),
    ),
)
