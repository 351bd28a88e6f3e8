"""Items of QTI that are answered by filling in: gaps, short texts and numbers."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats import marks, texts, units
from quizzes.formats.amounts import number, rounded, written
from quizzes.formats.choosing import joined
from quizzes.formats.cloze import Answer, choice_gap
from quizzes.formats.drafts import Made, QuestionRefused, checked_count
from quizzes.formats.qti import bodies
from quizzes.formats.qti.asked import Asked, own_keys
from quizzes.formats.qti.scoring import Response
from quizzes.formats.wildcards import wildcards_as_found
from quizzes.formats.xml_tree import Node

GAP = "_____"
_NUMBERS = ("integer", "float", "duration")


def gap_match(asked: Asked, found: list[Node]) -> Made:
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
    keys = dict(zip(gaps, own_keys(draft, gaps, "keys", marks.numbered("g", len(gaps))), strict=True))

    def standing_for(node: Node) -> str | None:
        if node is interaction:
            return f"<div>{bodies.html(node, standing_for)}</div>"
        if node.name == "gapText":
            return ""
        return f"[[{keys[node.get('identifier')]}]]" if node.name == "gap" else None

    right = response.pairs()
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


def gap_fill(asked: Asked, found: list[Node]) -> Made:
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
        letters = own_keys(draft, identifiers, f"in{place}", marks.letters(len(answers)))
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


def text_entry(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    if asked.draft.marks.get("kind") == "gap_fill":
        return gap_fill(asked, found)
    stem = asked.stem(lambda node: GAP if node is interaction else None)
    stem = stem.removesuffix(GAP).rstrip()
    response = asked.response(interaction)
    if response.base in _NUMBERS:
        answers, feedback, _points_ = _numbers(asked, response)
        structure = {"shape": 2, "answers": answers} | units.marked(asked.draft.marks)
        return Made("numerical", structure, asked.words(stem, **({"feedback": feedback} if any(feedback) else {})))
    structure, accepted = _accepted(asked, response, "g1")
    return Made("short_answer", {"shape": 2} | structure, asked.words(stem, accepted=accepted))
