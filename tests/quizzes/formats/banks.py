"""Questions of every kind as Hypothesis draws them: in normal form, with keys and texts as awkward as authors are."""

import re
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from quizzes.formats import texts
from quizzes.formats.amounts import rounded, written
from quizzes.formats.marks import letters, numbered
from quizzes.formats.media import Library
from quizzes.formats.neutral import Question
from quizzes.models import Mechanism
from tests.factories.media import picture_bytes

# As the bank keeps them: painted anew when they came.
PICTURE = Library().medium(picture_bytes(60, 40), "map of the port.jpg")
OTHER_PICTURE = Library().medium(picture_bytes(40, 40, "PNG"), "seal.png")
KEPT = frozenset({PICTURE.sha256, OTHER_PICTURE.sha256})

LETTERS = "abcXYZ éü السؤال ١٢ Привет 3% = ~ # { } \\ : & < > \" ' [ ] * - / | $ . , ; _ @ +"


def text(most=40, alphabet=LETTERS):
    return st.text(alphabet, min_size=1, max_size=most).map(texts.plain).filter(bool).filter(_ordinary)


def _ordinary(words):
    # What other formats take for mark-up of their own, and an author can only write on purpose.
    return not any(mark in words for mark in ("[[", "]]", "{mlang", "data:", "$$", "\\(", "\\["))


def line(most=30, alphabet=LETTERS):
    return text(most, alphabet).map(texts.line).filter(bool)


def apart(strategy, least, most):
    """Texts no two of which read the same."""
    return st.lists(strategy, min_size=least, max_size=most, unique_by=texts.line)


def passage():
    return st.lists(st.lists(text(25), min_size=1, max_size=3).map("\n".join), min_size=1, max_size=3).map(
        lambda paragraphs: texts.plain("\n\n".join(paragraphs))
    )


def maybe(strategy):
    return st.one_of(st.just(""), strategy)


def keys(usual):
    """The usual keys mostly, and sometimes what is left after years of editing."""
    shuffled = st.permutations(usual)
    other = st.lists(
        st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
        min_size=len(usual),
        max_size=len(usual),
        unique=True,
    )
    return st.one_of(st.just(usual), shuffled, other)


@st.composite
def common(draw, stem=None, media=True):
    words = {"shape": 2, "stem": stem if stem is not None else draw(passage())}
    if rationale := draw(maybe(passage())):
        words["rationale"] = rationale
    if hints := draw(st.lists(text(), max_size=2)):
        words["hints"] = hints
    shown = []
    if media and draw(st.booleans()):
        shown = draw(st.lists(st.sampled_from([PICTURE, OTHER_PICTURE]), min_size=1, max_size=2, unique=True))
        words["media"] = [{"sha256": medium.sha256, "kind": medium.kind, "alt": draw(line())} for medium in shown]
    return words, shown


@st.composite
def question(draw, kind, structure, words, media=()):
    held = {medium.sha256: medium for medium in media}
    key = draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True))
    return Question(
        key=key,
        name=draw(line()),
        kind=kind,
        structure=structure,
        words=words,
        tags=tuple(draw(st.lists(line(15, "abc éü Привет"), max_size=3, unique=True))),
        difficulty=draw(st.sampled_from([None, 1, 2, 3])),
        rad_factors=tuple(draw(st.lists(st.integers(1, 10), max_size=3, unique=True))),
        media=tuple(held[digest] for digest in sorted(held)),
    )


def fed_back(draw, said):
    feedback = draw(maybe(text()))
    return said | ({"feedback": feedback} if feedback else {})


FRACTIONS = ["-1", "-0.5", "-0.3333333", "0", "0.1", "0.3333333", "0.5", "0.9"]


@st.composite
def single_choice(draw, media=True):
    said = draw(st.lists(text(), min_size=2, max_size=5))
    used = draw(keys(letters(len(said))))
    shares = [draw(st.sampled_from(FRACTIONS)) for _text in said]
    shares[draw(st.integers(0, len(said) - 1))] = "1"
    words, shown = draw(common(media=media))
    words["options"] = {key: fed_back(draw, {"text": one}) for key, one in zip(used, said, strict=True)}
    options = [{"key": key, "fraction": share} for key, share in zip(used, shares, strict=True)]
    structure = {"shape": 2, "options": options, "shuffle": draw(st.booleans())}
    return draw(question("single_choice", structure, words, shown))


@st.composite
def multiple_choice(draw, media=True):
    right = draw(st.integers(1, 4))
    wrong = draw(st.integers(1, 3))
    share = written(rounded(Decimal(1) / right))
    shares = draw(st.permutations([share] * right + [draw(st.sampled_from(FRACTIONS[:4])) for _one in range(wrong)]))
    used = draw(keys(letters(len(shares))))
    words, shown = draw(common(media=media))
    words["options"] = {key: fed_back(draw, {"text": draw(text())}) for key in used}
    options = [{"key": key, "fraction": one} for key, one in zip(used, shares, strict=True)]
    structure = {"shape": 2, "options": options, "shuffle": draw(st.booleans())}
    return draw(question("multiple_choice", structure, words, shown))


@st.composite
def true_false(draw, media=True):
    words, shown = draw(common(media=media))
    said = {key: {"feedback": draw(text())} for key in ("true", "false") if draw(st.booleans())}
    if said:
        words["options"] = said
    return draw(question("true_false", {"shape": 2, "correct": draw(st.booleans())}, words, shown))


@st.composite
def scenario(draw):
    ratings = ["best", *draw(st.lists(st.sampled_from(["acceptable", "risky", "breach"]), min_size=1, max_size=4))]
    ratings = draw(st.permutations(ratings))
    used = draw(keys(letters(len(ratings))))
    options, said = [], {}
    for key, rating in zip(used, ratings, strict=True):
        mechanism = draw(st.sampled_from([None, *Mechanism.values])) if rating != "best" else None
        bright = rating == "breach" and draw(st.booleans())
        options.append({"key": key, "rating": rating, "mechanism": mechanism, "bright_line": bright})
        said[key] = {"text": draw(text()), "consequence": draw(maybe(passage()))}
        if rationalisation := draw(maybe(passage())):
            said[key]["rationalisation"] = rationalisation
    words = {"shape": 1, "stem": draw(passage()), "options": said}
    return draw(question("scenario", {"shape": 1, "options": options}, words))


@st.composite
def document(draw, media=True):
    count = draw(st.integers(2, 5))
    used = draw(keys(numbered("f", count)))
    wrong = draw(st.lists(st.booleans(), min_size=count, max_size=count).filter(any))
    words, shown = draw(common(media=media))
    words["title"] = draw(line())
    words["fields"] = {key: fed_back(draw, {"label": draw(line()), "value": draw(maybe(line()))}) for key in used}
    fields = [{"key": key, "wrong": one} for key, one in zip(used, wrong, strict=True)]
    return draw(question("document", {"shape": 2, "fields": fields}, words, shown))


@st.composite
def ordering(draw, media=True):
    said = draw(apart(text(), 2, 5))
    used = draw(keys(numbered("e", len(said))))
    words, shown = draw(common(media=media))
    words["elements"] = dict(zip(used, said, strict=True))
    if told := {key: draw(text()) for key in ("right", "partly", "wrong") if draw(st.booleans())}:
        words["feedback"] = told
    structure = {"shape": 2, "elements": used, "credit": draw(st.sampled_from(["pairs", "whole"]))}
    return draw(question("ordering", structure, words, shown))


@st.composite
def matching(draw, media=True):
    prompts = draw(keys(numbered("p", draw(st.integers(1, 4)))))
    targets = draw(keys(numbered("t", draw(st.integers(2, 5)))))
    words, shown = draw(common(media=media))
    words["prompts"] = dict(zip(prompts, draw(apart(text(), len(prompts), len(prompts))), strict=True))
    words["targets"] = dict(zip(targets, draw(apart(line(), len(targets), len(targets))), strict=True))
    structure = {
        "shape": 2,
        "prompts": prompts,
        "targets": targets,
        "pairs": {key: draw(st.sampled_from(targets)) for key in prompts},
        "shuffle": draw(st.booleans()),
    }
    return draw(question("matching", structure, words, shown))


@st.composite
def accepted(draw, wildcards):
    entries = []
    for place in range(draw(st.integers(1, 3))):
        said = draw(line())
        if not wildcards:
            # A backslash before a star is the one thing that two ways of writing share.
            said = said.replace("\\*", "*").replace("\\", "")
            said = said.strip() or "a"
        share = "1" if place == 0 else draw(st.sampled_from(["0", "0.5", "1"]))
        entries.append(fed_back(draw, {"text": said, "fraction": share}))
    return entries


@st.composite
def short_answer(draw, media=True):
    words, shown = draw(common(media=media))
    structure = {name: draw(st.booleans()) for name in ("case", "accents", "wildcards")} | {"shape": 2}
    words["accepted"] = draw(accepted(structure["wildcards"]))
    return draw(question("short_answer", structure, words, shown))


def amount(least=-10_000, most=10_000, places=3):
    return st.decimals(least, most, places=places, allow_nan=False, allow_infinity=False).map(written)


UNITS = [("g", "0.001"), ("t", "1000"), ("half", "0.5"), ("pud", "16")]


@st.composite
def numerical(draw, media=True):
    words, shown = draw(common(media=media))
    shares = ["1", *draw(st.lists(st.sampled_from(["0", "0.5"]), max_size=2))]
    answers = [{"value": draw(amount()), "tolerance": draw(amount(0, 10)), "fraction": share} for share in shares]
    feedback = [draw(maybe(text())) for _share in shares]
    if any(feedback):
        words["feedback"] = feedback
    unit = draw(st.sampled_from(["none", "optional", "required"]))
    others = draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))
    units = draw(st.permutations([("kg", "1"), *others])) if unit != "none" else []
    structure = {
        "shape": 2,
        "answers": answers,
        "units": [{"unit": name, "factor": factor} for name, factor in units],
        "unit": unit,
    }
    return draw(question("numerical", structure, words, shown))


@st.composite
def gap_fill(draw, media=True, kinds=("text", "choice", "number")):
    count = draw(st.integers(1, 3))
    used = draw(keys(numbered("g", count)))
    gaps, said = [], {}
    for key in used:
        part = {"key": key, "kind": draw(st.sampled_from(kinds)), "points": str(draw(st.integers(1, 3)))}
        if part["kind"] == "text":
            part |= {name: draw(st.booleans()) for name in ("case", "accents", "wildcards")}
            said[key] = {"accepted": draw(accepted(part["wildcards"]))}
        elif part["kind"] == "choice":
            choices = draw(apart(line(), 2, 4))
            of_choice = draw(keys(letters(len(choices))))
            shares = ["1", *(draw(st.sampled_from(["0", "-0.5", "0.5"])) for _one in choices[1:])]
            part["options"] = [{"key": one, "fraction": share} for one, share in zip(of_choice, shares, strict=True)]
            said[key] = {
                "options": {
                    one: fed_back(draw, {"text": words}) for one, words in zip(of_choice, choices, strict=True)
                }
            }
        else:
            shares = ["1", *draw(st.lists(st.sampled_from(["0", "0.5"]), max_size=1))]
            part["answers"] = [
                {"value": draw(amount()), "tolerance": draw(amount(0, 10)), "fraction": share} for share in shares
            ]
            feedback = [draw(maybe(text())) for _share in shares]
            if any(feedback):
                said[key] = {"feedback": feedback}
        gaps.append(part)
    pieces = [draw(line()) for _key in [*used, ""]]
    stem = " ".join(f"{piece} [[{key}]]" for piece, key in zip(pieces, used, strict=False)) + f" {pieces[-1]}"
    words, shown = draw(common(texts.plain(stem), media=media))
    words["gaps"] = said
    return draw(question("gap_fill", {"shape": 2, "gaps": gaps}, words, shown))


AREAS = [
    ("rect", [100, 200, 333, 450]),
    ("rect", [0, 0, 7, 1000]),
    ("circle", [300, 400, 123]),
    ("polygon", [1, 2, 333, 47, 999, 998]),
    ("polygon", [10, 10, 500, 20, 700, 700, 400, 900, 30, 500]),
]


@st.composite
def hotspot(draw, several_right=False):
    image = draw(st.sampled_from([PICTURE, OTHER_PICTURE]))
    used = draw(keys(numbered("h", draw(st.integers(2, 4)))))
    areas = []
    for place, key in enumerate(used):
        shape, coords = draw(st.sampled_from(AREAS))
        right = place == 1 or (several_right and place > 1 and draw(st.booleans()))
        areas.append({"key": key, "shape": shape, "coords": coords, "fraction": "1" if right else "0"})
    structure = {"shape": 2, "image": image.sha256, "areas": areas}
    if any(area["shape"] == "circle" for area in areas):
        structure["ratio"] = "0.6667" if image is PICTURE else "1"
    words, shown = draw(common())
    words["image_alt"] = draw(line())
    words["areas"] = dict(zip(used, draw(apart(line(), len(used), len(used))), strict=True))
    return draw(question("hotspot", structure, words, [image, *shown]))


KINDS_OF_FILE = st.lists(st.sampled_from(["pdf", "docx", "jpg", "png", "txt"]), min_size=1, max_size=3, unique=True)


@st.composite
def essay(draw, media=True):
    words, shown = draw(common(media=media))
    criteria, said = [], {}
    for key in draw(keys(numbered("c", draw(st.integers(1, 3))))):
        points = ["0", *draw(st.lists(st.sampled_from(["0.5", "1", "12.25", "100"]), min_size=1, max_size=3))]
        named = draw(keys([f"l{place}" for place in range(len(points))]))
        levels = [{"key": one, "points": share} for one, share in zip(named, points, strict=True)]
        criteria.append({"key": key, "levels": levels})
        said[key] = {"text": draw(passage()), "levels": {one: draw(text()) for one in named}}
    words["rubric"] = said
    if for_markers := draw(maybe(passage())):
        words["for_markers"] = for_markers
    structure = {
        "shape": 2,
        "rubric": criteria,
        "least_words": draw(st.sampled_from([0, 50])),
        "most_words": draw(st.sampled_from([300, 10_000])),
        "files": draw(st.integers(0, 10)),
        "file_kinds": [],
    }
    if structure["files"] or draw(st.booleans()):
        structure["file_kinds"] = draw(KINDS_OF_FILE)
    if draw(st.booleans()):
        structure["marking"] = {"markers": draw(st.integers(1, 2)), "tolerance": draw(amount(0, 1, 2))}
    return draw(question("essay", structure, words, shown))


BY_KIND = {
    "single_choice": single_choice,
    "multiple_choice": multiple_choice,
    "true_false": true_false,
    "scenario": scenario,
    "document": document,
    "ordering": ordering,
    "matching": matching,
    "short_answer": short_answer,
    "numerical": numerical,
    "gap_fill": gap_fill,
    "hotspot": hotspot,
    "essay": essay,
}


def bank_of(strategy):
    return st.lists(strategy, min_size=1, max_size=3, unique_by=lambda question: question.key.casefold())


# --- What a format can hold -----------------------------------------------------------------------------------------

HELD_BY = {
    "moodle_xml": list(BY_KIND),
    "qti2": list(BY_KIND),
    "qti3": list(BY_KIND),
    "gift": [
        "single_choice", "multiple_choice", "scenario", "document", "true_false", "short_answer", "numerical",
        "matching", "essay",
    ],
}  # fmt: skip
HELD_BY["csv"] = HELD_BY["xlsx"] = [*HELD_BY["gift"], "ordering"]


def held_by(format, kind):
    """Questions of a kind that a format holds wholly."""
    found = BY_KIND[kind]()
    if format == "gift":
        return found.map(_without_media).filter(_has_no_arrow)
    if format == "csv":
        return found.map(_without_media).filter(_has_no_arrow).filter(_begins_no_formula)
    if format == "xlsx":
        return found.map(_without_media).filter(_has_no_arrow)
    return found.filter(_says_each_answer_once) if format.startswith("qti") else found


def _without_media(question):
    words = {part: value for part, value in question.words.items() if part != "media"}
    return replace(question, words=words, media=())


def _begins_no_formula(question):
    return not re.search(r"(^|'|\")[=+@\-]", str([question.name, question.words]).replace("\\n", ""))


def _has_no_arrow(question):
    told = [text for entry in question.words.get("accepted", []) for text in entry.values()]
    return not any("->" in text for text in [*told, *question.words.get("prompts", {}).values()])


def _says_each_answer_once(question):
    """No accepted answer twice: QTI has no place for it."""
    lists = [
        question.words.get("accepted", []),
        *(gap.get("accepted", []) for gap in question.words.get("gaps", {}).values()),
    ]
    return all(len({entry["text"] for entry in accepted}) == len(accepted) for accepted in lists)
