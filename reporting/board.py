"""The manager's board as the template shows it: every figure already written for the reader."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from courses.reading import outline
from reporting import figures, plot, wording
from reporting.export import ENDED, ended_words
from reporting.figures import AtRisk, Scores, Tally
from reporting.runs import state_of
from reporting.scope import Scope
from reporting.statistics import rate
from reporting.suppression import MINIMUM
from reporting.weeks import Judging, judging, week_ends

AT_RISK_ON_A_PAGE = 12

# Where a word stands by its point of the plot.
_ABOVE, _BELOW = "-0.6em", "1.4em"


def board(scope: Scope, *, language: str, page: str | None, now: datetime) -> dict:
    """The template's context. The number of queries does not depend on the number of learners, groups or items."""
    cohort = scope.cohort
    zone = ZoneInfo(cohort.administration.time_zone)
    judged = judging(now, cohort.ends_on, zone)
    tallied = figures.tallies(scope)
    total = figures.together(tallied, scope.shown)
    at_risk = figures.learners_at_risk(scope, judged, zone)
    today = now.astimezone(zone).date()
    state_label, state = state_of(cohort, today)
    course = outline(cohort.release_id, language).course
    at_risk_page = Paginator(at_risk, AT_RISK_ON_A_PAGE).get_page(page)
    return {
        "cohort": cohort,
        "course": course,
        "state_label": state_label,
        "state": state,
        "judged": judged,
        "begun": judged.day >= cohort.starts_on,
        "scope": scope,
        "part": wording.part(scope),
        "own_groups": [wording.group(each) for each in scope.groups] if scope.own_only else [],
        "choices": _choices(scope),
        "figures": _figures(scope, tallied, total, at_risk, judged) if total.enrolled else [],
        "states": _state_bars(scope, total),
        "enrolled": total.enrolled,
        "bars": _completion_bars(scope, tallied),
        "bars_summary": _completed_of(total),
        "weeks": _weeks(scope, tallied, judged, zone),
        "tables": _tables(scope, tallied, at_risk),
        "at_risk_page": at_risk_page,
        "at_risk_rows": _people_at_risk(at_risk_page, today),
        "csv_url": reverse("cohort_learners_csv", args=[cohort.uuid]) + (f"?part={scope.part}" if scope.part else ""),
    }


def _choices(scope: Scope) -> list[dict]:
    """What can be shown: each section, and the groups in it."""
    sections: dict[int, dict] = {}
    for group in scope.groups:
        section = sections.setdefault(
            group.section, {"label": wording.section(group.section), "value": str(group.section), "groups": []}
        )
        value = f"{group.section}-{group.number}"
        section["groups"].append({"value": value, "label": wording.group(group), "chosen": value == scope.part})
    for section in sections.values():
        section["chosen"] = section["value"] == scope.part
    return list(sections.values())


def _figures(
    scope: Scope, tallied: Mapping[int, Tally], total: Tally, at_risk: list[AtRisk], judged: Judging
) -> list[dict]:
    credited = figures.median_credited(scope)
    planned = figures.median_planned(scope, tallied, judged.day)
    issued, revoked = figures.certificates_issued(scope)
    groups = len(scope.shown)
    return [
        {
            "value": wording.number(total.enrolled),
            "label": ngettext("enrolled in %(groups)d group", "enrolled in %(groups)d groups", groups)
            % {"groups": groups},
        },
        {
            "value": wording.number(total.customs_related),
            "label": _("customs-related, %(percent)s")
            % {"percent": wording.percent(rate(total.customs_related, total.enrolled))},
            "note": _("%(number)s others") % {"number": wording.number(total.enrolled - total.customs_related)},
        },
        {
            "value": wording.hours(credited),
            "label": _("median credited"),
            "note": _("plan %(hours)s") % {"hours": wording.hours(planned)},
        },
        {
            "value": wording.number(total.completed),
            "label": _("completed, %(percent)s") % {"percent": wording.percent(rate(total.completed, total.enrolled))},
        },
        {
            "value": wording.number(issued),
            "label": _("certificates issued"),
            "note": _("%(number)s of them revoked") % {"number": wording.number(revoked)} if revoked else "",
        },
        {
            "value": wording.number(len(at_risk)),
            "label": _("need someone today"),
            "url": "#at-risk",
        },
    ]


def _completed_of(total: Tally) -> str:
    return _("%(completed)s of %(enrolled)s learners have completed.") % {
        "completed": wording.number(total.completed),
        "enrolled": wording.number(total.enrolled),
    }


def _state_bars(scope: Scope, total: Tally) -> list[dict]:
    """How many are in each state.

    That somebody failed is told apart from a lapse for the whole run alone, and only among enough of both. Otherwise
    one look at the list of learners, where the two read alike, would name who failed (rule 8).
    """
    counts = [(str(state.label), total.states[state]) for state in Enrolment.State if state not in ENDED]
    ended = [(str(state.label), total.states[state]) for state in ENDED]
    if scope.own_only or scope.section is not None or min(count for _label, count in ended) < MINIMUM:
        ended = [(ended_words(), sum(count for _label, count in ended))]
    return [
        {
            "label": label,
            "value": count,
            "text": f"{wording.number(count)} ({wording.percent(rate(count, total.enrolled))})",
        }
        for label, count in counts + ended
    ]


def _completion_bars(scope: Scope, tallied: Mapping[int, Tally]) -> list[dict]:
    """One bar for each section, or for each group where there is one section alone; none for a single group."""
    parts = _by_section(scope)
    labelled = [(wording.section(number), groups) for number, groups in parts.items()]
    if len(parts) == 1:
        labelled = [(wording.group(group), [group]) for group in scope.shown]
    if len(labelled) < 2:
        return []
    bars = []
    for label, groups in labelled:
        tally = figures.together(tallied, groups)
        share = rate(tally.completed, tally.enrolled)
        bars.append({"label": label, "value": share, "text": wording.percent(share)})
    return bars


def _by_section(scope: Scope) -> dict[int, list]:
    sections: dict[int, list] = {}
    for group in scope.shown:
        sections.setdefault(group.section, []).append(group)
    return sections


def _weeks(scope: Scope, tallied: Mapping[int, Tally], judged: Judging, zone: ZoneInfo) -> dict | None:
    """The plot of completions and the table that says the same; None before the run or without learners."""
    weeks = figures.weeks_of(scope, tallied, judged, zone) if tallied else []
    if not weeks:
        return None
    last = weeks[-1]
    total = figures.together(tallied, scope.shown)
    # The scale is the whole run's, so that a run half-way looks half-way.
    field = plot.Field(
        weeks=len(week_ends(scope.cohort.starts_on, scope.cohort.ends_on)),
        top=max(total.enrolled, 1),
        right_to_left=get_language_bidi(),
    )
    days = [scope.cohort.starts_on, *week_ends(scope.cohort.starts_on, scope.cohort.ends_on)]
    completed, planned = [week.completed for week in weeks], [week.planned for week in weeks]
    ahead = last.completed > last.planned
    widest = max(range(len(weeks)), key=lambda week: abs(completed[week] - planned[week]))
    return {
        "completed": field.line(completed),
        "planned": field.steps(planned),
        "grid": [
            {"label": wording.number(value), "down": f"{field.down(value) * 100:.2f}%"}
            for value in plot.round_steps(field.top)
        ],
        "days": [
            {
                "label": date_format(days[week], "MONTH_DAY_FORMAT"),
                "across": f"{field.across(week) * 100:.2f}%",
                "anchor": "start" if week == 0 else "end" if week == field.weeks else "middle",
            }
            for week in plot.spread(field.weeks)
        ],
        "start": f"{field.across(0) * 100:.0f}%",
        "end": f"{field.across(len(weeks)) * 100:.2f}%",
        "end_anchor": "end" if len(weeks) * 2 > field.weeks else "start",
        "planned_end": {
            "text": _("Plan: %(number)s") % {"number": wording.number(last.planned)},
            "down": f"{field.down(last.planned) * 100:.2f}%",
            "shift": _BELOW if ahead else _ABOVE,
        },
        "completed_end": {
            "text": wording.number(last.completed),
            "down": f"{field.down(last.completed) * 100:.2f}%",
            "shift": _ABOVE if ahead else _BELOW,
        },
        # The line bears its name where the plan's is furthest away.
        "completed_name": {
            "across": f"{field.across(widest + 1) * 100:.2f}%",
            "down": f"{field.down(completed[widest]) * 100:.2f}%",
            "shift": _ABOVE if completed[widest] > planned[widest] else _BELOW,
            "anchor": "end" if completed[widest] > planned[widest] or (widest + 1) * 2 > field.weeks else "start",
        },
        "summary": _weeks_in_words(last, total),
        "rows": [
            {
                "ends_on": date_format(week.ends_on, "DATE_FORMAT"),
                "in_week": wording.number(week.completed - before),
                "completed": wording.number(week.completed),
                "planned": wording.number(week.planned),
            }
            for week, before in zip(weeks, [0, *completed], strict=False)
        ],
    }


def _weeks_in_words(last: figures.Week, total: Tally) -> str:
    """What the plot shows, for those who do not see it and for those who want to be sure."""
    words = _("By %(day)s, %(completed)s learners had completed; the plan was %(planned)s.") % {
        "day": date_format(last.ends_on, "DATE_FORMAT"),
        "completed": wording.number(last.completed),
        "planned": wording.number(last.planned),
    }
    later = total.completed - last.completed
    if later > 0:
        words += " " + ngettext(
            "%(number)s more has completed since.", "%(number)s more have completed since.", later
        ) % {"number": wording.number(later)}
    return words


def _tables(scope: Scope, tallied: Mapping[int, Tally], at_risk: list[AtRisk]) -> list[dict]:
    """Completion and scores by section and by group, each with what it adds up to."""
    scores = figures.scores_of(scope)
    risky: dict[int, int] = {}
    for each in at_risk:
        risky[each.group.pk] = risky.get(each.group.pk, 0) + 1

    def row(label: str, groups: list, score: Scores | None) -> dict:
        return _row(
            label,
            figures.together(tallied, groups),
            sum(risky.get(group.pk, 0) for group in groups),
            score,
        )

    parts = _by_section(scope)
    sections = [
        row(wording.section(number), groups, scores.sections[number])
        | {"starts_on": date_format(groups[0].starts_on, "SHORT_DATE_FORMAT")}
        for number, groups in parts.items()
    ]
    groups = [row(wording.group(group), [group], scores.groups[group.pk]) for group in scope.shown]
    tables = []
    if scope.group is None and sections:
        if scope.section is None and len(sections) > 1:
            label = _("All your groups") if scope.own_only else _("Whole run")
            sections.append(row(label, list(scope.shown), scores.whole) | {"total": True})
        tables.append({"id": "sections", "caption": _("By section"), "rows": sections})
    if groups:
        # Four dozen rows are for looking something up; fewer are for reading.
        folded = len(groups) > 8
        tables.append({"id": "groups", "caption": _("By group"), "rows": groups, "folded": folded})
    return tables


def _row(label: str, tally: Tally, at_risk: int, scores: Scores | None) -> dict:
    share = rate(tally.completed, tally.enrolled)
    return {
        "label": label,
        "enrolled": wording.number(tally.enrolled),
        "share": share,
        "completed": f"{wording.number(tally.completed)} ({wording.percent(share)})",
        "at_risk": wording.number(at_risk),
        "hidden": scores is None,
        "graded": wording.number(scores.learners) if scores else "",
        "median": wording.percent(scores.median) if scores else "",
        "first": wording.percent(scores.first_pass_rate) if scores else "",
    }


def _people_at_risk(page: Page, today: date) -> list[dict]:
    """The learners on a page of the list, with their reasons and how to reach them."""
    if not page.object_list:
        return []
    people = figures.contacts([each.enrolment for each in page.object_list], today)
    return [
        {
            "person": people[each.enrolment],
            "group": wording.group(each.group),
            "reasons": [wording.reason(reason) for reason in each.reasons],
        }
        for each in page.object_list
    ]
