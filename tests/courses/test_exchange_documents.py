"""Lessons come in from Word and Markdown files, and what cannot be kept is said."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from wagtail.images.models import Image

from core import uploads
from courses.curriculum import ensure_homes
from courses.exchange.documents import from_markdown, from_word
from courses.exchange.lesson_files import read_file
from courses.exchange.lessons import save_drafts
from courses.models import CoursePage, LessonPage, ModulePage
from tests.factories.exchange import a_picture

MARKDOWN = """
# The first offer

What happens in the minute before you answer.

## Signs

Some *signs* are **plain**, see [the code](https://example.org/code):

- a closed door
- a 5 < 6 joke

| Says | Means |
| --- | --- |
| Coffee? | Money |
| Later | Never |

![A closed door](door.png)

# The second offer

A shorter one. <script>alert(1)</script>

#### Deep

| a | b | c | d |
| - | - | - | - |
| 1 | 2 | 3 | 4 |

[bad](javascript:alert(1))
"""


def markdown(text):
    return ContentFile(text.encode())


@pytest.fixture
def reading():
    picture = a_picture().read()
    return from_markdown(MARKDOWN, title="File", find={"door.png": picture}.get)


@pytest.fixture
def module(db):
    home = ensure_homes(["en"])["en"]
    course = home.add_child(instance=CoursePage(title="Course", summary="About it", locale=home.locale))
    return course.add_child(instance=ModulePage(title="Module", summary="About it", locale=home.locale))


def test_first_level_headings_begin_lessons_and_the_first_paragraph_is_the_lede(reading):
    assert [lesson.title for lesson in reading.lessons] == ["The first offer", "The second offer"]
    assert reading.lessons[0].lede == "What happens in the minute before you answer."


def test_headings_lists_emphasis_and_links_are_kept(reading):
    kinds = [kind for kind, _value in reading.lessons[0].blocks]
    assert kinds == ["prose", "comparison", "picture"]
    html = reading.lessons[0].blocks[0][1]
    assert "<h2>Signs</h2>" in html
    assert "<i>signs</i> are <b>plain</b>" in html
    assert '<a href="https://example.org/code">the code</a>' in html
    assert "<li>a 5 &lt; 6 joke</li>" in html


def test_a_small_table_becomes_a_comparison_and_a_wide_one_a_list(reading):
    comparison = reading.lessons[0].blocks[1][1]
    assert comparison == {
        "title": "Signs",
        "columns": [
            {"title": "Says", "points": ["Coffee?", "Later"]},
            {"title": "Means", "points": ["Money", "Never"]},
        ],
    }
    prose = "".join(value for kind, value in reading.lessons[1].blocks if kind == "prose")
    assert "<li><b>a</b>: 1; <b>b</b>: 2; <b>c</b>: 3; <b>d</b>: 4</li>" in prose
    assert any("4 columns" in note for note in reading.notes)


def test_html_in_markdown_stays_text_and_a_script_link_goes(reading):
    second = reading.lessons[1]
    assert second.lede == "A shorter one. <script>alert(1)</script>"
    assert "javascript" not in second.blocks[0][1].replace("[bad](javascript:alert(1))", "")


def test_a_picture_that_is_not_there_is_reported():
    reading = from_markdown("Words\n\n![x](none.png)", title="File")
    assert any("none.png" in note for note in reading.notes)


def test_a_link_within_the_file_or_beside_it_keeps_its_words_and_goes():
    reading = from_markdown("Lede\n\nSee [above](#signs), [next](part-2.md) and [this](tel:112).", title="File")
    [(_kind, html)] = reading.lessons[0].blocks
    assert html == '<p>See above, next and <a href="tel:112">this</a>.</p>'
    assert len([note for note in reading.notes if "leads nowhere here" in note]) == 2


def test_lessons_are_drafts_with_pictures_of_their_own(module, reading):
    save_drafts(module, reading, actor=None)
    first, second = LessonPage.objects.order_by("path")
    assert (first.live, second.live, first.minutes) == (False, False, 1)
    blocks = first.get_latest_revision_as_object().body
    assert [block.block_type for block in blocks] == ["prose", "comparison", "picture"]
    picture = Image.objects.get()
    assert blocks[2].value["picture"].pk == picture.pk
    assert (picture.title, blocks[2].value["picture"].contextual_alt_text) == ("A closed door", "A closed door")


def test_a_picture_without_alternative_text_is_reported_and_keeps_its_lesson_from_publication(module):
    reading = read_file(markdown("Lede\n\nWords ![](x.png)"), "File.md", find=lambda source: a_picture().read())
    assert any("alternative text" in note for note in reading.notes)
    [page] = save_drafts(module, reading, actor=None)
    block = page.body[-1]
    with pytest.raises(ValidationError):
        block.block.clean(block.value)


def test_a_lying_picture_is_left_out_and_reported(module):
    reading = read_file(markdown("Lede\n\n![x](x.png)"), "File.md", find=lambda source: b"<svg/>")
    save_drafts(module, reading, actor=None)
    assert not Image.objects.exists()
    assert any("x.png" in note for note in reading.notes)


# --- Word -----------------------------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def a_word_file(*paragraphs):
    """A small .docx: each paragraph is (style, text)."""
    body = "".join(
        f"<w:p>{f'<w:pPr><w:pStyle w:val={style!r}/></w:pPr>' if style else ''}<w:r><w:t>{text}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2)
    )
    styles += '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{main}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as container:
        for name, text in parts.items():
            container.writestr(name, text)
    return made.getvalue()


def test_a_word_file_becomes_lessons():
    data = a_word_file(("Heading1", "العرض"), ("", "ما يحدث"), ("Heading2", "علامات"), ("", "باب مغلق"))
    [lesson] = from_word(io.BytesIO(data), title="File").lessons
    assert (lesson.title, lesson.lede) == ("العرض", "ما يحدث")
    assert lesson.blocks == [("prose", "<h2>علامات</h2><p>باب مغلق</p>")]


def test_a_word_files_title_names_its_lesson_and_an_empty_heading_is_reported():
    data = a_word_file(
        ("Title", "The offer"), ("", "Lede"), ("Heading1", "Nothing"), ("Heading1", "More"), ("", "Words")
    )
    reading = from_word(io.BytesIO(data), title="File")
    assert [lesson.title for lesson in reading.lessons] == ["The offer", "More"]
    assert reading.notes == ["The heading “Nothing” has nothing below it and was left out."]


def test_what_word_calls_by_its_own_names_is_told_in_sentences():
    data = a_word_file(("Heading1", "One"), ("Fancy", "Lede"), ("Fancy", "Words"))
    reading = from_word(io.BytesIO(data), title="File")
    assert reading.notes == ["The look of the style “Fancy” was left out; its words stay."]


def test_a_word_file_that_looks_whole_and_is_not_is_refused():
    hollow = io.BytesIO()
    with zipfile.ZipFile(hollow, "w") as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", "<w:document")
    with pytest.raises(uploads.Refused, match="save it anew"):
        read_file(ContentFile(hollow.getvalue()), "a.docx")


def test_the_command_tells_before_it_writes(module, tmp_path):
    path = tmp_path / "lessons.docx"
    path.write_bytes(a_word_file(("Heading1", "One"), ("", "Lede"), ("", "Words")))
    out = io.StringIO()
    call_command("import_lessons", path, module.pk, "--dry-run", stdout=out)
    assert "One (1 min): prose" in out.getvalue()
    assert not LessonPage.objects.exists()
    call_command("import_lessons", path, module.pk, stdout=out)
    assert LessonPage.objects.get().title == "One"


def test_a_picture_outside_the_files_folder_is_not_read(module, tmp_path):
    (tmp_path / "secret.png").write_bytes(a_picture().read())
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "lessons.md").write_text("# One\n\nLede\n\n![x](../secret.png)")
    out = io.StringIO()
    call_command("import_lessons", folder / "lessons.md", module.pk, stdout=out)
    assert "could not be found" in out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"), [("a.docx", b"PK no"), ("a.pdf", b"%PDF-"), ("a.md", b"\xff"), ("b.md", b"")]
)
def test_what_is_no_such_file_is_refused(module, tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CommandError):
        call_command("import_lessons", tmp_path / name, module.pk, stdout=io.StringIO())
