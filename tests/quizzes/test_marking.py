"""The rules of marking by people: what a rubric comes to, when two markers agree, who may mark what."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import marking
from quizzes.kinds import KINDS
from quizzes.kinds.contract import WrongItem
from quizzes.marking import FIRST, MODERATOR, SECOND, Marker, Plan, Task
from tests.factories.markings import an_essay, levels

HALF = Fraction(1, 2)
POINTS = st.decimals(0, 1000, places=2, allow_nan=False).map(str)


@st.composite
def rubrics(draw):
    """A structure with a rubric of which some level earns something, and the levels of two marks along it."""
    rubric, first, second = [], {}, {}
    for number in range(draw(st.integers(1, 4))):
        points = draw(st.lists(POINTS, min_size=2, max_size=5).filter(lambda each: any(map(float, each))))
        key = f"c{number}"
        rubric.append({"key": key, "levels": [{"key": f"l{n}", "points": each} for n, each in enumerate(points)]})
        for chosen in (first, second):
            chosen[key] = f"l{draw(st.integers(0, len(points) - 1))}"
    return {"rubric": rubric}, first, second


@given(rubrics())
def test_a_mark_earns_from_nothing_to_everything(drawn):
    structure, chosen, _other = drawn
    assert 0 <= marking.share_of(structure, chosen) <= 1


@given(rubrics())
def test_the_best_level_of_each_criterion_earns_everything(drawn):
    structure, _chosen, _other = drawn
    best = {
        each["key"]: max(each["levels"], key=lambda level: Fraction(level["points"]))["key"]
        for each in structure["rubric"]
    }
    assert marking.share_of(structure, best) == 1


@given(rubrics(), st.data())
def test_a_level_of_more_points_never_earns_less(drawn, data):
    structure, chosen, _other = drawn
    criterion = data.draw(st.sampled_from(structure["rubric"]))
    before = marking.points_of(criterion, chosen[criterion["key"]])
    for level in criterion["levels"]:
        moved = marking.share_of(structure, chosen | {criterion["key"]: level["key"]})
        after = Fraction(level["points"])
        assert (moved > marking.share_of(structure, chosen)) == (after > before)
        assert (moved < marking.share_of(structure, chosen)) == (after < before)


@given(rubrics(), st.fractions(0, 1))
def test_it_does_not_matter_who_of_two_markers_was_first(drawn, tolerance):
    structure, first, second = drawn
    shares = marking.share_of(structure, first), marking.share_of(structure, second)
    plan = Plan(2, tolerance)
    one = marking.standing(plan, dict(zip((FIRST, SECOND), shares, strict=True)))
    assert one == marking.standing(plan, dict(zip((SECOND, FIRST), shares, strict=True)))
    if one.share is not None:
        assert min(shares) <= one.share <= max(shares)
    else:
        assert abs(shares[0] - shares[1]) > tolerance


@pytest.mark.parametrize("chosen", [{}, {"c1": "l1"}, {"c1": "l1", "c2": "l9"}, levels() | {"c3": "l0"}])
def test_a_mark_names_one_level_of_each_criterion(chosen):
    _kind, structure, _texts = an_essay()
    with pytest.raises(ValueError, match="level"):
        marking.share_of(structure, chosen)


class TestStanding:
    def test_a_single_marker_settles_it(self):
        assert marking.standing(Plan(), {}).share is None
        assert marking.standing(Plan(), {FIRST: HALF}).share == HALF

    def test_of_two_both_are_waited_for_and_the_mean_counts_exactly(self):
        plan = Plan(2, Fraction(1, 3))
        assert marking.standing(plan, {SECOND: HALF}).share is None
        assert marking.standing(plan, {FIRST: Fraction(1, 3), SECOND: HALF}).share == Fraction(5, 12)

    def test_the_tolerance_includes_its_edge(self):
        shares = {FIRST: Fraction(2, 5), SECOND: HALF}
        assert not marking.standing(Plan(2, Fraction("0.1")), shares).is_apart
        assert marking.standing(Plan(2, Fraction("0.09")), shares).is_apart

    def test_beyond_it_a_third_person_decides_and_the_mean_counts_for_nothing(self):
        plan, shares = Plan(2, Fraction(0)), {FIRST: Fraction(0), SECOND: HALF}
        assert marking.standing(plan, shares) == marking.Standing(None, is_apart=True)
        assert marking.standing(plan, shares | {MODERATOR: Fraction(1)}).share == 1


class TestWhoMayMark:
    tutor = Marker(1, assesses=False, teaches=True)
    assessor = Marker(2, assesses=True, teaches=False)

    @pytest.mark.parametrize("seat", [FIRST, SECOND, MODERATOR])
    def test_nobody_marks_their_own_work_the_same_answer_twice_or_what_they_have_declined(self, seat):
        for marker in (self.tutor, self.assessor):
            assert not marking.may_mark(marker, Task(seat, learner=marker.pk))
            assert not marking.may_mark(marker, Task(seat, learner=9, others=[marker.pk]))
            assert not marking.may_mark(marker, Task(seat, learner=9, declined=[marker.pk]))

    def test_a_tutor_marks_those_they_teach_and_decides_nothing(self):
        assert marking.may_mark(self.tutor, Task(SECOND, learner=9))
        assert not marking.may_mark(self.tutor, Task(MODERATOR, learner=9))
        assert not marking.may_mark(Marker(1, assesses=False, teaches=False), Task(FIRST, learner=9))

    def test_an_assessor_marks_everybody_and_decides(self):
        assert marking.may_mark(self.assessor, Task(FIRST, learner=9))
        assert marking.may_mark(self.assessor, Task(MODERATOR, learner=9))


@pytest.mark.parametrize(
    "said",
    [
        None,
        2,
        {"markers": 2},
        {"markers": 0, "tolerance": "0"},
        {"markers": 3, "tolerance": "0"},
        {"markers": True, "tolerance": "0"},
        {"markers": 2, "tolerance": "1.5"},
        {"markers": 2, "tolerance": 0.1},
        {"markers": 2, "tolerance": "0.1", "third": 1},
    ],
)
def test_an_essay_that_says_its_marking_wrongly_is_refused(said):
    kind, structure, texts = an_essay(markers=2)
    KINDS[kind].check(structure, texts)
    with pytest.raises(WrongItem):
        KINDS[kind].check(structure | {"marking": said}, texts)
