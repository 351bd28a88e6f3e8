"""Words of a course travel to translation tools and back: nothing lost, nothing hostile, nothing half."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Locale

from courses.curriculum import load_glossary
from courses.languages import exchange, interchange, services, texts
from courses.languages.exchange import Outcome, WrongLanguage
from courses.languages.interchange import BadFile, File, Unit
from courses.languages.models import GlossaryWord, TranslationWork
from courses.models import LessonPage, ModulePage
from people.models import Role
from people.services import grant_role
from tests.factories.people import NOW, an_account, sign_in
from tests.queries import queries_of

RICH = "Take <b>no</b> <link1>gift &lt;ever></link1><br/>or <i>money</i> & <link2>goods</link2>."


# --- Files ----------------------------------------------------------------------------------------------------------


def a_file(*units, source="en", target="ar"):
    return File(source, target, units)


def a_unit(source=RICH, target="", path="body.x.1", **fields):
    return Unit("page", "6f0d8a0e-5a0c-4c19-9d6a-3f6f7f0f2b51", path, source, target, **fields)


@pytest.mark.parametrize("kind", ["xliff", "po"])
@pytest.mark.parametrize(
    ("source", "target"),
    [
        (RICH, "<link2>بضائع</link2> و<link1>هدية &lt;أبداً></link1><br/>و<b>لا</b> مال."),
        ("Plain words", "Слова «простые»\nв две строки"),
        ("a <b>b</b> c", "<b>x</b> <b>y</b>"),
        ("AT&T &amp;amp; 5 &lt; 6", "&amp;lt;"),
        ("  spaces   inside ", "espaces\u202f: « oui »"),
    ],
)
def test_a_file_brings_back_what_it_was_given(kind, source, target):
    written = interchange.write(a_file(a_unit(source, target, label="Text")), kind)
    [unit] = interchange.read(written, f"x.{kind}").units
    assert (unit.kind, unit.key, unit.path) == ("page", "6f0d8a0e-5a0c-4c19-9d6a-3f6f7f0f2b51", "body.x.1")
    assert (unit.source, unit.target, unit.damaged) == (source, target, False)


@pytest.mark.parametrize("kind", ["xliff", "po"])
def test_a_translation_of_older_words_counts_as_none_until_somebody_touches_it(kind):
    written = interchange.write(a_file(a_unit("New words", "Alte Wörter", before="Old words")), kind)
    assert "Alte Wörter" in written.decode()
    assert "Old words" in written.decode()
    [unit] = interchange.read(written, f"x.{kind}").units
    assert unit.target == ""


def test_an_xliff_protects_the_marks_as_numbered_elements():
    written = interchange.write(a_file(a_unit()), "xliff").decode()
    assert 'source-language="en" target-language="ar"' in written
    assert (
        '<g id="1" ctype="bold">no</g> <g id="2" ctype="link">gift &lt;ever&gt;</g><x id="3" ctype="lb" />' in written
    )


def test_a_mark_that_the_source_has_not_is_damage():
    written = interchange.write(a_file(a_unit("a <b>b</b>", "<b>x</b>")), "xliff")
    [unit] = interchange.read(
        written.replace(b'<target state="translated"><g id="1"', b'<target><g id="9"'), "x.xlf"
    ).units
    assert unit.damaged


HOSTILE = {
    "entities": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xliff>&b;</xliff>',
    "an outer file": '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xliff/>',
    "an entity from outside": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://localhost/">]><xliff>&e;</xliff>',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_xml_that_could_hide_something_is_refused(data):
    with pytest.raises(BadFile, match=interchange.HOSTILE):
        interchange.read(data.encode(), "x.xlf")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"not xml", "x.xlf"),
        (b"<html/>", "x.xlf"),
        (b"\xff\xfe", "x.po"),
        (b"msgid broken", "x.po"),
        (b"", "x.po"),
        (b"/etc/hostname", "x.po"),
        (b'<?xml version="1.0" encoding="nonsense"?><x/>', "x.xlf"),
        (b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>', "x.xlf"),
    ],
)
def test_what_is_no_translation_file_is_refused(data, name):
    with pytest.raises(BadFile, match=interchange.NOT_READABLE):
        interchange.read(data, name)


def test_a_file_of_two_languages_is_refused():
    one = interchange.write(a_file(a_unit()), "xliff").decode()
    other = one.replace('target-language="ar"', 'target-language="fr"')
    part = other[other.index("<file") : other.index("</xliff>")]
    with pytest.raises(BadFile):
        interchange.read(one.replace("</xliff>", part + "</xliff>").encode(), "x.xlf")


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(interchange, "MOST_BYTES", 10)
    with pytest.raises(BadFile, match=interchange.TOO_LARGE):
        interchange.read(b"x" * 11, "x.po")


# --- Courses --------------------------------------------------------------------------------------------------------


@pytest.fixture
def translator(course):
    author = grant_role(an_account(language="fr"), Role.AUTHOR, actor=None, now=NOW).user
    author.refresh_from_db()
    return author


def lesson(language="en"):
    return LessonPage.objects.get(title=f"Lesson first {language}")


def change(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def exported(course, language="fr", kind="xliff", *, everything=False, glossary=False):
    data = exchange.export(course, language, kind, everything=everything, glossary=glossary)
    return interchange.read(data, f"x.{kind}")


def translated(file, words="Mots"):
    """The file as an agency sends it back."""
    units = []
    for number, unit in enumerate(file.units):
        links = "".join(f"<link{n}>x</link{n}>" for n in range(1, unit.source.count("</link") + 1))
        units.append(Unit(unit.kind, unit.key, unit.path, unit.source, f"{words} {number}{links}"))
    return File(file.source_language, file.target_language, tuple(units), file.escaped)


def outcomes(plan):
    return {item.outcome for item in plan.judged}


@pytest.mark.django_db
class TestCourse:
    pytestmark = pytest.mark.usefixtures("loaded")

    def test_only_what_waits_goes_out_unless_all_is_asked_for(self, course):
        assert exported_units(course) == []
        change(lesson(), lede="Changed words")
        assert exported_units(course) == [("lede", "Changed words", "")]
        everything = exported(course, everything=True)
        assert len(everything.units) == sum(len(text.passages) for text in texts.texts_of(course).texts)

    @pytest.mark.parametrize("kind", ["xliff", "po"])
    def test_a_language_is_translated_by_one_file(self, course, translator, kind):
        file = exported(course, "ru", kind)
        plan = exchange.plan(course, "ru", translated(file))
        assert outcomes(plan) == {Outcome.CHANGED}
        assert exchange.apply(plan, actor=translator, now=NOW) == TranslationWork.objects.count()
        for text in texts.texts_of(course).texts:
            services.hand_in(text, "ru", actor=translator, now=NOW)
        assert outcomes(exchange.plan(course, "ru", translated(file))) == {Outcome.SAME}

    def test_what_is_already_so_is_told_and_changes_nothing(self, course):
        plan = exchange.plan(course, "fr", exported(course, everything=True))
        assert outcomes(plan) == {Outcome.SAME}
        assert not plan.drafts

    def test_a_unit_is_refused_where_the_source_has_changed_since(self, course):
        change(lesson(), lede="Changed words")
        file = translated(exported(course))
        change(lesson(), lede="Changed again")
        plan = exchange.plan(course, "fr", file)
        assert outcomes(plan) == {Outcome.SOURCE_CHANGED}
        assert not plan.drafts

    def test_unknown_units_and_lost_marks_are_refused_and_the_others_taken(self, course):
        body = next(block for block in lesson().body if block.block_type == "prose")
        page = lesson()
        page.body = [("prose", '<p>See <a href="https://wcoomd.org">it</a></p>'), ("prose", str(body.value))]
        change(page)
        file = exported(course)
        assert [unit.source for unit in file.units][0] == "See <link1>it</link1>"
        lost = Unit("page", file.units[0].key, file.units[0].path, file.units[0].source, "Vu")
        gone = Unit("page", file.units[0].key, "body.gone.1", "x", "y")
        other = Unit("page", "6f0d8a0e-5a0c-4c19-9d6a-3f6f7f0f2b51", "title", "x", "y")
        plan = exchange.plan(course, "fr", File("en", "fr", (lost, gone, other), escaped=True))
        assert [(item.outcome, item.problem) for item in plan.judged] == [
            ("markup", "links_differ"),
            ("unknown", ""),
            ("unknown", ""),
        ]

    def test_a_file_for_another_language_is_refused(self, course):
        with pytest.raises(WrongLanguage):
            exchange.plan(course, "ar", exported(course, "fr"))
        with pytest.raises(WrongLanguage):
            exchange.plan(course, "fr", File("de", "fr", ()))

    def test_an_import_that_fails_half_way_leaves_nothing(self, course, translator, monkeypatch):
        plan = exchange.plan(course, "ru", translated(exported(course, "ru")))

        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(TranslationWork.objects, "bulk_update", fail)
        with pytest.raises(RuntimeError):
            exchange.apply(plan, actor=translator, now=NOW)
        assert not TranslationWork.objects.exists()

    def test_an_import_keeps_what_a_draft_has_beside_it(self, course, translator):
        text = texts.text_of("page", lesson().translation_key)
        services.save_draft(text, "fr", {"title": "Le titre"}, actor=translator, now=NOW)
        change(lesson(), lede="Changed words")
        exchange.apply(exchange.plan(course, "fr", translated(exported(course))), actor=translator, now=NOW)
        work = TranslationWork.objects.get()
        assert {path: own["text"] for path, own in work.passages["passages"].items()} == {
            "title": "Le titre",
            "lede": "Mots 0",
        }

    def test_the_glossary_travels_with_it_and_is_reviewed_like_the_rest(self, course, translator, tmp_path):
        path = tmp_path / "glossary.yaml"
        path.write_text("shape: 1\nterms:\n  - {key: bribe, en: bribe, fr: pot-de-vin, note: ''}\n", encoding="utf-8")
        load_glossary(path, now=NOW)
        load_glossary(path, now=NOW)
        assert GlossaryWord.objects.count() == 2
        assert [u.source for u in exported(course, "ru", glossary=True).units if u.kind == "term"] == ["bribe"]
        assert [u for u in exported(course, "fr", glossary=True).units if u.kind == "term"] == []
        [term] = texts.glossary_texts()
        services.save_draft(term, "ru", {"text": "взятка"}, actor=translator, now=NOW)
        services.hand_in(term, "ru", actor=translator, now=NOW)
        other = grant_role(an_account(), Role.AUTHOR, actor=None, now=NOW).user
        other.refresh_from_db()
        services.approve(term, "ru", actor=other, now=NOW)
        assert GlossaryWord.objects.get(language="ru").text == "взятка"

    def test_files_cost_as_many_queries_for_a_large_course(self, course):
        def costs():
            return (
                len(queries_of(lambda: exchange.export(course, "ru", "po", everything=True, glossary=True))),
                len(queries_of(lambda: exchange.plan(course, "ru", translated(exported(course, "ru"))))),
            )

        before = costs()
        module = ModulePage.objects.get(locale__language_code="en")
        for number in range(8):
            module.add_child(
                instance=LessonPage(
                    title=f"L{number}", lede="Words", minutes=1, locale=Locale.objects.get(language_code="en")
                )
            )
        assert costs() == before

    def test_out_and_in_by_its_pages(self, course, translator, client):
        sign_in(client, translator)
        change(lesson(), lede="Changed <words>")
        address = reverse("translation_files", args=[course.pk])
        assert client.get(address).status_code == 200
        out = client.get(address, {"language": "fr", "kind": "xliff"})
        assert out["Content-Disposition"] == 'attachment; filename="small-course.en-fr.xlf"'
        sent = out.content.replace(
            b'<target state="needs-translation">Lede first fr</target>', "<target>Mots &lt;changés></target>".encode()
        )
        assert sent != out.content
        page = client.post(address, {"language": "fr", "file": SimpleUploadedFile("x.xlf", sent)})
        look = client.get(page["Location"])
        assert "Would be brought in: 1" in look.content.decode()
        assert not TranslationWork.objects.exists()
        refused = client.post(page["Location"], {"seen": "something else"})
        assert refused["Location"] == page["Location"]
        done = client.post(page["Location"], {"seen": look.context["plan"].fingerprint})
        assert done["Location"].startswith(reverse("translations"))
        work = TranslationWork.objects.get()
        assert work.passages["passages"]["lede"]["text"] == "Mots <changés>"
        assert client.get(page["Location"])["Location"] == address

    @pytest.mark.parametrize("data", [b"nonsense", HOSTILE["entities"].encode()])
    def test_a_bad_file_is_answered_with_a_reason(self, course, translator, client, data):
        sign_in(client, translator)
        address = reverse("translation_files", args=[course.pk])
        response = client.post(address, {"language": "fr", "file": SimpleUploadedFile("x.xlf", data)})
        assert response.status_code == 422
        assert "error-message" in response.content.decode()


def exported_units(course):
    return [(unit.path, unit.source, unit.target) for unit in exported(course).units]
