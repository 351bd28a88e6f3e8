"""The editor keeps what it is given, of every kind and in every language, and says what is missing."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quizzes import services
from quizzes.models import Item, ItemBank, ItemEvent, ItemMedia, ItemVersion
from quizzes.services import Draft
from quizzes.services.drafting import newest_of
from tests.factories.media import picture_bytes
from tests.factories.people import NOW
from tests.factories.quizzes import a_bank, a_bank_of, weighed
from tests.quizzes import every_kind
from tests.quizzes.authoring.forms import form_of

pytestmark = pytest.mark.django_db
KINDS = list(every_kind.SENT)


def an_item_of(kind):
    return a_bank_of(next(each for each in every_kind.items() if each[0] == kind))


def at(name, bank, *more, key="item-0"):
    return reverse(f"itembank:{name}", args=[bank.pk, key, *more])


def opened(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return form_of(response.content.decode())


def save(client, address, form):
    return client.post(address, form | {"save": "1"})


def draft_of(bank, key="item-0"):
    return Draft.of(newest_of(Item.objects.get(bank=bank, key=key)))


def normal(value):
    """Without the zeros that decimal texts may have, and without feedback that says nothing."""
    if isinstance(value, dict):
        parts = {name: normal(part) for name, part in value.items()}
        return {name: part for name, part in parts.items() if part not in ("", {}, [])}
    return [normal(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("language", every_kind.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_opened_and_saved_untouched_is_what_it_was_in_all_languages(writing, kind, language):
    bank = an_item_of(kind)
    published = draft_of(bank)
    address = at("edit_item", bank) + f"?language={language}"
    response = save(writing, address, opened(writing, address))
    assert response.status_code == 302, response.content.decode()
    version = ItemVersion.objects.get(item__bank=bank, published_at=None)
    saved = Draft.of(version)
    assert normal(saved.structure) == normal(published.structure)
    assert normal(saved.texts) == normal(published.texts)
    assert version.digest == saved.digest


@pytest.mark.parametrize("kind", KINDS)
def test_a_translation_saved_untouched_changes_nothing(writing, kind):
    bank = an_item_of(kind)
    published = draft_of(bank)
    address = at("word_item", bank, "ar")
    response = save(writing, address, opened(writing, address))
    assert response.status_code == 302, response.content.decode()
    assert normal(draft_of(bank).texts) == normal(published.texts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_translation_that_is_not_complete_waits_and_joins_when_it_is(writing, kind):
    bank = an_item_of(kind)
    published = draft_of(bank)
    words = opened(writing, at("word_item", bank, "ar"))
    address = at("word_item", bank, "fr")
    begun = opened(writing, address)
    assert save(writing, address, begun | {"stem": ["Une question"]}).status_code == 302
    item = Item.objects.get(bank=bank)
    assert set(draft_of(bank).texts) == {"en", "ar"}
    assert item.words_set_aside.get().language == "fr"
    again = opened(writing, address)
    assert again["stem"] == ["Une question"]
    whole = words | {"seen": again["seen"]}
    assert save(writing, address, whole).status_code == 302
    assert normal(draft_of(bank).texts["fr"]) == normal(published.texts["ar"])
    assert not item.words_set_aside.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_is_sent_empty_is_told_so_and_kept(writing, kind):
    bank = ItemBank.objects.create(slug="new", title="New")
    address = reverse("itembank:new_item", args=[bank.pk]) + f"?kind={kind}&language=en"
    response = save(writing, address, opened(writing, address) | {"key": ["mine"]})
    assert response.status_code == 422
    assert "This is not saved yet." in response.content.decode()
    assert form_of(response.content.decode())["key"] == ["mine"]
    assert not Item.objects.exists()


def test_an_author_writes_a_new_question_with_rows_that_come_by_a_button(writing, author):
    bank = ItemBank.objects.create(slug="new", title="New")
    address = reverse("itembank:new_item", args=[bank.pk]) + "?kind=single_choice&language=en"
    form = opened(writing, address) | {"key": ["gift"], "stem": ["What now?"], "tags": ["gifts, refuse"]}
    rows = int(form["options-count"][0])
    page = writing.post(address, form | {"more": "options"})
    assert page.status_code == 200
    form = form_of(page.content.decode())
    assert (form["stem"], form["options-count"]) == (["What now?"], [str(rows + 3)])
    form |= {
        "options-0-text": ["Refuse"],
        "options-0-fraction": ["100"],
        f"options-{rows + 1}-text": ["Wait"],
        f"options-{rows + 1}-fraction": ["33,3"],
    }
    assert save(writing, address, form).status_code == 302
    saved = draft_of(bank, "gift")
    assert saved.structure["options"] == [{"key": "a", "fraction": "1"}, {"key": "b", "fraction": "0.333"}]
    assert saved.tags == ["gifts", "refuse"]
    assert ItemEvent.objects.get().actor == author


def test_an_option_that_is_added_sends_the_other_languages_aside_with_what_they_have(writing):
    bank = a_bank_of(weighed("single_choice", ("en", "fr"), a="1", b="0"))
    address = at("edit_item", bank) + "?language=en"
    form = opened(writing, address)
    new = int(form["options-count"][0]) - 1
    assert save(writing, address, form | {f"options-{new}-text": ["A third"]}).status_code == 302
    item = Item.objects.get(bank=bank)
    assert set(draft_of(bank).texts) == {"en"}
    kept = item.words_set_aside.get(language="fr").content
    assert kept["options"]["a"]["text"] == "answer a in fr"
    french = opened(writing, at("word_item", bank, "fr"))
    assert french["options-0-text"] == ["answer a in fr"]
    assert save(writing, at("word_item", bank, "fr"), french | {"options-2-text": ["La tierce"]}).status_code == 302
    assert set(draft_of(bank).texts) == {"en", "fr"}
    assert not item.words_set_aside.exists()


def test_an_option_that_is_emptied_is_gone_in_all_languages(writing):
    bank = a_bank_of(weighed("single_choice", ("en", "fr"), a="1", b="0", c="0"))
    address = at("edit_item", bank) + "?language=en"
    form = opened(writing, address) | {"options-1-text": [""], "options-1-feedback": [""]}
    assert save(writing, address, form).status_code == 302
    saved = draft_of(bank)
    assert [option["key"] for option in saved.structure["options"]] == ["a", "c"]
    assert set(saved.texts["fr"]["options"]) == {"a", "c"}


@pytest.mark.parametrize(
    ("kind", "fractions", "message"),
    [
        ("single_choice", {"a": "1", "b": "0"}, "One option must earn 100 per cent."),
        ("multiple_choice", {"a": "0.5", "b": "0.5"}, "The right options must earn 100 per cent together."),
    ],
)
def test_a_key_by_which_nobody_could_earn_everything_is_refused_in_words(writing, kind, fractions, message):
    bank = a_bank_of(weighed(kind, **fractions))
    form = opened(writing, at("edit_item", bank)) | {"options-0-fraction": ["10"]}
    response = save(writing, at("edit_item", bank), form)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_an_error_stands_at_its_field_in_the_author_s_language(writing):
    bank = a_bank_of(weighed("single_choice", a="1", b="0"))
    form = opened(writing, at("edit_item", bank)) | {"options-1-fraction": ["much"]}
    shown = save(writing, at("edit_item", bank), form).content.decode()
    assert "id_options-1-fraction_error" in shown
    assert "Enter a number, such as 12.5." in shown
    assert '<a href="#id_options-1-fraction">' in shown


def test_of_two_authors_on_one_draft_the_second_is_told_and_loses_nothing(writing):
    bank = a_bank_of(weighed("single_choice", a="1", b="0"))
    address = at("edit_item", bank)
    first, second = opened(writing, address), opened(writing, address)
    assert save(writing, address, first | {"stem": ["The first one’s."]}).status_code == 302
    response = save(writing, address, second | {"stem": ["The second one’s."]})
    assert response.status_code == 422
    assert "Somebody else has changed this question" in response.content.decode()
    assert draft_of(bank).texts["en"]["stem"] == "The first one’s."
    kept = form_of(response.content.decode())
    assert kept["stem"] == ["The second one’s."]
    assert save(writing, address, kept).status_code == 302
    assert draft_of(bank).texts["en"]["stem"] == "The second one’s."


def test_a_translation_published_meanwhile_is_not_lost_under_a_draft(writing):
    bank = a_bank_of(weighed("single_choice", ("en",), a="1", b="0"))
    address = at("edit_item", bank) + "?language=en"
    assert save(writing, address, opened(writing, address) | {"stem": ["Mine."]}).status_code == 302
    item = Item.objects.get(bank=bank)
    services.word_item(item.uuid, "fr", weighed("single_choice", ("fr",), a="1", b="0")[2]["fr"], now=NOW)
    assert "was published after this draft was begun" in writing.get(at("item", bank)).content.decode()
    form = opened(writing, address)
    assert form["stem"] == ["Mine."]
    assert save(writing, address, form).status_code == 302
    version = item.versions.order_by("-number").first()
    assert version.published_at is None
    assert {text.language for text in version.texts.all()} == {"en", "fr"}
    assert item.versions.filter(published_at=None).count() == 1


def test_a_picture_is_kept_with_its_words_and_stays_while_something_else_is_wrong(writing):
    bank = a_bank_of(weighed("single_choice", a="1", b="0"))
    address = at("edit_item", bank)
    page = writing.post(address, opened(writing, address) | {"more": "media"})
    form = form_of(page.content.decode())
    picture = SimpleUploadedFile("seal.png", picture_bytes(30, 20, "PNG"), "image/png")
    response = save(writing, address, form | {"media-0-file": picture})
    assert response.status_code == 422
    assert "This is still to be written." in response.content.decode()
    form = form_of(response.content.decode())
    medium = ItemMedia.objects.get()
    assert form["media-0-sha256"] == [medium.sha256]
    assert save(writing, address, form | {"media-0-alt": ["A broken seal"]}).status_code == 302
    assert draft_of(bank).texts["en"]["media"] == [{"sha256": medium.sha256, "kind": "image", "alt": "A broken seal"}]
    form = opened(writing, address) | {"media-0-remove": ["on"]}
    assert save(writing, address, form).status_code == 302
    assert "media" not in draft_of(bank).texts["en"]


def test_a_file_that_is_none_is_refused_in_words(writing):
    bank = a_bank_of(weighed("single_choice", a="1", b="0"))
    address = at("edit_item", bank)
    form = form_of(writing.post(address, opened(writing, address) | {"more": "media"}).content.decode())
    response = save(writing, address, form | {"media-0-file": SimpleUploadedFile("a.svg", b"<svg/>")})
    assert response.status_code == 422
    assert "Only pictures, recordings and films stand in questions." in response.content.decode()
    assert not ItemMedia.objects.exists()


def test_a_digest_of_a_file_that_is_not_kept_here_is_refused(writing):
    bank = a_bank_of(weighed("single_choice", a="1", b="0"))
    address = at("edit_item", bank)
    form = form_of(writing.post(address, opened(writing, address) | {"more": "media"}).content.decode())
    form |= {"media-0-sha256": ["f" * 64], "media-0-kind": ["image"], "media-0-alt": ["Nothing"]}
    assert save(writing, address, form).status_code == 422


def test_a_picture_to_point_at_is_as_high_as_its_file_says(writing):
    bank = an_item_of("hotspot")
    address = at("edit_item", bank) + "?language=en"
    taller = services.keep_medium(ContentFile(picture_bytes(100, 150, "PNG")), "b.png", now=NOW)
    form = opened(writing, address) | {"sha256": [taller.sha256], "ratio": ["7"]}
    assert save(writing, address, form).status_code == 302
    assert (draft_of(bank).structure["image"], draft_of(bank).structure["ratio"]) == (taller.sha256, "1.5")


def test_the_areas_are_drawn_over_the_picture_as_they_are_typed_and_what_is_none_is_left_out(writing):
    bank = an_item_of("hotspot")
    address = at("edit_item", bank) + "?language=en"
    drawn = writing.get(address).content.decode()
    assert (drawn.count("<circle"), drawn.count("<polygon")) == (1, 2)
    form = opened(writing, address) | {"areas-0-coords": ["1, 2"], "areas-1-coords": ["٤٠٠ 200 100 100"]}
    drawn = writing.post(address, form | {"more": "areas"}).content.decode()
    assert "<circle" not in drawn
    assert 'points="400,100 500,100 500,150 400,150"' in drawn
    assert "<circle" in writing.get(at("word_item", bank, "ar")).content.decode()


def test_who_only_reviews_does_not_write(reviewing):
    bank = a_bank(1)
    for address in (at("edit_item", bank), at("word_item", bank, "fr"), reverse("itembank:new_item", args=[bank.pk])):
        assert reviewing.get(address).status_code == 403
        assert reviewing.post(address, {"save": "1"}).status_code == 403
    assert reviewing.get(at("item", bank)).status_code == 200
