"""From an author over two reviewers to published words, each step by somebody else; and what waits for its day."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, Workflow, WorkflowPage
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from core.models import OutgoingMail
from courses import review
from courses.models import CoursePage, HomePage, LessonPage, ReviewTask
from courses.releases import NotReleasable, release_course
from courses.tasks import publish_scheduled
from people.models import Role
from people.services import end_role, grant_role
from tests.factories.people import NOW, an_account, an_administration, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture(autouse=True)
def _letters_to_the_outbox(settings):
    settings.EMAIL_BACKEND = "core.mail_backend.OutboxBackend"


@pytest.fixture
def people(course):
    here = an_administration()
    return {
        "author": with_roles(here, Role.AUTHOR),
        "subject": with_roles(here, Role.SUBJECT_REVIEWER),
        "legal": with_roles(here, Role.LEGAL_REVIEWER),
    }


def with_roles(administration, *roles):
    account = an_account(administration, email=f"{'.'.join(roles)}@example.org")
    for role in roles:
        grant_role(account, role, actor=None, now=NOW)
    account.refresh_from_db()
    return account


@pytest.fixture
def lesson(course):
    return LessonPage.objects.get(title="Lesson first en")


def save(lesson, user, words="New words.", **buttons):
    """The person saves the lesson in the editor; `buttons` say with which button."""
    sent = {
        "title": lesson.title,
        "slug": lesson.slug,
        "lede": lesson.lede,
        "minutes": lesson.minutes,
        "body": streamfield([("prose", rich_text(f"<p>{words}</p>"))]),
        "objectives": inline_formset([]),
        "comments": inline_formset([]),
    }
    client = sign_in(Client(), user)
    return client.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), nested_form_data(sent) | buttons)


def submit(lesson, author, **fields):
    save(lesson, author, **{"action-submit": "1"}, **fields)
    lesson.refresh_from_db()
    return lesson.current_workflow_task_state


def decide(lesson, user, action="approve", comment=""):
    lesson = LessonPage.objects.get(pk=lesson.pk)
    state = lesson.current_workflow_task_state
    client = sign_in(Client(), user)
    address = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, action, state.pk])
    return client.post(address, {"comment": comment}, headers={"x-requested-with": "XMLHttpRequest"})


def is_published(lesson, words="New words."):
    return words in LessonPage.objects.get(pk=lesson.pk).body.render_as_block()


def task_of(lesson):
    return LessonPage.objects.get(pk=lesson.pk).current_workflow_task


# --- The way ------------------------------------------------------------------------------------------------------


def test_every_home_has_the_review_with_its_two_steps_and_attaching_again_changes_nothing(course):
    workflow = review.attach(HomePage.objects.all())
    assert [task.name for task in workflow.tasks] == ["Subject review", "Legal review"]
    assert Workflow.objects.filter(name=review.NAME).count() == 1
    assert ReviewTask.objects.count() == 2
    assert WorkflowPage.objects.filter(workflow=workflow).count() == HomePage.objects.count()


def test_words_are_published_when_the_subject_and_the_legal_reviewer_have_approved_them(lesson, people):
    submit(lesson, people["author"])
    assert task_of(lesson).name == "Subject review"
    decide(lesson, people["subject"])
    assert task_of(lesson).name == "Legal review"
    assert not is_published(lesson)
    decide(lesson, people["legal"])
    assert task_of(lesson) is None
    assert is_published(lesson)


def test_a_reviewer_finds_what_waits_for_them_and_can_read_it(lesson, people):
    submit(lesson, people["author"])
    client = sign_in(Client(), people["subject"])
    assert lesson.title in client.get("/cms/").content.decode()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).status_code == 200
    assert lesson.title not in sign_in(Client(), people["legal"]).get("/cms/").content.decode()


def test_changes_asked_for_lead_back_to_the_author_and_through_the_review_again(lesson, people):
    submit(lesson, people["author"])
    decide(lesson, people["subject"], "reject", "The clause is wrong.")
    assert lesson.workflow_states.first().status == "needs_changes"
    assert not is_published(lesson)
    submit(lesson, people["author"], words="Better words.")
    decide(lesson, people["subject"])
    decide(lesson, people["legal"])
    assert is_published(lesson, "Better words.")


# --- Other eyes ---------------------------------------------------------------------------------------------------


def test_who_wrote_a_page_does_not_approve_it_whatever_their_roles(lesson, people):
    both = with_roles(people["author"].administration, Role.AUTHOR, Role.SUBJECT_REVIEWER)
    save(lesson, both, words="A draft.")
    state = submit(lesson, people["author"])
    decide(lesson, both)
    assert task_of(lesson).name == "Subject review"
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, both, "approve")
    assert lesson.title not in sign_in(Client(), both).get("/cms/").content.decode().split("Your most recent")[0]


def test_who_handed_a_page_in_does_not_approve_it(lesson, people):
    both = with_roles(people["author"].administration, Role.AUTHOR, Role.SUBJECT_REVIEWER)
    state = submit(lesson, both)
    assert state.task.specific.get_actions(lesson, both) == []
    assert state.task.specific.get_actions(lesson, people["subject"])


def test_one_person_does_not_review_twice(lesson, people):
    both = with_roles(people["author"].administration, Role.SUBJECT_REVIEWER, Role.LEGAL_REVIEWER)
    submit(lesson, people["author"])
    decide(lesson, both)
    assert task_of(lesson).name == "Legal review"
    decide(lesson, both)
    assert not is_published(lesson)
    decide(lesson, people["legal"])
    assert is_published(lesson)


def test_whoever_runs_the_machine_has_no_say_in_content(lesson, people):
    state = submit(lesson, people["author"])
    root = an_account(is_superuser=True)
    assert state.task.specific.get_actions(lesson, root) == []
    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, root, "approve")


def test_a_reviewer_whose_role_ends_reviews_no_more(lesson, people):
    submit(lesson, people["author"])
    end_role(people["subject"], Role.SUBJECT_REVIEWER, actor=None, now=NOW)
    assert decide(lesson, people["subject"]).status_code == 403
    assert task_of(lesson).name == "Subject review"


# --- Letters ------------------------------------------------------------------------------------------------------


def test_letters_go_through_the_outbox_to_those_whose_turn_it_is(lesson, people):
    submit(lesson, people["author"])
    assert [letter.to_address for letter in OutgoingMail.objects.all()] == ["subject_reviewer@example.org"]
    decide(lesson, people["subject"])
    assert OutgoingMail.objects.latest("pk").to_address == "legal_reviewer@example.org"
    decide(lesson, people["legal"])
    last = OutgoingMail.objects.latest("pk")
    assert last.to_address == "author@example.org"
    assert lesson.title in last.subject


# --- The gate -----------------------------------------------------------------------------------------------------


def test_a_course_that_asks_for_review_is_released_only_with_reviewed_words(course, lesson, people):
    CoursePage.objects.update(review_required=True)
    course.refresh_from_db()
    release_course(course, actor=None, now=NOW)  # the words that ship were reviewed where they were made
    save(lesson, people["author"], **{"action-publish": "1"})
    assert is_published(lesson)
    with pytest.raises(NotReleasable) as refused:
        release_course(course, actor=people["author"], now=NOW)
    assert refused.value.problems == ["“Lesson first en” has not been reviewed as it stands."]
    submit(lesson, people["author"], words="Reviewed words.")
    decide(lesson, people["subject"])
    decide(lesson, people["legal"])
    assert release_course(course, actor=people["author"], now=NOW)


def test_a_course_that_does_not_ask_is_released_as_before(course, lesson, people):
    save(lesson, people["author"], **{"action-publish": "1"})
    assert release_course(course, actor=people["author"], now=NOW)


# --- A day for it -------------------------------------------------------------------------------------------------


def test_what_was_given_a_day_is_published_by_the_beat_and_not_before(lesson, people, time_machine):
    day = timezone.now() + datetime.timedelta(days=2)
    lesson.go_live_at = day
    lesson.lede = "Timed."
    lesson.save_revision(user=people["author"]).publish(user=people["author"])
    publish_scheduled()
    assert LessonPage.objects.get(pk=lesson.pk).lede != "Timed."
    time_machine.move_to(day + datetime.timedelta(minutes=1))
    publish_scheduled()
    publish_scheduled()
    assert LessonPage.objects.get(pk=lesson.pk).lede == "Timed."


def test_the_beat_rings_for_scheduled_pages(settings):
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "courses.tasks.publish_scheduled" in tasks
    assert TaskState.objects.count() == 0
