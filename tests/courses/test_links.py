"""What a course's links lead to, what is wrong with them, and where things are used."""

import json
from datetime import timedelta

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import ReferenceIndex

from courses import national, tasks
from courses.inside import every_page, pages_of, words_of
from courses.links import checking
from courses.links.fetching import Answer
from courses.links.finding import Kind, links_of
from courses.links.judging import Problem, judge
from courses.links.use import What, named_in_one_language, used
from courses.models import CheckedAddress, CoursePage, LessonPage, ModulePage
from frontend.templatetags import ui
from people.models import Administration, Role
from people.services import grant_role
from quizzes.models import Quiz
from tests.factories.exchange import a_picture
from tests.factories.people import NOW, an_account, sign_in
from tests.queries import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

Outcome = CheckedAddress.Outcome


@pytest.fixture
def first():
    return LessonPage.objects.get(title="Lesson first en")


@pytest.fixture
def second():
    return LessonPage.objects.get(title="Lesson second en")


@pytest.fixture
def form():
    document = Document.objects.create(title="Form", file=ContentFile(b"%PDF-1.4", name="form.pdf"))
    yield document
    document.file.storage.delete(document.file.name)


@pytest.fixture
def picture():
    image = Image.objects.create(title="Harbour", file=a_picture())
    yield image
    image.file.storage.delete(image.file.name)


@pytest.fixture
def author():
    account = an_account()
    grant_role(account, Role.AUTHOR, actor=None, now=NOW)
    account.refresh_from_db()
    return account


def write(lesson, *blocks, publish=True):
    """The lesson holds these blocks alone: (type, value)."""
    lesson = LessonPage.objects.get(pk=lesson.pk)
    lesson.body = json.dumps(
        [{"type": kind, "value": value, "id": f"block-{number}"} for number, (kind, value) in enumerate(blocks)]
    )
    revision = lesson.save_revision()
    if publish:
        revision.publish()
    return revision


def prose(html):
    return "prose", f"<p>{html}</p>"


def links(course):
    return links_of(words_of(pages_of(course)))


def problems(course, **more):
    words = list(words_of(pages_of(course)))
    judgement = judge(links_of(words), words, **{"is_offline": False} | more)
    return [(finding.link.title, finding.link.words, finding.problem) for finding in judgement.findings]


# --- Finding --------------------------------------------------------------------------------------------------------


def test_links_are_found_wherever_a_block_can_hold_one(course, first, form, picture):
    shown = {"image": picture.pk, "alt_text": "A crane", "decorative": False}
    text = (
        f'<a linktype="document" id="{form.pk}">form</a> <a href="https://example.org/?a=1&amp;b=2">out</a>'
        f'<a href="mailto:a@b.c">letter</a> <a href="#h-1">up</a> <embed embedtype="image" id="{picture.pk}"/>'
    )
    film = {
        "title": "Film",
        "file": form.pk,
        "captions": [{"type": "item", "value": {"language": "en", "file": form.pk}, "id": "c"}],
        "transcript": text,
        "poster": picture.pk,
    }
    write(first, ("picture", {"picture": shown, "caption": "", "credit": ""}), ("video", film))
    found = [(link.kind, link.target) for link in links(course) if link.title == first.title]
    assert sorted(found) == sorted(
        [
            (Kind.IMAGE, str(picture.pk)),
            (Kind.DOCUMENT, str(form.pk)),
            (Kind.EXTERNAL, "https://example.org/?a=1&b=2"),
            (Kind.ANCHOR, "h-1"),
            (Kind.IMAGE, str(picture.pk)),
        ]
    )


def test_a_link_says_in_which_words_of_the_page_it_stands(course, first):
    write(first, prose('<a href="https://old.example.org/">old</a> <a href="https://both.example.org/">both</a>'))
    write(
        first,
        prose('<a href="https://new.example.org/">new</a> <a href="https://both.example.org/">both</a>'),
        publish=False,
    )
    found = {link.words: (link.published, link.drafted) for link in links(course) if link.kind == Kind.EXTERNAL}
    assert found == {"old": (True, False), "both": (True, True), "new": (False, True)}


def test_a_page_that_was_never_published_is_looked_at_too(course, first):
    new = LessonPage(title="New", lede="L", minutes=1, body="[]", live=False, locale=first.locale)
    first.get_parent().add_child(instance=new)
    write(new, prose('<a href="https://example.org/">out</a>'), publish=False)
    assert [(link.title, link.published) for link in links(course) if link.kind == Kind.EXTERNAL] == [("New", False)]


# --- Judging --------------------------------------------------------------------------------------------------------


def test_what_is_gone_or_unpublished_is_broken(course, first, second, form):
    write(
        first,
        prose(
            f'<a linktype="page" id="{second.pk}">next</a> <a linktype="page" id="999999">lost</a> '
            f'<a linktype="document" id="{form.pk}">form</a> <a linktype="document" id="999999">paper</a>'
        ),
        ("download", {"title": "Form", "file": 999998, "note": ""}),
    )
    broken = [(first.title, "lost", Problem.PAGE_GONE), (first.title, "paper", Problem.DOCUMENT_GONE)]
    assert problems(course) == [*broken, (first.title, "", Problem.DOCUMENT_GONE)]
    LessonPage.objects.get(pk=second.pk).unpublish()
    form.file.storage.delete(form.file.name)
    assert set(problems(course)) - {(first.title, "", Problem.DOCUMENT_GONE)} == {
        *broken,
        (first.title, "next", Problem.UNPUBLISHED),
        (first.title, "form", Problem.DOCUMENT_GONE),
    }


def test_a_link_into_another_language_is_mentioned_where_the_page_is_there_in_this_one(course, second):
    french = LessonPage.objects.get(title="Lesson first fr")
    write(french, prose(f'<a linktype="page" id="{second.pk}">suite</a>'))
    assert problems(course) == [(french.title, "suite", Problem.OTHER_LANGUAGE)]
    LessonPage.objects.get(title="Lesson second fr").unpublish()
    assert problems(course) == []


def test_an_address_of_ours_typed_by_hand_is_followed(course, first, form, settings):
    there = course.get_url_parts()[2]
    write(
        first,
        prose(
            f'<a href="{there}">path</a> <a href="{settings.SITE_URL}{there}">whole</a> '
            f'<a href="/en/moved-away/">moved</a> <a href="part-2.html">beside</a> <a href="/nothing/at/all">none</a> '
            f'<a href="/documents/{form.pk}/form.pdf">form</a> <a href="/documents/999999/form.pdf">paper</a>'
        ),
    )
    found = {words: problem for _title, words, problem in problems(course)}
    assert found == dict.fromkeys(["moved", "beside", "none", "paper"], Problem.TYPED_GONE) | dict.fromkeys(
        ["path", "whole", "form"], Problem.TYPED
    )


def test_a_place_within_the_page_is_looked_for_among_its_headings(course, first):
    write(
        first,
        (
            "prose",
            '<h2>One</h2><p><a href="#h-2">two</a> <a href="#h-3">three</a> <a href="#">top</a></p><h3>Two</h3>',
        ),
    )
    assert problems(course) == [(first.title, "three", Problem.NO_PLACE)]


def test_an_external_link_is_as_good_as_its_last_answer(course, first):
    write(
        first,
        *(prose(f'<a href="https://{outcome}.example.org/">{outcome}</a>') for outcome in Outcome.values),
        prose('<a href="https://unknown.example.org/">unknown</a>'),
    )
    for outcome in Outcome.values:
        answered(f"https://{outcome}.example.org/", outcome)
    found = [problem for _title, _words, problem in problems(course)]
    broken = [Outcome.GONE, Outcome.FAILING, Outcome.UNSAFE, Outcome.SILENT, Outcome.WRONG]
    assert sorted(found[: len(broken)]) == sorted(broken)
    assert sorted(found[len(broken) :]) == sorted([Outcome.MOVED, Outcome.CLOSED, Outcome.INSIDE])
    assert Outcome.SILENT not in [problem for _t, _w, problem in problems(course, is_offline=True)]


def answered(address, outcome, asked_at=NOW, **more):
    replied = outcome in (Outcome.REACHED, Outcome.GONE, Outcome.FAILING)
    return CheckedAddress.objects.create(
        digest=checking.digest_of(address),
        address=address,
        host=address.split("/")[2],
        outcome=outcome,
        asked_at=asked_at,
        answered_at=asked_at if replied else None,
        **more,
    )


def test_who_hears_nobody_is_offline_and_who_hears_one_is_not():
    assert not checking.seems_offline()
    answered("https://a.example.org/", Outcome.SILENT)
    answered("https://b.example.org/", Outcome.SILENT)
    answered("https://c.example.org/", Outcome.REACHED, asked_at=NOW - timedelta(days=7))
    assert checking.seems_offline()
    answered("https://d.example.org/", Outcome.GONE)
    assert not checking.seems_offline()


def test_what_was_not_asked_says_nothing_about_the_way_out():
    answered("https://a.example.org/", Outcome.INSIDE)
    assert not checking.seems_offline()


# --- Asking ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def bells(monkeypatch):
    rung = []
    monkeypatch.setattr(checking, "ring", lambda: rung.append(1))
    return rung


def ask_all(answer=None):
    asked = []

    def ask(address):
        asked.append(address)
        return answer or Answer(Outcome.REACHED, 200)

    while checking.ask_next(clock=lambda: NOW, ask=ask):
        pass
    return asked


def with_links(lesson, *addresses):
    write(lesson, *(prose(f'<a href="{address}">a</a>') for address in addresses))


def test_each_address_of_a_course_is_asked_once_however_often_it_is_wanted(course, first, author, bells):
    with_links(first, "https://a.example.org/1", "https://a.example.org/2", "https://a.example.org/1")
    for _time in range(2):
        checking.want_course(course, actor=author, now=NOW)
    assert bells == [1, 1]
    assert ask_all() == ["https://a.example.org/1", "https://a.example.org/2"]
    row = CheckedAddress.objects.get(address="https://a.example.org/1")
    assert (row.outcome, row.status, row.asked_at, row.answered_at, row.wanted_at) == ("reached", 200, NOW, NOW, None)


def test_a_host_is_asked_one_question_at_a_time(course, first, author, bells):
    with_links(first, "https://a.example.org/1", "https://a.example.org/2", "https://b.example.org/")
    checking.want_course(course, actor=author, now=NOW)
    claimed = CheckedAddress.objects.get(address="https://a.example.org/1")
    CheckedAddress.objects.filter(pk=claimed.pk).update(claimed_at=NOW)
    assert ask_all() == ["https://b.example.org/"]
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckedAddress.objects.filter(address="https://a.example.org/2").update(claimed_at=NOW)
    checking.sweep(now=NOW + checking.CLAIMED_FOR + timedelta(seconds=1))
    assert len(bells) == 2
    assert ask_all() == ["https://a.example.org/1", "https://a.example.org/2"]


def test_a_question_that_takes_too_long_is_silence_and_is_over(course, first, author, bells):
    with_links(first, "https://a.example.org/1")
    checking.want_course(course, actor=author, now=NOW)

    def too_long(address):
        raise SoftTimeLimitExceeded

    assert checking.ask_next(clock=lambda: NOW, ask=too_long)
    row = CheckedAddress.objects.get()
    assert (row.outcome, row.wanted_at, row.claimed_at, row.answered_at) == ("silent", None, None, None)


def test_every_week_all_are_asked_and_those_that_no_page_leads_to_are_forgotten(first, bells):
    with_links(first, "https://a.example.org/1")
    answered("https://a.example.org/1", Outcome.GONE)
    answered("https://nobody.example.org/", Outcome.GONE)
    tasks.check_all_links()
    assert ask_all() == ["https://a.example.org/1"]
    assert CheckedAddress.objects.count() == 1


def test_nobody_but_authors_has_hosts_asked(course):
    with pytest.raises(PermissionDenied):
        checking.want_course(course, actor=an_account(), now=NOW)


# --- Used -----------------------------------------------------------------------------------------------------------


def test_wagtails_own_index_reaches_into_blocks_but_not_into_drafts(first, second, form, picture):
    """What it says before it deletes a picture or document; so a report of ours looks into drafts too."""
    shown = {"image": picture.pk, "alt_text": "A crane", "decorative": False}
    in_a_picture = ("picture", {"picture": shown, "caption": "", "credit": ""})
    write(first, in_a_picture, prose(f'<a linktype="document" id="{form.pk}">form</a>'))
    write(second, in_a_picture, publish=False)
    for thing in (picture, form):
        groups = ReferenceIndex.get_grouped_references_to(thing)
        assert [source.pk for source, _references in groups] == [first.pk]
    [harbour] = used(What.PICTURE, words_of(every_page()))
    assert [(place.title, place.published) for place in harbour.places] == [
        (first.title, True),
        (second.title, False),
    ]


def test_an_instrument_has_one_name_in_all_languages(course):
    names = {"en": "Arusha Declaration", "fr": "Déclaration d’Arusha"}
    for language, name in names.items():
        lesson = LessonPage.objects.get(title=f"Lesson first {language}")
        write(lesson, ("instrument", {"says": "S", "instrument": name, "clause": "3"}))
    pages = every_page()
    things = used(What.INSTRUMENT, words_of(pages))
    keys = {page.pk: str(page.translation_key) for page in pages}
    with translation.override("fr"):
        [one] = named_in_one_language(things, keys)
    assert one.name == names["fr"]
    assert sorted((place.language, place.detail) for place in one.places) == [("en", "3"), ("fr", "3")]


def test_kinds_of_blocks_slots_quizzes_and_pages_are_found(course, first, second):
    write(first, ("national", {"slot": "gift_limit"}), prose(f'<a linktype="page" id="{second.pk}">next</a>'))

    def names(what):
        return {thing.name: len(thing.places) for thing in used(what, words_of(pages_of(course)))}

    assert names(What.NATIONAL) == {"Gift limit": 1} or len(names(What.NATIONAL)) == 1
    assert names(What.BLOCK)["National slot"] == 1
    assert names(What.PAGE) == {second.title: 1}
    assert list(names(What.QUIZ).values()) == [3]


def test_a_bank_is_used_where_a_quiz_is_that_draws_from_it(course, second):
    [bank] = used(What.BANK, words_of(pages_of(course)))
    quiz = Quiz.objects.get()
    assert (bank.name, bank.number) == (quiz.bank.title, quiz.bank.pk)
    said = {place.language: place.detail for place in bank.places}
    assert said == {"en": "Quiz en", "fr": "Quiz fr", "ar": "Quiz ar"}


def test_a_bank_whose_quiz_has_gone_from_the_pages_is_not_used(course):
    for module in ModulePage.objects.all():
        module.quiz = None
        module.save_revision().publish()
    assert used(What.BANK, words_of(pages_of(course))) == []


# --- National texts -------------------------------------------------------------------------------------------------


def give(address, slot="gift_limit", **fields):
    with TestCase.captureOnCommitCallbacks(execute=True):
        return national.write(
            Administration.objects.get(), slot, "en", text="T", url=address, actor=None, now=NOW, **fields
        )


def test_the_address_of_a_national_text_is_asked_when_it_is_given_and_every_week(bells, author, settings):
    give("https://old.example.org/code")
    assert ask_all() == ["https://old.example.org/code"]
    give("https://new.example.org/code")
    give(f"{settings.SITE_URL}/en/", slot="reporting_line")
    assert ask_all() == ["https://new.example.org/code"]
    tasks.check_all_links()
    assert ask_all() == ["https://new.example.org/code"]
    assert not CheckedAddress.objects.filter(address="https://old.example.org/code").exists()


def test_a_training_manager_sees_which_address_of_theirs_is_broken(client, bells):
    manager = an_account(None, Role.TRAINING_MANAGER)
    national.write(
        manager.administration, "gift_limit", "en", text="T", url="https://a.example.org/", actor=None, now=NOW
    )
    browser = sign_in(client, manager)

    def pages():
        return [
            browser.get(address).content.decode()
            for address in ("/en/national-texts/", "/en/national-texts/gift_limit/en/")
        ]

    assert not any("broken" in page for page in pages())
    answered("https://a.example.org/", Outcome.GONE)
    board, text = pages()
    assert "Address broken" in board
    assert "https://a.example.org/ is not there any more. Learners" in text
    national.write(manager.administration, "gift_limit", "en", text="T", actor=None, now=NOW)
    assert not any("broken" in page for page in pages())


# --- Items ----------------------------------------------------------------------------------------------------------


def test_the_words_of_items_and_quizzes_hold_no_links_that_a_report_could_miss():
    """They are plain text, escaped wherever they are shown: what looks like a link there is none."""
    marked = '<a href="https://example.org/">there</a> https://example.org/'
    item = {"shown": {"consequence": marked, "rationalisation": marked}}
    for shown in (render_to_string("quizzes/consequence.html", {"item": item}), ui.option("q1", "1", marked)):
        assert "&lt;a href=" in shown
        assert "<a " not in shown


# --- Pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(client, author):
    return sign_in(client, author)


def report(browser, course, **asked):
    return browser.get(reverse("course_links", args=[course.pk]), asked)


def test_an_author_sees_what_is_broken_and_has_hosts_asked(browser, course, first, bells):
    with_links(first, "https://a.example.org/1")
    write(LessonPage.objects.get(title="Lesson first fr"), prose('<a linktype="page" id="999999">perdue</a>'))
    page = report(browser, course)
    assert "Refresh" not in page
    text = page.content.decode()
    assert "The page is gone." in text
    assert "1 address was never asked." in text
    browser.post(reverse("course_links", args=[course.pk]))
    assert report(browser, course)["Refresh"] == "5"
    ask_all(Answer(Outcome.GONE, 404))
    page = report(browser, course)
    assert "Refresh" not in page
    assert "Is not there any more (404)" in page.content.decode()
    assert "block-block-0-section" in page.content.decode()
    assert "perdue" not in report(browser, course, language="en").content.decode()


def test_an_installation_without_a_way_out_says_so_and_calls_no_link_broken(browser, course, first, bells):
    with_links(first, "https://a.example.org/1", "https://b.example.org/")
    browser.post(reverse("course_links", args=[course.pk]))
    ask_all(Answer(Outcome.SILENT))
    text = report(browser, course).content.decode()
    assert "may have no way out" in text
    assert "None is known to be broken." in text


def test_what_cannot_be_read_as_an_address_is_shown_and_not_offered(browser, course, first, bells):
    with_links(first, "javascript://[x%0aalert(1)", "https://[broken/")
    browser.post(reverse("course_links", args=[course.pk]))
    ask_all(Answer(Outcome.WRONG))
    page = report(browser, course).content.decode()
    assert "javascript://[x%0aalert(1)" in page
    assert 'href="javascript:' not in page


def test_the_reports_lead_to_each_other(browser, course):
    address = reverse("course_links", args=[course.pk])
    assert address in browser.get(reverse("links_of_courses")).content.decode()
    assert address in browser.get(reverse("wagtailadmin_explore", args=[course.pk])).content.decode()
    french = CoursePage.objects.get(locale__language_code="fr")
    assert report(browser, french)["Location"] == address


@pytest.mark.parametrize("what", What.values)
def test_where_things_are_used_is_a_page(browser, course, what):
    page = browser.get(reverse("where_used"), {"what": what, "course": course.pk})
    assert page.status_code == 200
    nothing = browser.get(reverse("where_used"), {"what": what, "q": "no such thing"})
    assert "Nothing of this kind is used." in nothing.content.decode()


def test_of_a_thing_that_is_used_everywhere_the_page_shows_the_first_places(browser, first):
    write(first, *(prose("Words.") for _number in range(105)))
    page = browser.get(reverse("where_used"), {"what": "block", "q": "Text"}).content.decode()
    assert page.count(f"/cms/pages/{first.pk}/edit/") <= 100
    assert "more. Choose a course" in page


def test_the_pages_cost_the_same_however_many_lessons_and_links_there_are(browser, course, first, second, form):
    def fill(lesson, number):
        write(
            lesson,
            prose(
                f'<a href="https://a.example.org/{number}">a</a> <a linktype="page" id="{second.pk}">b</a>'
                f'<a href="/en/x{number}/">c</a> <a href="#h-1">d</a> <a linktype="document" id="{form.pk}">e</a>'
            ),
        )
        answered(f"https://a.example.org/{number}", Outcome.GONE)

    def costs():
        addresses = [reverse("course_links", args=[course.pk])]
        addresses += [f"{reverse('where_used')}?what={what}" for what in What.values]
        return [len(queries_of(lambda address=address: browser.get(address))) for address in addresses]

    fill(first, 0)
    before = costs()
    for number in range(1, 8):
        new = LessonPage(title=f"L{number}", lede="L", minutes=1, body="[]", live=False, locale=first.locale)
        LessonPage.objects.get(pk=first.pk).get_parent().add_child(instance=new)
        fill(new, number)
    assert costs() == before


def test_an_addresss_row_is_no_news_when_its_day_has_come(course, first, author, bells):
    """A second look keeps the old answer until there is a new one."""
    with_links(first, "https://a.example.org/1")
    answered("https://a.example.org/1", Outcome.GONE)
    checking.want_course(course, actor=author, now=timezone.now())
    assert [problem for _t, _w, problem in problems(course)] == [Outcome.GONE]
