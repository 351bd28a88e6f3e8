"""Files of questions and banks: what comes in, what stays, what is refused, and that a bank comes home as it went."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oversight.models import RecordEntry
from people.models import Role
from quizzes import services
from quizzes.banking import exporting, importing
from quizzes.formats.alike import in_normal_form
from quizzes.models import Item, ItemBank, ItemEvent, ItemMedia, ItemText, ItemVersion, WordsSetAside
from quizzes.services import drafting
from tests.factories.people import NOW, an_account
from tests.factories.quizzes import a_bank_of
from tests.queries import queries_of_one
from tests.quizzes import every_kind
from tests.quizzes.formats.banks import HELD_BY, bank_of, held_by

pytestmark = pytest.mark.django_db

GIFT = """$CATEGORY: $course$/top/Gifts

// [id:hamper] [tag:office]
::Hamper::May she take the hamper?{=No #Right. ~Yes #Wrong. ####Page 14.}

// [id:watch]
::Watch::A watch is a gift.{T}
"""
GIFT_IN_FRENCH = """$CATEGORY: $course$/top/Gifts

// [id:hamper]
::Panier::Peut-elle prendre le panier ?{=Non ~Oui}
"""


def foresee(data=GIFT, name="gifts.gift.txt", **how):
    return importing.foresee(data.encode() if isinstance(data, str) else data, name, **how)


def bring(data=GIFT, name="gifts.gift.txt", *, actor=None, **how):
    foreseen = foresee(data, name, **how)
    importing.carry_out(foreseen, actor=actor, now=NOW)
    return foreseen


def fates(foreseen):
    return {row.entry.question.key: str(row.fate) for row in foreseen.plan.rows if row.entry.question}


def publish(bank):
    ItemVersion.objects.filter(item__bank=bank, published_at=None).update(published_at=NOW)


def rows():
    return (
        list(ItemBank.objects.order_by("pk").values()),
        list(Item.objects.order_by("pk").values()),
        list(ItemVersion.objects.order_by("pk").values()),
        list(ItemText.objects.order_by("pk").values()),
        RecordEntry.objects.count(),
    )


# --- In -------------------------------------------------------------------------------------------------------------


def test_questions_come_in_as_drafts_of_the_bank_that_the_file_names():
    foreseen = bring()
    bank = ItemBank.objects.get()
    assert (bank.slug, bank.title) == ("gifts", "Gifts")
    hamper, watch = ItemVersion.objects.order_by("item__key")
    assert (hamper.item.key, hamper.number, hamper.published_at, hamper.tags) == ("hamper", 1, None, ["office"])
    assert hamper.structure["options"] == [{"key": "a", "fraction": "1"}, {"key": "b", "fraction": "0"}]
    words = hamper.texts.get().content
    assert (words["options"]["a"], words["rationale"]) == ({"text": "No", "feedback": "Right."}, "Page 14.")
    assert (watch.kind, watch.difficulty) == ("true_false", 2)
    assert foreseen.plan.counts == {"new": 2, "changed": 0, "language": 0, "same": 0, "refused": 0}
    entry = RecordEntry.objects.get(kind="quizzes.bank.imported")
    assert entry.subject == bank.uuid


@pytest.mark.parametrize(
    ("name", "slug", "title"),
    [
        ("Gifts and favours.csv", "gifts-and-favours", "Gifts and favours"),
        ("gifts.gift.txt", "gifts", "gifts"),
        ("unit 1.5.xml", "unit-15", "unit 1.5"),
        (r"C:\banks\gifts.txt", "gifts", "gifts"),
    ],
)
def test_a_file_that_names_no_bank_is_called_as_it_is(name, slug, title):
    bring("So? {T}", name)
    assert ItemBank.objects.values_list("slug", "title").get() == (slug, title)


def test_a_bank_whose_title_has_no_latin_letters_still_has_one_short_name():
    for _time in range(2):
        bring("So? {T}", "Подарки.txt")
    bank = ItemBank.objects.get()
    assert (bank.title, bank.slug[:5], len(bank.slug)) == ("Подарки", "bank-", 17)


def test_the_same_file_again_is_the_same_and_writes_nothing():
    bring()
    before = rows()
    assert set(fates(bring()).values()) == {"same"}
    assert rows() == before


def test_what_the_file_says_nothing_of_stays_as_it_is_here():
    bring()
    ItemVersion.objects.filter(item__key="watch").update(difficulty=3, rad_factors=[7], tags=["time"])
    assert fates(foresee()) == {"hamper": "same", "watch": "same"}


def test_a_bank_that_is_here_is_added_to_by_its_title_or_its_short_name():
    ItemBank.objects.create(slug="m1", title="Gifts")
    bring()
    assert ItemBank.objects.get().items.count() == 2


def test_into_another_bank_the_category_goes_along_as_a_tag():
    bank = ItemBank.objects.create(slug="all", title="All questions")
    bring(into=bank)
    assert ItemVersion.objects.get(item__key="hamper").tags == ["Gifts", "office"]
    assert ItemBank.objects.get() == bank
    assert set(fates(bring(into=bank)).values()) == {"same"}


def test_a_change_to_what_is_published_is_a_new_draft_and_touches_nothing_else():
    bring()
    publish(ItemBank.objects.get())
    published = list(ItemVersion.objects.order_by("pk").values())
    foreseen = bring(GIFT.replace("~Yes", "~Perhaps"))
    assert fates(foreseen) == {"hamper": "changed", "watch": "same"}
    assert list(ItemVersion.objects.order_by("pk").values())[:2] == published
    draft = ItemVersion.objects.get(published_at=None)
    assert (draft.item.key, draft.number) == ("hamper", 2)
    assert draft.texts.get().content["options"]["b"]["text"] == "Perhaps"


def test_a_change_to_an_open_draft_is_written_over_it_and_that_is_said():
    bring()
    foreseen = bring(GIFT.replace("~Yes", "~Perhaps"))
    [row] = [row for row in foreseen.plan.rows if row.fate == "changed"]
    assert [str(note) for note in row.notes] == ["The draft that is open here is written over."]
    assert ItemVersion.objects.filter(item__key="hamper").count() == 1
    assert ItemText.objects.filter(version__item__key="hamper").count() == 1


def test_words_in_a_further_language_join_the_others_of_the_item():
    bring()
    publish(ItemBank.objects.get())
    assert fates(bring(GIFT_IN_FRENCH, language="fr")) == {"hamper": "language"}
    draft = ItemVersion.objects.get(published_at=None)
    assert {text.language: text.content["options"]["a"]["text"] for text in draft.texts.all()} == {
        "en": "No",
        "fr": "Non",
    }
    assert draft.tags == ["office"]
    assert fates(foresee(GIFT_IN_FRENCH, language="fr")) == {"hamper": "same"}
    assert set(fates(foresee()).values()) == {"same"}


def test_words_of_another_item_in_another_language_are_refused():
    bring()
    other = GIFT_IN_FRENCH.replace("=Non ~Oui", "=Non ~Oui ~Peut-être")
    [row] = foresee(other, language="fr").plan.rows
    assert row.fate == "refused"
    assert "is here in English, and is answered or scored otherwise" in str(row.reason)


def test_words_in_other_languages_that_no_longer_fit_wait_aside_and_that_is_said():
    bring()
    bring(GIFT_IN_FRENCH, language="fr")
    publish(ItemBank.objects.get())
    foreseen = bring(GIFT.replace("~Yes", "~Perhaps ~Yes"))
    [row] = [row for row in foreseen.plan.rows if row.fate == "changed"]
    assert "Its words in French do not fit it any more" in str(row.notes[0])
    assert [text.language for text in ItemVersion.objects.get(published_at=None).texts.all()] == ["en"]
    assert WordsSetAside.objects.get().content["stem"] == "Peut-elle prendre le panier ?"
    bring(GIFT_IN_FRENCH.replace("~Oui", "~Peut-être ~Oui"), language="fr")
    assert not WordsSetAside.objects.exists()


def test_a_draft_that_was_overtaken_gives_way_to_one_that_learners_would_get():
    bring()
    publish(ItemBank.objects.get())
    bring(GIFT.replace("~Yes", "~Perhaps"))
    item = Item.objects.get(key="hamper")
    item.versions.create(number=3, kind="true_false", difficulty=1, structure={}, published_at=NOW)
    bring(GIFT.replace("~Yes", "~Never"))
    assert sorted(item.versions.values_list("number", flat=True)) == [1, 3, 4]
    assert item.versions.get(published_at=None).texts.get().content["options"]["b"]["text"] == "Never"


def test_who_brings_a_question_is_who_wrote_its_draft():
    """The second pair of eyes is another's (rule 9)."""
    author = an_account(None, Role.AUTHOR)
    bring(actor=author)
    draft = ItemVersion.objects.get(item__key="hamper")
    assert ItemEvent.objects.about(draft.digest).values_list("deed", "actor").get() == ("write", author.pk)
    assert draft.digest == drafting.Draft.of(draft).digest


def test_a_retired_question_is_not_brought_back_by_a_file():
    bring()
    Item.objects.update(retired_at=NOW)
    assert fates(foresee()) == {"hamper": "same", "watch": "same"}
    assert fates(foresee(GIFT.replace("~Yes", "~Perhaps"))) == {"hamper": "refused", "watch": "same"}


def test_a_language_that_is_not_installed_is_taken_as_the_source_language_and_that_is_said():
    xml = (
        b'<quiz xml:lang="tlh"><question type="truefalse"><questiontext><text>So?</text></questiontext>'
        b'<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
        b"</question></quiz>"
    )
    foreseen = foresee(xml, "gifts.xml")
    assert foreseen.language == "en"
    assert "“tlh”, which is no language here" in str(foreseen.notes[0])
    assert foresee(xml.replace(b"tlh", b"pt-BR"), "gifts.xml").language == "pt"


def test_refused_questions_do_not_keep_the_others_out():
    foreseen = bring(GIFT + "\nIt asks nothing.\n")
    assert foreseen.plan.counts["refused"] == 1
    assert Item.objects.count() == 2


def test_nothing_is_half_imported(monkeypatch):
    bring()
    before = rows()

    def broken(*args, **kwargs):
        drafting.ItemText.objects.filter(pk__gt=0).delete()
        raise RuntimeError("in the middle")

    monkeypatch.setattr(importing.records, "append", broken)
    foreseen = foresee(GIFT.replace("~Yes", "~Perhaps") + "\n// [id:third]\nNew? {T}\n")
    with pytest.raises(RuntimeError):
        importing.carry_out(foreseen, actor=None, now=NOW)
    assert rows() == before


def test_a_bank_that_changed_after_it_was_compared_is_left_alone():
    bring()
    foreseen = foresee(GIFT.replace("~Yes", "~Perhaps"))
    bring(GIFT.replace("~Yes", "~Never"))
    before = rows()
    with pytest.raises(importing.ChangedMeanwhile):
        importing.carry_out(foreseen, actor=None, now=NOW)
    assert rows() == before


def test_two_imports_of_one_new_bank_follow_one_another():
    first, second = foresee(), foresee()
    importing.carry_out(first, actor=None, now=NOW)
    with pytest.raises(importing.ChangedMeanwhile):
        importing.carry_out(second, actor=None, now=NOW)
    assert Item.objects.count() == 2


def test_only_who_writes_questions_may_bring_them_or_take_them_out():
    foreseen, officer, author = foresee(), an_account(None, Role.TUTOR), an_account(None, Role.AUTHOR)
    with pytest.raises(PermissionDenied):
        importing.carry_out(foreseen, actor=officer, now=NOW)
    assert not Item.objects.exists()
    bank = importing.carry_out(foreseen, actor=author, now=NOW)
    with pytest.raises(PermissionDenied):
        exporting.export_bank(bank, "gift", language="en", actor=officer, now=NOW)
    assert exporting.export_bank(bank, "gift", language="en", actor=author, now=NOW).written == 2


def test_an_import_asks_the_database_as_often_for_many_as_for_few():
    def questions(count):
        return "".join(f"// [id:q{number}]\nQuestion {number}? {{=yes ~no}}\n\n" for number in range(count))

    few, many = (queries_of_one(partial(bring, questions(size), f"{size}.txt")) for size in (3, 60))
    assert len(few) == len(many)
    changed = [queries_of_one(partial(bring, questions(size).replace("yes", "no"), f"{size}.txt")) for size in (3, 60)]
    assert len(changed[0]) == len(changed[1])


# --- Out, and in again ----------------------------------------------------------------------------------------------


def said(bank, language):
    """Everything that a bank says and counts in a language, with the bytes of what it shows."""
    found = {}
    for version in ItemVersion.objects.filter(item__bank=bank).prefetch_related("texts", "item"):
        words = next(text.content for text in version.texts.all() if text.language == language)
        digests = [medium["sha256"] for medium in words.get("media", [])]
        digests += [version.structure["image"]] if "image" in version.structure else []
        found[version.item.key] = (
            version.kind,
            in_normal_form(version.structure),
            in_normal_form(words),
            version.tags,
            version.difficulty,
            version.rad_factors,
            [ItemMedia.objects.get(sha256=digest).file.read() for digest in digests],
        )
    return found


def emptied():
    """The installation, as if nothing had ever been written here."""
    for model in (ItemText, ItemVersion, Item, ItemBank, ItemMedia):
        model.objects.all().delete()


def there_and_back(bank, format, language):
    """A bank goes out, and comes into an empty installation: what it said, and what it says there."""
    before = said(bank, language)
    export = exporting.export_bank(bank, format, language=language, actor=None, now=NOW)
    again = foresee(export.writing.data, export.filename, language=language)
    assert {str(row.fate) for row in again.plan.rows} <= {"same"}
    emptied()
    came = bring(export.writing.data, export.filename, language=language)
    assert [str(row.reason) for row in came.plan.rows if row.reason] == []
    return export, before, came.bank or ItemBank.objects.get()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("format", ["moodle_xml", "qti2", "qti3"])
def test_a_bank_of_every_kind_comes_home_equal_with_its_media(format, language):
    bank = a_bank_of(*map(_held, every_kind.items()))
    ItemVersion.objects.update(tags=["office", "gifts"], difficulty=3, rad_factors=[6, 10])
    export, before, home = there_and_back(bank, format, language)
    assert (export.written, all(left.written for left in export.left)) == (12, True)
    assert said(home, language) == before
    assert home.title == "A bank"


def _held(item):
    """An item as Moodle holds it: of a picture, one place alone earns points."""
    kind, structure, texts = item
    if kind == "hotspot":
        first, *others = structure["areas"]
        structure = structure | {"areas": [first, *(area | {"fraction": "0"} for area in others)]}
    return kind, structure, texts


def test_two_languages_of_one_bank_come_home_one_after_the_other():
    """The words of a gap fill may have its gaps in another order in another language."""
    bank = a_bank_of(*map(_held, every_kind.items()))
    gaps = ItemText.objects.get(version__kind="gap_fill", language="ar")
    gaps.content["stem"] = "[[g2]] [[g1]] [[g3]]"
    gaps.save()
    before = {language: said(bank, language) for language in every_kind.LANGUAGES}
    files = {
        language: exporting.export_bank(bank, "moodle_xml", language=language, actor=None, now=NOW)
        for language in every_kind.LANGUAGES
    }
    emptied()
    bring(files["en"].writing.data)
    came = bring(files["ar"].writing.data)
    assert {str(row.fate) for row in came.plan.rows} == {"language"}
    home = ItemBank.objects.get()
    assert {language: said(home, language) for language in every_kind.LANGUAGES} == before
    assert not ItemVersion.objects.exclude(number=1).exists()


@pytest.mark.parametrize("format", ["moodle_xml", "qti2", "qti3", "gift", "csv", "xlsx"])
@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_bank_holds_comes_home_equal_through_the_database(format, data):
    kinds = st.sampled_from(HELD_BY[format]).flatmap(partial(held_by, format))
    questions = data.draw(bank_of(kinds))
    with transaction.atomic():
        bank = ItemBank.objects.create(slug="gifts-1", title="Gifts & favours")
        write(bank, questions)
        _export, before, home = there_and_back(bank, format, "en")
        assert said(home, "en") == before
        transaction.set_rollback(True)


def write(bank, questions):
    """The questions as drafts of a bank, with their media as they are."""
    for question in questions:
        for medium in question.media:
            services.keep_cleaned_medium(ContentFile(medium.data), medium.name, now=NOW)
    drafts = {
        question.key: drafting.Draft(
            question.kind,
            question.difficulty or 2,
            question.structure,
            {"en": question.words},
            list(question.tags),
            list(question.rad_factors),
        )
        for question in questions
    }
    drafting.write_drafts(bank, drafts, {}, actor=None, now=NOW)
