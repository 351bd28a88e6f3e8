"""A translation in a course that asks for review: approved at the desk, published by nobody but its reviewers."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from courses.languages import exchange, interchange, services, texts
from courses.languages.board import board_of
from courses.languages.models import TranslatedFrom, TranslationWork
from courses.languages.services import Refused
from courses.languages.status import State
from courses.models import CoursePage, LessonPage
from courses.outlook import outlook_of
from courses.releases import NotReleasable, release_course
from oversight.models import RecordEntry
from people.models import Role
from people.services import grant_role
from tests.factories.people import NOW, an_account, an_administration, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.fixture(autouse=True)
def _letters_to_the_outbox(settings):
    settings.EMAIL_BACKEND = "core.mail_backend.OutboxBackend"


@pytest.fixture
def course(course):
    """The course asks for review from now on."""
    CoursePage.objects.filter(pk=course.pk).update(review_required=True)
    course.refresh_from_db()
    return course


@pytest.fixture
def people():
    here = an_administration()

    def with_role(role, name):
        account = an_account(here, email=f"{name}@example.org", full_name=name)
        grant_role(account, role, actor=None, now=NOW)
        account.refresh_from_db()
        return account

    return {
        "translator": with_role(Role.AUTHOR, "translator"),
        "second": with_role(Role.AUTHOR, "second"),
        "subject": with_role(Role.SUBJECT_REVIEWER, "subject"),
        "legal": with_role(Role.LEGAL_REVIEWER, "legal"),
    }


def lesson(language="en"):
    english = LessonPage.objects.get(title="Lesson first en", locale__language_code="en")
    return LessonPage.objects.get(translation_key=english.translation_key, locale__language_code=language)


def text():
    return texts.text_of("page", lesson().translation_key)


def hand_in(people, language="fr", words="Mots nouveaux"):
    written = {passage.path: f"{words} {n}" for n, passage in enumerate(text().passages)}
    services.save_draft(text(), language, written, actor=people["translator"], now=NOW)
    services.hand_in(text(), language, actor=people["translator"], now=NOW)


def approve(people, language="fr"):
    return services.approve(text(), language, actor=people["second"], now=NOW)


def decide(user, language="fr", action="approve", comment=""):
    page = lesson(language)
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return sign_in(Client(), user).post(address, {"comment": comment}, headers={"x-requested-with": "XMLHttpRequest"})


def state(course, language="fr"):
    [row] = [row for row in board_of(course, [language]).rows if row.text.key == lesson().translation_key]
    return row.cells[0].state


def test_an_approved_translation_is_published_by_the_course_s_reviewers_and_nobody_before(course, people):
    hand_in(people)
    assert approve(people) is None
    assert lesson("fr").title == "Lesson first fr"
    assert (TranslationWork.objects.get().stage, state(course)) == ("submitted", State.IN_REVIEW)
    decide(people["subject"])
    assert lesson("fr").title == "Lesson first fr"
    decide(people["legal"])
    assert lesson("fr").title == "Mots nouveaux 0"
    assert state(course) == State.TRANSLATED
    row = TranslatedFrom.objects.get(key=lesson().translation_key, language="fr")
    assert (row.translator, row.reviewer) == (people["translator"], people["second"])
    assert not TranslationWork.objects.exists()
    kinds = set(RecordEntry.objects.values_list("kind", flat=True))
    assert {"courses.translation.submitted", "courses.translation.confirmed"} <= kinds
    assert release_course(course, actor=people["second"], now=NOW)


def test_a_page_that_did_not_exist_in_the_language_is_in_review_and_not_missing_meanwhile(course, people):
    hand_in(people, "ru")
    approve(people, "ru")
    assert not lesson("ru").live
    assert state(course, "ru") == State.IN_REVIEW
    decide(people["subject"], "ru")
    decide(people["legal"], "ru")
    assert lesson("ru").live
    assert state(course, "ru") == State.TRANSLATED


def test_where_the_course_does_not_ask_approval_publishes_as_before(people):
    hand_in(people)
    assert approve(people).reviewer == people["second"]
    assert lesson("fr").title == "Mots nouveaux 0"


def test_whoever_had_a_hand_in_it_at_the_desk_does_not_review_the_page(course, people):
    writer = grant_role(an_account(people["second"].administration), Role.AUTHOR, actor=None, now=NOW).user
    writer.refresh_from_db()
    services.save_draft(text(), "fr", {"title": "Titre"}, actor=writer, now=NOW)
    written = {passage.path: f"Mots {n}" for n, passage in enumerate(text().passages)} | {"title": "Titre"}
    services.save_draft(text(), "fr", written, actor=people["translator"], now=NOW)
    services.hand_in(text(), "fr", actor=people["translator"], now=NOW)
    approve(people)
    task = lesson("fr").current_workflow_task.specific
    for person in (writer, people["translator"], people["second"]):
        grant_role(person, Role.SUBJECT_REVIEWER, actor=None, now=NOW)
        fresh = type(person).objects.get(pk=person.pk)
        assert not task.may_decide(lesson("fr"), fresh)
    assert task.may_decide(lesson("fr"), people["subject"])


def test_a_reviewer_s_note_comes_back_to_the_translator_and_the_way_begins_again(course, people, client):
    hand_in(people)
    approve(people)
    decide(people["subject"])
    decide(people["legal"], action="reject", comment="L’article 12, pas 11.")
    work = TranslationWork.objects.get()
    assert (work.stage, work.note, work.returned_by) == ("returned", "L’article 12, pas 11.", people["legal"])
    sign_in(client, people["translator"])
    assert "L’article 12, pas 11." in client.get(desk()).content.decode()
    hand_in(people, words="Mieux")
    approve(people)
    for name in ("legal", "subject", "legal"):
        if lesson("fr").current_workflow_task is not None:
            decide(people[name])
    assert lesson("fr").title == "Mieux 0"
    assert state(course) == State.TRANSLATED


def test_while_the_reviewers_decide_nothing_changes_at_the_desk(course, people, client):
    hand_in(people)
    approve(people)
    for deed in (
        lambda: services.save_draft(text(), "fr", {"title": "Autre"}, actor=people["translator"], now=NOW),
        lambda: services.hand_in(text(), "fr", actor=people["translator"], now=NOW),
        lambda: approve(people),
    ):
        with pytest.raises(Refused):
            deed()
    sign_in(client, people["translator"])
    page = re.sub(r"\s+", " ", client.get(desk()).content.decode())
    assert "second has approved it." in page
    assert 'name="do"' not in page
    data = exchange.export(course, "fr", "po", everything=True, glossary=False).replace(b"Mots nouveaux", b"Autres")
    outcomes = {item.outcome for item in exchange.plan(course, "fr", interchange.read(data, "x.po")).judged}
    assert outcomes == {"same", "under_review"}


def desk():
    return reverse("translate", args=["page", lesson().translation_key, "fr"])


def test_a_review_that_is_broken_off_leaves_the_translation_with_its_second_reader(course, people):
    hand_in(people)
    approve(people)
    lesson("fr").current_workflow_state.cancel(user=people["translator"])
    work = TranslationWork.objects.get()
    assert (work.stage, work.approved_by, work.submission) == ("handed_in", None, None)
    assert approve(people) is None


def test_other_words_that_are_published_meanwhile_were_confirmed_by_nobody(course, people):
    hand_in(people)
    approve(people)
    page = lesson("fr")
    page.lede = "Autre chose"
    page.save_revision(user=people["second"]).publish(user=people["second"])
    assert not TranslationWork.objects.exists()
    assert state(course) == State.IN_REVIEW


def test_what_an_author_has_handed_in_on_the_page_is_decided_first(course, people):
    page = lesson("fr")
    page.save_revision(user=people["translator"])
    page.get_workflow().start(page, people["translator"])
    hand_in(people)
    with pytest.raises(Refused, match="under_review"):
        approve(people)
    assert TranslationWork.objects.get().stage == "handed_in"


def test_nobody_approves_at_the_desk_what_they_translated(course, people):
    hand_in(people)
    with pytest.raises(PermissionDenied):
        services.approve(text(), "fr", actor=people["translator"], now=NOW)


# --- The gate -------------------------------------------------------------------------------------------------------


def publish_past_review(people, language):
    page = lesson(language)
    page.lede = "Published by an author alone"
    page.save_revision(user=people["second"]).publish(user=people["second"])


def test_a_translation_published_past_the_review_keeps_the_course_from_its_release(course, people):
    publish_past_review(people, "fr")
    with pytest.raises(NotReleasable) as refused:
        release_course(course, actor=people["second"], now=NOW)
    assert refused.value.problems == ["“Lesson first fr” (French) has not been reviewed as it stands."]


def test_where_no_review_is_asked_for_the_release_page_says_who_published_without_one(course, people, client):
    CoursePage.objects.update(review_required=False)
    course.refresh_from_db()
    assert outlook_of(course).unreviewed == []
    publish_past_review(people, "en")
    publish_past_review(people, "fr")
    said = "Published by second without a review: “Lesson first en”, “Lesson first fr” (French)."
    assert outlook_of(course).unreviewed == [said]
    sign_in(client, people["translator"])
    assert said in client.get(reverse("release_course", args=[course.pk])).content.decode()
    assert release_course(course, actor=people["second"], now=NOW)
