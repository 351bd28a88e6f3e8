"""What authors do in Wagtail, from the page tree to the release, and what nobody does there."""

import colorsys
import re
import uuid

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver, reverse
from wagtail.documents.models import Document
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from core.middleware import AuthoringMiddleware
from courses.authors import give_authors_their_pages
from courses.models import CoursePage, HomePage, LessonPage, ModulePage, RadFactorBoxes, Release
from courses.outlook import outlook_of
from courses.releases import ReleasedMeanwhile, release_course, source_of
from elearning.places import BASE_DIR
from oversight.models import RecordEntry
from people.models import Role
from people.services import AUTHORS, end_role, grant_role
from quizzes.models import ItemText, ItemVersion, Quiz
from tests.factories.people import NOW, an_account, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

CSS = BASE_DIR / "frontend/static/css"


@pytest.fixture
def author(course):
    return grant_role(an_account(), Role.AUTHOR, actor=None, now=NOW).user


@pytest.fixture
def writing(client, author):
    """A client in which the author is signed in."""
    author.refresh_from_db()
    return sign_in(client, author)


def release_page(course):
    return reverse("release_course", args=[course.pk])


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def lesson_form(lesson, **fields):
    """What the editor sends for a lesson of one paragraph."""
    sent = {
        "title": lesson.title,
        "slug": lesson.slug,
        "lede": lesson.lede,
        "minutes": lesson.minutes,
        "body": streamfield([("prose", rich_text("<p>New words.</p>"))]),
        "objectives": inline_formset([]),
        "comments": inline_formset([]),
        "action-publish": "1",
    }
    return nested_form_data(sent) | fields


# --- Pages ----------------------------------------------------------------------------------------------------------


def test_an_author_walks_from_the_homes_in_all_languages_to_a_lesson(course, writing):
    homes = writing.get("/cms/pages/")
    assert [f"/cms/pages/{home.pk}/" in text_of(homes) for home in HomePage.objects.all()] == [True] * 3
    for page in (*HomePage.objects.all(), *CoursePage.objects.all(), *ModulePage.objects.all()):
        assert writing.get(f"/cms/pages/{page.pk}/").status_code == 200
        assert writing.get(f"/cms/pages/{page.pk}/edit/").status_code == 200
    assert writing.get(f"/cms/pages/{LessonPage.objects.first().pk}/edit/").status_code == 200


def test_an_author_publishes_a_lesson_and_is_told_that_learners_wait_for_a_release(course, writing):
    lesson = LessonPage.objects.get(title="Lesson first en")
    sent = lesson_form(lesson, rad_factors=["7", "3", "99", "x"])
    response = writing.post(f"/cms/pages/{lesson.pk}/edit/", sent, follow=True)
    lesson.refresh_from_db()
    assert "New words." in lesson.body.render_as_block()
    assert lesson.rad_factors == [3, 7]
    assert "Learners get this with the next release of the course." in text_of(response)
    assert release_page(course) in text_of(response)


def test_a_draft_shows_in_the_preview_alone(course, writing):
    lesson = LessonPage.objects.get(title="Lesson first en")
    address = f"/cms/pages/{lesson.pk}/edit/preview/"
    assert writing.post(address, lesson_form(lesson, lede="Only a draft.")).json()["is_valid"]
    assert "Only a draft." in writing.get(address).content.decode()
    lesson.refresh_from_db()
    assert lesson.lede != "Only a draft."


def test_the_boxes_read_and_write_a_list_of_numbers():
    boxes = RadFactorBoxes()
    assert boxes.format_value("[1, 10]") == ["1", "10"]
    assert boxes.format_value(None) == []
    assert boxes.render("rad", "[7]").count("checked") == 1
    assert boxes.render("rad", "[7]").count('type="checkbox"') == 10


def test_a_new_module_is_translated_with_its_objectives(course, writing):
    fields = {
        "title": "Another module",
        "slug": "another",
        "position": "2",
        "summary": "About it",
        "quiz": "",
        "objectives": inline_formset([{"text": "You can speak up", "rad_factors": "7"}]),
        "comments": inline_formset([]),
        "action-publish": "1",
    }
    writing.post(f"/cms/pages/add/courses/modulepage/{course.pk}/", nested_form_data(fields))
    module = ModulePage.objects.get(title="Another module")
    french = Locale.objects.get(language_code="fr")
    writing.post(f"/cms/localize/submit/page/{module.pk}/", {"locales": [french.pk]})
    translation = module.get_translation(french)
    editor = writing.get(f"/cms/pages/{translation.pk}/edit/")
    assert editor.status_code == 200
    assert "You can speak up" in editor.content.decode()
    assert [one.locale_id for one in translation.objectives.all()] == [french.pk]
    keys = {one.translation_key for page in (module, translation) for one in page.objectives.all()}
    assert len(keys) == 1


# --- The release ----------------------------------------------------------------------------------------------------


def test_an_author_releases_the_course(course, writing, author):
    first = writing.get(release_page(course))
    for shown in ("1 module", "2 lessons", "75 minutes", "items in the pool: 4", "This is the first release"):
        assert shown in text_of(first)
    response = writing.post(release_page(course), {"after": "0"}, follow=True)
    made = Release.objects.get(course=course.translation_key)
    assert "Release 1 is made." in text_of(response)
    assert RecordEntry.objects.get(kind="courses.release.made", subject=made.uuid).actor == author.uuid
    assert "Nothing. The course is as it was in release 1." in text_of(response)
    assert "Make release" not in text_of(response)


def test_a_form_sent_twice_makes_one_release(course, writing):
    writing.post(release_page(course), {"after": "0"})
    again = writing.post(release_page(course), {"after": "0"}, follow=True)
    assert "released in the meantime" in text_of(again)
    writing.post(release_page(course), {})
    assert Release.objects.count() == 1
    with pytest.raises(ReleasedMeanwhile):
        release_course(course, actor=None, now=NOW, after=0)


def test_an_author_marks_a_material_change_with_its_steps_and_a_reason(course, writing, author):
    writing.post(release_page(course), {"after": "0"})
    lesson = LessonPage.objects.get(title="Lesson first en")
    lesson.lede = "Another law"
    lesson.save_revision().publish()
    [(key, label)] = outlook_of(course).markable
    assert label in text_of(writing.get(release_page(course)))
    for half in ({"material": key}, {"material_reason": "A new law."}):
        response = writing.post(release_page(course), {"after": "1"} | half, follow=True)
        assert "has both steps and a reason" in text_of(response)
    assert Release.objects.count() == 1
    for foreign in (str(uuid.uuid4()), "nonsense"):
        writing.post(release_page(course), {"after": "1", "material": foreign, "material_reason": "x"})
    assert Release.objects.count() == 1
    sent = {"after": "1", "material": key, "material_reason": " A new law. "}
    assert 'Material change: <span dir="auto">A new law.</span>' in text_of(
        writing.post(release_page(course), sent, follow=True)
    )
    change = Release.objects.get(number=2).material_change
    assert (change.steps, change.reason) == ({"shape": 1, "keys": [key]}, "A new law.")
    assert RecordEntry.objects.about(change).get().actor == author.uuid
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


def test_what_keeps_a_course_from_release_is_said_in_sentences(course, writing):
    Quiz.objects.update(draw=40)
    shown = text_of(writing.get(release_page(course)))
    assert "draws 40 items, and its bank has 4 published items." in shown
    assert "Make release" not in shown
    response = writing.post(release_page(course), {"after": "0"}, follow=True)
    assert "Nothing was released." in text_of(response)
    assert not Release.objects.exists()


def test_the_release_follows_the_course_s_own_language(course, writing):
    arabic = CoursePage.objects.get(locale__language_code="ar")
    assert source_of(arabic) == course
    response = writing.get(release_page(arabic))
    assert (response.status_code, response["Location"]) == (302, release_page(course))
    release_course(arabic, actor=None, now=NOW)
    assert source_of(course) == arabic


def test_a_language_left_out_is_named_with_its_reasons(course):
    LessonPage.objects.get(title="Lesson second fr").unpublish()
    LessonPage.objects.get(title="Lesson first ar").delete()
    outlook = outlook_of(course)
    assert outlook.languages == "English"
    assert outlook.page_by_page == "Arabic and French"
    missing = dict(outlook.missing)
    assert missing["French"] == ["Translated and not published: “Lesson second en”."]
    assert missing["Arabic"] == ["Not translated: “Lesson first en”."]
    assert missing["Russian"] == ["Nothing of the course is translated."]


def test_words_that_a_quiz_lacks_are_named(course):
    quiz = Quiz.objects.get()
    quiz.texts.filter(language="fr").delete()
    ItemText.objects.filter(language="ar", version__item__key="item-0").delete()
    [shown] = outlook_of(course).quizzes
    assert (shown.title, shown.pool, shown.draw, shown.time_limit_minutes) == ("Quiz en", 4, 3, 10)
    assert shown.gaps == ["1 item has no words in Arabic.", "The quiz has no title in French."]


def test_drafts_and_unpublished_pages_are_named(course):
    lesson = LessonPage.objects.get(title="Lesson first en")
    lesson.lede = "A draft"
    lesson.save_revision()
    LessonPage.objects.get(title="Lesson second en").unpublish()
    outlook = outlook_of(course)
    assert (outlook.drafts, outlook.left_out) == (["Lesson first en"], ["Lesson second en"])


def test_the_difference_to_the_latest_release_is_told_in_words(course):
    release_course(course, actor=None, now=NOW)
    assert not outlook_of(course).difference
    lesson = LessonPage.objects.get(title="Lesson first en")
    lesson.minutes, lesson.rad_factors = 20, [1]
    lesson.save_revision().publish()
    lesson = LessonPage.objects.get(title="Lesson first fr")
    lesson.lede = "Autre chose"
    lesson.save_revision().publish()
    LessonPage.objects.get(title="Lesson second en").unpublish()
    LessonPage.objects.get(title="Lesson first ar").unpublish()
    Quiz.objects.update(draw=2, time_limit_minutes=5)
    old = ItemVersion.objects.get(item__key="item-0")
    ItemVersion.objects.create(
        item=old.item, number=2, difficulty=3, structure=old.structure, published_at=NOW, tags=[], rad_factors=[]
    )
    difference = outlook_of(course).difference
    assert difference.added == []
    assert difference.removed == ["Lesson “Lesson second en”"]
    assert dict(difference.changed) == {
        "Lesson “Lesson first en”": [
            "Other words in: French.",
            "No longer in: Arabic.",
            "Credited time: 20 minutes instead of 30.",
            "Other RAD factors.",
        ],
        "Quiz “Quiz en”": [
            "Items drawn: 2 instead of 3.",
            "Time limit: 5 minutes instead of 10.",
            "Items in a new version: 1.",
        ],
    }
    assert difference.remarks == ["Languages that go: Arabic."]


def test_new_steps_another_order_and_another_language_are_told(course):
    LessonPage.objects.get(title="Lesson second fr").unpublish()
    LessonPage.objects.get(title="Lesson first en").unpublish()
    release_course(course, actor=None, now=NOW)
    for lesson in LessonPage.objects.not_live():
        lesson.save_revision().publish()
    difference = outlook_of(course).difference
    assert difference.added == ["Lesson “Lesson first en”"]
    assert difference.changed == [("Lesson “Lesson second en”", ["Now also in: French."])]
    assert difference.remarks == ["Languages that come: French."]
    release_course(course, actor=None, now=NOW)
    first, second = LessonPage.objects.filter(locale__language_code="en").order_by("path")
    second.move(first, pos="left")
    difference = outlook_of(course).difference
    assert (difference.moved, difference.changed) == (["Lesson “Lesson second en”"], [])


# --- Rights and headers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", [(), (Role.TRAINING_MANAGER,), (Role.CERTIFYING_OFFICER, Role.AUDITOR, Role.TUTOR)])
def test_who_is_no_author_stays_outside(course, client, roles):
    sign_in(client, an_account(None, *roles))
    for address in ("/cms/", "/cms/pages/", "/cms/quizzes/", release_page(course)):
        assert client.get(address).status_code == 403
    assert client.post(release_page(course), {"after": "0"}).status_code == 403
    assert not Release.objects.exists()


def test_admission_to_wagtail_alone_releases_nothing(course, client):
    person = an_account()
    person.groups.add(Group.objects.get(name=AUTHORS))
    sign_in(client, person)
    assert client.get("/cms/").status_code == 200
    assert client.get(release_page(course)).status_code == 403
    assert client.post(release_page(course), {"after": "0"}).status_code == 403


def test_visitors_are_sent_to_sign_in(course, client):
    for address in ("/cms/", release_page(course)):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_an_author_whose_role_ends_may_not_write_any_more(writing, author):
    end_role(author, Role.AUTHOR, actor=None, now=NOW)
    assert writing.get("/cms/pages/").status_code == 403


def test_a_release_needs_the_form_s_token(course, author):
    strict = sign_in(Client(enforce_csrf_checks=True), author)
    assert strict.post(release_page(course), {"after": "0"}).status_code == 403
    assert not Release.objects.exists()


def test_giving_authors_their_pages_again_changes_nothing(course):
    def rights():
        group = Group.objects.get(name=AUTHORS)
        return (
            sorted(GroupPagePermission.objects.filter(group=group).values_list("page", "permission__codename")),
            sorted(GroupCollectionPermission.objects.filter(group=group).values_list("permission__codename")),
            sorted(group.permissions.values_list("codename", flat=True)),
        )

    before = rights()
    assert len(before[0]) == 3 * HomePage.objects.count()
    assert before[2] == [
        "access_admin",
        "add_programmekind",
        "change_programmekind",
        "change_quiz",
        "submit_translation",
        "view_itembank",
        "view_programmekind",
        "view_quiz",
    ]
    give_authors_their_pages(HomePage.objects.all())
    assert rights() == before


def test_pictures_and_documents_are_within_reach(course, writing):
    document = Document.objects.create(title="A form", file=ContentFile(b"words", "form.txt"))
    assert document.url in text_of(writing.get("/cms/documents/"))
    assert b"".join(writing.get(document.url).streaming_content) == b"words"
    assert writing.get("/cms/images/add/").status_code == 200
    assert writing.get(document.file.url).status_code == 404


def test_every_page_of_the_authors_has_its_policy_and_loads_from_this_host_alone(course, writing):
    lesson = LessonPage.objects.first()
    for address in (
        "/cms/",
        "/cms/pages/",
        f"/cms/pages/{lesson.pk}/edit/",
        "/cms/quizzes/",
        release_page(course),
    ):
        response = writing.get(address)
        assert response.status_code == 200
        assert response["Content-Security-Policy"] == AuthoringMiddleware.POLICY
        loads = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=[\"']([^\"']+)", text_of(response))
        assert loads
        assert [address for address in loads if re.match(r"(https?:)?//", address)] == []


def test_refusals_have_the_policy_and_learners_pages_keep_theirs(course, client):
    assert client.get("/cms/")["Content-Security-Policy"] == AuthoringMiddleware.POLICY
    sign_in(client, an_account())
    assert client.get("/cms/")["Content-Security-Policy"] == AuthoringMiddleware.POLICY
    assert "unsafe-inline" not in client.get("/en/catalogue/")["Content-Security-Policy"]
    for rule in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'self'", "form-action 'self'"):
        assert rule in AuthoringMiddleware.POLICY
    assert "http" not in AuthoringMiddleware.POLICY


# --- Accounts -------------------------------------------------------------------------------------------------------


def pages_of(namespace, row):
    """Every address of Wagtail's own pages for accounts or groups, those of one row included."""
    _prefix, inner = get_resolver().namespace_dict[namespace]
    for name in {key for key in inner.reverse_dict if isinstance(key, str)}:
        [(_pattern, parameters)] = inner.reverse_dict.getlist(name)[0][0]
        yield reverse(f"{namespace}:{name}", args=[row.pk] if parameters else [])


def test_one_s_own_account_has_one_page(writing):
    assert writing.get("/cms/account/")["Location"] == reverse("mfa_index")


def test_superusers_change_accounts_by_no_way_around_four_eyes(course, client):
    victim = an_account()
    superuser = an_account(is_superuser=True)
    sign_in(client, superuser)
    assert client.get("/cms/pages/").status_code == 200
    authors = Group.objects.get(name=AUTHORS)
    addresses = [*pages_of("wagtailusers_users", victim), *pages_of("wagtailusers_groups", authors)]
    assert len(addresses) > 10
    actions = ("assign_role", "delete", "set_active_state")
    addresses += [f"/cms/bulk/people/user/{action}/?id={victim.pk}" for action in actions]
    for address in addresses:
        for send in (client.get, client.post):
            response = send(address)
            assert (response.status_code, response.get("Location")) == (302, "/cms/"), address
    home = text_of(client.get("/cms/"))
    assert "/cms/users/" not in home
    assert "/cms/groups/" not in home


# --- The look -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/cms/", "/cms/reports/", "/cms/no-such-page/"])
def test_the_authors_pages_carry_our_name_mark_and_icon_and_lead_to_no_other_host(writing, address):
    page = writing.get(address, follow=True).content.decode()
    assert re.search(r"<title>[^<]* - Plumbline</title>", page)
    assert re.findall(r'rel="[^"]*icon"[^>]*href="([^"]+)"', page) == ["/static/img/mark.svg"]
    assert 'class="authoring-mark' in page
    assert "css/authoring.css" in page
    assert re.findall(r'href="(https?://(?!www.enable-javascript.com)[^"]*)"', page) == []


@pytest.mark.parametrize("address", ["/cms/", "/cms/login/"])
def test_authors_sign_in_where_everybody_does(client, address):
    assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_the_menu_has_the_brands_own_colour():
    """The three numbers from which Wagtail makes the colour of its menu are those of our brand."""
    read = {name: (CSS / f"{name}.css").read_text() for name in ("authoring", "foundation")}
    hue, saturation, lightness = (
        float(re.search(rf"--w-color-primary-{part}: ([0-9.]+)", read["authoring"])[1])
        for part in ("hue", "saturation", "lightness")
    )
    made = colorsys.hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    brand = re.search(r"--brand: #(\w{6})", read["foundation"])[1]
    assert [round(part * 255) for part in made] == list(bytes.fromhex(brand))
