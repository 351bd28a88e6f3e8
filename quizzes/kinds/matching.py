"""Items that are answered by giving each prompt its target.

Structure: `{"shape": 2, "prompts": ["p1", …], "targets": ["t1", …], "pairs": {"p1": "t1"}, "shuffle": true}`. Targets
without a prompt are there to distract; several prompts may share one. Each prompt earns an equal share.

Words: `{"shape": 2, "stem": …, "prompts": {"p1": …}, "targets": {"t1": …}}`. Answer: `{"shape": 1, "pairs": {"p1":
"t2"}}`, without the prompts that were left open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from quizzes.kinds.contract import UNANSWERED, ItemJudgement, ItemKey, Kind, Outcome, WrongItem, at
from quizzes.kinds.shapes import asked, check_flags, check_key_list, check_parts, check_said, check_texts, explained


@dataclass(frozen=True)
class MatchingKey(ItemKey):
    """The target of each prompt, and all targets that are served."""

    pairs: Mapping[str, str]
    targets: frozenset[str]

    def judge(self, answer):
        if answer is None:
            return UNANSWERED
        given = answer["pairs"]
        if not set(given) <= set(self.pairs) or not set(given.values()) <= self.targets:
            raise ValueError("prompts or targets were not served")
        right = sum(self.pairs[prompt] == target for prompt, target in given.items())
        return ItemJudgement.of(Fraction(right, len(self.pairs)))


class Matching(Kind):
    name = "matching"
    can_be_emptied = True

    def check(self, structure, texts):
        check_parts(structure, {"shape", "prompts", "targets", "pairs", "shuffle"}, shape=2)
        check_flags(structure, "shuffle")
        prompts = check_key_list(structure["prompts"])
        targets = check_key_list(structure["targets"], least=2)
        pairs = structure["pairs"]
        if not isinstance(pairs, dict) or set(pairs) != prompts:
            raise WrongItem("its pairs do not fit its prompts")
        if not all(isinstance(target, str) and target in targets for target in pairs.values()):
            raise WrongItem("a prompt has a target that is none")
        check_texts(texts, {"prompts", "targets"})
        for language, words in texts.items():
            check_said(language, words.get("prompts"), prompts, apart=True)
            check_said(language, words.get("targets"), targets, apart=True)

    def arrange(self, structure, source):
        prompts, targets = list(structure["prompts"]), list(structure["targets"])
        if structure["shuffle"]:
            for keys in (prompts, targets):
                keys.sort()
                source.shuffle(keys)
        return {"prompts": prompts, "targets": targets}

    def read(self, structure, arrangement, fields):
        pairs = {}
        for number, prompt in enumerate(arrangement["prompts"], start=1):
            if position := fields.one(str(number)):
                pairs[prompt] = at(position, arrangement["targets"])
        return {"shape": 1, "pairs": pairs} if pairs else None

    def shown(self, structure, arrangement, words, answer):
        given = answer["pairs"] if answer else {}
        return {
            **asked(words),
            "prompts": [
                {
                    "part": str(number),
                    "text": words["prompts"][prompt],
                    "targets": [
                        {
                            "value": str(position),
                            "text": words["targets"][target],
                            "chosen": given.get(prompt) == target,
                        }
                        for position, target in enumerate(arrangement["targets"], start=1)
                    ],
                }
                for number, prompt in enumerate(arrangement["prompts"], start=1)
            ],
        }

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        given = answer["pairs"] if answer else {}
        return {
            **explained(words, tell_key),
            "prompts": [
                {
                    "text": words["prompts"][prompt],
                    "answer": words["targets"][given[prompt]] if prompt in given else "",
                    "outcome": _outcome(given.get(prompt), key.pairs[prompt]),
                    "right": words["targets"][key.pairs[prompt]] if tell_key else "",
                }
                for prompt in arrangement["prompts"]
            ],
        }

    def key(self, structure, texts):
        return MatchingKey(structure["pairs"], frozenset(structure["targets"]))


def _outcome(given: str | None, right: str) -> Outcome:
    if given is None:
        return Outcome.OPEN
    return Outcome.RIGHT if given == right else Outcome.WRONG
