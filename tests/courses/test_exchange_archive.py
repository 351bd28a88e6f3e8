"""An archive from anybody: whatever is wrong is named, and nothing is changed."""

import hashlib
import io
import json
import stat
import zipfile

import pytest
from PIL import Image as Picture

from courses.exchange import archive
from courses.exchange.importing import import_course
from courses.exchange.reading import Refused, canonical
from courses.languages.models import TranslatedFrom
from quizzes.exchange import UNSAID, bank_as_data, quiz_as_data
from quizzes.models import ItemBank, ItemVersion, Quiz
from tests import databases
from tests.factories.exchange import a_furnished_course, everything, exported
from tests.factories.people import NOW

from .conftest import Files

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(scope="module")
def members(tmp_path_factory, django_db_setup, django_db_blocker):
    """What an honest archive holds: member → bytes. The course itself is in another database."""
    folder = tmp_path_factory.mktemp("honest")
    with django_db_blocker.unblock(), databases.copy():
        data, _manifest = exported(a_furnished_course(Files(folder / "small-course"), ("en", "fr", "ar")))
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name) for name in container.namelist()}


@pytest.fixture
def forged(members, tmp_path):
    """Write an archive whose hashes are right and whose members are changed; None leaves one out."""

    def forge(**changes):
        changed = members | {name.replace("__", "/").replace("_json", ".json"): data for name, data in changes.items()}
        kept = {name: data for name, data in changed.items() if data is not None and name != "manifest.json"}
        path = tmp_path / "forged.zip"
        with path.open("wb") as target:
            course = json.loads(members["manifest.json"])["course"]
            about = {"software": "a stranger's", "licence": "", "attribution": "", "course": course}
            archive.write(target, kept, about)
        return path

    return forge


def refusal(path):
    before = everything()
    with pytest.raises(Refused) as refused:
        import_course(path, actor=None, now=NOW)
    assert everything() == before
    return refused.value


def edited(raw, edit):
    data = json.loads(raw)
    edit(data)
    return canonical(data)


# --- The container --------------------------------------------------------------------------------------------------


def rezipped(members, path, **extra):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members.items():
            container.writestr(name, data)
        for entry, data in extra.get("also", []):
            container.writestr(entry, data)
    return path


@pytest.mark.parametrize(
    "name", ["../../evil.json", "/etc/passwd", "pages\\..\\evil.json", "run.sh", "pages/../x.json"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(members, tmp_path, name):
    found = refusal(rezipped(members, tmp_path / "x.zip", also=[(name, b"{}")]))
    assert found.member == name.replace("\\", "/") or found.member == name


def test_a_symbolic_link_is_refused(members, tmp_path):
    link = zipfile.ZipInfo("files/" + "0" * 64)
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert refusal(rezipped(members, tmp_path / "x.zip", also=[(link, b"/etc/passwd")])).member == link.filename


def test_a_member_that_the_manifest_does_not_know_is_refused(members, tmp_path):
    assert refusal(rezipped(members, tmp_path / "x.zip", also=[("pages/es.json", b"{}")])).member == "pages/es.json"


def test_a_member_that_nothing_leads_to_is_refused(forged):
    stray = b"nobody asks for it"
    name = f"files/{hashlib.sha256(stray).hexdigest()}"
    assert refusal(forged(**{name: stray})).member == name


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(members, tmp_path):
    assert refusal(rezipped(members, tmp_path / "x.zip", also=[("course.json", b"{}")])).member == "course.json"


def test_a_member_that_was_changed_is_refused(members, tmp_path):
    changed = members | {"pages/fr.json": members["pages/fr.json"].replace(b"Lede", b"Lead")}
    assert "SHA-256" in str(refusal(rezipped(changed, tmp_path / "x.zip")))


def test_a_missing_member_is_refused(members, tmp_path):
    rest = {name: data for name, data in members.items() if name != "pages/fr.json"}
    assert refusal(rezipped(rest, tmp_path / "x.zip")).member == "pages/fr.json"


def test_a_bomb_is_refused_before_it_is_unpacked(members, tmp_path, monkeypatch):
    path = rezipped(members, tmp_path / "x.zip", also=[("files/" + "0" * 64, b"\0" * 3_000_000)])
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_args: pytest.fail("something was unpacked"))
    assert "hundred times" in str(refusal(path))


def test_too_much_and_too_many_is_refused(members, tmp_path, monkeypatch):
    path = rezipped(members, tmp_path / "x.zip")
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    assert "unpacks" in str(refusal(path))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert "members" in str(refusal(path))


def test_what_is_no_zip_or_no_course_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    assert "no zip" in str(refusal(path))
    assert "manifest" in str(refusal(rezipped({"course.json": b"{}"}, path)))
    assert (
        refusal(rezipped({"manifest.json": b'{"kind": "something else", "shape": 1}'}, path)).member == "manifest.json"
    )


def test_an_archive_of_a_later_shape_is_refused(members, tmp_path):
    later = edited(members["manifest.json"], lambda data: data.update(shape=2))
    assert "shape" in str(refusal(rezipped(members | {"manifest.json": later}, tmp_path / "x.zip")))


# --- JSON -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"shape": 1, "shape": 1}', "twice"),
        (b'{"shape": NaN}', "NaN"),
        (b'{"shape": 1e999}', "finite"),
        (b'{"shape": 99999999999999999999}', "too large"),
        (b'{"shape": "\\u0000"}', "U+0000"),
        (b'{"shape": "\\ud800"}', "half a character"),
        (b"[" * 100_000, "not JSON"),
        (b"[" * 70 + b"]" * 70, "deeply"),
        (b"[]", "shape"),
        (b'{"shape": 2}', "shape"),
    ],
)
def test_json_that_two_readers_could_read_in_two_ways_is_refused(forged, raw, words):
    found = refusal(forged(course_json=raw))
    assert (found.member, words in str(found)) == ("course.json", True), str(found)


# --- Pages ----------------------------------------------------------------------------------------------------------


def first_lesson(data):
    return next(page for page in data["pages"] if page["type"] == "courses.LessonPage" and page["published"])


def words_of(data):
    return first_lesson(data)["published"]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda data: words_of(data).update(owner=1), "owner"),
        (lambda data: words_of(data).pop("lede"), "lede"),
        (lambda data: words_of(data).update(lede=7), "lede"),
        (lambda data: words_of(data).update(minutes="9"), "minutes"),
        (lambda data: words_of(data).update(minutes=-1), "minutes"),
        (lambda data: words_of(data).update(minutes=True), "minutes"),
        (lambda data: words_of(data).update(title="x" * 256), "title"),
        (lambda data: words_of(data).update(rad_factors=[11]), "rad_factors"),
        (lambda data: words_of(data).update(rad_factors={"7": 7}), "rad_factors"),
        (lambda data: words_of(data).update(slug="no slug!"), "slug"),
        (lambda data: words_of(data)["body"][0].update(type="raw_html"), "raw_html"),
        (lambda data: words_of(data)["body"][0].update(value=["a"]), "not a text"),
        (lambda data: words_of(data)["body"][1].update(value={"text": "a", "style": "b"}), "style"),
        (lambda data: words_of(data)["body"][0].update(extra=1), "extra"),
        (lambda data: words_of(data)["body"][0].update(id="<script>\n"), "id"),
        (lambda data: words_of(data).update(body={}), "body"),
        (lambda data: words_of(data)["body"][-1]["value"].update(file="document:none"), "document:none"),
        (lambda data: words_of(data)["body"][-1]["value"].update(file="image:none"), "image:none"),
        (lambda data: words_of(data)["body"][-1]["value"].update(file=1), "leads to nothing"),
        (lambda data: first_lesson(data).update(type="wagtailcore.Page"), "type"),
        (lambda data: first_lesson(data).update(type="courses.CoursePage"), "parent"),
        (lambda data: first_lesson(data).update(parent=str(data["pages"][0]["key"])), "parent"),
        (lambda data: first_lesson(data).update(parent=None), "parent"),
        (lambda data: first_lesson(data).update(key="../../x"), "key"),
        (lambda data: first_lesson(data).update(published=None, draft=None), "neither"),
        (lambda data: first_lesson(data).update(live=True), "live"),
        (lambda data: first_lesson(data).update(alias_of="page:1:fr"), "leads to nothing"),
        (lambda data: data["pages"].append(data["pages"][1]), "twice"),
        (lambda data: data["pages"].reverse(), "course"),
        (lambda data: data.update(language="fr"), "language"),
        (lambda data: data.update(pages=[]), "no page"),
    ],
)
def test_a_page_of_another_shape_is_refused_and_named(forged, members, edit, words):
    found = refusal(forged(pages__en_json=edited(members["pages/en.json"], edit)))
    assert (found.member, words in str(found)) == ("pages/en.json", True), str(found)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick='x()'>a</p>",
        '<img src="x" onerror="x()">',
        '<a href="javascript:x()">a</a>',
        '<a href="&#106;avascript:x()">a</a>',
        '<a href="data:text/html,x">a</a>',
        "<iframe src='https://example.org'></iframe>",
        '<embed embedtype="media" url="https://example.org/film"/>',
        "<p style='position:fixed'>a</p>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<svg><style><!--</style><img src=x onerror=alert(1)>--></style></svg>",
        "<p>a<![CDATA[<script>x</script>]]></p>",
        '<a linktype="page" id="17">somebody else\'s page</a>',
        '<a linktype="external" id="1">a</a>',
        "<form action='/'><button>a</button></form>",
        '<p title="</p><script>x()</script>">a</p>',
    ],
)
def test_hostile_html_is_refused(forged, members, html):
    def edit(data):
        words_of(data)["body"][0]["value"] += html

    assert refusal(forged(pages__en_json=edited(members["pages/en.json"], edit))).member == "pages/en.json"


def test_a_language_that_is_not_installed_is_named(forged, members):
    raw = edited(members["course.json"], lambda data: data["languages"].append("lt"))
    assert "lt" in str(refusal(forged(course_json=raw)))


# --- Media ----------------------------------------------------------------------------------------------------------


def with_file(members, kind, data, name=None):
    """The changes that put other bytes, and another name, in the place of the first image or document."""
    media = json.loads(members["media.json"])
    entry = media[kind][0]
    old, entry["file"] = entry["file"], hashlib.sha256(data).hexdigest()
    entry["filename"] = name or entry["filename"]
    own = {field: value for field, value in entry.items() if field != "id"}
    before, entry["id"] = entry["id"], hashlib.sha256(canonical(own)).hexdigest()[:32]
    pages = {
        key: raw.replace(before.encode(), entry["id"].encode())
        for key, raw in members.items()
        if key.startswith("pages")
    }
    return pages | {"media.json": canonical(media), f"files/{old}": None, f"files/{entry['file']}": data}


def a_wide_picture():
    drawn = io.BytesIO()
    Picture.new("1", (30_000, 30_000)).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [
        ("images", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", None),
        ("images", b"GIF89a not really", None),
        ("images", b"\x89PNG\r\n\x1a\n" + b"cut short", None),
        ("images", b"<svg/>", "harbour.svg"),
        ("images", b"MZ", "../../harbour.png"),
        ("images", b"MZ", "..png"),
        ("documents", b"<html><script>x()</script>", None),
        ("documents", b"MZ\x90", "form.exe"),
        ("documents", b"MZ\x90", "form.docx"),
        ("documents", b"\xff\xfe\x00", "form.txt"),
    ],
)
def test_a_lying_file_is_refused(forged, members, kind, data, name):
    assert refusal(forged(**with_file(members, kind, data, name))).member


def test_a_picture_that_unfolds_to_a_wall_is_refused(forged, members):
    assert refusal(forged(**with_file(members, "images", a_wide_picture()))).member.startswith("files/")


# --- Quizzes --------------------------------------------------------------------------------------------------------


def first_version(bank):
    return bank["items"][0]["versions"][0]


@pytest.mark.parametrize(
    "edit",
    [
        lambda bank: first_version(bank).update(difficulty=4),
        lambda bank: first_version(bank).update(number=0),
        lambda bank: first_version(bank).update(published_at="yesterday"),
        lambda bank: first_version(bank).update(rad_factors=[0]),
        lambda bank: first_version(bank).update(kind="riddle"),
        lambda bank: first_version(bank).update(kind=["scenario"]),
        lambda bank: first_version(bank).update(kind="single_choice"),
        lambda bank: first_version(bank)["structure"].update(shape=2),
        lambda bank: first_version(bank)["structure"]["options"][0].update(rating="risky"),
        lambda bank: first_version(bank)["structure"]["options"][0].update(bright_line=True),
        lambda bank: first_version(bank)["structure"]["options"][1].update(key="a"),
        lambda bank: first_version(bank)["structure"]["options"][1].update(mechanism="greed"),
        lambda bank: first_version(bank)["texts"]["fr"]["options"].pop("a"),
        lambda bank: first_version(bank)["texts"]["fr"].update(stem=None),
        lambda bank: first_version(bank)["texts"].clear(),
        lambda bank: first_version(bank)["texts"].update({"../x": {}}),
        lambda bank: bank["items"].append(bank["items"][0]),
        lambda bank: bank["items"][0].update(versions=[]),
        lambda bank: bank.update(slug="other"),
    ],
)
def test_an_item_that_could_not_be_graded_is_refused(forged, members, edit):
    found = refusal(forged(**{"banks/small-bank.json": edited(members["banks/small-bank.json"], edit)}))
    assert found.member == "banks/small-bank.json"


def test_an_archive_from_before_there_were_kinds_holds_scenarios(forged, members):
    def forget_kinds(bank):
        for item in bank["items"]:
            for version in item["versions"]:
                del version["kind"]

    import_course(
        forged(**{"banks/small-bank.json": edited(members["banks/small-bank.json"], forget_kinds)}),
        actor=None,
        now=NOW,
    )
    versions = ItemVersion.objects.filter(item__bank__slug="small-bank")
    assert set(versions.values_list("kind", flat=True)) == {"scenario"}
    sent = json.loads(members["banks/small-bank.json"])
    here = bank_as_data(ItemBank.objects.get(slug="small-bank"))
    assert here["items"] == sent["items"]


# --- Translations ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: data["texts"][0].update(key="6f0d8a0e-5a0c-4c19-9d6a-3f6f7f0f2b51"),
        lambda data: data["texts"][0].update(kind="term"),
        lambda data: data["texts"][0].update(language="../x"),
        lambda data: data["texts"][0].update(untouched=1),
        lambda data: data["texts"][0].update(confirmed_at="yesterday"),
        lambda data: data["texts"][0].update(passages=[["title", "no digest"]]),
        lambda data: data["texts"][0].update(passages=["title"]),
        lambda data: data["texts"].append(data["texts"][0]),
        lambda data: data["older"].update({"0" * 32: "words of another name"}),
        lambda data: data.update(approved_by="the minister"),
    ],
)
def test_a_lie_about_a_translation_is_refused(forged, members, edit):
    found = refusal(forged(translations_json=edited(members["translations.json"], edit)))
    assert found.member == "translations.json"


def test_an_archive_from_before_translations_travelled_comes_in_with_nothing_confirmed(forged):
    outcome = import_course(forged(translations_json=None), actor=None, now=NOW)
    assert outcome.course is not None
    assert not TranslatedFrom.objects.exists()


# --- The plans of quizzes -------------------------------------------------------------------------------------------

A_SECTION = {
    "draw": 3,
    "weight": "2.50",
    "tags": [],
    "rad_factors": [],
    "difficulties": [1, 2, 3],
    "keeps_order": True,
    "titles": {"en": "All of it", "ar": "كله"},
}
A_PLAN = {
    "opens_at": "2026-11-02T08:00:00+00:00",
    "closes_at": "2026-11-06T17:00:00+00:00",
    "grace_seconds": 45,
    "review": "after_close",
    "sections": [A_SECTION],
}


def planned(members, **plan):
    return {"quizzes.json": edited(members["quizzes.json"], lambda data: data["quizzes"][0].update(plan))}


def test_the_plan_of_a_quiz_travels_and_comes_back_the_same(members, forged):
    import_course(forged(**planned(members, **A_PLAN)), actor=None, now=NOW)
    brought = quiz_as_data(Quiz.objects.get())
    assert {name: brought[name] for name in A_PLAN} == A_PLAN


def test_an_archive_from_before_quizzes_had_plans_brings_them_as_they_were(members, forged):
    def forget(data):
        for name in A_PLAN:
            del data["quizzes"][0][name]

    import_course(forged(**{"quizzes.json": edited(members["quizzes.json"], forget)}), actor=None, now=NOW)
    brought = quiz_as_data(Quiz.objects.get())
    assert {name: brought[name] for name in A_PLAN} == UNSAID


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        ({"opens_at": "yesterday"}, "is no moment"),
        ({"closes_at": "2026-11-06T17:00:00"}, "is no moment"),
        ({"opens_at": A_PLAN["closes_at"], "closes_at": A_PLAN["opens_at"]}, "closes before it opens"),
        ({"grace_seconds": 301}, "grace_seconds"),
        ({"review": "everything"}, "review"),
        ({"review": "after_close"}, "a closing that never comes"),
        ({"sections": [A_SECTION | {"draw": 4}]}, "do not draw what the quiz draws"),
        ({"sections": [A_SECTION | {"draw": 0}]}, "draw"),
        ({"sections": [A_SECTION | {"weight": "0"}]}, "weighs what no section can"),
        ({"sections": [A_SECTION | {"weight": "NaN"}]}, "weighs what no section can"),
        ({"sections": [A_SECTION | {"weight": "1.005"}]}, "more than two decimals"),
        ({"sections": [A_SECTION | {"difficulties": [4]}]}, "difficulty that does not exist"),
        ({"sections": [A_SECTION | {"rad_factors": [True]}]}, "factor that does not exist"),
        ({"sections": [A_SECTION | {"titles": {"../en": "x"}}]}, "is no language"),
        ({"sections": [A_SECTION | {"script": "x"}]}, "script"),
    ],
)
def test_a_plan_that_could_not_be_sat_is_refused_by_name(members, forged, plan, problem):
    found = refusal(forged(**planned(members, **plan)))
    assert found.member == "quizzes.json"
    assert problem in str(found)
