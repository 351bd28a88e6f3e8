"""One item of each kind, as a quiz serves them, in English and Arabic, with a form that answers it and another one."""

from django.core.files.base import ContentFile

from quizzes import services
from tests.factories.media import MP3, MP4, picture_bytes
from tests.factories.people import NOW
from tests.factories.quizzes import true_or_false, weighed
from tests.quizzes.kinds.examples import (
    CLEARANCE,
    CONTAINER,
    ESSAY,
    GAPS,
    INVOICE,
    OFFER,
    OFFICES,
    WEIGHT,
)

LANGUAGES = ("en", "ar")
RATINGS = {"a": "best", "b": "breach"}


def media():
    """A picture, a recording and a film, kept for items."""
    files = ((picture_bytes(900, 450, "PNG"), "a.png"), (MP3, "a.mp3"), (MP4, "a.mp4"))
    return [services.keep_medium(ContentFile(content), name, now=NOW) for content, name in files]


def items():
    """(kind, structure, texts) of each kind. Every one has media after its stem, a hint and a rationale."""
    kept = media()
    for kind, structure, texts in _bare(kept[0].sha256):
        if kind != "scenario":
            for language, words in texts.items():
                words["media"] = [
                    {"sha256": each.sha256, "kind": each.kind, "alt": f"The {each.kind} in {language}"}
                    for each in kept[: 3 if kind == "short_answer" else 1]
                ]
                words["hints"] = [f"A hint in {language}."]
                words["rationale"] = f"The rationale in {language}."
        yield kind, structure, texts


def _bare(picture):
    yield (
        "scenario",
        {
            "shape": 1,
            "options": [
                {"key": key, "rating": rating, "mechanism": None, "bright_line": rating == "breach"}
                for key, rating in RATINGS.items()
            ],
        },
        {
            language: {
                "shape": 1,
                "stem": f"A situation in {language}.",
                "options": {
                    key: {"text": f"way {key} in {language}", "consequence": f"consequence of {key} in {language}"}
                    for key in RATINGS
                },
            }
            for language in LANGUAGES
        },
    )
    yield weighed("single_choice", LANGUAGES, a="1", b="0.5", c="0")
    yield weighed("multiple_choice", LANGUAGES, a="0.5", b="0.5", c="-0.5")
    yield true_or_false(True, LANGUAGES)
    yield (
        "ordering",
        CLEARANCE,
        _words(
            lambda say: {
                "elements": {key: say(key) for key in CLEARANCE["elements"]},
                "feedback": {"wrong": say("reread")},
            }
        ),
    )
    yield (
        "matching",
        OFFICES,
        _words(lambda say: {part: {key: say(key) for key in OFFICES[part]} for part in ("prompts", "targets")}),
    )
    yield (
        "gap_fill",
        GAPS,
        _words(
            lambda say: {
                "stem": say("Tell the [[g1]].\n\nAbove [[g3]] it is [[g2]]."),
                "gaps": {
                    "g1": {"accepted": [{"text": say("office"), "fraction": "1", "feedback": say("indeed")}]},
                    "g2": {
                        "options": {"a": {"text": say("refused")}, "b": {"text": say("kept"), "feedback": say("no")}}
                    },
                    "g3": {"feedback": [say("exactly"), say("nearly")]},
                },
            }
        ),
    )
    yield (
        "short_answer",
        OFFER,
        _words(lambda say: {"accepted": [{"text": say("bribe"), "fraction": "1", "feedback": say("its name")}]}),
    )
    yield "numerical", WEIGHT, _words(lambda say: {"feedback": [say("exactly"), say("weigh again")]})
    yield (
        "hotspot",
        CONTAINER | {"image": picture},
        _words(
            lambda say: {
                "image_alt": say("container"),
                "areas": {area["key"]: say(area["key"]) for area in CONTAINER["areas"]},
            }
        ),
    )
    yield (
        "document",
        INVOICE,
        _words(
            lambda say: {
                "title": say("invoice"),
                "fields": {
                    each["key"]: {"label": say(each["key"]), "value": "", "feedback": say(f"about {each['key']}")}
                    for each in INVOICE["fields"]
                },
            }
        ),
    )
    yield (
        "essay",
        ESSAY | {"files": 0, "file_kinds": []},
        _words(
            lambda say: {
                "rubric": {"c1": {"text": say("names the duty"), "levels": {"l0": say("no"), "l1": say("yes")}}},
                "for_markers": say("article 5"),
            }
        ),
    )


def _words(make):
    texts = {}
    for language in LANGUAGES:

        def say(text, language=language):
            return f"{text} ({language})"

        texts[language] = {"shape": 2, "stem": say("a question")} | make(say)
    return texts


# What a learner sends, by the part of the field's name: an answer, and another one.
SENT = {
    "scenario": ({"": "1"}, {"": "2"}),
    "single_choice": ({"": "1"}, {"": "2"}),
    "multiple_choice": ({"": ["1", "2"]}, {"": ["3"]}),
    "true_false": ({"": "1"}, {"": "2"}),
    "ordering": ({"1": "4", "2": "3", "3": "2", "4": "1"}, {"1": "1", "2": "2"}),
    "matching": ({"1": "1", "2": "2", "3": "3"}, {"1": "4"}),
    "gap_fill": ({"1": "typed <b>", "2": "2", "3": "٥٠"}, {"1": "other"}),
    "short_answer": ({"": 'رشوة "<b>'}, {"": "a bribe"}),
    "numerical": ({"": "12,5 kg"}, {"": "3"}),
    "hotspot": ({"x": "250", "y": "750"}, {"": "2"}),
    "document": ({"": ["1", "3"]}, {"": ["2"]}),
    "essay": ({"": "\nFirst line\n\n<b>second</b>"}, {"": "other"}),
}


def form(number, kind, which=0, sequence=1):
    """What the page of the question with this number sends."""
    name = f"q{number}"
    sent = {f"{name}-{part}" if part else name: value for part, value in SENT[kind][which].items()}
    return sent | {f"{name}-sequence": sequence}
