"""What lessons leave to each administration: who says it, who waits for it, and what a reader is shown."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from courses import national
from courses.models import CoursePage, LessonPage, NationalText
from courses.releases import NotReleasable, check, release_course
from oversight.models import RecordEntry
from people.models import Administration, Role
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(days=30)


def say(administration, text="Nothing above 20 euros.", *, slot="gift_limit", language="en", **fields):
    return national.write(administration, slot, language, **{"text": text, "actor": None, "now": NOW} | fields)


def shown(administration, *, reader="en", body="en", slot="gift_limit"):
    national.forget()
    with translation.override(reader):
        return national.shown(slot, administration.pk, body_language=body)


@pytest.fixture
def manager():
    return an_account(None, Role.TRAINING_MANAGER)


@pytest.fixture
def writing(client, manager):
    return sign_in(client, manager)


ADDRESS = "/en/national-texts/gift_limit/fr/"


class TestReading:
    def test_a_reader_is_shown_their_own_administration_s_words_and_whose_they_are(self):
        here, there = an_administration(name="Customs of Here"), an_administration()
        say(here, "Nothing at all.")
        say(there, "Up to 50 euros.")
        html = shown(here)
        assert "Nothing at all." in html
        assert "Up to 50" not in html
        assert "From your administration: Customs of Here" in html

    def test_a_reader_s_language_comes_first_then_the_lesson_s_then_the_administration_s(self):
        here = an_administration(language="pt")
        say(here, "Nada.", language="pt")
        assert 'lang="pt" dir="ltr"' in shown(here, reader="ru", body="en")
        say(here, "Nothing.", language="en")
        html = shown(here, reader="ar", body="en")
        assert '<aside class="national" lang="ar" dir="rtl">' in html
        assert '<div class="flow" lang="en" dir="ltr"><p>Nothing.</p>' in html
        say(here, "لا شيء", language="ar")
        assert 'lang="ar" dir="rtl"><p>لا شيء</p>' in shown(here, reader="ar", body="en")

    def test_a_slot_that_nobody_has_filled_says_whom_to_ask(self):
        assert "Ask your training manager" in shown(an_administration())

    def test_what_is_said_is_never_markup(self):
        here = an_administration()
        say(here, "<script>alert(1)</script>")
        assert "<script>" not in shown(here)

    def test_many_slots_cost_two_queries_a_minute(self, django_assert_num_queries):
        here = an_administration()
        for slot in ("gift_limit", "reporting_line", "code_gifts"):
            say(here, slot=slot)
        national.forget()
        with django_assert_num_queries(2):
            for slot in ("gift_limit", "reporting_line", "code_gifts", "code_conflicts"):
                national.words_for(slot, here.pk, ("en",))


class TestWriting:
    def test_new_words_count_from_then_on_and_the_old_ones_stay_for_their_days(self):
        here = an_administration()
        say(here, "Nothing above 20 euros.")
        say(here, "Nothing at all.", now=LATER)
        ours = NationalText.objects.filter(administration=here)
        assert [text.text for text in ours.in_force()] == ["Nothing at all."]
        assert [text.text for text in ours.in_force(at=NOW)] == ["Nothing above 20 euros."]
        assert not ours.in_force(at=NOW - datetime.timedelta(seconds=1)).exists()

    def test_the_same_words_again_write_nothing(self):
        here = an_administration()
        assert say(here) == say(here, now=LATER)

    def test_what_was_written_is_recorded_and_kept_by_the_database(self, manager):
        made = say(manager.administration, actor=manager)
        entry = RecordEntry.objects.latest("sequence")
        assert (entry.kind, entry.subject, entry.actor) == ("courses.national_text.written", made.uuid, manager.uuid)
        made.text = "Take what you like."
        for change in (made.save, lambda: NationalText.objects.filter(pk=made.pk)._raw_delete("default")):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_nobody_writes_over_what_they_have_not_read(self):
        here = an_administration()
        say(here, "First.", after=0)
        with pytest.raises(national.WrittenMeanwhile):
            say(here, "Second.", after=0)
        say(here, "Second.", after=1)

    @pytest.mark.parametrize("roles", [(), (Role.AUTHOR,), (Role.TUTOR, Role.AUDITOR, Role.CERTIFYING_OFFICER)])
    def test_only_training_managers_speak_for_their_administration(self, roles):
        person = an_account(None, *roles)
        with pytest.raises(PermissionDenied):
            say(person.administration, actor=person)

    def test_nobody_speaks_for_another_administration(self, manager):
        with pytest.raises(PermissionDenied):
            say(an_administration(), actor=manager)


class TestPages:
    def test_a_manager_writes_and_finds_it_written(self, writing, manager):
        page = writing.get(ADDRESS)
        assert 'lang="fr" dir="ltr"' in page.content.decode()
        sent = {"text": "Rien.", "reference": "Code, article 12", "url": "", "after": "0"}
        answer = writing.post(ADDRESS, sent, follow=True)
        assert "Saved. Learners read it within a minute." in answer.content.decode()
        [text] = NationalText.objects.filter(administration=manager.administration).in_force()
        assert (text.slot, text.language, text.text) == ("gift_limit", "fr", "Rien.")
        assert "Rien." in writing.get(ADDRESS).content.decode()

    def test_a_colleague_s_newer_words_are_shown_before_they_are_replaced(self, writing, manager):
        say(manager.administration, "Rien du tout.", language="fr")
        sent = {"text": "Rien.", "reference": "", "url": "", "after": "0"}
        answer = writing.post(ADDRESS, sent)
        assert answer.status_code == 422
        assert "Rien du tout." in answer.content.decode()
        assert 'name="after" value="1"' in answer.content.decode()
        assert writing.post(ADDRESS, sent | {"after": "1"}).status_code == 302

    def test_an_empty_text_is_sent_back_and_writes_nothing(self, writing):
        assert writing.post(ADDRESS, {"text": " ", "after": "0"}).status_code == 422
        assert not NationalText.objects.exists()

    @pytest.mark.parametrize("address", ["/en/national-texts/x/fr/", "/en/national-texts/gift_limit/xx/"])
    def test_there_is_no_other_slot_or_language(self, writing, address):
        assert writing.get(address).status_code == 404

    def test_another_administration_s_words_are_not_shown(self, writing):
        say(an_administration(), "Fifty euros.", language="fr")
        assert "Fifty euros." not in writing.get(ADDRESS).content.decode()


@pytest.mark.usefixtures("loaded")
class TestReleasing:
    @pytest.fixture
    def with_a_slot(self, course):
        """The course, one lesson of which has a slot in English and in French."""
        for lesson in LessonPage.objects.filter(title__in=["Lesson first en", "Lesson first fr"]):
            lesson.body.append(("national", {"slot": "gift_limit"}))
            lesson.save_revision().publish()
        return course

    def test_a_course_waits_until_every_administration_has_spoken_in_its_language(self, with_a_slot):
        first, second = an_administration(name="First"), an_administration(name="Second")
        for administration in Administration.objects.exclude(pk=second.pk):
            say(administration)
        say(second, language="fr")
        with pytest.raises(NotReleasable) as raised:
            release_course(CoursePage.objects.get(pk=with_a_slot.pk), actor=None, now=NOW)
        assert raised.value.problems == ["Second has not yet written in English: Gift limit."]
        say(second)
        assert check(with_a_slot)[0] == []
        assert first

    def test_a_course_without_slots_waits_for_nobody(self, course):
        an_administration()
        assert check(course)[0] == []

    def test_the_board_names_what_is_missing_by_language(self, with_a_slot, writing, manager):
        text = writing.get("/en/national-texts/").content.decode()
        assert "2 texts are missing" in text
        say(manager.administration)
        assert "1 text is missing" in writing.get("/en/national-texts/").content.decode()
        say(manager.administration, language="fr")
        assert "Nothing is missing" in writing.get("/en/national-texts/").content.decode()

    def test_the_board_costs_the_same_for_more_lessons_and_texts(self, with_a_slot, writing, manager):
        before = len(queries_of(lambda: writing.get("/en/national-texts/")))
        for lesson in LessonPage.objects.all():
            lesson.body.append(("national", {"slot": "code_gifts"}))
            lesson.save_revision().publish()
        for language in ("en", "fr", "ar"):
            say(manager.administration, language=language)
        assert len(queries_of(lambda: writing.get("/en/national-texts/"))) == before
