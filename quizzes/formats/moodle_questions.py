"""One question of Moodle XML, read.

What becomes of Moodle's kinds:

    multichoice                        single or multiple choice, negative fractions as they are
    truefalse, shortanswer, numerical  the same; a unit's multiplier is turned round (Moodle says how many of a unit
                                       make one, we say how much one of it is)
    matching, ordering, essay          the same; an essay gets a simple rubric, for Moodle exports none
    cloze, gapselect, ddwtos           gap fill
    ddmarker                           refused (it has no decoys), unless it is a hotspot that went out from here
    ddimageortext, calculated, others  refused, with the reason
    description                        no question: it is reported

General feedback is the rationale; the feedback for right, partly right and wrong answers as a whole has a place in
ordering, and in a single choice beside that of each answer. `idnumber` is the key. Tags of our own
(quizzes.formats.marks) bring home what Moodle has no word for.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from quizzes.formats import areas, choosing, cloze, marks, media, rubrics, texts
from quizzes.formats.amounts import fraction, inverse, number, written
from quizzes.formats.choosing import Option, joined
from quizzes.formats.drafts import Draft, Made, QuestionRefused, checked_count
from quizzes.formats.pairs import matching
from quizzes.formats.wildcards import wildcards_as_found
from quizzes.formats.xml_tree import Node
from quizzes.kinds.essay import MOST_FILES

_FORMS = {"html": "html", "1": "html", "plain_text": "plain", "2": "plain", "markdown": "markdown", "4": "markdown",
          "moodle_auto_format": "auto", "0": "auto"}  # fmt: skip
# What Moodle puts there by itself: nothing is lost with it.
_USUAL_FEEDBACK = {
    "your answer is correct.", "your answer is partially correct.", "your answer is incorrect.", "correct",
    "incorrect", "partially correct", "correct!", "incorrect.", "correct.",
    "votre réponse est correcte.", "votre réponse est partiellement correcte.", "votre réponse est incorrecte.",
    "respuesta correcta", "respuesta parcialmente correcta", "respuesta incorrecta",
    "sua resposta está correta.", "sua resposta está parcialmente correta.", "sua resposta está incorreta.",
    "a sua resposta está correta.", "a sua resposta está parcialmente correta.", "a sua resposta está incorreta.",
    "ваш ответ верный.", "ваш ответ частично правильный.", "ваш ответ неправильный.",
    "إجابتك صحيحة.", "إجابتك صحيحة جزئياً.", "إجابتك غير صحيحة.", "إجابتك خاطئة.",
}  # fmt: skip
_NOT_HERE = {
    "calculated": _(
        "Its numbers are drawn anew for everybody (a calculated question), which is not possible here. Make a question"
        " with fixed numbers of it."
    ),
    "ddimageortext": _(
        "Pictures or words are dragged onto a picture, which is not possible here. Make a matching of it, or a"
        " question of each place."
    ),
    "description": _("It is a description and asks nothing."),
    "random": _("It stands for questions drawn at random; a quiz draws by its own plan here."),
    "randomsamatch": _(
        "It is put together from other questions at random, which is not possible here. Make a matching of it."
    ),
}
for _kind in ("calculatedsimple", "calculatedmulti"):
    _NOT_HERE[_kind] = _NOT_HERE["calculated"]


def read(draft: Draft, node: Node, above: list[str]) -> Made:
    """The question of an element; `above` are the categories it is in, as tags. Raises QuestionRefused."""
    kind = node.get("type").strip().lower()
    if kind in _NOT_HERE:
        raise QuestionRefused(_NOT_HERE[kind])
    reader = _READERS.get(kind)
    if reader is None:
        raise QuestionRefused(
            _("Questions of the kind “%(kind)s” are not known here. Ask it in a question of another kind."), kind=kind
        )
    given = [tag.words("text") for holder in node.all("tags") for tag in holder.all("tag")]
    own, draft.marks = marks.parted(given)
    draft.tags = above + own
    draft.given_key = node.words("idnumber")
    asked = _Asked(draft, node)
    made = reader(asked)
    points = number(node.words("defaultgrade"))
    if points is not None and points == 0:
        draft.changed(_("It was worth nothing in Moodle; here a question counts by its place in the quiz."))
    elif points is not None and points != 1 and kind not in ("cloze", "multianswer"):
        draft.changed(
            _("It was worth %(points)s points in Moodle; here a question counts by its place in the quiz."),
            points=written(points),
        )
    return made


class _Asked:
    """What the questions of all kinds have."""

    def __init__(self, draft: Draft, node: Node):
        self.draft = draft
        self.node = node
        self.rationale = draft.text(*text_of(node.first("generalfeedback")))
        self.hints = [draft.text(*text_of(hint)) for hint in node.all("hint")]

    def stem(self, source: str | None = None) -> str:
        """The question's text with what it shows; `source` where its mark-up has been changed."""
        holder = self.node.first("questiontext")
        given, form = text_of(holder)
        stem = self.draft.stem(given if source is None else source, self._files, form)
        self._old_picture()
        return stem

    @property
    def source(self) -> str:
        return text_of(self.node.first("questiontext"))[0]

    def _files(self, address: str) -> bytes | None:
        """A file of the question: the one at the very path, else one of the name."""
        before, _here, path = address.partition("@@PLUGINFILE@@")
        if before or not path:
            return None
        wanted, name = unquote(path.partition("?")[0]).strip("/"), media.known_name(path)
        found = [file for file in self.node.inside("file") if media.known_name(file.get("name")) == name]
        found.sort(key=lambda file: f"{file.get('path')}/{file.get('name')}".strip("/") != wanted)
        return media.decoded(found[0].text) if found else None

    def _old_picture(self) -> None:
        """Before Moodle 2, a question had one picture beside its text."""
        name, packed = self.node.words("image").strip(), self.node.words("image_base64").strip()
        if packed:
            self.draft.show(texts.Reference("image", f"data:image/unknown;base64,{packed}", ""), lambda _name: None)
        elif name:
            self.draft.show(texts.Reference("image", name, ""), lambda _name: None)

    def answers(self) -> list[Node]:
        found = self.node.all("answer")
        checked_count(found)
        return found

    def share(self, answer: Node) -> Decimal:
        given = answer.get("fraction") or answer.words("fraction") or "0"
        share = fraction(given)
        if share is None:
            raise QuestionRefused(_("“%(share)s” is no percentage from -100 to 100."), share=given)
        return share

    def feedback(self, answer: Node) -> str:
        return self.draft.text(*text_of(answer.first("feedback")))

    def as_a_whole(self) -> dict[str, str]:
        """The feedback for right, partly right and wrong answers as a whole, without what Moodle says by itself."""
        said = {
            "right": self.draft.text(*text_of(self.node.first("correctfeedback"))),
            "partly": self.draft.text(*text_of(self.node.first("partiallycorrectfeedback"))),
            "wrong": self.draft.text(*text_of(self.node.first("incorrectfeedback"))),
        }
        return {key: text for key, text in said.items() if text and text.casefold() not in _USUAL_FEEDBACK}

    def leave_out_the_whole(self) -> None:
        if self.as_a_whole():
            self.draft.changed(_("The feedback for right and wrong answers as a whole is not kept."))

    def flag(self, name: str, otherwise: bool) -> bool:
        given = self.node.words(name).strip().lower()
        return given in ("true", "1") if given else otherwise


def text_of(holder: Node | None, form: str = "html") -> tuple[str, str]:
    """The source of a text and its form. Answers of old files have no `<text>`."""
    if holder is None:
        return "", "plain"
    inner = holder.first("text") or holder
    source = inner.source if inner.children and inner is not holder else _own_text(inner)
    return source, _FORMS.get(holder.get("format").strip().lower(), form)


def _own_text(node: Node) -> str:
    return "".join(part for part in node.content if isinstance(part, str))


# --- The kinds ------------------------------------------------------------------------------------------------------


def _multichoice(asked: _Asked) -> Made:
    """Who chooses one answer sees its feedback and that of the whole together; of several, only each one's is kept."""
    several = not asked.flag("single", True)
    options = [
        Option(asked.draft.option(*text_of(answer)), asked.share(answer), asked.feedback(answer))
        for answer in asked.answers()
    ]
    if several:
        asked.leave_out_the_whole()
    else:
        whole = asked.as_a_whole()
        options = [replace(one, feedback=joined(one.feedback, whole.get(_worth(one.fraction), ""))) for one in options]
    return choosing.question(
        asked.draft,
        asked.stem(),
        options,
        several=several,
        shuffle=asked.flag("shuffleanswers", True),
        rationale=asked.rationale,
        hints=asked.hints,
    )


def _worth(share: Decimal) -> str:
    return "right" if share == 1 else "partly" if share > 0 else "wrong"


def _truefalse(asked: _Asked) -> Made:
    """Answers are told by their text; of old files in other languages the first one is “true”."""
    correct, feedback = None, {}
    for place, answer in enumerate(asked.answers()[:2]):
        said = texts.line(text_of(answer)[0]).lower()
        key = said if said in ("true", "false") else "true" if place == 0 else "false"
        if asked.share(answer) == 1:
            correct = key == "true"
        feedback[key] = asked.feedback(answer)
    if correct is None:
        raise QuestionRefused(_("No answer of it earns all of its points. Give one of them 100 %%."))
    return choosing.true_or_false(asked.draft, asked.stem(), correct, feedback, asked.rationale, asked.hints)


def _shortanswer(asked: _Asked) -> Made:
    answers = asked.answers()
    said = [texts.line(text_of(answer)[0]) for answer in answers]
    if not all(said):
        raise QuestionRefused(_("An answer has no text. Write one, or take the answer away."))
    shares = [asked.share(answer) for answer in answers]
    if max(shares, default=Decimal(0)) < 1:
        raise QuestionRefused(_("No answer of it earns all of its points. Give one of them 100 %%."))
    wildcards, accepted = wildcards_as_found(said, asked.draft.marks.get("wildcards") == "1")
    structure = {
        "shape": 2,
        "case": asked.flag("usecase", False),
        "accents": asked.draft.marks.get("lenient") != "accents",
        "wildcards": wildcards,
    }
    entries = []
    for text, share, answer in zip(accepted, shares, answers, strict=True):
        feedback = asked.feedback(answer)
        entries.append({"text": text, "fraction": written(share)} | ({"feedback": feedback} if feedback else {}))
    words = asked.draft.words(asked.stem(), asked.rationale, asked.hints, accepted=entries)
    return Made("short_answer", structure, words)


def _numerical(asked: _Asked) -> Made:
    answers, feedback = [], []
    for answer in asked.answers():
        said, share = texts.line(text_of(answer)[0]), asked.share(answer)
        told = asked.feedback(answer)
        if said in ("", "*"):
            if share > 0:
                raise QuestionRefused(_("A number of it earns points whatever it is."))
            if told:
                asked.draft.changed(_("The feedback for any other number is not kept."))
            continue
        value, tolerance = number(said), number(answer.words("tolerance") or "0")
        if value is None or tolerance is None or tolerance < 0:
            raise QuestionRefused(_("“%(answer)s” is no number with its tolerance."), answer=said)
        answers.append({"value": written(value), "tolerance": written(tolerance), "fraction": written(share)})
        feedback.append(told)
    if not any(answer["fraction"] == "1" for answer in answers):
        raise QuestionRefused(_("No answer of it earns all of its points. Give one of them 100 %%."))
    units, unit = _units(asked)
    structure = {"shape": 2, "answers": answers, "units": units, "unit": unit}
    more = {"feedback": feedback} if any(feedback) else {}
    return Made("numerical", structure, asked.draft.words(asked.stem(), asked.rationale, asked.hints, **more))


def _units(asked: _Asked) -> tuple[list[dict], str]:
    """Units with what one of each is worth, and whether an answer needs one."""
    found = [unit for holder in asked.node.all("units") for unit in holder.all("unit")]
    checked_count(found)
    looks = asked.node.words("showunits").strip()
    if not found or looks == "3":
        return [], "none"
    units = []
    for unit in found:
        name, multiplier = texts.line(unit.words("unit_name")), number(unit.words("multiplier") or "1")
        if not name or multiplier is None or multiplier <= 0:
            raise QuestionRefused(_("A unit of it has no name or no multiplier."))
        factor, exact = inverse(multiplier)
        if not exact:
            asked.draft.changed(_("What the unit “%(unit)s” is worth is rounded to 20 digits."), unit=name)
        units.append({"unit": name, "factor": factor})
    graded = asked.node.words("unitgradingtype").strip() in ("1", "2")
    if looks in ("1", "2"):
        asked.draft.changed(_("The unit is written with the number; in Moodle it was chosen from a list."))
        return units, "required"
    penalty = number(asked.node.words("unitpenalty") or "0")
    if graded and penalty != 1:
        asked.draft.changed(_("An answer without its unit earns nothing; in Moodle it lost a part of the points."))
    return units, "required" if graded else "optional"


def _matching(asked: _Asked) -> Made:
    prompts: list[tuple[str, str]] = []
    targets: dict[str, None] = {}
    pairs = asked.node.all("subquestion")
    checked_count(pairs)
    for pair in pairs:
        target = texts.line(asked.draft.text(*text_of(pair.first("answer"), "plain")))
        prompt = asked.draft.text(*text_of(pair))
        if not target:
            raise QuestionRefused(_("An answer has no text. Write one, or take the answer away."))
        targets[target] = None
        if prompt:
            prompts.append((prompt, target))
        elif "<img" in text_of(pair)[0].lower():
            raise QuestionRefused(_("A part of it is a picture without words. Describe the picture."))
    asked.leave_out_the_whole()
    return matching(
        asked.draft,
        asked.stem(),
        prompts,
        list(targets),
        shuffle=asked.flag("shuffleanswers", True),
        rationale=asked.rationale,
        hints=asked.hints,
    )


def _ordering(asked: _Asked) -> Made:
    # The share of each is its place; some files list them otherwise.
    answers = sorted(asked.answers(), key=lambda answer: number(answer.get("fraction")) or Decimal(0))
    elements = [asked.draft.option(*text_of(answer)) for answer in answers]
    if len(elements) < 2:
        raise QuestionRefused(_("It has fewer than two elements to put in order."))
    grading = asked.node.words("gradingtype").strip().upper()
    if grading not in ("ALL_OR_NOTHING", "-1", "RELATIVE_ALL_PREVIOUS_AND_NEXT", "4"):
        asked.draft.changed(
            _("Partly right orders earn points by how many pairs stand in order; Moodle counted otherwise.")
        )
    if asked.node.words("selecttype").strip().upper() not in ("", "ALL", "0"):
        asked.draft.changed(_("All elements are put in order; Moodle showed some of them only."))
    keys = marks.keys(asked.draft.marks, "keys", marks.numbered("e", len(elements)))
    credit = "whole" if grading in ("ALL_OR_NOTHING", "-1") else "pairs"
    whole = asked.as_a_whole()
    more = {"elements": dict(zip(keys, elements, strict=True))} | ({"feedback": whole} if whole else {})
    words = asked.draft.words(asked.stem(), asked.rationale, asked.hints, **more)
    return Made("ordering", {"shape": 2, "elements": keys, "credit": credit}, words)


def _essay(asked: _Asked) -> Made:
    draft, node = asked.draft, asked.node
    files = number(node.words("attachments") or "0")
    if files is None or files < 0:
        files = Decimal(rubrics.USUAL_FILES)
        draft.changed(_("It takes at most %(most)d files; Moodle had no limit."), most=rubrics.USUAL_FILES)
    if node.words("responseformat").strip() == "noinline":
        draft.changed(_("A text may be written as well as files brought."))
    if texts.line(node.words("responsetemplate", "text")):
        draft.changed(_("The template of the answer is not kept."))
    found = rubrics.read(draft, *text_of(node.first("graderinfo")))
    most_words = _count(node.words("maxwordlimit"))
    if most_words is None:
        draft.changed(_("It may have at most %(most)d words; Moodle had no limit."), most=rubrics.MOST_WORDS)
    structure = {
        "shape": 2,
        "rubric": found.structure,
        "least_words": _count(node.words("minwordlimit")) or 0,
        "most_words": most_words or rubrics.MOST_WORDS,
        "files": min(int(files), MOST_FILES),
        "file_kinds": rubrics.file_kinds(draft, node.words("filetypeslist"), bool(files)),
    } | rubrics.marking(draft.marks)
    more: dict = {"rubric": found.words}
    if found.for_markers:
        more["for_markers"] = found.for_markers
    return Made("essay", structure, draft.words(asked.stem(), asked.rationale, asked.hints, **more))


def _count(text: str) -> int | None:
    value = number(text)
    return int(value) if value is not None and 0 < value <= 100_000 else None


def _cloze(asked: _Asked) -> Made:
    return cloze.question(asked.draft, asked.source, asked.stem, asked.rationale, asked.hints)


_PLACE = re.compile(r"\[\[([0-9]{1,3})\]\]")


def _gapselect(asked: _Asked) -> Made:
    """`[[2]]` stands for the second choice; whoever fills it chooses among those of the same group."""
    choices = [
        (asked.draft.text(*text_of(choice)), choice.words("group").strip() or "1")
        for choice in asked.node.all("selectoption", "dragbox")
    ]
    checked_count(choices)
    found = [int(place) for place in _PLACE.findall(asked.source)]
    checked_count(found)
    if not found:
        raise QuestionRefused(_("It has no gap to fill."))
    if any(not 1 <= place <= len(choices) or not choices[place - 1][0] for place in found):
        raise QuestionRefused(_("A gap of it has no right answer among the choices."))
    if asked.node.get("type") == "ddwtos":
        asked.draft.changed(_("Words are chosen from a list in each gap; in Moodle they were dragged there."))
    asked.leave_out_the_whole()
    keys = marks.numbered("g", len(found))
    remaining = iter(keys)
    stem = asked.stem(_PLACE.sub(lambda _found: f"[[{next(remaining)}]]", asked.source))
    structure, words = [], {}
    for key, place in zip(keys, found, strict=True):
        group = choices[place - 1][1]
        answers = [
            cloze.Answer(text, Decimal(1 if number_ == place else 0), "")
            for number_, (text, its) in enumerate(choices, start=1)
            if its == group and text
        ]
        if len(answers) < 2:
            raise QuestionRefused(_("A gap of it has a single answer to choose from. Give its group another."))
        part, words[key] = cloze.choice_gap(key, "1", answers)
        structure.append(part)
    return Made(
        "gap_fill",
        {"shape": 2, "gaps": structure},
        asked.draft.words(stem, asked.rationale, asked.hints, gaps=words),
    )


def _ddmarker(asked: _Asked) -> Made:
    """A hotspot that went out from here; others have no decoys, by which the list for the keyboard tells nothing."""
    draft = asked.draft
    drags, drops = asked.node.all("drag"), asked.node.all("drop")
    if len(drags) != 1 or len(drops) != 1 or drops[0].words("choice").strip() != "1":
        raise QuestionRefused(
            _("Several places are shown on a picture, which is not possible here. Make a question of each place.")
        )
    file = asked.node.first("file")
    if file is None:
        raise QuestionRefused(_("Its picture is missing. Bring it with the file."))
    image = draft.taken(f"@@PLUGINFILE@@/{file.get('name')}", lambda _address: media.decoded(file.text))
    size = media.size(image)
    asked.leave_out_the_whole()
    found = areas.marked(draft.marks, *_zone(drops[0]), size)
    if found is None:
        raise QuestionRefused(
            _(
                "No wrong place on its picture has a name, so that the list for the keyboard would tell the right one."
                " Write it anew here, with wrong places, too."
            )
        )
    structure = {"shape": 2, "image": image.sha256, "areas": found.areas} | areas.ratio(found.areas, size)
    alt = draft.alt(texts.Reference("image", "", found.alt), image)
    words = draft.words(asked.stem(), asked.rationale, asked.hints, image_alt=alt, areas=found.labels)
    return Made("hotspot", structure, words)


def _zone(drop: Node) -> tuple[str, list[Decimal]]:
    """A drop zone: `x,y;width,height`, `x,y;radius` or `x,y;x,y;…`, in pixels."""
    coords = [number(value) for value in re.split("[,;]", drop.words("coords").strip()[:2000])]
    shape = {"rectangle": "rect", "circle": "circle", "polygon": "polygon"}.get(drop.words("shape").strip().lower())
    return areas.checked(shape, coords)


_READERS: dict[str, Callable[[_Asked], Made]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
    "gapselect": _gapselect,
    "ddwtos": _gapselect,
    "ddmarker": _ddmarker,
}
