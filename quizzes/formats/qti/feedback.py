"""The feedback of an item: which text is shown for which answer. Pure.

A feedback has an identifier; a rule sets a variable to it. Told apart are those for the chosen option (the identifier
is the option's own, or a rule names both), for right and for wrong answers, and what is shown in any case, which is
the rationale. What is hidden for one outcome that no rule ever sets is shown in any case, too.
"""

import re

from quizzes.formats.choosing import joined
from quizzes.formats.drafts import Draft
from quizzes.formats.qti import bodies
from quizzes.formats.xml_tree import Node

SOLUTION = "SOLUTION"
HINT = "HINT"
_ALWAYS = re.compile(r"(?i)(general|solution|rationale).*")
_RIGHT = re.compile(r"(?i)correct.*")
_WRONG = re.compile(r"(?i)(incorrect|wrong|not_?correct).*")


class Feedback:
    """The feedback of an item, in plain texts. `rest` says whether there is some that nobody has asked for."""

    def __init__(self, item: Node, draft: Draft):
        self._sources: dict[str, str] = {}
        self._used: set[str] = set()
        self.hints: list[str] = []
        hidden: list[str] = []
        for node in [*item.inside("feedbackInline", "feedbackBlock"), *item.all("modalFeedback")]:
            identifier = node.get("identifier")
            if node.get("showHide", "show") != "show":
                # Were it of an option's name it would be taken for that option's.
                identifier = f"not {identifier}"
                hidden.append(identifier)
            if node.get("outcomeIdentifier") == HINT:
                self.hints.append(draft.text(bodies.html(node)))
            else:
                self._sources.setdefault(identifier, bodies.html(node))
        for node in item.inside("infoControl"):
            self.hints.append(draft.text(bodies.html(node)))
        self._draft = draft
        self._by_choice: dict[str, str] = {}
        right, wrong = [], []
        for branch in item.inside("responseIf", "responseElseIf", "responseElse"):
            told = [one.words("baseValue").strip() for one in branch.all("setOutcomeValue")]
            told = [one for one in told if one in self._sources]
            match = branch.first("match")
            if match is not None and match.first("correct") is not None:
                right += told
            elif match is not None and match.first("baseValue") is not None:
                for one in told:
                    self._by_choice[match.words("baseValue").strip()] = one
            elif branch.name == "responseElse":
                wrong += told
        self._right = right + [one for one in self._sources if _RIGHT.fullmatch(one)]
        self._wrong = wrong + [one for one in self._sources if _WRONG.fullmatch(one)]
        sets = {value.text.strip() for rule in item.inside("setOutcomeValue") for value in rule.inside("baseValue")}
        shown = [one for one in hidden if one.removeprefix("not ") not in sets]
        self._always = [one for one in self._sources if _ALWAYS.fullmatch(one)] + shown

    def _take(self, identifiers: list[str]) -> str:
        known = [one for one in dict.fromkeys(identifiers) if one in self._sources]
        self._used.update(known)
        return joined(*(self._draft.text(self._sources[one]) for one in known))

    def rationale(self) -> str:
        return self._take(self._always)

    def of(self, identifier: str) -> str:
        """The feedback for a chosen option, or for the number of an accepted answer."""
        return self._take([identifier, self._by_choice.get(identifier, "")])

    def right(self) -> str:
        """The feedback for right answers, whichever they are."""
        return self._take(self._right)

    def whole(self) -> dict[str, str]:
        """The feedback for right and for wrong answers."""
        said = {"right": self.right(), "wrong": self._take(self._wrong)}
        return {key: text for key, text in said.items() if text}

    @property
    def rest(self) -> bool:
        return any(source.strip() for one, source in self._sources.items() if one not in self._used)
