"""One item of QTI, read. Its names are those of version 2. Pure.

choiceInteraction, hottextInteraction      single or multiple choice
orderInteraction                           ordering
matchInteraction                           matching, where each part has one counterpart
gapMatchInteraction, inlineChoice, several gap fill
a single textEntryInteraction              short answer, or numerical where its response is a number
hotspotInteraction                         hotspot
extendedTextInteraction, uploadInteraction essay
associateInteraction and all others        refused, with the reason
"""

from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.formats import areas, choosing, marks, media, rubrics, texts, units
from quizzes.formats.amounts import number, rounded, written
from quizzes.formats.choosing import Option, joined
from quizzes.formats.cloze import Answer, choice_gap
from quizzes.formats.drafts import Draft, Files, Made, QuestionRefused, checked_count
from quizzes.formats.neutral import Medium
from quizzes.formats.pairs import matching
from quizzes.formats.qti import bodies
from quizzes.formats.qti.feedback import Feedback
from quizzes.formats.qti.scoring import Response, Scoring
from quizzes.formats.wildcards import wildcards_as_found
from quizzes.formats.xml_tree import Node

GAP = "_____"
_ON_A_PICTURE = _("It is answered on a picture in a way that is not possible here. Make a question of each place.")
_BY_A_PROGRAM = _("It is answered by a program of its own, which is not run here. Ask it in another way.")
_NOT_HERE = {
    "associateInteraction": _("Pairs are made within one list, which is not possible here. Make a matching of it."),
    "sliderInteraction": _("It is answered with a slider, which is not possible here. Ask for the number instead."),
    "selectPointInteraction": _ON_A_PICTURE,
    "positionObjectInteraction": _ON_A_PICTURE,
    "positionObjectStage": _ON_A_PICTURE,
    "graphicOrderInteraction": _ON_A_PICTURE,
    "graphicAssociateInteraction": _ON_A_PICTURE,
    "graphicGapMatchInteraction": _ON_A_PICTURE,
    "drawingInteraction": _("It is answered by drawing, which is not possible here. Ask for a file instead."),
    "mediaInteraction": _("It plays a recording and asks nothing. Put the recording into the question it belongs to."),
    "customInteraction": _BY_A_PROGRAM,
    "portableCustomInteraction": _BY_A_PROGRAM,
}
_NUMBERS = ("integer", "float", "duration")


def read(draft: Draft, item: Node, files: Files, stimulus: str = "") -> Made:
    """The question of an item. `stimulus` is a shared text that it belongs to, as HTML. Raises QuestionRefused."""
    if item.get("adaptive") == "true":
        raise QuestionRefused(
            _("It changes with the answers (an adaptive item), which is not possible here. Make a plain item of it.")
        )
    if item.first("templateDeclaration") is not None or item.first("templateProcessing") is not None:
        raise QuestionRefused(
            _(
                "It is made anew for everybody from a template, which is not possible here. Make an item with fixed"
                " values of it."
            )
        )
    body = item.first("itemBody")
    if body is None:
        raise QuestionRefused(_("It has no text. Write the question in words."))
    if next(body.inside("include"), None) is not None:
        raise QuestionRefused(
            _("A part of its text stands in another file, which is not read. Write it into the item.")
        )
    found = list(bodies.interactions(body))
    if not found:
        raise QuestionRefused(_("It asks nothing: nothing in it can be answered."))
    asked = Asked(draft, item, body, files, stimulus)
    made = _reader(found)(asked, found)
    if asked.feedback.rest:
        draft.changed(_("Some of its feedback has no place here and is not kept."))
    read_by = {"candidate", "scorer"} if made.kind == "essay" else {"candidate"}
    if any(one.text.strip() and not read_by & set(one.get("view").split()) for one in body.inside("rubricBlock")):
        draft.changed(_("What it says to tutors and others who do not answer it is not kept."))
    return made


def _reader(found: list[Node]) -> Callable[["Asked", list[Node]], Made]:
    names = {one.name for one in found}
    if len(found) > 1:
        if names <= bodies.INLINE:
            return _gap_fill
        raise QuestionRefused(_("It asks several things in different ways. Make a question of each."))
    [name] = names
    if name not in _READERS:
        raise QuestionRefused(
            _NOT_HERE.get(name) or _("Questions of the kind “%(kind)s” are not possible here. Ask it in another way."),
            kind=name,
        )
    return _READERS[name]


class Asked:
    """What the items of all kinds have."""

    def __init__(self, draft: Draft, item: Node, body: Node, files: Files, stimulus: str):
        self.draft, self.item, self.body = draft, item, body
        self._files, self._stimulus = files, stimulus
        self.scoring = Scoring(item, draft)
        self.feedback = Feedback(item, draft)
        self.rationale = self.feedback.rationale()
        self.is_single = len(self.scoring.responses) == 1
        self.hints = self.feedback.hints

    def stem(self, standing_for: Callable[[Node], str | None]) -> str:
        def replaced(node: Node) -> str | None:
            given = standing_for(node)
            return self._embedded(node) if given is None and node.name == "object" else given

        return self.draft.stem(f"{self._stimulus}<div>{bodies.html(self.body, replaced)}</div>", self._files)

    def _embedded(self, node: Node) -> str | None:
        """A text of its own file that the item shows. Raises QuestionRefused: it asks about that text."""
        if not node.get("type").startswith(("text/html", "text/plain", "application/xhtml")):
            return None
        data = self._files(node.get("data"))
        try:
            text = data.decode("utf-8-sig") if data else ""
        except UnicodeDecodeError:
            text = ""
        if not text.strip():
            raise QuestionRefused(
                _("It belongs to a text that the file does not hold. Bring the whole package as a zip archive.")
            )
        return f"<pre>{escape(text)}</pre>" if node.get("type").startswith("text/plain") else f"<div>{text}</div>"

    def with_prompt(self, interaction: Node) -> str:
        """The stem of a block: the text around it, and its prompt in its place, unless the text ends with the same."""
        prompt = interaction.first("prompt") or Node("prompt", {}, 0)
        said, around = ("".join(node.text.split()) for node in (prompt, self.body))
        shown = "" if said and said * 2 in around else f"<div>{bodies.html(prompt)}</div>"
        return self.stem(lambda node: shown if node is interaction else None)

    def response(self, interaction: Node) -> Response:
        return self.scoring.of(interaction.get("responseIdentifier"))

    def text(self, node: Node) -> str:
        """The words of a choice. Raises QuestionRefused where it is a picture without words."""
        return self.draft.option(bodies.html(node))

    def words(self, stem: str, **more: Any) -> dict:
        return self.draft.words(stem, self.rationale, self.hints, **more)

    def picture(self, address: str) -> Medium:
        return self.draft.taken(address, self._files)


def _flag(node: Node, name: str) -> bool:
    return node.get(name).strip().lower() in ("true", "1")


def _shuffled(draft: Draft, interaction: Node, choices: list[Node]) -> bool:
    """“None of these” belongs at the end: where some answers keep their places, all of them do here."""
    if not _flag(interaction, "shuffle"):
        return False
    kept = [choice for choice in choices if _flag(choice, "fixed")]
    if kept and len(kept) < len(choices):
        draft.changed(_("Its answers are not shuffled: some of them were to keep their places."))
    return not kept


def _keys(draft: Draft, identifiers: list[str], name: str, usual: list[str]) -> list[str]:
    """The file's own identifiers as keys where they are fit for it."""
    fits = len(set(identifiers)) == len(identifiers) and all(marks.KEY.fullmatch(one) for one in identifiers)
    return marks.keys(draft.marks, name, identifiers if fits else usual)


# --- Choosing -------------------------------------------------------------------------------------------------------


def _choice(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    return _chosen(asked, interaction, interaction.all("simpleChoice"), asked.with_prompt(interaction))


def _hottext(asked: Asked, found: list[Node]) -> Made:
    """Words in a text that are to be chosen: they stay in the text and are listed below it."""
    [interaction] = found

    def standing_for(node: Node) -> str | None:
        return f"<div>{bodies.html(node, standing_for)}</div>" if node is interaction else None

    asked.draft.changed(_("The words to choose are listed below the text; they were marked in it."))
    return _chosen(asked, interaction, list(interaction.inside("hottext")), asked.stem(standing_for))


def _chosen(asked: Asked, interaction: Node, choices: list[Node], stem: str) -> Made:
    checked_count(choices)
    draft, response = asked.draft, asked.response(interaction)
    identifiers = [choice.get("identifier") for choice in choices]
    several = response.cardinality == "multiple"
    if several and interaction.get("maxChoices") == "1" and not response.by_map and len(response.correct) == 1:
        several = False
    told = [asked.feedback.of(one) for one in identifiers]
    whole = {} if several else asked.feedback.whole()
    shuffle = _shuffled(draft, interaction, choices)
    if draft.marks.get("kind") == "true_false" and identifiers == ["true", "false"]:
        feedback = dict(zip(identifiers, told, strict=True))
        return choosing.true_or_false(draft, stem, "true" in response.correct, feedback, asked.rationale, asked.hints)
    shares = response.shares(draft, identifiers, several=several)
    options = [
        Option(asked.text(choice), shares[one], joined(said, whole.get("right" if shares[one] == 1 else "wrong", "")))
        for choice, one, said in zip(choices, identifiers, told, strict=True)
    ]
    keys = _keys(draft, identifiers, "keys", marks.letters(len(options)))
    return choosing.question(
        draft,
        stem,
        options,
        several=several,
        shuffle=shuffle,
        rationale=asked.rationale,
        hints=asked.hints,
        keys=keys,
    )


# --- Orders and pairs -----------------------------------------------------------------------------------------------


def _order(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    choices = {choice.get("identifier"): choice for choice in interaction.all("simpleChoice")}
    checked_count(choices)
    right = asked.response(interaction).correct
    if sorted(right) != sorted(choices) or len(right) < 2:
        raise QuestionRefused(
            _(
                "Its right order is not told, or only some of its elements belong to it. Give it one that holds all"
                " of them."
            )
        )
    keys = _keys(asked.draft, right, "keys", marks.numbered("e", len(right)))
    elements = {key: asked.text(choices[one]) for key, one in zip(keys, right, strict=True)}
    whole = asked.feedback.whole()
    partly = asked.feedback.of("PARTLY")
    told = whole | ({"partly": partly} if partly else {})
    credit = "pairs" if asked.draft.marks.get("credit") == "pairs" else "whole"
    words = asked.words(asked.with_prompt(interaction), elements=elements, **({"feedback": told} if told else {}))
    return Made("ordering", {"shape": 2, "elements": keys, "credit": credit}, words)


def _pairs_of(response: Response) -> dict[str, list[tuple[str, Decimal]]]:
    """By the first of each directed pair that is right, its counterparts with what they earn."""
    earns = (
        {pair: value for pair, value in response.mapped.items() if value > 0}
        if response.by_map
        else dict.fromkeys(response.correct, Decimal(1))
    )
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for pair, value in earns.items():
        parts = pair.split()
        if len(parts) != 2:
            raise response.no_key
        found.setdefault(parts[0], []).append((parts[1], value))
    return found


def _match(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    sets = interaction.all("simpleMatchSet")
    if len(sets) != 2:
        raise QuestionRefused(_("It has too few pairs to match."))
    first, second = (
        {choice.get("identifier"): choice for choice in one.all("simpleAssociableChoice")} for one in sets
    )
    checked_count(first | second)
    response, draft = asked.response(interaction), asked.draft
    pairs = _pairs_of(response)
    if set(pairs) != set(first) and len(pairs) != len(first):
        turned: dict[str, list[tuple[str, Decimal]]] = {}
        for one, others in pairs.items():
            for other, value in others:
                turned.setdefault(other, []).append((one, value))
        first, second, pairs = second, first, turned
    if not pairs:
        raise response.no_key
    if set(pairs) != set(first) or any(len(others) != 1 for others in pairs.values()):
        raise QuestionRefused(
            _(
                "Some of its parts have no counterpart, or several, which is not possible here. Make a multiple choice"
                " of each part."
            )
        )
    if any(others[0][0] not in second for others in pairs.values()):
        raise response.no_key
    if not response.by_map:
        draft.changed(
            _("Each right pair earns its part of the points; by its own rule only all of them together did.")
        )
    elif len({others[0][1] for others in pairs.values()}) > 1:
        draft.changed(_("All its pairs earn the same; by its own table some earned more than others."))
    targets = {one: texts.line(asked.text(choice)) for one, choice in second.items()}
    if len(set(targets.values())) < len(targets):
        raise QuestionRefused(_("Two of its targets have the same text."))
    prompt_keys = _keys(draft, list(first), "keys", marks.numbered("p", len(first)))
    target_keys = _keys(draft, list(second), "targets", marks.numbered("t", len(second)))
    return matching(
        draft,
        asked.with_prompt(interaction),
        [(asked.text(choice), targets[pairs[one][0][0]]) for one, choice in first.items()],
        list(targets.values()),
        shuffle=_shuffled(draft, interaction, [*first.values(), *second.values()]),
        rationale=asked.rationale,
        hints=asked.hints,
        keys=(prompt_keys, target_keys),
    )


# --- Gaps and texts -------------------------------------------------------------------------------------------------


def _gap_match(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    if interaction.first("gapImg") is not None:
        raise QuestionRefused(
            _("Pictures are put into its gaps, which is not possible here. Put words in their place.")
        )
    response, draft = asked.response(interaction), asked.draft
    choices = [(one.get("identifier"), asked.text(one)) for one in interaction.all("gapText")]
    gaps = [one.get("identifier") for one in interaction.inside("gap")]
    checked_count(choices)
    checked_count(gaps)
    keys = dict(zip(gaps, _keys(draft, gaps, "keys", marks.numbered("g", len(gaps))), strict=True))

    def standing_for(node: Node) -> str | None:
        if node is interaction:
            return f"<div>{bodies.html(node, standing_for)}</div>"
        if node.name == "gapText":
            return ""
        return f"[[{keys[node.get('identifier')]}]]" if node.name == "gap" else None

    right = _pairs_of(response)
    structure, words = [], {}
    for gap in gaps:
        earns = {choice: dict(right.get(choice, [])).get(gap, Decimal(0)) for choice, _text in choices}
        points = max(earns.values(), default=Decimal(0))
        if points <= 0:
            raise QuestionRefused(_("A gap of it has no answer that earns all of its points. Mark one as right."))
        lost = max(response.otherwise / points, Decimal(-1)) if response.by_map else Decimal(0)
        answers = [
            Answer(text, rounded(earns[choice] / points if earns[choice] else lost), "") for choice, text in choices
        ]
        part, words[keys[gap]] = choice_gap(keys[gap], written(points), answers)
        structure.append(part)
    draft.changed(_("Words are chosen from a list in each gap; they were put there."))
    if not response.by_map and len(gaps) > 1:
        draft.changed(_("Each right gap earns its part of the points; by its own rule only all of them together did."))
    stem = asked.stem(standing_for)
    return Made("gap_fill", {"shape": 2, "gaps": structure}, asked.words(stem, gaps=words))


def _gap_fill(asked: Asked, found: list[Node]) -> Made:
    checked_count(found)
    identifiers = [one.get("responseIdentifier") for one in found]
    if len(set(identifiers)) < len(identifiers):
        raise QuestionRefused(_("Two gaps of it share one answer."))
    keys = marks.keys(asked.draft.marks, "keys", marks.numbered("g", len(found)))
    key_of = {id(one): key for one, key in zip(found, keys, strict=True)}
    stem = asked.stem(lambda node: f"[[{key_of[id(node)]}]]" if id(node) in key_of else None)
    structure, words = [], {}
    for place, (interaction, key) in enumerate(zip(found, keys, strict=True)):
        part, said = _gap(asked, interaction, key, place)
        structure.append(part)
        if said:
            words[key] = said
    return Made("gap_fill", {"shape": 2, "gaps": structure}, asked.words(stem, gaps=words))


def _points(response: Response) -> str:
    most = max(response.mapped.values(), default=Decimal(1)) if response.by_map and response.mapped else Decimal(1)
    return written(most) if 0 < most <= 1000 else "1"


def _gap(asked: Asked, interaction: Node, key: str, place: int) -> tuple[dict, dict]:
    draft, response = asked.draft, asked.response(interaction)
    if interaction.name == "inlineChoiceInteraction":
        choices = interaction.all("inlineChoice", "label")
        checked_count(choices)
        identifiers = [one.get("identifier") for one in choices]
        shares = response.shares(draft, identifiers, several=False)
        answers = [
            Answer(asked.text(choice), shares[one], asked.feedback.of(f"{response.identifier}_{number_}"))
            for number_, (choice, one) in enumerate(zip(choices, identifiers, strict=True), start=1)
        ]
        letters = _keys(draft, identifiers, f"in{place}", marks.letters(len(answers)))
        return choice_gap(key, _points(response), answers, letters)
    if response.base in _NUMBERS:
        answers_, feedback, points = _numbers(asked, response)
        part = {"key": key, "kind": "number", "points": points, "answers": answers_}
        return part, ({"feedback": feedback} if any(feedback) else {})
    structure, accepted = _accepted(asked, response, key)
    return {"key": key, "kind": "text", "points": _points(response)} | structure, {"accepted": accepted}


def _accepted(asked: Asked, response: Response, key: str) -> tuple[dict, list[dict]]:
    """Which differences count, and the accepted answers. In QTI all differences count, case only where it says so."""
    draft = asked.draft
    table = response.mapped if response.by_map and response.mapped else dict.fromkeys(response.correct, Decimal(1))
    most = max(table.values(), default=Decimal(0))
    if most <= 0 or not all(texts.line(text) for text in table):
        raise response.no_key
    cases = {text in response.cases for text in table} if response.by_map and response.mapped else {True}
    if len(cases) > 1:
        draft.changed(_("Capitals count in all its accepted answers; before, in some of them only."))
    said = [text.replace("*", "\\*") for text in map(texts.line, table)]
    starred = set(draft.marks.get("wildcards", "").split(","))
    wildcards, said = (True, list(map(texts.line, table))) if key in starred else wildcards_as_found(said)
    # Of several gaps each may be right alone.
    right = asked.feedback.right() if asked.is_single else ""
    accepted = []
    for place, (text, value) in enumerate(zip(said, table.values(), strict=True), start=1):
        share = max(rounded(value / most), Decimal(-1))
        feedback = joined(asked.feedback.of(f"{response.identifier}_{place}"), right if share == 1 else "")
        accepted.append({"text": text, "fraction": written(share)} | ({"feedback": feedback} if feedback else {}))
    lenient = set(draft.marks.get("lenient", "").split(","))
    return {"case": True in cases, "accents": key not in lenient, "wildcards": wildcards}, accepted


def _numbers(asked: Asked, response: Response) -> tuple[list[dict], list[str], str]:
    """Accepted numbers: by rules with a tolerance, by a table, or the correct response alone."""
    within = asked.scoring.numbers(response.identifier)
    told: list[tuple[Decimal | None, Decimal, Decimal, str]]
    if within:
        told = [(one.value, one.tolerance, one.earned, one.feedback) for one in within]
    else:
        table = response.mapped if response.by_map and response.mapped else dict.fromkeys(response.correct, Decimal(1))
        told = [(number(text), Decimal(0), value, "") for text, value in table.items()]
    most = max((earned for _value, _tolerance, earned, _feedback in told), default=Decimal(0))
    if most <= 0 or any(value is None for value, *_rest in told):
        raise response.no_key
    order = marks.keys(asked.draft.marks, f"order_{response.identifier.lower()}", marks.numbered("n", len(told)))
    sorted_ = [told[place] for place in _places(order, len(told))]
    answers = [
        {
            "value": written(value),
            "tolerance": written(tolerance),
            "fraction": written(max(rounded(earned / most), Decimal(-1))),
        }
        for value, tolerance, earned, _feedback in sorted_
        if value is not None
    ]
    right = asked.feedback.right() if asked.is_single else ""
    return (
        answers,
        [
            joined(asked.feedback.of(feedback), right if earned == most else "")
            for _value, _tolerance, earned, feedback in sorted_
        ],
        written(most),
    )


def _places(order: list[str], count: int) -> list[int]:
    """Of `n2,n1`: where each of the written answers stood."""
    usual = marks.numbered("n", count)
    return [order.index(one) for one in usual] if sorted(order) == sorted(usual) else list(range(count))


def _text_entry(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    if asked.draft.marks.get("kind") == "gap_fill":
        return _gap_fill(asked, found)
    stem = asked.stem(lambda node: GAP if node is interaction else None)
    stem = stem.removesuffix(GAP).rstrip()
    response = asked.response(interaction)
    if response.base in _NUMBERS:
        answers, feedback, _points_ = _numbers(asked, response)
        structure = {"shape": 2, "answers": answers} | units.marked(asked.draft.marks)
        return Made("numerical", structure, asked.words(stem, **({"feedback": feedback} if any(feedback) else {})))
    structure, accepted = _accepted(asked, response, "g1")
    return Made("short_answer", {"shape": 2} | structure, asked.words(stem, accepted=accepted))


# --- Pictures and essays --------------------------------------------------------------------------------------------


def _hotspot(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    draft, response = asked.draft, asked.response(interaction)
    if response.cardinality != "single":
        raise QuestionRefused(
            _("Several places are shown on a picture, which is not possible here. Make a question of each place.")
        )
    shown = interaction.first("object", "img")
    if shown is None:
        raise QuestionRefused(_("Its picture is missing. Bring it with the file."))
    image = asked.picture(shown.get("data") or shown.get("src"))
    size = media.size(image)
    given = (number(shown.get("width")) or size[0], number(shown.get("height")) or size[1])
    spots = interaction.all("hotspotChoice")
    checked_count(spots)
    identifiers = [spot.get("identifier") for spot in spots]
    shares = response.shares(draft, identifiers, several=False)
    if all(share > 0 for share in shares.values()):
        raise QuestionRefused(
            _(
                "No wrong place on its picture has a name, so that the list for the keyboard would tell the right one."
                " Mark wrong places, too."
            )
        )
    keys = _keys(draft, identifiers, "keys", marks.numbered("h", len(spots)))
    made = [
        areas.area(key, *_shape(spot), int(given[0]), int(given[1]), written(shares[one]))
        for key, spot, one in zip(keys, spots, identifiers, strict=True)
    ]
    made = areas.exact(draft.marks, made, size)
    labels = {key: texts.line(spot.get("hotspotLabel")) for key, spot in zip(keys, spots, strict=True)}
    if not all(labels.values()) or len(set(labels.values())) < len(labels):
        labels = {key: labels[key] or one for key, one in zip(keys, identifiers, strict=True)}
        draft.changed(_("The places on its picture are named after their identifiers. Give each a name."))
    alt = draft.alt(texts.Reference("image", "", texts.line(shown.get("alt") or shown.text)), image)
    structure = {"shape": 2, "image": image.sha256, "areas": made} | areas.ratio(made, size)
    words = asked.words(asked.with_prompt(interaction), image_alt=alt, areas=labels)
    return Made("hotspot", structure, words)


def _shape(spot: Node) -> tuple[str, list[Decimal]]:
    """Coordinates as HTML has them: a rectangle by two corners."""
    coords = [number(value) for value in spot.get("coords")[:2000].split(",")]
    shape, found = areas.checked({"poly": "polygon"}.get(spot.get("shape"), spot.get("shape")), coords)
    if shape == "rect":
        left, top, right, bottom = found
        found = [left, top, right - left, bottom - top]
    return shape, found


def _essay(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    draft = asked.draft
    blocks = [one for one in asked.item.inside("rubricBlock") if "scorer" in one.get("view").split()]
    rubric = rubrics.read(draft, "".join(bodies.html(one) for one in blocks))
    least, most, count, kinds = rubrics.marked_limits(draft)
    if interaction.name == "uploadInteraction":
        draft.changed(_("A text may be written as well as files brought."))
        count, kinds = max(count, 1), kinds or interaction.get("type")
    if not most:
        draft.changed(_("It may have at most %(most)d words; before, it had no limit."), most=rubrics.MOST_WORDS)
    structure = {
        "shape": 2,
        "rubric": rubric.structure,
        "least_words": least,
        "most_words": most or rubrics.MOST_WORDS,
        "files": count,
        "file_kinds": rubrics.file_kinds(draft, kinds, bool(count)),
    } | rubrics.marking(draft.marks)
    more = {"for_markers": rubric.for_markers} if rubric.for_markers else {}
    words = asked.words(asked.with_prompt(interaction), rubric=rubric.words, **more)
    return Made("essay", structure, words)


_READERS: dict[str, Callable[[Asked, list[Node]], Made]] = {
    "choiceInteraction": _choice,
    "hottextInteraction": _hottext,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "gapMatchInteraction": _gap_match,
    "inlineChoiceInteraction": _gap_fill,
    "textEntryInteraction": _text_entry,
    "hotspotInteraction": _hotspot,
    "extendedTextInteraction": _essay,
    "uploadInteraction": _essay,
}
