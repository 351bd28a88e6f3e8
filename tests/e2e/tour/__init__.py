"""Every page there is, somebody who may see it, and something on it: what `tests/e2e/test_every_page.py` walks.

Runs inside the installation under test, as what the clerk knows does.
"""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from certificates.services import ask_for_revocation
from cohorts import asked, private
from cohorts.models import Cohort, Enrolment, Group, Section
from courses import corrections
from courses.arrivals import services as arrivals
from courses.models import Arrival, CoursePage, LessonPage, ModulePage, ReleaseBody
from people import calendars, invitations
from people.models import Administration, Holiday, Office, Post, User
from quizzes.models import Analysis, Item, ItemBank, ItemVersion, QuizText
from tests.e2e.tour import quizzes
from tests.e2e.tour.cast import (
    AUDITOR,
    AUTHOR,
    MANAGER,
    OFFICER,
    PLAN,
    REASON,
    SECOND_OFFICER,
    SOURCE,
    TUTOR,
    VISITOR,
)
from tests.factories.analyses import an_analysis, outcomes
from tests.factories.certificates import a_certificate
from tests.factories.cohorts import a_place, steps_of
from tests.factories.courses import REWORDED, a_newer_release
from tests.factories.refreshers import a_refresher, complete, mark
from tests.system import eventually

# Answered with a file or with data for a script, or by the way to another page.
NO_PAGES = {
    "appeal_medium",
    "calendar_feed",
    "certificate_pdf",
    "certificate_pdf_state",
    "cohort_learners_csv",
    "healthz",
    "holiday_example",
    "item_medium",
    "kept_file",
    "marking_file",
    "marking_medium",
    "my_writing_file",
    "officer_import_example",
    "quiz_file",
    "quiz_medium",
    "quiz_state",
    "wagtaildocs_serve",
}
# Looked at on the way that leads there: signing in, handing in, and what a person is asked in between.
ON_THE_WAY = {"account_inactive", "account_reauthenticate", "account_reset_password_from_key_done"}


def stops(learner: User, finisher: User, language: str) -> list[dict]:
    """Each with the number of who goes there, the name of the address, and the address in the language.

    Both have a place in the demonstration's run, and the finisher goes through it here; whatever else a page needs to
    have something on it is made.
    """
    with translation.override(language):
        return [
            {"number": number, "name": name, "address": address}
            for number, name, address in _stops(learner, finisher, language, datetime.now(UTC))
        ]


def written_by_people() -> list[str]:
    """What stands on pages as somebody wrote it, in whatever language: names and plans, no text of the interface."""
    names = [
        *Administration.objects.values_list("name", flat=True),
        *Administration.objects.values_list("reporting_channel", flat=True),
        *Office.objects.values_list("name", flat=True),
        *Post.objects.values_list("title", flat=True),
        *User.objects.values_list("full_name", flat=True),
        *Cohort.objects.values_list("name", flat=True),
    ]
    return [*names, *PLAN, REASON, SOURCE, REWORDED]


def titles() -> list[str]:
    """What pages and banks are called. Authors see them in the language they were written in; a learner's page
    says what it is in."""
    called = (
        Page.objects.values_list("title", flat=True),
        ReleaseBody.objects.values_list("title", flat=True).distinct(),
        ItemBank.objects.values_list("title", flat=True),
        QuizText.objects.values_list("title", flat=True),
        Item.objects.values_list("key", flat=True),
    )
    tags = {tag for some in ItemVersion.objects.values_list("tags", flat=True) for tag in some}
    return [title for some in (*called, tags) for title in some]


def _stops(learner: User, finisher: User, language: str, now: datetime):
    place = Enrolment.objects.get(user=learner)
    number = learner.staff_number
    private.write_own_plan(*PLAN, writer=learner, now=now)

    yield VISITOR, "account_login", reverse("account_login")
    yield VISITOR, "account_reset_password", reverse("account_reset_password")
    yield VISITOR, "account_reset_password_done", reverse("account_reset_password_done")
    yield VISITOR, "account_reset_password_from_key", reverse("account_reset_password_from_key", args=["1", "x-y"])
    yield VISITOR, "demonstration_mail", reverse("demonstration_mail")
    yield VISITOR, "verify_code", reverse("verify_code")
    yield VISITOR, "catalogue", reverse("catalogue")
    yield VISITOR, "catalogue", reverse("catalogue") + "?q=gift&length=short"
    yield VISITOR, "partner_catalogue", reverse("partner_catalogue")
    yield VISITOR, "wagtail_serve", f"/{language}/"
    for page in Page.objects.live().filter(locale__language_code=language, depth__gt=2).specific():
        yield VISITOR, "wagtail_serve", page.get_url()

    yield number, "account_logout", reverse("account_logout")
    yield number, "account_change_password", reverse("account_change_password")
    yield number, "mfa_index", reverse("mfa_index")
    yield number, "mfa_list_webauthn", reverse("mfa_list_webauthn")
    yield number, "my_learning", reverse("my_learning")
    for kind in ("course", "module", "lesson", "quiz"):
        for step in steps_of(place, kind)[:1]:
            yield number, "learn", reverse("learn", args=[place.uuid, step.key])
    yield number, "my_dates", reverse("my_dates")
    yield number, "my_writing", reverse("my_writing")
    yield number, "pocket_card", reverse("pocket_card")
    finished = Enrolment.objects.get(user=finisher)
    yield from quizzes.taken(place, finished, language, now)
    yield from quizzes.disputed(finished, now)
    yield from quizzes.marked(place, language, now)
    yield from _certificate(learner, finisher, now)

    run = Cohort.objects.get(pk=place.cohort.pk)
    for watcher in (TUTOR, MANAGER, AUDITOR):
        yield watcher, "dashboard", reverse("dashboard")
        yield watcher, "cohort_dashboard", reverse("cohort_dashboard", args=[run.uuid])
    yield MANAGER, "cohort_dashboard", reverse("cohort_dashboard", args=[run.uuid]) + "?part=1-1"
    yield MANAGER, "give_places", reverse("give_places", args=[run.uuid])
    without_a_place = User.objects.get(staff_number=MANAGER)
    for person in (learner, without_a_place):
        yield MANAGER, "give_place", reverse("give_place", args=[run.uuid, person.uuid])
    yield MANAGER, "runs_for_person", reverse("runs_for_person", args=[learner.uuid])
    yield from _releases(run, language, now)
    yield from _refresher(run, learner, now)
    yield from quizzes.sat(run, learner, now)
    yield from _authoring(run)
    yield MANAGER, "national_texts", reverse("national_texts")
    yield MANAGER, "national_text", reverse("national_text", args=["gift_limit", language])
    yield MANAGER, "officer_import", reverse("officer_import")
    yield from _calendar(place, now)
    yield from _partners(place, now)
    yield MANAGER, "oversight:requests", reverse("oversight:requests")
    yield AUDITOR, "oversight:requests", reverse("oversight:requests")
    yield AUDITOR, "oversight:records", reverse("oversight:records")
    yield AUDITOR, "find_past_day", reverse("find_past_day")
    # By the calendar on the wall there: for some hours of each day it is already tomorrow by the universal time.
    today = now.astimezone(ZoneInfo(place.administration.time_zone))
    yield AUDITOR, "past_day", reverse("past_day", args=[place.uuid, today.year, today.month, today.day])


def _calendar(place: Enrolment, now: datetime):
    yield MANAGER, "working_calendar", reverse("working_calendar")
    yield MANAGER, "working_week", reverse("working_week")
    yield MANAGER, "second_calendar", reverse("second_calendar")
    yield MANAGER, "holiday_import", reverse("holiday_import")
    yield MANAGER, "add_holiday", reverse("add_holiday")
    Holiday.objects.filter(administration=place.administration).delete()
    names = {"en": "Customs Day", "ar": "يوم الجمارك"}
    manager = User.objects.get(staff_number=MANAGER)
    holiday = calendars.add_holiday(
        place.administration, day=date(now.year, 1, 26), yearly=True, names=names, actor=manager, now=now
    )
    yield MANAGER, "change_holiday", reverse("change_holiday", args=[holiday.uuid])


def _partners(place: Enrolment, now: datetime):
    """One who has been invited, and one who learns."""
    invited, accepted = (
        invitations.invite(
            place.administration,
            email=f"{uuid.uuid4().hex}@brokers.example",
            full_name="Rosa Díaz",
            organisation="Brokers Ltd",
            language="ar",
            access_until=now.date() + timedelta(days=90),
            actor=None,
            now=now,
        )
        for _each in range(2)
    )
    yield VISITOR, "join", reverse("join", args=[invitations.token_of(invited)])
    partner = invitations.accept(accepted, full_name="Rosa Díaz", password=uuid.uuid4().hex, now=now)
    yield MANAGER, "partners", reverse("partners")
    yield MANAGER, "invite_partner", reverse("invite_partner")
    for invitation in (invited, accepted):
        yield MANAGER, "partner", reverse("partner", args=[invitation.uuid])
    yield MANAGER, "runs_for_person", reverse("runs_for_person", args=[partner.uuid])
    yield MANAGER, "give_place", reverse("give_place", args=[place.cohort.uuid, partner.uuid])


def _certificate(learner: User, finisher: User, now: datetime):
    certificate, other = a_certificate(learner, now=now), a_certificate(finisher, now=now)
    number = learner.staff_number
    yield VISITOR, "verify", reverse("verify", args=[certificate.code])
    yield number, "my_certificates", reverse("my_certificates")
    yield number, "my_certificate", reverse("my_certificate", args=[certificate.uuid])
    yield OFFICER, "certificates", reverse("certificates")
    yield OFFICER, "certificate", reverse("certificate", args=[certificate.uuid])
    yield OFFICER, "certificate_revoke", reverse("certificate_revoke", args=[certificate.uuid])
    officer = User.objects.get(staff_number=OFFICER)
    asked = ask_for_revocation(other, reason=REASON, actor=officer, now=now)
    for officer_number in (OFFICER, SECOND_OFFICER):
        yield officer_number, "oversight:request", reverse("oversight:request", args=[asked.uuid])


def _releases(run: Cohort, language: str, now: datetime):
    """A newer release to move the run to, and a passage that the law has overtaken."""
    lessons = [node.key for node in run.release.nodes.filter(kind="lesson")]
    newer = a_newer_release(run.release, without=lessons[:1], reworded=lessons[1:2], lessons=1)
    address = reverse("run_release", args=[run.uuid])
    yield MANAGER, "run_release", address
    mark(newer, lessons[1:2], reason=REASON)
    yield MANAGER, "run_release", f"{address}?to={newer.uuid}"
    words = run.release.nodes.get(key=lessons[0]).bodies.get(language=language).html
    [passage] = re.findall(r"<p[^>]*>([^<.]{20,}\.)", words)[:1]
    corrections.propose(
        language=language,
        old=passage,
        new="…",
        because="…",
        source=SOURCE,
        reason="The act is in force.",
        actor=User.objects.get(staff_number=AUTHOR),
        now=now,
    )
    yield AUTHOR, "corrections", reverse("corrections")
    yield AUDITOR, "corrections", reverse("corrections")
    yield AUTHOR, "propose_correction", reverse("propose_correction")


def _refresher(run: Cohort, learner: User, now: datetime):
    """For a learner who completed the course before, in a run of the year before: one step has changed since."""
    days = {"starts_on": run.starts_on - timedelta(days=365), "ends_on": run.starts_on}
    before = Cohort.objects.create(
        administration=run.administration, name="2019", release=run.release, rule_set=run.rule_set, **days
    )
    group = Group.objects.create(section=Section.objects.create(cohort=before, number=1, **days), number=1)
    done = complete(a_place(learner, group, now=now), now=now)
    # The installation's own worker may have been quicker to take the attempt, and slower to be done with it.
    eventually(Enrolment.objects.filter(pk=done.pk, state=Enrolment.State.COMPLETED).exists, what="the course is done")
    yield MANAGER, "run_refreshers", reverse("run_refreshers", args=[before.uuid])
    opened = a_refresher(before, due_on=now.date() + timedelta(days=30), reason={"en": REASON}, now=now)
    yield MANAGER, "run_refreshers", reverse("run_refreshers", args=[before.uuid])
    for watcher in (MANAGER, AUDITOR):
        yield watcher, "refresher", reverse("refresher", args=[opened.uuid])
    yield MANAGER, "withdraw_refresher", reverse("withdraw_refresher", args=[opened.uuid])
    place = Enrolment.objects.get(cohort=opened.cohort)
    for step in asked.outline_of(place, language="en").steps:
        yield learner.staff_number, "learn", reverse("learn", args=[place.uuid, step.key])


def _a_checked_file(course: CoursePage) -> Arrival:
    """A file of lessons that waits for its bringer's word."""
    file = ContentFile(b"# The hamper\n\nIt stands on the desk.\n\n## Signs\n\nWords.", name="lessons.md")
    module = ModulePage.objects.child_of(course).first()
    author, now = User.objects.get(staff_number=AUTHOR), datetime.now(UTC)
    arrival = arrivals.bring_lessons(file, [], module, actor=author, now=now)
    arrivals.carry_on(arrival.pk, now=now)
    return arrival


def _authoring(run: Cohort):
    """Our own pages among Wagtail's."""
    course = CoursePage.objects.get(translation_key=run.release.course, locale__language_code="en")
    lesson = LessonPage.objects.descendant_of(course).first()
    yield AUTHOR, "release_course", reverse("release_course", args=[course.pk])
    yield AUTHOR, "export_course", reverse("export_course", args=[course.pk])
    yield AUTHOR, "import_course", reverse("import_course")
    yield AUTHOR, "import_lessons", reverse("import_lessons")
    yield AUTHOR, "arrival", reverse("arrival", args=[_a_checked_file(course).uuid])
    yield AUTHOR, "course_links", reverse("course_links", args=[course.pk])
    yield AUTHOR, "links_of_courses", reverse("links_of_courses")
    yield AUTHOR, "where_used", reverse("where_used") + "?what=instrument"
    yield AUTHOR, "translations", reverse("translations")
    yield AUTHOR, "translate", reverse("translate", args=["page", lesson.translation_key, "ar"])
    for page in ("translation_board", "translation_glossary", "translation_files"):
        yield AUTHOR, page, reverse(page, args=[course.pk])
    yield AUTHOR, "quiz:index", reverse("quiz:index")
    version = run.release.nodes.get(kind="quiz").quiz_version
    outcomes(version, 120)
    asked_for = an_analysis(version.quiz, User.objects.get(staff_number=AUTHOR))
    # Or the installation's own worker has taken it.
    eventually(Analysis.objects.done().filter(pk=asked_for.pk).exists, what="the analysis is done")
    analysis = Analysis.objects.get(pk=asked_for.pk)
    yield AUTHOR, "item_analysis", reverse("item_analysis", args=[analysis.quiz_id])
    item = analysis.results["overall"]["items"][0]["item"]
    yield AUTHOR, "item_of_analysis", reverse("item_of_analysis", args=[analysis.quiz_id, analysis.uuid, item])
    yield AUTHOR, "quiz:edit", reverse("quiz:edit", args=[version.quiz_id])
    yield AUTHOR, "quiz:sample", reverse("quiz:sample", args=[version.quiz_id]) + "?seed=1"
    yield from quizzes.written(version.quiz.bank, datetime.now(UTC))
