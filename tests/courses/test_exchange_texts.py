"""Whatever an author can write in any script travels unchanged."""

import html
import re
import uuid

from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from core.blocks import LessonBlocks
from courses.exchange import blocks, markup
from courses.exchange.contents import Checking
from courses.exchange.exporting import Outward
from courses.exchange.reading import canonical, strict_json
from quizzes.exchange import check_version

# All that a database keeps: any script, combining marks, directions, control characters; not U+0000 nor half pairs.
SCRIPTS = st.sampled_from(
    ["é", "é", "ﷺ", "لا", "‏", "‎", "👩🏽‍✈️", "\u2028", "\u0085", "\x0b", "\x7f", "<", "&amp;", '"']
)
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | SCRIPTS).map("".join)
# HTML has no place for most control characters, and reads a carriage return as a line's end.
SPOKEN = TEXTS.map(lambda text: "".join(c for c in text if c.isprintable() or c in "\n\u200f\u200e"))
IDS = st.uuids().map(str)


def block(kind, value):
    return st.fixed_dictionaries({"type": st.just(kind), "value": value, "id": IDS})


def struct(**fields):
    return st.fixed_dictionaries(fields)


# A question that asks nothing is none.
STEMS = TEXTS.filter(str.strip)
ITEMS = st.lists(TEXTS) | st.lists(struct(type=st.just("item"), value=TEXTS, id=IDS))
STREAMS = st.lists(
    block("prose", SPOKEN.map(lambda text: f"<p>{escape(text)}</p>"))
    | block("key_point", struct(text=TEXTS))
    | block("exhibit", struct(label=TEXTS, look=st.sampled_from(["log", "letter"]), lines=ITEMS))
    | block("flash_check", struct(
        question=TEXTS, options=st.lists(struct(text=TEXTS, feedback=TEXTS, correct=st.booleans()))
    ))
    | block("report", st.none()),
    max_size=5,
)  # fmt: skip


@given(STREAMS)
def test_any_stream_goes_out_and_comes_in_as_it_was(stream):
    sent = strict_json(canonical(blocks.turned(LessonBlocks(), stream, Outward(), "page")), "page")
    known = {"image": set(), "document": set(), "quiz": set()}
    assert blocks.turned(LessonBlocks(), sent, Checking("page", known), "page") == stream


@given(st.dictionaries(st.sampled_from(["en", "ar", "fr"]), struct(stem=STEMS, text=TEXTS, why=TEXTS), min_size=1))
def test_any_words_of_an_item_travel(words):
    version = {
        "kind": "scenario",
        "structure": {
            "shape": 1,
            "options": [{"key": "a", "rating": "best", "mechanism": None, "bright_line": False}],
        },
        "texts": {
            code: {
                "shape": 1,
                "stem": said["stem"],
                "options": {"a": {"text": said["text"], "consequence": said["why"]}},
            }
            for code, said in words.items()
        },
    }
    check_version(version)
    assert strict_json(canonical(version), "bank") == version


@given(SPOKEN)
def test_any_escaped_words_are_let_in(text):
    assert markup.complaint(f"<p>{escape(text)}</p>") is None


# What an author writes, with something pushed in anywhere, also within a tag.
WRITTEN = st.sampled_from(
    [
        "<p>Say no.</p>",
        '<p lang="ar" dir="rtl">لا</p>',
        '<p><a href="https://customs.example/a?b=1&amp;c=2">here</a></p>',
        '<p>a <a linktype="page" id="3">b</a></p><embed embedtype="image" id="7" alt="x" format="left"/>',
    ]
)
PUSHED_IN = st.sampled_from(
    [
        *("<script>", "</script>", "<svg", "<img src=x onerror=a>", "<!--", "<b>", "</b>", "<p"),
        *("<", ">", '"', "'", "=", "/", "\t", "x", "&lt;script&gt;", "&#60;b", "javascript:a", "data:a"),
        *(" onclick=a", ' onclick="a"', ' href="javascript:a"', ' href="java\tscript:a"', ' href="&#106;avascript:a"'),
        *(' href="data:text/html,a"', " style=a", ' id="4"'),
    ]
)  # fmt: skip
TAG = re.compile(r"<([a-z][^\s/>]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)", re.IGNORECASE)
END = re.compile(r"</([a-z][^\s/>]*)", re.IGNORECASE)
NAME = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]+))?""")
LET_IN = {"p", "a", "b", "embed"}
ATTRIBUTES = {"lang", "dir", "href", "linktype", "id", "embedtype", "alt", "format"}


@given(WRITTEN, st.lists(st.tuples(st.integers(0, 100), PUSHED_IN), max_size=4))
def test_nothing_that_the_allow_list_would_take_away_is_let_in(text, pushed_in):
    """What is let in holds no tag, no attribute and no scheme beyond the list, to a reader of its own."""
    for place, piece in pushed_in:
        at = len(text) * place // 100
        text = text[:at] + piece + text[at:]
    if markup.complaint(text) is not None:
        assert pushed_in
        return
    assert {tag.lower() for tag in END.findall(TAG.sub("", text))} <= LET_IN
    for tag, rest in TAG.findall(text):
        assert tag.lower() in LET_IN
        for name, value in NAME.findall(rest):
            assert name.lower() in ATTRIBUTES
            if name.lower() == "href":
                address = re.sub(r"[\s\x00-\x1f]", "", html.unescape(value.strip("\"'"))).lower()
                scheme = re.match(r"[a-z][a-z0-9+.-]*(?=:)", address)
                assert scheme is None or scheme[0] == "https"


@given(st.lists(st.tuples(st.sampled_from(["page", "document"]), st.integers(1, 99)), max_size=4))
def test_references_are_renamed_there_and_back(links):
    written = "".join(f'<p><a linktype="{kind}" id="{number}">x</a></p>' for kind, number in links)
    names = {str(number): str(uuid.UUID(int=number)) for number in range(1, 100)}
    numbers = {name: number for number, name in names.items()}
    sent = markup.with_references(written, lambda kind, number: names[number])
    assert markup.with_references(sent, lambda kind, name: numbers[name]) == written
