"""Letters and certificates on the translators' desk: what ships, and what an administration says instead."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from certificates import words as certificate_words
from core import wordings
from courses import wordings as own_wordings
from courses.languages import exchange, interchange, letters, services, texts
from courses.languages.board import letter_rows, show_changes
from courses.languages.models import TranslationWork
from courses.languages.services import BadPassages
from courses.languages.status import State
from courses.models import OwnWording
from oversight.evidence import verify_rows
from oversight.models import RecordEntry
from oversight.verification import Findings
from people.models import Role
from people.services import grant_role
from tests.factories.people import NOW, an_account, an_administration, sign_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

PAPER, ISSUED = certificate_words.PAPER, certificate_words.ISSUED


@pytest.fixture
def here():
    return an_administration()


def an_author(administration, **fields):
    author = grant_role(an_account(administration, **fields), Role.AUTHOR, actor=None, now=NOW).user
    author.refresh_from_db()
    return author


def text_of(administration, wording, language):
    return texts.text_of(letters.KINDS[wording.kind], own_wordings.key_of(administration, wording), language)


def say(administration, wording, language, **changed):
    """Two people of the administration give parts of a wording other words."""
    text = text_of(administration, wording, language)
    translator, reviewer = an_author(administration), an_author(administration)
    services.save_draft(text, language, changed, actor=translator, now=NOW)
    services.hand_in(text, language, actor=translator, now=NOW)
    return services.approve(text, language, actor=reviewer, now=NOW)


def cell(administration, wording, language):
    wanted = own_wordings.key_of(administration, wording)
    [row] = [row for row in letter_rows(administration, [language]) if row.text.key == wanted]
    return row.cells[0]


def states(administration, wording):
    [row] = [
        row
        for row in letter_rows(administration, ["en", "fr", "ar"])
        if row.text.key == own_wordings.key_of(administration, wording)
    ]
    return [cell.state for cell in row.cells]


# --- What ships -----------------------------------------------------------------------------------------------------


def test_what_ships_is_translated_in_every_language(here):
    rows = letter_rows(here, ["en", "fr", "es", "ar", "pt", "ru"])
    assert {str(row.text.kind) for row in rows} == {"letter", "document"}
    ours = {own_wordings.key_of(here, wording) for wording in (PAPER, ISSUED)}
    assert {cell.state for row in rows if row.text.key in ours for cell in row.cells} == {State.TRANSLATED}


def test_a_language_without_a_translation_file_is_missing_them(here, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("lt", "Lithuanian")]
    assert cell(here, PAPER, "lt").state == State.MISSING
    text = text_of(here, PAPER, "lt")
    say(here, PAPER, "lt", **{passage.path: f"{passage.text} (lt)" for passage in text.passages})
    assert cell(here, PAPER, "lt").state == State.TRANSLATED
    assert wordings.spoken(PAPER, here.pk, "lt").language == "lt"


# --- An administration's own ----------------------------------------------------------------------------------------


def test_an_administration_words_one_language_and_the_others_stay_as_they_ship(here):
    say(here, PAPER, "fr", heading="Brevet d’intégrité")
    assert wordings.spoken(PAPER, here.pk, "fr").parts["heading"] == "Brevet d’intégrité"
    assert wordings.spoken(PAPER, here.pk, "fr").parts["completed"] == wordings.shipped(PAPER, "fr")["completed"]
    assert wordings.spoken(PAPER, an_administration().pk, "fr").parts["heading"] != "Brevet d’intégrité"
    assert states(here, PAPER) == [State.TRANSLATED] * 3


def test_other_words_in_the_source_make_the_translations_that_ship_stale_and_show_what_changed(here):
    say(here, PAPER, "en", heading="Certificate of honour")
    assert states(here, PAPER) == [State.TRANSLATED, State.STALE, State.STALE]
    [row] = [row for row in letter_rows(here, ["fr"]) if str(row.text.kind) == "document"]
    show_changes([row])
    [changed] = row.cells[0].changed
    assert [(part.kind, part.text) for part in changed.changes] == [
        ("same", "Certificate of "),
        ("removed", "completion"),
        ("added", "honour"),
    ]
    say(here, PAPER, "fr", heading="Certificat d’honneur")
    assert states(here, PAPER) == [State.TRANSLATED, State.TRANSLATED, State.STALE]


def test_what_ships_can_be_confirmed_for_other_words_of_the_source(here):
    say(here, PAPER, "en", heading="Certificate of completion!")
    assert cell(here, PAPER, "fr").state == State.STALE
    say(here, PAPER, "fr", heading=wordings.shipped(PAPER, "fr")["heading"])
    assert cell(here, PAPER, "fr").state == State.TRANSLATED
    assert not own_wordings.own_of_all([here.pk])[here.pk][PAPER.key].get("fr")
    say(here, PAPER, "en", heading="Certificate of completion")
    assert states(here, PAPER) == [State.TRANSLATED] * 3


def test_the_words_that_ship_written_again_are_the_shipped_ones_in_their_next_edition_too(here):
    say(here, PAPER, "fr", heading="Brevet")
    say(here, PAPER, "fr", **wordings.shipped(PAPER, "fr"))
    assert OwnWording.objects.order_by("number").last().parts == {"shape": 1, "parts": {}}
    assert own_wordings.own_of_all([here.pk])[here.pk][PAPER.key] == {}
    assert states(here, PAPER) == [State.TRANSLATED] * 3


def test_a_newer_edition_of_what_ships_makes_own_words_in_the_source_stale(here, monkeypatch):
    say(here, PAPER, "en", heading="Certificate of honour")
    newer = wordings.Part("heading", "Heading", "Certificate of achievement", most=60)
    parts = (newer, *PAPER.parts[1:])
    wordings.register(wordings.Wording(PAPER.key, PAPER.kind, PAPER.label, parts))
    try:
        assert cell(here, PAPER, "en").state == State.STALE
    finally:
        wordings.register(PAPER)


@pytest.mark.parametrize(
    ("wording", "part", "words", "problem"),
    [
        (ISSUED, "subject", "Votre certificat", "places_differ"),
        (ISSUED, "subject", "%(title)s de %(name)s", "places_differ"),
        (PAPER, "heading", "x" * 61, "too_long"),
    ],
)
def test_a_place_that_is_lost_or_added_and_words_without_room_are_refused_at_once(here, wording, part, words, problem):
    with pytest.raises(BadPassages) as refused:
        services.save_draft(text_of(here, wording, "fr"), "fr", {part: words}, actor=an_author(here), now=NOW)
    assert refused.value.problems == {part: problem}
    assert not TranslationWork.objects.exists()


def test_own_words_take_two_people_of_the_administration_and_leave_a_record(here):
    text = text_of(here, PAPER, "fr")
    translator, stranger = an_author(here), an_author(an_administration())
    with pytest.raises(PermissionDenied):
        services.save_draft(text, "fr", {"heading": "Brevet"}, actor=stranger, now=NOW)
    services.save_draft(text, "fr", {"heading": "Brevet"}, actor=translator, now=NOW)
    services.hand_in(text, "fr", actor=translator, now=NOW)
    for person in (translator, stranger):
        with pytest.raises(PermissionDenied):
            services.approve(text, "fr", actor=person, now=NOW)
    with pytest.raises(PermissionDenied):
        own_wordings.write(here, PAPER, "fr", wordings.shipped(PAPER, "fr"), actor=stranger, now=NOW)
    reviewer = an_author(here)
    services.approve(text, "fr", actor=reviewer, now=NOW)
    entry = RecordEntry.objects.get(kind="courses.wording.written")
    assert entry.detail.facts["parts"]["heading"] == "Brevet"
    assert entry.actor == reviewer.uuid
    findings = Findings()
    verify_rows(findings)
    assert findings.kept == []


# --- The pages and the files ----------------------------------------------------------------------------------------


def page_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_desk_of_another_administration_s_letter_does_not_exist(here, client):
    sign_in(client, an_author(here))
    key = own_wordings.key_of(an_administration(), PAPER)
    assert client.get(reverse("translate", args=["document", key, "fr"])).status_code == 404
    own = own_wordings.key_of(here, PAPER)
    assert client.get(reverse("translate", args=["letter", own, "fr"])).status_code == 404
    assert client.get(reverse("translate", args=["document", own, "en"])).status_code == 200


def test_the_desk_shows_the_places_to_keep_and_takes_the_words_from_draft_to_approval(here, client):
    address = reverse("translate", args=["letter", own_wordings.key_of(here, ISSUED), "ar"])
    sign_in(client, an_author(here))
    page = page_of(client.get(address))
    assert '<code dir="ltr">%(title)s</code>' in page
    assert 'lang="ar" dir="rtl"' in page
    bad = client.post(address, {"turn": 0, "do": "hand_in", "t:subject": "شهادتك"})
    assert bad.status_code == 422
    assert "Keep every place" in page_of(bad)
    client.post(address, {"turn": 0, "do": "hand_in", "t:subject": "شهادة: %(title)s"})
    work = TranslationWork.objects.get()
    sign_in(client, an_author(here))
    done = client.post(address, {"turn": work.turn, "do": "approve"}, follow=True)
    assert "Letters that are written from now on say it." in page_of(done)
    assert wordings.spoken(ISSUED, here.pk, "ar").filled("subject", title="س") == "شهادة: س"
    assert "As it ships:" in page_of(client.get(address))


def test_the_inbox_holds_the_letters_that_wait_in_my_languages(here, client):
    say(here, ISSUED, "en", subject="It is here: %(title)s")
    sign_in(client, an_author(here, language="fr"))
    page = page_of(client.get(reverse("translations"), {"course": "letters"}))
    assert "A certificate was issued" in page
    assert reverse("translate", args=["letter", own_wordings.key_of(here, ISSUED), "fr"]) in page
    assert "A new password was asked for" not in page


def test_asking_costs_the_same_whatever_the_number_of_administrations(here):
    cost = len(queries_of(lambda: letter_rows(here, ["en", "fr", "ar"])))
    for _n in range(3):
        say(an_administration(), PAPER, "fr", heading="Brevet")
    assert len(queries_of(lambda: letter_rows(here, ["en", "fr", "ar"]))) == cost


class TestInACourse:
    pytestmark = pytest.mark.usefixtures("loaded")

    def test_the_board_shows_letters_certificates_and_glossary_beside_pages_and_items(self, course, here, client):
        sign_in(client, an_author(here))
        say(here, PAPER, "en", heading="Certificate of honour")
        board = reverse("translation_board", args=[course.pk])
        page = page_of(client.get(board))
        for kind in ("Page", "Quiz", "Item", "Letter", "Certificate"):
            assert f'<span class="translation-kind">{kind}</span>' in page
        for language in ("en", "fr"):
            assert reverse("translate", args=["document", own_wordings.key_of(here, PAPER), language]) in page
        stale = page_of(client.get(board, {"language": "fr", "state": "stale"}))
        assert "Certificate of <del>completion</del><ins>honour</ins>" in stale

    @pytest.mark.parametrize("kind", ["xliff", "po"])
    def test_they_travel_to_a_translation_tool_and_back_as_drafts(self, course, here, kind):
        say(here, ISSUED, "en", subject="It is here: %(title)s")
        data = exchange.export(course, "fr", kind, everything=False, letters_of=here, glossary=False)
        assert b"It is here: %(title)s" in data
        assert b"Dear %(name)s" not in data
        file = interchange.read(data, f"x.{kind}")
        [unit] = file.units
        assert (unit.kind, unit.path) == ("letter", "subject")
        back = interchange.write(_with_target(file, "Le voici : %(title)s"), kind)
        plan = exchange.plan(course, "fr", interchange.read(back, f"x.{kind}"), letters_of=here)
        assert exchange.apply(plan, actor=an_author(here), now=NOW) == 1
        assert TranslationWork.objects.get().passages["passages"]["subject"]["text"] == "Le voici : %(title)s"

    def test_a_file_cannot_lose_a_place_nor_reach_another_administration_s_letters(self, course, here):
        say(here, ISSUED, "en", subject="It is here: %(title)s")
        data = exchange.export(course, "fr", "po", everything=False, letters_of=here, glossary=False)
        lost = interchange.write(_with_target(interchange.read(data, "x.po"), "Le voici"), "po")
        [judged] = exchange.plan(course, "fr", interchange.read(lost, "x.po"), letters_of=here).judged
        assert (judged.outcome, judged.problem) == ("markup", "places_differ")
        good = interchange.write(_with_target(interchange.read(data, "x.po"), "Le voici : %(title)s"), "po")
        [judged] = exchange.plan(course, "fr", interchange.read(good, "x.po"), letters_of=an_administration()).judged
        assert judged.outcome == "unknown"


def _with_target(file, target):
    units = [interchange.Unit(u.kind, u.key, u.path, u.source, target, rich=False) for u in file.units]
    return interchange.File(file.source_language, file.target_language, tuple(units))
