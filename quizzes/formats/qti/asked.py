"""What the items of all kinds of QTI have: the text around what is asked, feedback, keys."""

from collections.abc import Callable
from html import escape
from typing import Any

from django.utils.translation import gettext_lazy as _

from quizzes.formats import marks
from quizzes.formats.drafts import Draft, Files, QuestionRefused
from quizzes.formats.neutral import Medium
from quizzes.formats.qti import bodies
from quizzes.formats.qti.feedback import Feedback
from quizzes.formats.qti.scoring import Response, Scoring
from quizzes.formats.xml_tree import Node


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


def flag(node: Node, name: str) -> bool:
    return node.get(name).strip().lower() in ("true", "1")


def shuffled(draft: Draft, interaction: Node, choices: list[Node]) -> bool:
    """“None of these” belongs at the end: where some answers keep their places, all of them do here."""
    if not flag(interaction, "shuffle"):
        return False
    kept = [choice for choice in choices if flag(choice, "fixed")]
    if kept and len(kept) < len(choices):
        draft.changed(_("Its answers are not shuffled: some of them were to keep their places."))
    return not kept


def own_keys(draft: Draft, identifiers: list[str], name: str, usual: list[str]) -> list[str]:
    """The file's own identifiers as keys where they are fit for it."""
    fits = len(set(identifiers)) == len(identifiers) and all(marks.KEY.fullmatch(one) for one in identifiers)
    return marks.keys(draft.marks, name, identifiers if fits else usual)
