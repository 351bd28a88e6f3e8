"""Items of QTI that are answered by choosing, by putting in order or by making pairs."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats import choosing, marks, texts
from quizzes.formats.choosing import Option, joined
from quizzes.formats.drafts import Made, QuestionRefused, checked_count
from quizzes.formats.pairs import matching
from quizzes.formats.qti import bodies
from quizzes.formats.qti.asked import Asked, own_keys, shuffled
from quizzes.formats.xml_tree import Node


def choice(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    return _chosen(asked, interaction, interaction.all("simpleChoice"), asked.with_prompt(interaction))


def hottext(asked: Asked, found: list[Node]) -> Made:
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
    shuffle = shuffled(draft, interaction, choices)
    if draft.marks.get("kind") == "true_false" and identifiers == ["true", "false"]:
        feedback = dict(zip(identifiers, told, strict=True))
        return choosing.true_or_false(draft, stem, "true" in response.correct, feedback, asked.rationale, asked.hints)
    shares = response.shares(draft, identifiers, several=several)
    options = [
        Option(asked.text(choice), shares[one], joined(said, whole.get("right" if shares[one] == 1 else "wrong", "")))
        for choice, one, said in zip(choices, identifiers, told, strict=True)
    ]
    keys = own_keys(draft, identifiers, "keys", marks.letters(len(options)))
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


def order(asked: Asked, found: list[Node]) -> Made:
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
    keys = own_keys(asked.draft, right, "keys", marks.numbered("e", len(right)))
    elements = {key: asked.text(choices[one]) for key, one in zip(keys, right, strict=True)}
    whole = asked.feedback.whole()
    partly = asked.feedback.of("PARTLY")
    told = whole | ({"partly": partly} if partly else {})
    credit = "pairs" if asked.draft.marks.get("credit") == "pairs" else "whole"
    words = asked.words(asked.with_prompt(interaction), elements=elements, **({"feedback": told} if told else {}))
    return Made("ordering", {"shape": 2, "elements": keys, "credit": credit}, words)


def match(asked: Asked, found: list[Node]) -> Made:
    [interaction] = found
    sets = interaction.all("simpleMatchSet")
    if len(sets) != 2:
        raise QuestionRefused(_("It has too few pairs to match."))
    first, second = (
        {choice.get("identifier"): choice for choice in one.all("simpleAssociableChoice")} for one in sets
    )
    checked_count(first | second)
    response, draft = asked.response(interaction), asked.draft
    pairs = response.pairs()
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
    prompt_keys = own_keys(draft, list(first), "keys", marks.numbered("p", len(first)))
    target_keys = own_keys(draft, list(second), "targets", marks.numbered("t", len(second)))
    return matching(
        draft,
        asked.with_prompt(interaction),
        [(asked.text(choice), targets[pairs[one][0][0]]) for one, choice in first.items()],
        list(targets.values()),
        shuffle=shuffled(draft, interaction, [*first.values(), *second.values()]),
        rationale=asked.rationale,
        hints=asked.hints,
        keys=(prompt_keys, target_keys),
    )
