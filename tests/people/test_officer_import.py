"""Reading a file of officers: what is wrong with it, where, and what bringing it in would change."""

import codecs
import datetime

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from people import officer_import
from people.officer_import import COLUMNS, MAX_PROBLEMS, Known, Present, Unreadable, check, key, read

TODAY = datetime.date(2026, 3, 2)
HEADER = "staff_number,full_name,office,category,customs_related"
ROW = "17,Rosa Díaz,Head office,civil_servant,yes"
KNOWN = Known(
    today=TODAY,
    offices={key(name): name for name in ("Head office", "Bordér Post", "مكتب الحدود")},
    posts=frozenset({(key("Head office"), key("Inspector"))}),
    people={
        key("K-1"): Present(
            staff_number="K-1",
            full_name="Known One",
            latin_name="",
            email="known@example.org",
            language="en",
            holds_role=False,
            is_officer=True,
            office="Head office",
            post="Inspector",
            posted_since=datetime.date(2020, 1, 1),
            rank="Sergeant",
            category="civil_servant",
            gender="unstated",
            customs_related=True,
        ),
        key("R-1"): Present(
            staff_number="R-1",
            full_name="Role Holder",
            latin_name="",
            email="role@example.org",
            language="en",
            holds_role=True,
            is_officer=False,
        ),
    },
    emails={"known@example.org": key("K-1"), "role@example.org": key("R-1"), "elsewhere@example.org": None},
    languages=("en", "fr", "ar"),
    categories={"civil_servant": "Civil servant", "employee": "Employee", "uniformed": "Uniformed"},
    genders={"female": "Female", "male": "Male", "unstated": "Not stated"},
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def file(*lines, encoding="utf-8"):
    return "\r\n".join(lines).encode(encoding)


def report_on(*lines):
    return check(read(file(*lines)), KNOWN)


def wide(**cells):
    """A file of one row with every column, good but for the cells given."""
    good = {
        "staff_number": "17",
        "full_name": "Rosa Díaz",
        "office": "Head office",
        "category": "civil_servant",
        "customs_related": "yes",
        "latin_name": "Rosa Diaz",
        "email": "rosa@example.org",
        "language": "fr",
        "post": "Inspector",
        "rank": "Captain",
        "gender": "female",
        "hire_date": "2020-02-29",
    } | cells
    return [";".join(COLUMNS), ";".join(good[column] for column in COLUMNS)]


# --- Files that can be read -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        file(HEADER, ROW),
        codecs.BOM_UTF8 + file(HEADER, ROW),
        file(HEADER, ROW, encoding="utf-16"),
        codecs.BOM_UTF16_BE + file(HEADER, ROW, encoding="utf-16-be"),
        file(HEADER.replace(",", ";"), ROW.replace(",", ";")),
        file(HEADER.replace(",", "\t"), ROW.replace(",", "\t"), encoding="utf-16"),
        file("sep=;", HEADER.replace(",", ";"), ROW.replace(",", ";")),
        file("", "", HEADER, "", ROW, ",,,,", ""),
        file(HEADER + ",,", ROW + ",,"),
        file(HEADER.upper().replace("_", " "), ROW),
        (HEADER + "\n" + ROW).encode(),
        (HEADER + "\r" + ROW).encode(),
        file(HEADER, '"17","Rosa Díaz","Head office","civil_servant","yes"'),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "utf-16",
        "utf-16 big end",
        "semicolons",
        "tabs",
        "sep line",
        "empty lines",
        "empty columns at the end",
        "names in capitals",
        "unix lines",
        "old mac lines",
        "quoted",
    ],
)
def test_files_as_spreadsheets_write_them_are_read(data):
    rows = read(data)
    assert [row.cells["full_name"] for row in rows] == ["Rosa Díaz"]
    assert check(rows, KNOWN).is_applicable


def test_lines_are_counted_as_an_editor_counts_them():
    rows = read(file("sep=,", HEADER, '1,"Two\nlines",Head office,employee,no', "", "2,B,Head office,employee,no"))
    assert [row.line for row in rows] == [3, 6]
    assert rows[0].cells["full_name"] == "Two lines"


# --- Files that cannot ----------------------------------------------------------------------------------------------

UNREADABLE = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\r\n", "is empty"),
    "only separators": (b",,,\n,,,\n", "is empty"),
    "a workbook": (b"PK\x03\x04" + b"\0" * 50, "CSV UTF-8"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + b"\0" * 50, "CSV UTF-8"),
    "a PDF": (b"%PDF-1.7\n...", "document or a picture"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 9, "document or a picture"),
    "bytes": (bytes(range(256)), "CSV UTF-8"),
    "zeros": (b"\0" * 100, "CSV UTF-8"),
    "windows-1252": (file(HEADER, ROW, ROW.replace("17", "18"), encoding="cp1252"), "Line 2"),
    "half a character": (codecs.BOM_UTF16_LE + b"a\0b", "CSV UTF-8"),
    "too large": (b"x" * (officer_import.MAX_BYTES + 1), "larger than 2 MB"),
    "no rows": (file(HEADER), "no officers below"),
    "no header": (file(ROW, ROW), "The column “17” is not known"),
    "another table": (file("a;b;c", "1;2;3"), "The column “a” is not known"),
    "html": (b"<!doctype html><html><body>login</body></html>", "not known"),
    "json": (b'[{"staff_number": "1"}]', ""),
    "column missing": (
        file("staff_number,full_name,office,category", "1,A,Head office,employee"),
        "“customs_related”",
    ),
    "column unknown": (file(HEADER + ",salary", ROW + ",1"), "“salary”"),
    "column misspelled": (file(HEADER.replace("office", "ofice"), ROW), "“ofice”"),
    "column twice": (file(HEADER + ",office", ROW + ",x"), "“office” stands there twice"),
    "column without a name": (
        file("staff_number,,full_name,office,category,customs_related", "1,,A,B,C,D"),
        "no name",
    ),
    "cell missing": (file(HEADER, ROW, "18,B,Head office,employee"), "Line 3 has 4 cells, but there are 5"),
    "cell too many": (file(HEADER, "17,Díaz, Rosa,Head office,civil_servant,yes"), "Line 2 has 6 cells"),
    "quote left open": (file(HEADER, ROW, '18,"B,Head office,employee,no'), "line 3"),
    "text after a quote": (file(HEADER, '18,"B"x,Head office,employee,no'), "line 2"),
    "endless cell": (file(HEADER, "18," + "x" * 200_000 + ",Head office,employee,no"), "line 2"),
    "too many rows": (file(HEADER, *[ROW] * (officer_import.MAX_ROWS + 1)), "more than 20000"),
}


@pytest.mark.parametrize(("data", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_says_why(data, says):
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


# --- Rows that must be mended ---------------------------------------------------------------------------------------

WRONG_CELLS = [
    ("staff_number", "", "empty"),
    ("staff_number", "x" * 41, "too long"),
    ("staff_number", "a@b.org", "e-mail address"),
    ("full_name", "", "empty"),
    ("full_name", "=HYPERLINK(1)", "like a formula"),
    ("full_name", "+1", "like a formula"),
    ("full_name", "-1", "like a formula"),
    ("full_name", "@SUM(A1)", "like a formula"),
    ("full_name", "＝1+1", "like a formula"),
    ("full_name", "Rosa\u202eDíaz", "invisible characters"),
    ("full_name", "Rosa\x07", "invisible characters"),
    ("full_name", "x" * 201, "too long"),
    ("office", "", "empty"),
    ("office", "Head ofice", "Do you mean “Head office”"),
    ("office", "Atlantis", "There is no office called “Atlantis”"),
    ("category", "", "empty"),
    ("category", "general", "civil_servant, employee, uniformed"),
    ("customs_related", "", "empty"),
    ("customs_related", "perhaps", "yes nor no"),
    ("email", "rosa", "not an e-mail"),
    ("email", "rosa@@example.org", "not an e-mail"),
    ("email", "known@example.org", "Another account"),
    ("email", "ELSEWHERE@example.org", "Another account"),
    ("language", "tlh", "Write one of: en, fr, ar"),
    ("gender", "x", "female, male, unstated"),
    ("hire_date", "01/03/2024", "like 2024-03-01"),
    ("hire_date", "2024-02-30", "like 2024-03-01"),
    ("hire_date", "20240301", "like 2024-03-01"),
    ("hire_date", "2024-W09-5", "like 2024-03-01"),
    ("hire_date", "1824-03-01", "Check the year"),
    ("hire_date", "2034-03-01", "Check the year"),
    ("post", "x" * 201, "too long"),
    ("rank", "=1", "like a formula"),
]


@pytest.mark.parametrize(("column", "cell", "says"), WRONG_CELLS)
def test_a_wrong_cell_is_named_with_its_line_and_column_and_what_to_do(column, cell, says):
    report = report_on(*wide(**{column: cell}))
    assert not report.is_applicable
    assert not report.officers
    problem = report.problems[0]
    assert (problem.line, problem.column) == (2, column)
    assert says in problem.message


def test_the_same_wrong_file_is_explained_in_the_readers_language(monkeypatch):
    monkeypatch.setattr(officer_import.rows, "_", lambda message: f"[{message}]")
    assert report_on(*wide(gender="x")).problems[0].message.startswith("[")


def test_two_rows_for_one_person_are_one_too_many():
    report = report_on(HEADER, ROW, "18,B,Head office,employee,no", ROW.replace("Rosa", "Eva"))
    assert [(problem.line, problem.column) for problem in report.problems] == [(4, "staff_number")]
    assert "Line 2" in report.problems[0].message


def test_two_people_cannot_share_an_address():
    report = report_on(HEADER + ",email", ROW + ",a@b.org", "18,B,Head office,employee,no,A@B.org")
    assert [(problem.line, problem.column) for problem in report.problems] == [(3, "email")]


def test_a_file_never_changes_the_address_of_an_account_with_a_role():
    rows = wide(staff_number="R-1", email="attacker@example.org")
    assert "holds a role" in report_on(*rows).problems[0].message
    assert report_on(*wide(staff_number="R-1", email="role@example.org")).is_applicable


def test_a_posting_that_is_yet_to_begin_is_not_overtaken():
    ahead = Present(**(vars(KNOWN.people[key("K-1")]) | {"posted_since": datetime.date(2026, 5, 1)}))
    known = Known(**(vars(KNOWN) | {"people": {key("K-1"): ahead}}))
    rows = read(file(HEADER, "K-1,Known One,Bordér Post,civil_servant,yes"))
    assert "2026-05-01" in check(rows, known).problems[0].message


def test_one_wrong_row_holds_back_all():
    report = report_on(HEADER, ROW, "18,B,Nowhere,employee,no", "19,C,Head office,employee,no")
    assert len(report.problems) == 1
    assert not report.is_applicable
    assert not report.new


def test_a_hopeless_file_is_not_read_to_its_end():
    report = report_on(HEADER, *[f"{number},B,Nowhere,employee,no" for number in range(MAX_PROBLEMS * 3)])
    assert len(report.problems) == MAX_PROBLEMS
    assert report.stopped_early


# --- What will happen -----------------------------------------------------------------------------------------------


def test_every_column_is_understood():
    (row,) = report_on(*wide()).new
    assert (row.email, row.language, row.gender, row.hire_date) == (
        "rosa@example.org",
        "fr",
        "female",
        datetime.date(2020, 2, 29),
    )
    assert row.customs_related is True


def test_words_of_the_readers_language_and_other_spellings_are_understood():
    (row,) = report_on(
        *wide(category="Civil Servant", gender="NOT STATED", customs_related="No", office="  head   OFFICE ")
    ).new
    assert (row.category, row.gender, row.customs_related) == ("civil_servant", "unstated", False)
    assert row.office == "Head office"


def test_new_posts_are_announced_once():
    report = report_on(
        HEADER + ",post",
        "1,A,Head office,employee,no,Clerk",
        "2,B,Head office,employee,no,CLERK",
        "3,C,Head office,employee,no,Inspector",
        "4,D,Bordér Post,employee,no,",
    )
    assert report.new_posts == (("Bordér Post", "Officer"), ("Head office", "CLERK"))


def test_who_is_known_is_recognised_and_silence_changes_nothing():
    report = report_on(HEADER, "k-1,Known One,HEAD OFFICE,civil_servant,yes")
    assert (report.new, report.changed, report.unchanged) == ((), (), 1)
    assert not report.is_applicable


def test_changes_are_named():
    (change,) = report_on(*wide(staff_number="K-1", office="Bordér Post", email="", hire_date="")).changed
    assert set(change.columns) == {"full_name", "latin_name", "language", "office", "rank", "gender"}
    assert change.row.email is None


def test_an_account_without_an_officer_becomes_one():
    (change,) = report_on(HEADER, "R-1,Role Holder,Head office,employee,yes").changed
    assert {"category", "office", "post"} <= set(change.columns)


# --- Whatever comes -------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_break_the_reader(data):
    with translation.override("en"):
        try:
            rows = read(data)
        except Unreadable as error:
            assert str(error)
        else:
            check(rows, KNOWN)


CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "17",
            "K-1",
            "R-1",
            "Head office",
            "civil_servant",
            "yes",
            "no",
            "=1",
            "a@b.org",
            "known@example.org",
            "en",
            "2024-03-01",
            "2024-13-01",
            '"',
            ";",
            "\n",
            "\u202e",
            "ﷺ",
            "İ",
            "ß" * 41,
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_no_cells_break_the_check_and_only_whole_files_are_applied(table, separator, encoding):
    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"'

    lines = [separator.join(COLUMNS), *(separator.join(map(quoted, row)) for row in table)]
    data = "\r\n".join(lines).encode(encoding, "replace")
    with translation.override("en"):
        try:
            report = check(read(data), KNOWN)
        except Unreadable:
            return
        assert not (report.problems and report.officers)
        for officer in report.officers:
            assert officer.office in KNOWN.offices.values()
            assert officer.category in KNOWN.categories
            for cell in (officer.staff_number, officer.full_name, officer.post, officer.rank or "x"):
                assert cell and cell[0] not in officer_import.FORMULA_STARTS
