import json
from dataclasses import asdict

import numpy as np
import pytest

from quizzes.analysis.choices import UNANSWERED, chosen
from quizzes.analysis.report import analyse
from quizzes.analysis.results import Analysis, Suspicion
from quizzes.analysis.statistics import describe
from tests.quizzes.analysis.making import responses_of, simulated


@pytest.fixture(scope="module")
def responses():
    """A quiz in three languages, one of them spoken by few, with one item that French mistranslates."""
    source = np.random.default_rng(11)
    languages = np.repeat(["en", "fr", "pt"], [600, 400, 25])
    difficulty = np.tile(np.linspace(-1.5, 1.5, 12), (1025, 1))
    difficulty[languages == "fr", 3] += 2.5
    table = simulated(source, source.normal(size=1025), difficulty)
    picks = np.where(table == 1, chosen([0]), np.where(source.random(table.shape) < 0.1, UNANSWERED, chosen([2])))
    return responses_of(table, languages.tolist(), picks)


def test_languages_are_described_by_themselves_and_compared_with_the_most_frequent(responses):
    found = analyse(responses)

    assert found.reference == "en"
    assert list(found.languages) == ["en", "fr", "pt"]
    assert found.languages["fr"] == describe(responses.of("fr"))
    assert {(each.reference, each.focal) for each in found.dif} == {("en", "fr"), ("en", "pt")}
    assert [(each.focal, each.item, each.suspicion) for each in found.dif if each.suspicion] == [
        ("fr", 4, Suspicion.HARDER)
    ]


def test_an_analysis_is_stored_as_plain_json_and_comes_back(responses):
    found = analyse(responses)
    stored = json.loads(json.dumps(found.as_json(), allow_nan=False))

    assert stored["shape"] == 1
    assert Analysis.from_json(stored) == found
    with pytest.raises(ValueError, match="shape 2"):
        Analysis.from_json(stored | {"shape": 2})


def test_every_figure_is_a_number_of_python(responses):
    def leaves(value):
        if isinstance(value, dict):
            for each in value.values():
                yield from leaves(each)
        elif isinstance(value, list | tuple):
            for each in value:
                yield from leaves(each)
        else:
            yield value

    assert not [leaf for leaf in leaves(asdict(analyse(responses))) if isinstance(leaf, np.generic)]


def test_no_attempts_make_an_empty_analysis():
    found = analyse(responses_of(np.ones((0, 3))))

    assert (found.reference, found.languages, found.dif) == (None, {}, ())
    assert Analysis.from_json(json.loads(json.dumps(found.as_json(), allow_nan=False))) == found
