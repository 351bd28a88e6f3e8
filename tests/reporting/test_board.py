"""What the board of a run says."""

import datetime
import uuid

import pytest

from cohorts.models import Enrolment
from reporting.board import board
from reporting.scope import scope_of
from tests.factories.people import NOW
from tests.factories.runs import ENDS_ON, a_run, grade_again, graded, group_of, in_an_office, learners

State = Enrolment.State
AFTER_THE_RUN = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
HALF_WAY = datetime.datetime(2026, 3, 8, 18, tzinfo=datetime.UTC)


def seen(user, cohort, part="", *, page=None, now=AFTER_THE_RUN):
    return board(scope_of(user, cohort, part), language="en", page=page, now=now)


def figure(context, label):
    return next(each for each in context["figures"] if label in each["label"])


def rows(context, table):
    return {row["label"]: row for each in context["tables"] if each["id"] == table for row in each["rows"]}


@pytest.fixture
def cohort(administration):
    return a_run(administration, 2, 1)


class TestFigures:
    def test_customs_related_and_others_add_up(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 5, customs_related=True)
        learners(group_of(cohort, 2, 1), 3, customs_related=False)
        context = seen(manager, cohort)
        assert figure(context, "enrolled in 3 groups")["value"] == "8"
        related = figure(context, "customs-related, 62.5\u00a0%")
        assert (related["value"], related["note"]) == ("5", "3 others")

    def test_a_learner_without_an_officer_is_one_of_the_others(self, manager, cohort):
        [enrolment] = learners(group_of(cohort, 1, 1), 1)
        enrolment.user.officer.delete()
        assert figure(seen(manager, cohort), "customs-related")["note"] == "1 others"

    def test_hours_are_the_median_against_the_plan_of_the_day(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 2, credited_minutes=90)
        learners(group_of(cohort, 1, 2), 1, credited_minutes=15)
        assert cohort.release.required_minutes == 105
        ended = figure(seen(manager, cohort), "median credited")
        assert (ended["value"], ended["note"]) == ("1.5\u00a0h", "plan 1.8\u00a0h")
        # 35 of 70 days have gone by the end of 8 March.
        assert figure(seen(manager, cohort, now=HALF_WAY), "median credited")["note"] == "plan 0.9\u00a0h"

    def test_completed_and_their_rate(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 3, state=State.COMPLETED)
        learners(group_of(cohort, 1, 1), 1)
        assert figure(seen(manager, cohort), "completed, 75.0\u00a0%")["value"] == "3"

    def test_sections_and_groups_add_up_to_the_whole(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 3, state=State.COMPLETED)
        learners(group_of(cohort, 1, 2), 2)
        learners(group_of(cohort, 2, 1), 5, state=State.COMPLETED)
        context = seen(manager, cohort)
        sections, groups = rows(context, "sections"), rows(context, "groups")
        assert sections["Section 1"]["completed"] == "3 (60.0\u00a0%)"
        assert sections["Whole run"]["completed"] == "8 (80.0\u00a0%)"
        assert groups["Section 1, group 2"]["completed"] == "0 (0.0\u00a0%)"
        assert [bar["text"] for bar in context["bars"]] == ["60.0\u00a0%", "100.0\u00a0%"]


class TestStates:
    @staticmethod
    def counts(context):
        return {bar["label"]: bar["value"] for bar in context["states"]}

    def test_every_learner_is_in_one_state(self, manager, cohort):
        group = group_of(cohort, 1, 1)
        for number, state in enumerate(State, start=5):
            learners(group, number, state=state)
        counts = self.counts(seen(manager, cohort))
        assert counts == {
            "Invited": 5, "Active": 6, "Completed": 7, "Withdrawn": 8, "Failed": 9, "Lapsed": 10
        }  # fmt: skip

    @pytest.mark.parametrize(("failed", "lapsed", "part"), [(1, 30, ""), (30, 0, ""), (6, 6, "1")])
    def test_where_the_list_of_names_would_tell_who_failed_it_is_not_told_apart(
        self, manager, cohort, failed, lapsed, part
    ):
        learners(group_of(cohort, 1, 1), failed, state=State.FAILED)
        learners(group_of(cohort, 1, 1), lapsed, state=State.LAPSED)
        counts = self.counts(seen(manager, cohort, part))
        assert counts["Ended, not completed"] == failed + lapsed
        assert "Failed" not in counts


class TestJudgingDay:
    def test_a_run_that_ended_is_judged_on_its_last_day(self, as_, manager, administration):
        past = a_run(administration, 1, starts_on=datetime.date(2020, 7, 4), ends_on=datetime.date(2020, 11, 14))
        # Idle for ten days on the last day of the run, for years today.
        learners(
            group_of(past, 1, 1),
            1,
            state=State.ACTIVE,
            credited_minutes=past.release.required_minutes,
            last_activity_at=datetime.datetime(2020, 11, 4, 12, tzinfo=datetime.UTC),
        )
        page = as_(manager).get(f"/dashboard/{past.uuid}/")
        assert "Judged on 14 November 2020, the last day of the run" in page.content.decode()
        assert page.context["at_risk_page"].paginator.count == 0

    def test_before_the_start_nobody_is_behind_and_nothing_is_drawn(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 4)
        context = seen(manager, cohort, now=datetime.datetime(2026, 1, 15, tzinfo=datetime.UTC))
        assert context["at_risk_rows"] == []
        assert context["weeks"] is None
        assert context["state_label"] == "Not begun"


class TestWeeks:
    def test_completions_are_added_up_week_by_week_against_the_plan(self, manager, cohort):
        group = group_of(cohort, 1, 1)
        learners(group, 2, state=State.COMPLETED, completed_at=datetime.datetime(2026, 2, 8, 12, tzinfo=datetime.UTC))
        # 23:30 of 15 February in Bogotá, already the 16th in UTC.
        late = datetime.datetime(2026, 2, 16, 4, 30, tzinfo=datetime.UTC)
        learners(group, 1, state=State.COMPLETED, completed_at=late)
        learners(group, 1)
        weeks = seen(manager, cohort)["weeks"]
        assert [row["completed"] for row in weeks["rows"]] == ["2"] + ["3"] * 9
        assert [row["in_week"] for row in weeks["rows"]] == ["2", "1"] + ["0"] * 8
        assert [row["planned"] for row in weeks["rows"]] == ["0"] * 9 + ["4"]
        assert "By 12 April 2026, 3 learners had completed; the plan was 4." in weeks["summary"]

    def test_who_completes_after_the_last_day_is_told_apart(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 2, state=State.COMPLETED, completed_at=AFTER_THE_RUN)
        weeks = seen(manager, cohort)["weeks"]
        assert weeks["rows"][-1]["completed"] == "0"
        assert "2 more have completed since." in weeks["summary"]

    def test_a_run_under_way_is_drawn_up_to_today(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 2)
        assert len(seen(manager, cohort, now=HALF_WAY)["weeks"]["rows"]) == 5


class TestAtRisk:
    def at_risk(self, manager, cohort, *, now=HALF_WAY, **fields):
        """The one learner's row, or None."""
        on_plan = {
            "state": State.ACTIVE,
            "credited_minutes": cohort.release.required_minutes,
            "last_activity_at": HALF_WAY,
        }
        [enrolment] = learners(group_of(cohort, 1, 1), 1, **on_plan | fields)
        found = seen(manager, cohort, now=now)["at_risk_rows"]
        return enrolment, found[0] if found else None

    def test_who_keeps_up_is_not(self, manager, cohort):
        assert self.at_risk(manager, cohort)[1] is None

    @pytest.mark.parametrize(
        ("fields", "reasons"),
        [
            ({"last_activity_at": HALF_WAY - datetime.timedelta(days=14)}, ["no activity for 14 days"]),
            ({"last_activity_at": HALF_WAY - datetime.timedelta(days=13, hours=23)}, []),
            ({"failed_attempts": 2}, ["has used 2 attempts without passing"]),
            ({"failed_attempts": 1}, []),
            (
                {"credited_minutes": 0, "last_activity_at": None, "state": State.INVITED},
                ["no activity for 34 days", "100 % behind planned hours"],
            ),
        ],
    )
    def test_each_reason_is_shown_with_its_figure(self, manager, cohort, fields, reasons):
        row = self.at_risk(manager, cohort, **fields)[1]
        assert (row["reasons"] if row else []) == reasons

    def test_a_fifth_behind_plan_is_a_reason(self, manager, cohort):
        # The plan expects 52 minutes by now.
        row = self.at_risk(manager, cohort, credited_minutes=41)[1]
        assert row["reasons"] == ["21 % behind planned hours"]
        assert self.at_risk(manager, a_run(manager.administration, 1), credited_minutes=42)[1] is None

    def test_the_limits_are_those_of_the_enrolments_own_rules(self, manager, administration):
        strict = a_run(administration, 1, idle_days=3)
        last = HALF_WAY - datetime.timedelta(days=4)
        assert self.at_risk(manager, strict, last_activity_at=last)[1]["reasons"] == ["no activity for 4 days"]

    @pytest.mark.parametrize("state", [State.COMPLETED, State.WITHDRAWN, State.FAILED, State.LAPSED])
    def test_only_open_enrolments_need_someone(self, manager, cohort, state):
        assert self.at_risk(manager, cohort, state=state, credited_minutes=0)[1] is None

    def test_who_has_an_e_mail_can_be_written_to(self, as_, manager, administration):
        running = a_run(
            administration,
            1,
            starts_on=datetime.date.today() - datetime.timedelta(days=40),  # noqa: DTZ011
            ends_on=datetime.date.today() + datetime.timedelta(days=40),  # noqa: DTZ011
        )
        learners(group_of(running, 1, 1), 1, email="rosa+x@example.org")
        assert 'href="mailto:rosa%2Bx@example.org"' in as_(manager).get(f"/dashboard/{running.uuid}/").content.decode()

    def test_who_has_none_is_reached_through_the_office(self, as_, manager, cohort):
        [enrolment] = learners(group_of(cohort, 1, 1), 1)
        in_an_office(enrolment, "Puerto Alba")
        page = as_(manager).get(f"/dashboard/{cohort.uuid}/").content.decode()
        assert "No e-mail; through the office: Puerto Alba" in page
        assert "mailto:" not in page

    def test_the_list_is_cut_into_pages_and_the_count_is_not(self, manager, cohort):
        learners(group_of(cohort, 1, 1), 30)
        first, last = seen(manager, cohort), seen(manager, cohort, page="3")
        assert figure(first, "need someone")["value"] == "30"
        assert (len(first["at_risk_rows"]), len(last["at_risk_rows"])) == (12, 6)
        names = {row["person"].staff_number for row in first["at_risk_rows"] + last["at_risk_rows"]}
        assert len(names) == 18


class TestScores:
    def test_the_last_graded_attempt_counts_by_its_grade_in_force(self, manager, cohort):
        group = learners(group_of(cohort, 1, 1), 5)
        attempts = graded(group, 40)
        graded(group[:2], 90, number=2)
        # Two people changed one first attempt's grade: the median and the first passes follow.
        grade_again(attempts[4], 80, passed=True)
        row = rows(seen(manager, cohort), "sections")["Section 1"]
        # In force: 90, 90, 40, 40, 80; of five first attempts one is passed.
        assert (row["graded"], row["median"], row["first"]) == ("5", "80.0\u00a0%", "20.0\u00a0%")

    def test_people_are_counted_once_however_many_quizzes_they_sat(self, manager, cohort):
        group = learners(group_of(cohort, 1, 1), 4)
        graded(group, 90)
        graded(group, 90, activity=uuid.uuid4())
        assert rows(seen(manager, cohort), "sections")["Section 1"]["hidden"]

    def test_a_small_group_and_its_neighbour_are_hidden_and_the_section_is_not(self, manager, administration):
        cohort = a_run(administration, 3)
        for number, people in enumerate([4, 6, 9], start=1):
            graded(learners(group_of(cohort, 1, number), people), 90)
        context = seen(manager, cohort)
        groups = rows(context, "groups")
        assert [row["hidden"] for row in groups.values()] == [True, True, False]
        assert rows(context, "sections")["Section 1"]["graded"] == "19"

    @pytest.mark.parametrize("part", ["1", "1-1", "1-2"])
    def test_a_narrower_view_shows_no_more(self, manager, administration, part):
        cohort = a_run(administration, 3)
        for number, people in enumerate([4, 6, 9], start=1):
            graded(learners(group_of(cohort, 1, number), people), 90)
        groups = rows(seen(manager, cohort, part), "groups")
        assert groups.get("Section 1, group 1", {"hidden": True})["hidden"]
        assert groups.get("Section 1, group 2", {"hidden": True})["hidden"]

    def test_a_hidden_figure_is_nowhere_on_the_page(self, as_, manager, cohort):
        graded(learners(group_of(cohort, 1, 1), 4, state=State.ACTIVE), 33)
        page = as_(manager).get(f"/dashboard/{cohort.uuid}/").content.decode()
        assert "Too few to show" in page
        assert "33.0" not in page

    def test_attempts_of_other_runs_do_not_count(self, manager, cohort, administration):
        graded(learners(group_of(a_run(administration, 1), 1, 1), 8), 90)
        learners(group_of(cohort, 1, 1), 8)
        assert rows(seen(manager, cohort), "sections")["Section 1"]["graded"] == "0"

    def test_no_named_person_has_a_score(self, as_, manager, cohort):
        """Rule 8: all that stands beside a name is the reason, the group and the contact."""
        enrolments = learners(group_of(cohort, 1, 1), 6, failed_attempts=2, state=State.ACTIVE)
        graded(enrolments, 57, number=1, passed=False)
        graded(enrolments, 43, number=2, passed=False)
        page = as_(manager).get(f"/dashboard/{cohort.uuid}/").content.decode()
        listed = page[page.index('id="at-risk"') : page.index('id="sections"')]
        assert "has used 2 attempts without passing" in listed
        assert "57.0" not in listed
        assert "43.0" not in listed
        # The group's median stands in the tables, not among the names.
        assert "43.0" in page[page.index('id="sections"') :]


def test_times_of_the_builders_agree():
    assert NOW < HALF_WAY < AFTER_THE_RUN
    assert AFTER_THE_RUN.date() > ENDS_ON
