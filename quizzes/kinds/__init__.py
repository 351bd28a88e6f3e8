"""The kinds of item, by the name that `ItemVersion.kind` holds."""

from quizzes.kinds.choices import MultipleChoice, Scenario, SingleChoice, TrueFalse
from quizzes.kinds.contract import Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (Scenario(), SingleChoice(), MultipleChoice(), TrueFalse())}
