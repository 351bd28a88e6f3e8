"""The translators' pages: what they show, what their forms do, and what they cost for a course of any size."""

import re

import pytest
from django.urls import reverse
from wagtail.models import Locale

from courses.languages import services, texts
from courses.languages.models import TranslatedFrom, TranslationWork
from courses.models import LessonPage, ModulePage
from people.models import Role
from people.services import grant_role
from tests.factories.people import NOW, an_account, sign_in
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def an_author(**fields):
    author = grant_role(an_account(**fields), Role.AUTHOR, actor=None, now=NOW).user
    author.refresh_from_db()
    return author


@pytest.fixture
def translator():
    return an_author(language="fr")


@pytest.fixture
def translating(client, translator):
    return sign_in(client, translator)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def lesson(language="en"):
    return LessonPage.objects.get(title=f"Lesson first {language}")


def desk(page, language="fr"):
    return reverse("translate", args=["page", page.translation_key, language])


def change(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def board(course):
    return reverse("translation_board", args=[course.pk])


def test_the_board_shows_every_language_with_its_gate(course, translating):
    page = text_of(translating.get(board(course)))
    assert page.count("May be released: everything is translated.") == 2
    assert page.count("Not offered in this language yet") == 3
    assert page.count("4 pages are missing.") == 3
    assert "Lesson first en" in page
    assert '<bdi lang="ar">العربيّة</bdi>' in page


def test_the_board_shows_the_words_that_changed(course, translating):
    change(lesson(), lede="Lede first, changed en")
    page = text_of(translating.get(board(course), {"language": "fr", "state": "stale"}))
    assert "Lede first<ins>, changed</ins> en" in page
    assert "Lesson second en" not in page
    assert "No text is in this state." in text_of(
        translating.get(board(course), {"language": "fr", "state": "missing"})
    )


def test_every_page_of_a_course_in_another_language_leads_to_one_board(course, translating):
    french = course.get_translation(Locale.objects.get(language_code="fr"))
    assert translating.get(board(french))["Location"] == board(course)


def test_the_inbox_holds_what_waits_in_my_languages(course, translating):
    change(lesson(), lede="Changed words here")
    page = text_of(translating.get(reverse("translations")))
    assert "3 words to do." in page
    assert desk(lesson()) in page
    page = text_of(translating.get(reverse("translations"), {"language": ["ru"], "course": course.pk}))
    assert desk(lesson(), "ru") in page
    assert desk(lesson()) not in page
    assert desk(lesson(), "ru") in text_of(translating.get(reverse("translations")))


def test_a_translator_sees_only_what_changed_open(course, translating):
    change(lesson(), lede="Lede first, changed en")
    page = text_of(translating.get(desk(lesson())))
    assert page.count('<details class="translation-passage" open>') == 1
    assert page.count('<details class="translation-passage">') == 3
    assert "Lede first<ins>, changed</ins> en" in page
    assert 'lang="fr" dir="ltr"> Lede first fr</textarea>' in page


def test_from_a_draft_to_approval_without_javascript(course, translating, translator, client):
    change(lesson(), lede="Lede first, changed en")
    address = desk(lesson())
    translating.post(address, {"turn": 0, "do": "save", "t:lede": "Chapeau changé"})
    work = TranslationWork.objects.get()
    assert (work.stage, work.translator) == ("draft", translator)
    assert list(work.passages["passages"]) == ["lede"]
    translating.post(address, {"turn": work.turn, "do": "hand_in", "t:lede": "Chapeau bien changé"})
    assert "Approve" not in text_of(translating.get(address))
    work.refresh_from_db()
    assert translating.post(address, {"turn": work.turn, "do": "approve"}).status_code == 403

    sign_in(client, an_author())
    page = text_of(client.get(address))
    assert "Lede first fr" not in page.partition("<textarea")[0]
    assert "Chapeau bien changé" in page
    client.post(address, {"turn": work.turn, "do": "send_back", "note": "Trop long."})
    assert "Trop long." in text_of(client.get(address))
    work.refresh_from_db()
    sign_in(client, translator)
    client.post(address, {"turn": work.turn, "do": "hand_in", "t:lede": "Chapeau changé"})
    work.refresh_from_db()
    sign_in(client, an_author())
    client.post(address, {"turn": work.turn, "do": "approve"})
    assert lesson("fr").lede == "Chapeau changé"


def test_words_that_are_still_right_need_the_translator_to_say_so(course, translating):
    change(lesson(), lede="Lede first en.")
    address = desk(lesson())
    translating.post(address, {"turn": 0, "do": "hand_in", "t:lede": "Lede first fr"})
    assert TranslationWork.objects.get().stage == "draft"
    turn = TranslationWork.objects.get().turn
    translating.post(address, {"turn": turn, "do": "hand_in", "t:lede": "Lede first fr", "right": "lede"})
    assert TranslationWork.objects.get().stage == "handed_in"


def test_markup_that_would_not_stand_is_told_at_its_passage_and_nothing_typed_is_lost(course, translating):
    text = texts.text_of("page", lesson().translation_key)
    path = next(passage.path for passage in text.passages if passage.rich)
    response = translating.post(desk(lesson()), {"turn": 0, "do": "save", f"t:{path}": "<b>ouvert", "t:lede": "Gardé"})
    assert response.status_code == 422
    page = text_of(response)
    assert "is opened and not closed" in page
    assert "&lt;b&gt;ouvert" in page
    assert "Gardé" in page
    assert not TranslationWork.objects.exists()


def test_a_page_opened_before_somebody_else_saved_changes_nothing(course, translating):
    text = texts.text_of("page", lesson().translation_key)
    services.save_draft(text, "fr", {"lede": "Le sien"}, actor=an_author(), now=NOW)
    response = translating.post(desk(lesson()), {"turn": 0, "do": "save", "t:lede": "Le mien"}, follow=True)
    assert "Somebody else has changed this translation" in text_of(response)
    assert TranslationWork.objects.get().passages["passages"]["lede"]["text"] == "Le sien"


def test_words_published_without_a_review_are_confirmed_by_reading_them(course, translating):
    TranslatedFrom.objects.filter(key=lesson().translation_key, language="fr").delete()
    assert "Published without a review." in text_of(translating.get(reverse("translations")))
    assert "Confirm as it stands" in text_of(translating.get(desk(lesson())))
    translating.post(desk(lesson()), {"do": "confirm"})
    assert TranslatedFrom.objects.get(key=lesson().translation_key, language="fr").translator is None


def test_an_unconfirmed_translation_is_mended_without_writing_all_of_it_again(course, translating):
    TranslatedFrom.objects.filter(key=lesson().translation_key, language="fr").delete()
    shown = re.findall(
        r'name="(t:[^"]+)"[^>]*>\s*([^<]*)</textarea>', translating.get(desk(lesson())).content.decode()
    )
    sent = dict(shown) | {"t:lede": "Mieux"}
    translating.post(desk(lesson()), sent | {"turn": 0, "do": "hand_in"})
    assert TranslationWork.objects.get().stage == "handed_in"


def test_right_to_left_words_are_marked_as_such(course, translating):
    assert 'lang="ar" dir="rtl"' in text_of(translating.get(desk(lesson(), "ar")))


@pytest.mark.parametrize("place", ["x", "page"])
def test_what_does_not_exist_is_not_there(course, translating, place):
    key = "00000000-0000-0000-0000-000000000001"
    assert translating.get(reverse("translate", args=[place, key, "fr"])).status_code == 404
    assert translating.get(desk(lesson(), "en")).status_code == 404
    assert translating.get(desk(lesson(), "xx")).status_code == 404


def test_learners_get_none_of_it(course, client):
    sign_in(client, an_account())
    for address in (board(course), reverse("translations"), desk(lesson()), f"{board(course)}glossary/"):
        assert client.get(address).status_code == 403


def test_board_and_inbox_cost_as_many_queries_for_a_large_course(course, translating):
    change(lesson(), lede="Changed")

    def costs():
        addresses = (
            board(course),
            f"{board(course)}?language=fr",
            reverse("translations"),
            f"{board(course)}glossary/?language=fr",
        )
        return [len(queries_of(lambda address=address: translating.get(address))) for address in addresses]

    before = costs()
    module = ModulePage.objects.get(locale__language_code="en")
    for number in range(12):
        page = LessonPage(title=f"L{number}", lede="Words", minutes=1, locale=module.locale)
        module.add_child(instance=page)
    assert costs() == before
