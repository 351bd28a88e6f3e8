"""What every item of QTI has, whatever its kind: elements, declarations, processing, feedback, media."""

from abc import ABC, abstractmethod
from html import escape

from quizzes.formats import marks, texts
from quizzes.formats.neutral import Medium, Message, Question
from quizzes.formats.qti.names import in_version_3, kebab

_NAMESPACE = {"2": "http://www.imsglobal.org/xsd/imsqti_v2p2", "3": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"}
_TEMPLATES = {
    "2": "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
    "3": "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
}
# The standard processings, written in full where an item needs more rules than the one.
MAP, MATCH = "map_response", "match_correct"


def xhtml(html: str) -> str:
    """HTML of our own as XML."""
    return html.replace("<br>", "<br/>").replace("&nbsp;", "&#160;")


def block(text: str) -> str:
    return xhtml(texts.html(texts.storable(text)))


def inline(text: str) -> str:
    return xhtml(texts.inline_html(texts.storable(text)))


class ItemFrame(ABC):
    """One question on its way out: all that is the same whatever its kind.

    `files` are the media it shows, by their paths beside the item.
    """

    def __init__(self, question: Question, language: str, version: str):
        self.question, self.language, self.version = question, language, version
        self.words, self.structure = question.words, question.structure
        self.marks: dict[str, str] = {}
        self.lost: dict[Message, None] = {}
        self.files: dict[str, Medium] = {}
        self._media = {medium.sha256: medium for medium in question.media}
        self._declared: list[str] = []
        self._outcomes: dict[str, str] = {"SCORE": "float"}
        self._rules: list[str] = []
        self._feedback: list[str] = []

    # --- Elements ----------------------------------------------------------------------------------------------------

    def _tag(self, name: str, attributes: dict[str, str] | None = None, *content: str) -> str:
        """An element of QTI by its name in version 2."""
        given = attributes or {}
        if self.version == "3":
            name = in_version_3(name)
            given = {
                key if ":" in key or "-" in key or key == "xmlns" else kebab(key): value
                for key, value in given.items()
            }
        told = "".join(f' {key}="{escape(texts.storable(value))}"' for key, value in given.items())
        held = "".join(content)
        return f"<{name}{told}>{held}</{name}>" if held else f"<{name}{told}/>"

    def keywords(self) -> list[str]:
        return [texts.storable(tag) for tag in [*self.question.tags, *marks.tags(self.marks)]]

    def item(self) -> str:
        """Raises CannotBeWritten."""
        question = self.question
        self.marks |= marks.of_any_kind(question.difficulty, question.rad_factors)
        [identifier] = self._identifiers([question.key], ["question"])
        if identifier != question.key:
            self.marks["key"] = question.key
        body = self._body()
        for number, hint in enumerate(self.words.get("hints", []), start=1):
            self._tell("HINT", f"HINT_{number}", hint)
        if rationale := self.words.get("rationale", ""):
            self._tell("SOLUTION", "SOLUTION", rationale)
            self._rules.append(self._set("SOLUTION", self._value("identifier", "SOLUTION")))
        outcomes = [
            self._tag("outcomeDeclaration", {"identifier": name, "cardinality": "single", "baseType": base})
            if not base.startswith("*")
            else self._tag("outcomeDeclaration", {"identifier": name, "cardinality": "multiple", "baseType": base[1:]})
            for name, base in self._outcomes.items()
        ]
        return self._tag(
            "assessmentItem",
            {
                "xmlns": _NAMESPACE[self.version],
                "identifier": identifier,
                "title": question.name,
                "xml:lang": self.language,
                "adaptive": "false",
                "timeDependent": "false",
            },
            *self._declared,
            *outcomes,
            self._tag("itemBody", {}, body),
            self._processing(),
            *self._feedback,
        )

    def _processing(self) -> str:
        if not self._rules:
            return ""
        if len(self._rules) == 1 and self._rules[0] in (MAP, MATCH):
            return self._tag("responseProcessing", {"template": _TEMPLATES[self.version] + self._rules[0]})
        written = {
            MAP: self._set("SCORE", self._tag("mapResponse", {"identifier": "RESPONSE"})),
            MATCH: self._match(),
        }
        return self._tag("responseProcessing", {}, *(written.get(rule, rule) for rule in self._rules))

    def _match(self) -> str:
        compared = self._tag(
            "match",
            {},
            self._tag("variable", {"identifier": "RESPONSE"}),
            self._tag("correct", {"identifier": "RESPONSE"}),
        )
        right, wrong = [self._set("SCORE", self._value("float", "1"))], []
        if "FEEDBACK" in self._outcomes:
            right.append(self._set("FEEDBACK", self._value("identifier", "CORRECT")))
            wrong.append(self._tag("responseElse", {}, self._set("FEEDBACK", self._value("identifier", "INCORRECT"))))
        return self._tag("responseCondition", {}, self._tag("responseIf", {}, compared, *right), *wrong)

    def _set(self, outcome: str, value: str) -> str:
        return self._tag("setOutcomeValue", {"identifier": outcome}, value)

    def _value(self, base: str, value: str) -> str:
        return self._tag("baseValue", {"baseType": base}, escape(texts.storable(value)))

    def _tell(self, outcome: str, identifier: str, text: str) -> None:
        """A feedback after the attempt."""
        self._outcomes.setdefault(outcome, "identifier")
        held = block(text)
        self._feedback.append(
            self._tag(
                "modalFeedback",
                {"outcomeIdentifier": outcome, "identifier": identifier, "showHide": "show"},
                self._tag("contentBody", {}, held) if self.version == "3" else held,
            )
        )

    def _response(self, identifier: str, cardinality: str, base: str, correct: list[str], mapping: str = "") -> None:
        values = "".join(self._tag("value", {}, escape(texts.storable(value))) for value in correct)
        right = self._tag("correctResponse", {}, values) if correct else ""
        given = {"identifier": identifier, "cardinality": cardinality, "baseType": base}
        self._declared.append(self._tag("responseDeclaration", given, right, mapping))

    def _mapping(self, entries: list[tuple[str, str]], *, case: bool | None = None, upper: str = "") -> str:
        given = {"lowerBound": "0"} | ({"upperBound": upper} if upper else {}) | {"defaultValue": "0"}
        held = [
            self._tag(
                "mapEntry",
                {"mapKey": key, "mappedValue": value}
                | ({} if case is None else {"caseSensitive": "true" if case else "false"}),
            )
            for key, value in entries
        ]
        return self._tag("mapping", given, *held)

    def _identifiers(self, keys: list[str], usual: list[str], mark: str = "") -> list[str]:
        """Keys as identifiers, which begin with a letter; the usual ones, and a mark, where some do not."""
        if all(key[0].isalpha() and key.isascii() for key in keys):
            return keys
        if mark:
            marks.mark_keys(self.marks, mark, keys, usual)
        return usual

    # --- Media -------------------------------------------------------------------------------------------------------

    def _file(self, digest: str) -> str:
        medium = self._media[digest]
        path = f"media/{digest[:16]}/{medium.name}"
        self.files[path] = medium
        return texts.quoted(path)

    def _shown(self) -> str:
        shown = []
        for one in self.words.get("media", []):
            address, alt = escape(self._file(one["sha256"])), escape(texts.storable(one["alt"]))
            if one["kind"] == "image":
                shown.append(f'<p><img src="{address}" alt="{alt}"/></p>')
            elif self.version == "3":
                shown.append(
                    f'<p><{one["kind"]} controls="controls" src="{address}" title="{alt}"></{one["kind"]}></p>'
                )
            else:
                kind = escape(self._media[one["sha256"]].content_type)
                shown.append(f'<p><object data="{address}" type="{kind}">{alt}</object></p>')
        return "".join(shown)

    @abstractmethod
    def _body(self) -> str:
        """The interactions of the question's kind, declaring their responses on the way. Raises CannotBeWritten."""
