"""What is granted to one learner in every quiz. Pure: what is granted is passed in."""

from dataclasses import dataclass, replace
from datetime import timedelta

from quizzes.rules import AttemptRules


@dataclass(frozen=True)
class Measures:
    """How a learner's quizzes differ from everybody's: of the time limit so many per cent, so many attempts more in a
    series, and pages in a plain layout. Pass mark, pause, window and items are everybody's.
    """

    time_percent: int = 100
    extra_attempts: int = 0
    plain_layout: bool = False

    def limit(self, ordinary: timedelta) -> timedelta:
        return ordinary * self.time_percent / 100

    def rules(self, ordinary: AttemptRules) -> AttemptRules:
        return replace(ordinary, max_attempts=ordinary.max_attempts + self.extra_attempts)

    def as_data(self) -> dict:
        """As it is frozen on an attempt, shape 1."""
        return {
            "shape": 1,
            "time_percent": self.time_percent,
            "extra_attempts": self.extra_attempts,
            "plain_layout": self.plain_layout,
        }


NONE = Measures()
