"""Sheets of the kinds that are answered by putting things where they belong: ordering and matching."""

from django.utils.translation import gettext_lazy as _

from quizzes.authoring.sheets.fields import Count, Pick, Whether, Words
from quizzes.authoring.sheets.parts import Part
from quizzes.authoring.sheets.sheet import Explained, within
from quizzes.drafts.wordings import CREDITS


def _alike(texts: list[str]) -> bool:
    return len({" ".join(text.split()) for text in texts}) != len(texts)


class Element(Part):
    rows_label = _("What is put in order")
    add_label = _("Add an element")
    key_begins = "e"
    words = ("text",)
    needed = ("text",)
    tells = ("text",)
    place = Count(label=_("Right place"), least=1, most=100, required=False)
    text = Words(label=_("Element"), required=True)


class OrderingSheet(Explained):
    inner = within(elements=Element)
    words = (*Explained.words, "right", "partly", "wrong")
    last = ("right", "partly", "wrong", *Explained.last)
    credit = Pick(label=_("How the order earns"), choices=list(CREDITS.items()))
    right = Words(label=_("Feedback on the right order"))
    partly = Words(label=_("Feedback on a partly right order"))
    wrong = Words(label=_("Feedback on a wrong order"))

    @classmethod
    def opened(cls, structure, words):
        said, feedback = words.get("elements", {}), words.get("feedback", {})
        return super().opened(structure, words) | {
            "credit": structure.get("credit", "pairs"),
            "elements": [
                {"key": key, "place": place, "text": said.get(key, "")}
                for place, key in enumerate(structure.get("elements", []), start=1)
            ],
            **{outcome: feedback.get(outcome, "") for outcome in ("right", "partly", "wrong")},
        }

    @classmethod
    def structure(cls, data):
        return {"shape": 2, "elements": [row["key"] for row in data["elements"]], "credit": data["credit"]}

    @classmethod
    def said(cls, data):
        feedback = {outcome: data[outcome] for outcome in ("right", "partly", "wrong") if data.get(outcome)}
        elements = {row["key"]: row["text"] for row in data["elements"]}
        return super().said(data) | {"elements": elements} | ({"feedback": feedback} if feedback else {})

    def check(self):
        elements = self.rows["elements"].filled
        if len(elements) < 2:
            self.complain(_("There must be at least two elements to put in order."))
        elif _alike([element.cleaned_data["text"] for element in elements]):
            self.complain(_("Two elements read the same: nobody could tell them apart."))


class Target(Part):
    rows_label = _("Targets, those that only distract included")
    add_label = _("Add a target")
    key_begins = "t"
    words = ("text",)
    needed = ("text",)
    tells = ("text",)
    text = Words(label=_("Target"), required=True, rows=1)


class Prompt(Part):
    """A prompt with the number of its target in the list below: the same for several where they share one."""

    rows_label = _("Prompts, each with its right target")
    add_label = _("Add a prompt")
    key_begins = "p"
    words = ("text",)
    needed = ("text",)
    tells = ("text",)
    text = Words(label=_("Prompt"), required=True, rows=1)
    target = Count(label=_("Number of its target in the list below"), least=1, most=100)


class MatchingSheet(Explained):
    inner = within(prompts=Prompt, targets=Target)
    shuffle = Whether(label=_("Show prompts and targets in an order of chance"), initial=True)

    @classmethod
    def opened(cls, structure, words):
        prompts, targets = words.get("prompts", {}), words.get("targets", {})
        keys = structure.get("targets", [])
        return super().opened(structure, words) | {
            "shuffle": structure.get("shuffle", True),
            "prompts": [
                {"key": key, "text": prompts.get(key, ""), "target": keys.index(structure["pairs"][key]) + 1}
                for key in structure.get("prompts", [])
            ],
            "targets": [
                {"key": key, "number": number, "text": targets.get(key, "")}
                for number, key in enumerate(keys, start=1)
            ],
        }

    @classmethod
    def structure(cls, data):
        # A row that was emptied keeps its number: no prompt points elsewhere by it.
        targets = {row["number"]: row["key"] for row in data["targets"]}
        return {
            "shape": 2,
            "prompts": [row["key"] for row in data["prompts"]],
            "targets": list(targets.values()),
            "pairs": {row["key"]: targets[row["target"]] for row in data["prompts"]},
            "shuffle": data["shuffle"],
        }

    @classmethod
    def said(cls, data):
        return super().said(data) | {
            part: {row["key"]: row["text"] for row in data[part]} for part in ("prompts", "targets")
        }

    def check(self):
        prompts, targets = self.rows["prompts"].filled, self.rows["targets"].filled
        if not prompts:
            self.complain(_("There must be at least one prompt."))
        if len(targets) < 2:
            self.complain(_("There must be at least two targets."))
        numbers = {row["number"] for row in self.rows["targets"].data()}
        for prompt in prompts:
            if prompt.cleaned_data["target"] not in numbers:
                prompt.complain(_("There is no target with this number."), "target")
        for parts in (prompts, targets):
            if _alike([part.cleaned_data["text"] for part in parts]):
                self.complain(_("Two of them read the same: nobody could tell them apart."))
