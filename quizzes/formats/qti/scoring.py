"""What the declarations and rules of an item say about its key. Pure.

Two templates are read as they are: `match_correct` (the correct response earns everything) and `map_response` (each
part of the response earns what a table says). Of rules that are written out, those that mean the same are recognised,
and numbers with a tolerance; of others only the key is kept, and the author is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from quizzes.formats.amounts import DECIMALS, number, rounded
from quizzes.formats.drafts import Draft, QuestionRefused, checked_count
from quizzes.formats.xml_tree import Node

_NEARLY = Decimal("0.001")
_SIMPLE_RULES = {
    "responseProcessing", "responseCondition", "responseIf", "responseElse", "responseElseIf", "setOutcomeValue",
    "match", "variable", "correct", "baseValue", "mapResponse", "isNull", "sum", "not",
}  # fmt: skip

_NO_KEY = _("It names no right answer. Give it one, or leave it out if nothing is right or wrong in it.")
_KEY_BY_RULES = _(
    "What is right in it is told by rules of its own alone, which are not read. Give it a correct response or a table"
    " of points."
)
_BRANCHES = {"responseCondition", "responseIf", "responseElseIf", "responseElse"}


@dataclass
class Response:
    """A response variable: its key, and the table by which it earns, if it has one."""

    identifier: str
    cardinality: str
    base: str
    correct: list[str]
    mapped: dict[str, Decimal] = field(default_factory=dict)
    otherwise: Decimal = Decimal(0)
    upper: Decimal | None = None
    cases: set[str] = field(default_factory=set)
    by_map: bool = False
    by_rules: bool = False

    @property
    def no_key(self) -> QuestionRefused:
        """Why it has no key that can be read."""
        return QuestionRefused(_KEY_BY_RULES if self.by_rules else _NO_KEY)

    def shares(self, draft: Draft, identifiers: list[str], *, several: bool) -> dict[str, Decimal]:
        """What each option earns, as a share of all points. Raises QuestionRefused."""
        if not self.by_map:
            right = [one for one in identifiers if one in self.correct]
            if not right:
                raise self.no_key
            if not several:
                return {one: Decimal(int(one in right)) for one in identifiers}
            if len(right) > 1:
                draft.changed(
                    _("Partly right answers earn a part of the points; by its own rule they earned nothing.")
                )
            share = rounded(Decimal(1) / len(right))
            return {one: share if one in right else Decimal(-1) for one in identifiers}
        earned = {one: self.mapped.get(one, self.otherwise) for one in identifiers}
        if several:
            most = sum((value for value in earned.values() if value > 0), Decimal(0))
        else:
            most = max(earned.values(), default=Decimal(0))
        if self.upper is not None and self.upper > 0:
            most = min(most, self.upper)
        if abs(most - 1) <= _NEARLY:
            # Thirds and sevenths, written with a few decimals.
            most = Decimal(1)
        if most <= 0:
            raise self.no_key
        return {one: max(rounded(value / most), Decimal(-1)) for one, value in earned.items()}

    def pairs(self) -> dict[str, list[tuple[str, Decimal]]]:
        """By the first of each directed pair that is right, its counterparts with what they earn."""
        earns = (
            {pair: value for pair, value in self.mapped.items() if value > 0}
            if self.by_map
            else dict.fromkeys(self.correct, Decimal(1))
        )
        found: dict[str, list[tuple[str, Decimal]]] = {}
        for pair, value in earns.items():
            parts = pair.split()
            if len(parts) != 2:
                raise self.no_key
            found.setdefault(parts[0], []).append((parts[1], value))
        return found


@dataclass(frozen=True)
class Within:
    """A number that earns, with its tolerance, by a rule that is written out."""

    value: Decimal
    tolerance: Decimal
    earned: Decimal
    feedback: str


class Scoring:
    """The responses of an item with their keys."""

    def __init__(self, item: Node, draft: Draft):
        self._rules = item.first("responseProcessing")
        self._outcomes = {
            one.get("identifier"): number(one.words("defaultValue", "value")) for one in item.all("outcomeDeclaration")
        }
        declared = item.all("responseDeclaration")
        checked_count(declared)
        self.responses = {one.get("identifier"): self._response(one) for one in declared}
        self._tell_what_is_lost(draft)

    def of(self, identifier: str) -> Response:
        """Raises QuestionRefused for a response that is not declared."""
        if identifier not in self.responses:
            raise QuestionRefused(_NO_KEY)
        return self.responses[identifier]

    def _response(self, declared: Node) -> Response:
        correct = [one.text.strip() for holder in declared.all("correctResponse") for one in holder.all("value")]
        identifier = declared.get("identifier")
        made = Response(identifier, declared.get("cardinality", "single"), declared.get("baseType"), correct)
        table = declared.first("mapping")
        if table is not None:
            entries = table.all("mapEntry")
            checked_count(entries)
            for entry in entries:
                made.mapped[entry.get("mapKey")] = _amount(entry.get("mappedValue"))
                if entry.get("caseSensitive", "true").strip() not in ("false", "0"):
                    made.cases.add(entry.get("mapKey"))
            made.otherwise = _amount(table.get("defaultValue", "0"))
            made.upper = number(table.get("upperBound", ""))
            made.by_map = self._maps(identifier)
        elif not correct and self._rules is not None:
            made.by_rules = identifier in [one.get("identifier") for one in self._rules.inside("variable")]
            self._read_rules(made)
        return made

    def _read_rules(self, response: Response) -> None:
        """The table of points that rules make of `match(variable, value)`, one for each value; nothing where a rule
        that sets the score asks for anything else."""
        table: dict[str, Decimal] = {}
        cases: set[str] = set()
        for branch in (one for one in _all(self._rules) if one.name in ("responseIf", "responseElseIf")):
            if not any(rule.get("identifier").startswith("SCORE") for rule in branch.all("setOutcomeValue")):
                continue
            if response.identifier not in [one.get("identifier") for one in branch.inside("variable")]:
                continue
            condition = branch.children[0]
            if condition.name == "isNull":
                continue
            value = condition.first("baseValue")
            if condition.name not in ("match", "stringMatch") or value is None or len(condition.children) != 2:
                return
            said = value.text.strip()
            table.setdefault(said, self._earned(branch))
            if condition.get("caseSensitive", "true").strip() not in ("false", "0"):
                cases.add(said)
        if table and response.cardinality == "single":
            response.mapped, response.cases, response.by_map = table, cases, True

    def _maps(self, identifier: str) -> bool:
        """Whether the table is what counts."""
        if self._rules is None:
            return True
        template = self._rules.get("template")
        if template:
            # Those of Common Cartridge have names of their own: CC2_match, CC2_map_response.
            return "match" not in template.rpartition("/")[2]
        mapped = [one.get("identifier") for one in self._rules.inside("mapResponse")]
        compared = any(True for _one in self._rules.inside("correct"))
        return identifier in mapped or not compared

    def _tell_what_is_lost(self, draft: Draft) -> None:
        if (
            self._rules is None
            or self._rules.get("template")
            or next(self._rules.inside("equal", "equalRounded"), None)
        ):
            return
        if any(one.name not in _SIMPLE_RULES for one in _scoring(self._rules)):
            draft.changed(
                _("It is scored by rules of its own. Its key is kept, the rules are not: look at the points.")
            )

    def numbers(self, identifier: str) -> list[Within]:
        """Numbers with a tolerance, from conditions such as `equal(variable, value)` that set the score."""
        found: list[Within] = []
        for branch in (one for one in _all(self._rules) if one.name in ("responseIf", "responseElseIf")):
            equal = branch.first("equal", "equalRounded")
            if equal is None or identifier not in [one.get("identifier") for one in equal.all("variable")]:
                continue
            value, tolerance = self._range(equal, identifier)
            earned = self._earned(branch)
            told = {one.get("identifier"): one.words("baseValue").strip() for one in branch.all("setOutcomeValue")}
            feedback = next((told[one] for one in told if one.startswith("FEEDBACK")), "")
            found.append(Within(value, tolerance, earned, feedback))
        checked_count(found)
        return found

    def _range(self, equal: Node, identifier: str) -> tuple[Decimal, Decimal]:
        """A number with its tolerance, as a comparison has them. Raises QuestionRefused."""
        said = equal.words("baseValue")
        if equal.first("correct") is not None:
            said = next(iter(self.of(identifier).correct), "")
        value = number(said)
        limits = [number(one) for one in (equal.get("tolerance", "0").split() or ["0"])[:2]]
        figures = number(equal.get("figures", "0"))
        if value is None or None in limits or figures is None or not 0 <= figures <= DECIMALS:
            raise QuestionRefused(_KEY_BY_RULES)
        if equal.name == "equalRounded":
            decimals = int(figures)
            if equal.get("roundingMode", "significantFigures") == "significantFigures":
                decimals -= value.adjusted() + 1
            return value, Decimal(5).scaleb(-max(min(decimals, DECIMALS - 1), -DECIMALS) - 1)
        below, above = (limits * 2)[:2]
        assert below is not None and above is not None
        if equal.get("toleranceMode", "exact") == "exact":
            below = above = Decimal(0)
        elif equal.get("toleranceMode") == "relative":
            below, above = (abs(value) * limit / 100 for limit in (below, above))
        return value + (above - below) / 2, (above + below) / 2

    def _earned(self, branch: Node) -> Decimal:
        """What a branch sets the score to: a number, or that of a variable such as MAXSCORE."""
        for rule in branch.all("setOutcomeValue"):
            if rule.get("identifier").startswith("SCORE"):
                variable = rule.first("variable")
                found = self._outcomes.get(variable.get("identifier")) if variable else number(rule.words("baseValue"))
                return found or Decimal(0)
        return Decimal(0)


def _all(rules: Node | None) -> Iterator[Node]:
    if rules is None:
        return
    for child in rules.children:
        yield child
        yield from _all(child)


def _keeps_within_bounds(branch: Node) -> bool:
    """Whether a rule does no more than keep the points between the least and the most there are."""
    condition = branch.children[0] if branch.children else branch
    compared = [one.get("identifier") for one in condition.inside("variable")]
    return condition.name in ("gt", "gte", "lt", "lte") and all(
        name.startswith(("SCORE", "MAXSCORE", "MINSCORE")) for name in compared
    )


def _scoring(rules: Node | None) -> Iterator[Node]:
    """The rules that set points, without those that only show something or keep the points within their bounds."""
    if rules is None:
        return
    for child in rules.children:
        if child.name in _BRANCHES and _keeps_within_bounds(child):
            continue
        targets = [one.get("identifier") for one in [child, *child.inside("setOutcomeValue")]]
        if child.name in _BRANCHES and not any(one.startswith("SCORE") for one in targets):
            continue
        yield child
        yield from _scoring(child)


def _amount(text: str) -> Decimal:
    value = number(text)
    if value is None:
        raise QuestionRefused(_("Its table of points has “%(value)s”, which is no number."), value=text)
    return value
