"""The kinds of item, by the name that `ItemVersion.kind` holds."""

from quizzes.kinds.choices import MultipleChoice, Scenario, SingleChoice, TrueFalse
from quizzes.kinds.contract import Kind
from quizzes.kinds.document import Document
from quizzes.kinds.essay import Essay
from quizzes.kinds.gap_fill import GapFill
from quizzes.kinds.hotspot import Hotspot
from quizzes.kinds.matching import Matching
from quizzes.kinds.numerical import Numerical
from quizzes.kinds.ordering import Ordering
from quizzes.kinds.short_answer import ShortAnswer

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Scenario(),
        SingleChoice(),
        MultipleChoice(),
        TrueFalse(),
        Ordering(),
        Matching(),
        GapFill(),
        ShortAnswer(),
        Numerical(),
        Hotspot(),
        Document(),
        Essay(),
    )
}
