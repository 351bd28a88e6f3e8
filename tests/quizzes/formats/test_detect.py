"""Which format a file is, and that strangers' files are refused in one way only."""

import io
import stat
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats import detect, packages, xml_tree
from quizzes.formats.neutral import Refused
from tests.quizzes.formats.banks import BY_KIND, KEPT

QTI = (
    b'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="a" title="A"><responseDeclaration'
    b' identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>x</value>'
    b"</correctResponse></responseDeclaration><itemBody><choiceInteraction responseIdentifier='RESPONSE'>"
    b"<prompt>Which?</prompt><simpleChoice identifier='x'>a</simpleChoice>"
    b"<simpleChoice identifier='y'>b</simpleChoice>"
    b"</choiceInteraction></itemBody></assessmentItem>"
)
MOODLE = (
    b'<quiz><question type="truefalse"><name><text>a</text></name><questiontext format="html"><text>So?</text>'
    b'</questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    b"</question></quiz>"
)
GIFT = b"::a::So? {T}\n\nWhich? {=a ~b#no}\n"
AIKEN = b"Which?\nA) a\nB) b\nANSWER: A\n"
CSV = b"question;answer 1;answer 2;right\nWhich?;a;b;1\n"
MANIFEST = (
    b'<manifest><resources><resource identifier="r" type="imsqti_item_xmlv2p2" href="a.xml">'
    b'<file href="a.xml"/></resource></resources></manifest>'
)


def zipped(members, **changes):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in changes.items():
                setattr(entry, attribute, value)
            container.writestr(entry, data)
    return target.getvalue()


PACKAGE = zipped([("imsmanifest.xml", MANIFEST), ("a.xml", QTI)])


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (MOODLE, "moodle_xml"),
        (b'\xef\xbb\xbf\n<?xml version="1.0"?>' + MOODLE, "moodle_xml"),
        (MOODLE.decode().encode("utf-16"), "moodle_xml"),
        (GIFT, "gift"),
        (AIKEN, "aiken"),
        (CSV, "csv"),
        (QTI, "qti2"),
        (QTI.replace(b"assessmentItem", b"qti-assessment-item"), "qti3"),
        (PACKAGE, "qti2"),
    ],
)
def test_a_file_is_known_by_its_content(data, format):
    assert detect.format_of(data, "en") == format


@pytest.mark.parametrize("data", [MOODLE, MOODLE.decode().encode("utf-16"), GIFT, AIKEN, CSV, QTI, PACKAGE])
def test_what_is_known_is_read(data):
    assert [entry.refusal for entry in detect.read(data, "en").entries if entry.refusal] == []


def test_the_file_says_its_language():
    data = QTI.replace(b'title="A"', b'title="A" xml:lang="fr"')
    assert detect.read(data, "en").language == "fr"


ENTITIES = b'<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"%PDF-1.7",
        b"Only words.",
        b"PK\x03\x04 and no more",
        b"<html><body>GIFT {}</body></html>",
        b"<questestinterop/>",
        ENTITIES,
        b'<!DOCTYPE quiz SYSTEM "file:///etc/passwd"><quiz/>',
        b"<quiz>" + b"<a>" * 1000,
        b"<quiz " + b" ".join(b"a%d='1'" % number for number in range(200)) + b"/>",
        b'<?xml version="1.0" encoding="nothing"?><quiz/>',
        zipped([("a.txt", b"a")]),
        zipped([("imsmanifest.xml", ENTITIES)]),
        zipped([("imsmanifest.xml", MANIFEST.replace(b"imsqti_item_xmlv2p2", b"webcontent"))]),
        zipped([("imsmanifest.xml", MANIFEST), ("../a.xml", QTI)]),
        zipped([("imsmanifest.xml", MANIFEST), ("/a.xml", QTI)]),
        zipped([("imsmanifest.xml", MANIFEST), ("a\\b.xml", QTI)]),
        zipped([("imsmanifest.xml", MANIFEST), ("a.xml", QTI), ("A.XML", QTI)]),
        zipped([("imsmanifest.xml", MANIFEST), ("a.xml", b"x" * (packages.SMALL + 1))]),
        zipped([("imsmanifest.xml", MANIFEST), ("a.xml", b"b.xml")], external_attr=(stat.S_IFLNK | 0o777) << 16),
        PACKAGE[:-30],
    ],
)
def test_a_hostile_or_foreign_file_is_refused_as_a_whole(data):
    with pytest.raises(Refused) as refused:
        detect.read(data, "en")
    assert str(refused.value)


@pytest.mark.parametrize("declared", [b"<!DOCTYPE quiz>", b'<?xml version="1.0"?>\n<!DOCTYPE quiz >\n'])
def test_a_document_type_that_declares_nothing_does_no_harm(declared):
    assert len(detect.read(declared + MOODLE, "en").questions) == 1


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE quiz SYSTEM "a.dtd">',
        b'<!DOCTYPE quiz PUBLIC "-//W3C//DTD MathML 2.0//EN" "http://www.w3.org/Math/DTD/mathml3/mathml3.dtd">',
        b'<!DOCTYPE quiz [<!ENTITY a "b">]>',
        b'<!DOCTYPE quiz><!DOCTYPE quiz [<!ENTITY a "b">]>',
        b"<!-- x --><!DOCTYPE quiz [<!ATTLIST quiz a CDATA 'x'>]>",
    ],
)
def test_any_other_document_type_is_refused_with_what_to_do(declared):
    with pytest.raises(Refused, match="Take what begins with “<!DOCTYPE” out of it"):
        detect.read(declared + MOODLE, "en")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n\xe2\xe3\0\1", b"MZ\x90\0\3", b"\x89PNG\r\n\x1a\n\0\0\0"])
def test_what_is_no_text_is_not_asked_for_another_encoding(data):
    with pytest.raises(Refused, match="neither text nor XML nor a zip archive"):
        detect.read(data, "en")


def test_letters_of_another_encoding_are_asked_for_in_utf_8():
    with pytest.raises(Refused, match="Line 2 .* Save the file as UTF-8"):
        detect.read("// Questions\nOù ? {=ici}".encode("latin-1"), "en")


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-16"])
def test_xml_is_read_in_the_encoding_that_it_names(encoding):
    said = MOODLE.decode().replace("Is this", "Où est")
    data = f'<?xml version="1.0" encoding="{encoding}"?>{said.partition("?>")[2] or said}'.encode(encoding)
    assert [entry.refusal for entry in detect.read(data, "en").entries] == [None]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<quiz><question type="odd"><questiontext><text><![CDATA[<p>Is <b>it</b>?</p>]]></text></questiontext>'
         b"</question></quiz>", "Is it ?"),
        (QTI.replace(b' title="A"', b"").replace(b"choiceInteraction", b"sliderInteraction"), "a"),
        (b"question,kind,right\nWhich one?,odd,1\n", "Which one?"),
    ],
)  # fmt: skip
def test_a_refused_question_without_a_name_is_named_by_what_it_asks(data, name):
    [entry] = detect.read(data, "en").entries
    assert (entry.question, entry.name) == (None, name)


def test_a_file_that_the_package_lacks_or_that_is_broken_refuses_its_question_alone():
    two = MANIFEST.replace(
        b"</resources>",
        b'<resource identifier="s" type="imsqti_item_xmlv2p2" href="gone.xml"/>'
        b'<resource identifier="t" type="imsqti_item_xmlv2p2" href="bad.xml"/></resources>',
    )
    reading = detect.read(zipped([("imsmanifest.xml", two), ("a.xml", QTI), ("bad.xml", ENTITIES)]), "en")
    assert [bool(entry.question) for entry in reading.entries] == [True, False, False]


def test_more_parts_than_a_bank_has_are_refused(monkeypatch):
    monkeypatch.setattr(xml_tree, "MOST_NODES", 3)
    with pytest.raises(Refused):
        detect.read(MOODLE, "en")


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_done_to_a_file_it_is_read_or_refused(data):
    seed = data.draw(st.sampled_from([MOODLE, GIFT, AIKEN, CSV, QTI, PACKAGE]))
    begins = data.draw(st.integers(0, len(seed)))
    ends = data.draw(st.integers(begins, min(len(seed), begins + 40)))
    new = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from([b"{", b"}", b"<", b"&", b"1e9", b"#", b"~%"])))
    format = data.draw(st.sampled_from([None, *detect.READERS]))
    try:
        reading = detect.read(seed[:begins] + new + seed[ends:], "en", format)
    except Refused as refused:
        assert str(refused)
    else:
        for entry in reading.entries:
            assert bool(entry.question) != bool(entry.refusal and str(entry.refusal))


@pytest.mark.parametrize("format", detect.WRITERS)
@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_question_is_written_or_named_with_a_reason(format, data):
    kinds = data.draw(st.lists(st.sampled_from(list(BY_KIND)), min_size=1, max_size=3))
    bank = [data.draw(BY_KIND[kind]()) for kind in kinds]
    made = detect.write(bank, "en", format, "A bank")
    unwritten = [left for left in made.left if not left.written]
    assert all(str(reason) for left in made.left for reason in left.reasons)
    if len(unwritten) < len(bank):
        assert len(detect.read(made.data, "en", kept=KEPT).entries) == len(bank) - len(unwritten)
