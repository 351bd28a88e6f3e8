"""Prompts and targets, as readers find them, and our matching. Pure."""

from django.utils.translation import gettext_lazy as _

from quizzes.formats import marks
from quizzes.formats.drafts import Draft, Made, QuestionRefused


def matching(
    draft: Draft,
    stem: str,
    prompts: list[tuple[str, str]],
    targets: list[str],
    *,
    shuffle: bool = True,
    rationale: str = "",
    hints: list[str] | None = None,
    keys: tuple[list[str], list[str]] | None = None,
) -> Made:
    """The question that these pairs make: each prompt with the text of its target. Raises QuestionRefused.

    `keys` are the file's own, of prompts and of targets.
    """
    if not prompts or len(targets) < 2:
        raise QuestionRefused(_("It has too few pairs to match."))
    prompt_keys, target_keys = keys or (
        marks.keys(draft.marks, "keys", marks.numbered("p", len(prompts))),
        marks.keys(draft.marks, "targets", marks.numbered("t", len(targets))),
    )
    key_of = dict(zip(targets, target_keys, strict=True))
    order = marks.keys(draft.marks, "order", target_keys)
    structure = {
        "shape": 2,
        "prompts": prompt_keys,
        "targets": order if sorted(order) == sorted(target_keys) else target_keys,
        "pairs": {key: key_of[target] for key, (_prompt, target) in zip(prompt_keys, prompts, strict=True)},
        "shuffle": shuffle,
    }
    said = {key: prompt for key, (prompt, _target) in zip(prompt_keys, prompts, strict=True)}
    words = draft.words(stem, rationale, hints, prompts=said, targets={key: text for text, key in key_of.items()})
    return Made("matching", structure, words)
