"""Which format a file is, by its content, and the way to its reader or writer. A name is a claim and not asked."""

import re
from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from quizzes.formats import aiken, gift, gift_writer, moodle_xml, moodle_xml_writer, tables, tables_writer
from quizzes.formats.alike import not_the_same
from quizzes.formats.drafts import Told, silent
from quizzes.formats.neutral import Question, Reading, Refused, Writing
from quizzes.formats.packages import Package
from quizzes.formats.qti import reading as qti
from quizzes.formats.qti import writer as qti_writer
from quizzes.formats.text_files import decoded
from quizzes.formats.xml_tree import root_name

MOST_BYTES = 100 * 1024 * 1024
QTI_2, QTI_3 = "qti2", "qti3"

Reader = Callable[[bytes, str, frozenset[str], Told], Reading]

READERS: dict[str, Reader] = {
    moodle_xml.FORMAT: moodle_xml.read,
    gift.FORMAT: gift.read,
    aiken.FORMAT: aiken.read,
    QTI_2: qti.read,
    QTI_3: qti.read,
    tables.CSV: tables.read_csv,
    tables.XLSX: tables.read_xlsx,
}
WRITERS: dict[str, Callable[[list[Question], str, str], Writing]] = {
    moodle_xml.FORMAT: moodle_xml_writer.write,
    gift.FORMAT: gift_writer.write,
    QTI_2: qti_writer.write,
    QTI_3: lambda questions, language, title: qti_writer.write(questions, language, title, version="3"),
    tables.CSV: tables_writer.write_csv,
    tables.XLSX: tables_writer.write_xlsx,
}

# What the formats call themselves, in all languages alike.
NAMES = {
    moodle_xml.FORMAT: "Moodle XML",
    gift.FORMAT: "GIFT",
    aiken.FORMAT: "Aiken",
    QTI_2: "QTI 2",
    QTI_3: "QTI 3",
    tables.CSV: "CSV",
    tables.XLSX: "Excel (XLSX)",
}

_GIFT = re.compile(r"(?m)^::|[^\\]\{|^\$CATEGORY:|^//")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read(
    data: bytes,
    language: str,
    format: str | None = None,
    kept: frozenset[str] = frozenset(),
    told: Told = silent,
) -> Reading:
    """What a file holds, in a format that is told or found out. Raises Refused, and nothing else.

    `language` is the one its words are in where the file does not say; `kept` are digests of media that need no
    cleaning (quizzes.formats.media.Library); `told` hears after each question how many of how many are read.
    """
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than %(most)d megabytes. Split it."), most=MOST_BYTES // (1024 * 1024))
    if not data.strip():
        raise Refused(_("The file is empty."))
    return READERS[format or format_of(data, language)](data, language, kept, told)


def write(questions: list[Question], language: str, format: str, title: str = "") -> Writing:
    """These questions in a format of `WRITERS`. The file is read again: `left` names what would not come back."""
    made = WRITERS[format](questions, language, title)
    try:
        again = read(made.data, language, format, frozenset(one.sha256 for asked in questions for one in asked.media))
    except Refused:
        # All of them are left out, or the file is larger than is read here.
        found: list[Question] = []
    else:
        found = again.questions
    differing = not_the_same(questions, {one.key: one for one in found}, made.left)
    return replace(made, left=(*made.left, *differing))


def format_of(data: bytes, language: str) -> str:
    """Raises Refused for what is none of our formats."""
    if data.startswith(b"PK"):
        return _package(Package(data))
    if _is_xml(data):
        return _xml(root_name(data))
    text = decoded(data)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if tables.header_known(tables.first_row(text), language):
        return tables.CSV
    options = sum(1 for line in lines if aiken.OPTION.fullmatch(line))
    if options and any(aiken.ANSWER.fullmatch(line) for line in lines):
        return aiken.FORMAT
    if _GIFT.search(text):
        return gift.FORMAT
    raise Refused(_("This is none of the formats that are read: Moodle XML, GIFT, Aiken, QTI 2 and 3, CSV and XLSX."))


def _is_xml(data: bytes) -> bool:
    head = data[:200]
    if head.startswith(_UTF_16):
        head = head.replace(b"\0", b"")[2:]
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _xml(root: str) -> str:
    if root == "quiz":
        return moodle_xml.FORMAT
    if root == "qti-assessment-item":
        return QTI_3
    # Others are refused by the reader of QTI, which knows its relatives by name.
    return QTI_2


def _package(package: Package) -> str:
    if "xl/workbook.xml" in package:
        return tables.XLSX
    if any(name.rpartition("/")[2].lower() == qti.MANIFEST for name in package.names):
        return QTI_2
    raise Refused(_("The zip archive is neither a package of questions (imsmanifest.xml) nor a workbook."))
