"""The whole item analysis of a quiz, from the responses to what is stored."""

from quizzes.analysis.dif import compare, reference_language
from quizzes.analysis.gathering import Responses
from quizzes.analysis.outcomes import SEVERAL
from quizzes.analysis.results import Analysis
from quizzes.analysis.statistics import describe


def analyse(responses: Responses) -> Analysis:
    """All attempts together, each language by itself, and each other language against the one with most attempts.

    Attempts that were answered in several languages count among all, and in no language.
    """
    codes = [code for code in responses.languages if code != SEVERAL]
    reference = reference_language(responses)
    return Analysis(
        overall=describe(responses),
        languages={code: describe(responses.of(code)) for code in codes},
        reference=reference,
        dif=tuple(
            each
            for code in codes
            if reference is not None and code != reference
            for each in compare(responses, reference, code)
        ),
    )
