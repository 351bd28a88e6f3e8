"""Each block of a lesson as a reader meets it: what it says, to whom it says it, and what it leaves open."""

import json
from decimal import Decimal

import pytest
from django.utils import translation
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.rich_text import RichText

from core import kept_files, slots
from core.blocks import (
    AudioBlock,
    DataFigureBlock,
    DownloadBlock,
    LessonBlocks,
    PictureBlock,
    VideoBlock,
    freeze,
    without_file,
)
from core.blocks.plots import line
from tests.factories.media import MP3, MP4, VTT, a_document, an_image

pytestmark = pytest.mark.django_db
BODY = LessonBlocks()


def lesson(*blocks):
    """A lesson's body of blocks, (type, stored value), with ids b0, b1, …"""
    return BODY.to_python([{"type": kind, "value": value, "id": f"b{n}"} for n, (kind, value) in enumerate(blocks)])


def html_of(kind, value):
    return freeze(lesson((kind, value))).html


def a_picture(image=None, **value):
    image = image or an_image()
    return {
        "picture": {"image": image.pk, "alt_text": "A seal, cut through", "decorative": False},
        "caption": "",
        "credit": "",
    } | value


def a_film(**value):
    return {
        "title": "The offer",
        "file": a_document("film.mp4", MP4).pk,
        "captions": [
            {"type": "item", "id": "c1", "value": {"language": "en", "file": a_document("en.vtt", VTT).pk}},
            {"type": "item", "id": "c2", "value": {"language": "ar", "file": a_document("ar.vtt", VTT + b"\n").pk}},
        ],
        "transcript": "<p>Good evening.</p>",
        "poster": None,
    } | value


def files():
    return {"film": a_film(), "picture": a_picture(), "sound": a_document("call.mp3", MP3), "form": a_document()}


def one_of_each():
    """Every block that there is, as it is stored."""
    kept = files()
    return [
        ("prose", "<h2>Words</h2><p>Words</p>"),
        ("key_point", {"text": "One sentence."}),
        ("instrument", {"says": "Publish it.", "instrument": "Declaration", "clause": "3"}),
        (
            "quotation",
            {"quote": "…", "instrument": "X", "clause": "1", "says": "", "language": "fr", "own_translation": True},
        ),
        ("steps", {"title": "Do", "steps": [{"title": "One", "text": "Write."}]}),
        ("comparison", {"title": "", "columns": [{"title": t, "points": ["x"]} for t in "ab"]}),
        ("accordion", {"title": "", "parts": [{"title": "One", "text": "<p>x</p>"}]}),
        ("timeline", {"title": "", "events": [{"when": "1993", "title": "x", "text": ""}] * 2}),
        ("exhibit", {"label": "Exhibit 1", "look": "log", "lines": ["21:40  x"]}),
        ("data_figure", a_figure()),
        ("dialogue", {"title": "At the gate", "turns": [{"who": "A", "says": "B"}]}),
        ("flash_check", {"question": "?", "options": [{"text": "a", "feedback": "b", "correct": True}]}),
        ("if_then", {"condition": "a", "response": "b"}),
        ("own_plan", {"prompt": "Plan", "example_condition": "", "example_response": ""}),
        ("reflection", {"question": "?"}),
        ("report", None),
        ("picture", kept["picture"]),
        ("video", kept["film"]),
        ("audio", {"title": "The call", "file": kept["sound"].pk, "transcript": "<p>x</p>"}),
        ("download", {"title": "Form", "file": kept["form"].pk, "note": ""}),
        ("national", {"slot": "gift_limit"}),
    ]


# --- Words ----------------------------------------------------------------------------------------------------------


def test_a_quotation_keeps_the_instrument_s_words_apart_from_ours():
    html = html_of(
        "quotation",
        {
            "quote": "Customs administrations shall …",
            "instrument": "Revised Arusha Declaration",
            "clause": "7",
            "says": "Be clear.",
            "language": "",
            "own_translation": False,
        },
    )
    assert "<blockquote><p>Customs administrations shall …</p></blockquote>" in html
    assert "Be clear." in html.split("</figcaption>")[1]
    assert "lang=" not in html
    assert "our own translation" not in html


def test_a_quotation_in_another_language_says_which_and_which_way_it_runs():
    value = {"quote": "نص", "instrument": "X", "clause": "1", "says": "", "language": "ar", "own_translation": True}
    html = html_of("quotation", value)
    assert '<div lang="ar" dir="rtl"><p>نص</p>' in html
    assert "our own translation" in html


def test_what_authors_write_is_never_markup():
    html = html_of("timeline", {"title": "", "events": [{"when": "<b>1</b>", "title": "<script>", "text": "&"}] * 2})
    assert "<script>" not in html
    assert "<b>1</b>" not in html


def test_an_accordion_is_details_that_need_no_script():
    html = html_of("accordion", {"title": "More", "parts": [{"title": "One", "text": "<p>Words</p>"}]})
    assert "<details><summary>" in html
    assert "<p>Words</p>" in html


def test_stored_instrument_blocks_stay_as_they_were():
    html = html_of("instrument", {"says": "Publish it.", "instrument": "Declaration", "clause": "Article 3"})
    assert "Publish it." in html
    assert "Article 3" in html


# --- What is left open ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind, value, mark",
    [
        ("reflection", {"question": "What would you say?"}, "reflection"),
        ("own_plan", {"prompt": "Plan", "example_condition": "", "example_response": ""}, "plan"),
    ],
)
def test_a_box_for_one_s_own_words_is_a_mark_by_the_block_s_id(kind, value, mark):
    html = html_of(kind, value)
    assert slots.keys_of(html, mark) == ["b0"]
    assert "<textarea" not in html


def test_a_national_slot_is_a_mark_with_its_key():
    assert slots.keys_of(html_of("national", {"slot": "gift_limit"}), "national") == ["gift_limit"]


# --- Pictures -------------------------------------------------------------------------------------------------------


def test_a_picture_says_what_it_shows_holds_its_place_and_comes_late():
    frozen = freeze(lesson(("picture", a_picture(caption="Exhibit 3"))))
    assert slots.keys_of(frozen.html, "media") == ["b0"]
    assert "<img" not in frozen.html
    medium = frozen.media["b0"]
    assert medium["shape"] == 1
    assert (medium["kind"], medium["words"]) == ("picture", "A seal, cut through")
    assert medium["bytes"] > 0
    for part in ('alt="A seal, cut through"', 'width="960"', 'height="640"', 'loading="lazy"', "480w", ".webp"):
        assert part in medium["html"]


def test_a_small_picture_is_never_drawn_larger():
    [medium] = freeze(lesson(("picture", a_picture(an_image(300, 200))))).media.values()
    assert 'width="300"' in medium["html"]
    assert medium["html"].count(".webp 300w") == 1


def test_a_decoration_is_not_read_out():
    value = a_picture()
    value["picture"] |= {"decorative": True}
    assert 'alt=""' in freeze(lesson(("picture", value))).media["b0"]["html"]


def test_a_picture_without_words_is_refused_unless_it_decorates():
    block = PictureBlock()
    value = a_picture()
    value["picture"] |= {"alt_text": ""}
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python(value))
    value["picture"] |= {"decorative": True}
    block.clean(block.to_python(value))


def test_the_same_lesson_freezes_to_the_same_words():
    body = lesson(("picture", a_picture()), ("video", a_film()))
    assert freeze(body) == freeze(body)
    json.dumps(freeze(body).media)


def test_numbers_in_attributes_are_not_localised():
    with translation.override("ar"):
        html = freeze(lesson(("picture", a_picture()))).media["b0"]["html"]
    assert 'width="960"' in html


# --- Film and sound -------------------------------------------------------------------------------------------------


def test_a_film_fetches_nothing_before_it_is_started_and_speaks_the_lesson_s_language():
    with translation.override("ar"):
        frozen = freeze(lesson(("video", a_film())))
    html = frozen.media["b0"]["html"]
    assert 'preload="none"' in html
    assert html.count("<track ") == 2
    assert 'srclang="ar" label="العربيّة" default' in html
    assert 'srclang="en" label="English">' in html
    assert frozen.media["b0"]["bytes"] == len(MP4)
    assert "<p>Good evening.</p>" in frozen.html


@pytest.mark.parametrize("change", ["captions", "transcript", "kind", "caption_kind", "twice"])
def test_a_film_without_captions_or_transcript_or_of_another_kind_is_refused(change):
    value = a_film()
    if change == "captions":
        value["captions"] = []
    elif change == "transcript":
        value["transcript"] = ""
    elif change == "kind":
        value["file"] = a_document("form.pdf").pk
    elif change == "caption_kind":
        value["captions"][0]["value"]["file"] = value["file"]
    else:
        value["captions"][1]["value"]["language"] = "en"
    block = VideoBlock()
    block.clean(block.to_python(a_film()))
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python(value))


def test_sound_has_a_transcript():
    block = AudioBlock()
    sound = a_document("call.mp3", MP3)
    value = {"title": "The call", "file": sound.pk, "transcript": "<p>Hello.</p>"}
    block.clean(block.to_python(value))
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python(value | {"transcript": ""}))
    html = freeze(lesson(("audio", value))).media["b0"]["html"]
    assert '<audio controls preload="none" aria-label="The call">' in html


# --- Files ----------------------------------------------------------------------------------------------------------


def test_a_download_says_its_kind_and_size_and_keeps_its_name():
    document = a_document("form.pdf")
    html = html_of("download", {"title": "Gift form", "file": document.pk, "note": ""})
    assert "PDF" in html
    assert "bytes" in html
    assert f'download="{document.filename}"' in html


def test_a_download_is_a_document():
    block = DownloadBlock()
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({"title": "X", "file": a_document("film.mp4", MP4).pk, "note": ""}))


def test_links_to_documents_in_running_text_lead_to_kept_copies():
    document = a_document("form.pdf")
    html = html_of("prose", f'<p><a linktype="document" id="{document.pk}">the form</a></p>')
    assert kept_files.keep(document.file).url in html
    assert "/documents/" not in html


def test_a_block_whose_original_was_deleted_is_named():
    image, document = an_image(), a_document("form.pdf")
    stored = (
        ("picture", a_picture(image)),
        ("download", {"title": "Gift form", "file": document.pk, "note": ""}),
        ("key_point", {"text": "One"}),
    )
    assert without_file(lesson(*stored)) == []
    image.delete()
    document.delete()
    assert without_file(lesson(*stored)) == ["Picture", "Download"]
    assert "Gift form" in freeze(lesson(*stored)).html


def test_a_draft_that_lacks_a_file_can_still_be_looked_at():
    film = a_film(file=None)
    assert freeze(lesson(("video", film))).media == {}


# --- Figures --------------------------------------------------------------------------------------------------------


def a_figure(**value):
    rows = [{"label": str(2017 + n), "value": number} for n, number in enumerate(("10", "5", "2.5"))]
    return {
        "title": "Cases",
        "summary": "They became fewer.",
        "look": "line",
        "label_heading": "Year",
        "value_heading": "Cases",
        "rows": [{"type": "item", "id": f"r{n}", "value": row} for n, row in enumerate(rows)],
        "source": "",
    } | value


@pytest.mark.parametrize("look", ["bars", "line"])
def test_a_figure_says_in_a_table_what_it_draws(look):
    html = html_of("data_figure", a_figure(look=look))
    assert html.count('aria-hidden="true"') == 1
    for row in ("2017</th><td>10", "2018</th><td>5", "2019</th><td>2.5"):
        assert row in html
    assert '<th scope="col">Year</th>' in html


def test_the_numbers_of_a_figure_follow_the_language_and_its_drawing_does_not():
    with translation.override("fr"):
        html = html_of("data_figure", a_figure(look="bars"))
    assert "<td>2,5</td>" in html
    assert 'width="25.00%"' in html


def test_a_line_begins_at_zero():
    block = DataFigureBlock()
    assert line([Decimal(10), Decimal(5), Decimal(0)], Decimal(10)) == "M0 0L50 25L100 50"
    block.clean(block.to_python(a_figure()))


def test_a_figure_of_nothing_is_refused():
    block = DataFigureBlock()
    value = a_figure()
    for row in value["rows"]:
        row["value"]["value"] = "0"
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python(value))


# --- The chooser ----------------------------------------------------------------------------------------------------


def test_every_block_has_a_group_and_a_sentence_in_the_chooser():
    for name, block in BODY.child_blocks.items():
        assert block.meta.group, name
        assert block.meta.description, name
        assert block.meta.icon != "placeholder", name


def test_rich_text_stays_rich_text():
    assert isinstance(BODY.child_blocks["prose"].to_python("<p>x</p>"), RichText)
