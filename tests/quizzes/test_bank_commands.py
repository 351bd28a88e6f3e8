"""`import_bank` and `export_bank`, as people and programs call them."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from quizzes.models import Item, ItemBank, ItemMedia, ItemVersion
from tests.quizzes.test_banking import GIFT, bring, rows

pytestmark = pytest.mark.django_db

PARTLY = GIFT + "\n::Note::It asks nothing.\n"


@pytest.fixture
def gifts(tmp_path):
    file = tmp_path / "gifts.txt"
    file.write_text(GIFT, encoding="utf-8")
    return file


def run(command, *arguments, **options):
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def failing(command, *arguments):
    out = io.StringIO()
    with pytest.raises(CommandError) as failed:
        call_command(command, *map(str, arguments), stdout=out, stderr=out)
    return failed.value, out.getvalue()


def test_a_person_reads_what_became_of_each_question(gifts):
    told = run("import_bank", gifts)
    assert "Gifts (gifts), GIFT, en" in told
    assert "new" in told and "hamper" in told and "(line 4)" in told
    assert told.endswith("Imported as drafts.\n")
    again = run("import_bank", gifts)
    assert "the same: 2" in again and again.endswith("Nothing was written.\n")


def test_a_dry_run_tells_the_same_and_writes_nothing(gifts):
    before = rows()
    planned = json.loads(run("import_bank", gifts, "--dry-run", "--json"))
    assert rows() == before
    done = json.loads(run("import_bank", gifts, "--json"))
    assert (planned.pop("dry_run"), done.pop("dry_run")) == (True, False)
    assert planned == done
    assert Item.objects.count() == 2


def test_the_report_for_programs_is_of_shape_1(gifts):
    report = json.loads(run("import_bank", gifts, "--json"))
    [first, _second] = report.pop("rows")
    assert report == {
        "shape": 1,
        "dry_run": False,
        "format": "gift",
        "language": "en",
        "bank": {"slug": "gifts", "title": "Gifts", "new": True},
        "counts": {"new": 2, "changed": 0, "language": 0, "same": 0, "refused": 0},
        "notes": [],
    }
    assert first == {
        "number": 1,
        "line": 4,
        "member": "",
        "key": "hamper",
        "name": "Hamper",
        "kind": "single_choice",
        "result": "new",
        "notes": [],
        "reason": "",
    }


def test_refused_questions_are_told_and_end_with_code_3(gifts):
    gifts.write_text(PARTLY, encoding="utf-8")
    problem, told = failing("import_bank", gifts)
    assert problem.returncode == 3
    assert "It is a description and asks nothing." in told
    assert Item.objects.count() == 2


HOSTILE_XML = b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'


def hostile_zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../etc/imsmanifest.xml", "<manifest/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (HOSTILE_XML, "document type"),
        (hostile_zip(), "is no name for a file"),
        (b"<questestinterop/>", "QTI 1.2"),
        (b"", "The file is empty."),
        (b"Dear colleague, how are you?", "none of the formats"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole_with_code_1(gifts, data, why):
    gifts.write_bytes(data)
    problem, _told = failing("import_bank", gifts)
    assert problem.returncode == 1
    assert why in str(problem) and "Nothing was imported." in str(problem)
    problem, told = failing("import_bank", gifts, "--json")
    assert json.loads(told)["shape"] == 1 and why in json.loads(told)["refused"]
    assert not ItemBank.objects.exists() and not ItemMedia.objects.exists()


def test_a_file_or_a_bank_that_is_not_there_is_an_error(tmp_path, gifts):
    assert "No such file" in str(failing("import_bank", tmp_path / "none.xml")[0])
    assert "no item bank “none”" in str(failing("import_bank", gifts, "--bank", "none")[0])
    assert "no item bank “none”" in str(failing("export_bank", "none", "--format", "gift")[0])


def test_the_format_may_be_told_with_a_hyphen(tmp_path):
    file = tmp_path / "bank"
    file.write_bytes(b'<quiz><question type="truefalse"><questiontext><text>So?</text></questiontext>'
                     b'<answer fraction="100"><text>true</text></answer></question></quiz>')  # fmt: skip
    run("import_bank", file, "--format", "moodle-xml")
    assert ItemVersion.objects.get().kind == "true_false"


@pytest.mark.parametrize(
    ("format", "name"),
    [("moodle-xml", "gifts.xml"), ("gift", "gifts.gift.txt"), ("qti2", "gifts-qti2.zip"), ("qti3", "gifts-qti3.zip")],
)
def test_an_export_is_named_after_its_bank_and_comes_in_as_the_same(tmp_path, monkeypatch, format, name):
    monkeypatch.chdir(tmp_path)
    bring()
    told = run("export_bank", "gifts", "--format", format)
    assert told == f"{name} holds 2 questions.\n"
    assert json.loads(run("import_bank", tmp_path / name, "--json"))["counts"]["same"] == 2


def test_an_export_says_what_it_leaves_out(tmp_path):
    bring(GIFT + "\n// [id:weight]\nWhy?{}\n")
    file = tmp_path / "out.txt"
    told = run("export_bank", "Gifts", "--format", "gift", "--output", file)
    assert f"{file} holds 3 questions." in told
    assert "not wholly: weight" in told and "rubric" in told
    in_french = ("--format", "gift", "--output", file, "--language", "fr", "--json")
    report = json.loads(run("export_bank", "gifts", *in_french))
    assert report["written"] == 0
    assert report["left"][0] == {
        "key": "hamper",
        "name": "May she take the hamper?",
        "written": False,
        "reasons": ["It has no words in French."],
    }


def test_an_export_can_go_to_the_standard_output(capfdbinary):
    bring()
    call_command("export_bank", "gifts", "--format", "gift", "--output", "-")
    written, told = capfdbinary.readouterr()
    assert written.startswith(b"$CATEGORY: $course$/top/Gifts\n")
    assert b"gifts.gift.txt holds 2 questions." in told
