"""Moodle XML, written. What Moodle has no word for travels as tags (quizzes.formats.marks).

A scenario goes out as a single choice, a document examination as a multiple choice; a hotspot as a single marker that
is put on a picture, where every area earns everything or nothing. Files stand inside the file as Base64.
"""

import base64
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils.translation import gettext_lazy as _

from quizzes.formats import areas, categories, choosing, cloze, marks, media, rubrics, texts
from quizzes.formats.amounts import inverse, percent
from quizzes.formats.neutral import Message, Question, Writing
from quizzes.formats.unwritten import CannotBeWritten, written
from quizzes.formats.wildcards import needs_mark, with_wildcards

CONTENT_TYPE = "application/xml"
_BY_PAIRS = "RELATIVE_ALL_PREVIOUS_AND_NEXT"


def write(questions: list[Question], language: str, title: str = "") -> Writing:
    """A file that Moodle imports, with what it leaves out."""
    root = Element("quiz", {"xml:lang": language})
    if title:
        category = SubElement(root, "question", {"type": "category"})
        _texted(SubElement(category, "category"), categories.path(title))
    pieces, left = written(map(_Writer, questions), _Writer.element)
    root.extend(element for _writer, element in pieces)
    indent(root, space=" ")
    return Writing(tostring(root, encoding="utf-8", xml_declaration=True), "bank.xml", CONTENT_TYPE, tuple(left))


def _texted(parent: Element, text: str) -> Element:
    child = SubElement(parent, "text")
    child.text = texts.storable(text)
    return child


class _Writer:
    def __init__(self, question: Question):
        self.question = question
        self.words, self.structure = question.words, question.structure
        self.marks: dict[str, str] = {}
        self.lost: dict[Message, None] = {}
        self._media = {medium.sha256: medium for medium in question.media}
        self._body: Element

    def element(self) -> Element:
        """Raises CannotBeWritten."""
        question = self.question
        self.marks |= marks.of_any_kind(question.difficulty, question.rad_factors)
        kind, stem, fill = self._by_kind()
        node = Element("question", {"type": kind})
        self._body = node
        _texted(SubElement(node, "name"), question.name)
        self._stem(node, stem)
        self._formatted(node, "generalfeedback", self.words.get("rationale", ""))
        SubElement(node, "defaultgrade").text = "1"
        SubElement(node, "penalty").text = "0"
        SubElement(node, "hidden").text = "0"
        SubElement(node, "idnumber").text = question.key
        fill(node)
        for hint in self.words.get("hints", []):
            self._formatted(node, "hint", hint)
        tags = SubElement(node, "tags")
        for tag in [*question.tags, *marks.tags(self.marks)]:
            _texted(SubElement(tags, "tag"), tag)
        return node

    def _by_kind(self):
        kind = self.question.kind
        if kind in ("single_choice", "multiple_choice", "scenario", "document"):
            self._choices = choosing.options(self.question)
            self.marks |= self._choices.marks
            return "multichoice", texts.html(self._choices.stem), self._choose
        if kind == "gap_fill":
            return "cloze", self._cloze(), lambda _node: None
        known = {
            "true_false": ("truefalse", self._true_false),
            "short_answer": ("shortanswer", self._short_answer),
            "numerical": ("numerical", self._numerical),
            "matching": ("matching", self._matching),
            "ordering": ("ordering", self._ordering),
            "essay": ("essay", self._essay),
            "hotspot": ("ddmarker", self._hotspot),
        }
        if kind not in known:
            raise CannotBeWritten(_("Moodle XML has no question of this kind."))
        name, fill = known[kind]
        return name, texts.html(self.words["stem"]), fill

    # --- Texts and media ---------------------------------------------------------------------------------------------

    def _formatted(self, parent: Element, name: str, text: str) -> Element:
        node = SubElement(parent, name, {"format": "html"})
        _texted(node, texts.html(text))
        return node

    def _stem(self, parent: Element, source: str) -> None:
        node = SubElement(parent, "questiontext", {"format": "html"})
        taken: set[str] = set()
        shown, files = [], []
        for number, medium in enumerate(self.words.get("media", []), start=1):
            name = self._media[medium["sha256"]].name
            path = f"{number}/" if name in taken else ""
            taken.add(name)
            shown.append(texts.shown_medium(medium["kind"], f"@@PLUGINFILE@@/{path}{name}", medium["alt"]))
            files.append((f"/{path}", name, medium["sha256"]))
        _texted(node, source + "".join(shown))
        for path, name, digest in files:
            self._file(node, path, name, digest)

    def _file(self, parent: Element, path: str, name: str, digest: str) -> None:
        file = SubElement(parent, "file", {"name": name, "path": path, "encoding": "base64"})
        file.text = base64.b64encode(self._media[digest].data).decode()

    def _answer(self, parent: Element, share: str, text: str, feedback: str, form: str = "html") -> Element:
        node = SubElement(parent, "answer", {"fraction": percent(share), "format": form})
        _texted(node, texts.html(text) if form == "html" else text)
        self._formatted(node, "feedback", feedback)
        return node

    # --- The kinds ---------------------------------------------------------------------------------------------------

    def _choose(self, node: Element) -> None:
        SubElement(node, "single").text = "false" if self._choices.several else "true"
        SubElement(node, "shuffleanswers").text = "true" if self._choices.shuffle else "false"
        SubElement(node, "answernumbering").text = "abc"
        for _key, option in self._choices.options:
            self._answer(node, str(option.fraction), option.text, option.feedback)

    def _true_false(self, node: Element) -> None:
        for key in ("true", "false"):
            right = self.structure["correct"] == (key == "true")
            feedback = self.words.get("options", {}).get(key, {}).get("feedback", "")
            self._answer(node, "1" if right else "0", key, feedback, "moodle_auto_format")

    def _short_answer(self, node: Element) -> None:
        SubElement(node, "usecase").text = "1" if self.structure["case"] else "0"
        if not self.structure["accents"]:
            self.marks["lenient"] = "accents"
        wildcards = self.structure["wildcards"]
        accepted = self.words["accepted"]
        if needs_mark([entry["text"] for entry in accepted], wildcards):
            self.marks["wildcards"] = "1"
        for entry in accepted:
            text = with_wildcards(entry["text"], wildcards)
            self._answer(node, entry["fraction"], text, entry.get("feedback", ""), "moodle_auto_format")

    def _numerical(self, node: Element) -> None:
        feedback = self.words.get("feedback") or [""] * len(self.structure["answers"])
        for answer, told in zip(self.structure["answers"], feedback, strict=True):
            made = self._answer(node, answer["fraction"], answer["value"], told, "moodle_auto_format")
            SubElement(made, "tolerance").text = answer["tolerance"]
        unit = self.structure["unit"]
        SubElement(node, "unitgradingtype").text = "1" if unit == "required" else "0"
        SubElement(node, "unitpenalty").text = "1"
        SubElement(node, "showunits").text = "3" if unit == "none" else "0"
        SubElement(node, "unitsleft").text = "0"
        if self.structure["units"]:
            holder = SubElement(node, "units")
            for entry in self.structure["units"]:
                made = SubElement(holder, "unit")
                multiplier, _exact = inverse(Decimal(entry["factor"]))
                SubElement(made, "multiplier").text = multiplier
                SubElement(made, "unit_name").text = entry["unit"]

    def _matching(self, node: Element) -> None:
        pairs, prompts, targets = self.structure["pairs"], self.structure["prompts"], self.structure["targets"]
        said = self.words["targets"]
        if len(set(said.values())) < len(said):
            raise CannotBeWritten(_("Two of its targets have the same text, by which Moodle would take them for one."))
        SubElement(node, "shuffleanswers").text = "true" if self.structure["shuffle"] else "false"
        self.marks |= marks.of_pairs(prompts, targets, pairs)
        rows = [(self.words["prompts"][key], said[pairs[key]]) for key in prompts]
        for prompt, target in rows + [("", said[key]) for key in targets if key not in pairs.values()]:
            made = SubElement(node, "subquestion", {"format": "html"})
            _texted(made, texts.html(prompt))
            _texted(SubElement(made, "answer"), target)

    def _ordering(self, node: Element) -> None:
        keys = self.structure["elements"]
        marks.mark_keys(self.marks, "keys", keys, marks.numbered("e", len(keys)))
        for name, value in (
            ("layouttype", "VERTICAL"),
            ("selecttype", "ALL"),
            ("selectcount", str(len(keys))),
            ("gradingtype", "ALL_OR_NOTHING" if self.structure["credit"] == "whole" else _BY_PAIRS),
            ("showgrading", "SHOW"),
            ("numberingstyle", "none"),
        ):
            SubElement(node, name).text = value
        told = self.words.get("feedback", {})
        for name, key in (("correct", "right"), ("partiallycorrect", "partly"), ("incorrect", "wrong")):
            self._formatted(node, f"{name}feedback", told.get(key, ""))
        for place, key in enumerate(keys, start=1):
            made = SubElement(node, "answer", {"fraction": str(place), "format": "html"})
            _texted(made, texts.html(self.words["elements"][key]))

    def _essay(self, node: Element) -> None:
        structure = self.structure
        rubrics.mark(structure, self.marks, limits=False)
        for name, value in (
            ("responseformat", "editor"),
            ("responserequired", "1"),
            ("responsefieldlines", "15"),
            ("minwordlimit", str(structure["least_words"]) if structure["least_words"] else ""),
            ("maxwordlimit", str(structure["most_words"])),
            ("attachments", str(structure["files"])),
            ("attachmentsrequired", "0"),
            ("maxbytes", "0"),
            ("filetypeslist", ",".join(f".{kind}" for kind in structure["file_kinds"])),
        ):
            SubElement(node, name).text = value
        info = SubElement(node, "graderinfo", {"format": "html"})
        _texted(info, rubrics.html(structure, self.words))

    def _hotspot(self, node: Element) -> None:
        right = [area for area in self.structure["areas"] if area["fraction"] != "0"]
        if len(right) != 1 or right[0]["fraction"] != "1":
            raise CannotBeWritten(
                _("More than one of its areas earn points, for which Moodle's markers have no place.")
            )
        image, area = self._media[self.structure["image"]], right[0]
        self.marks |= areas.mark(self.structure, self.words)
        if len(self.structure["areas"]) > 1:
            self.lost[Message.of(_("Areas that earn nothing are not seen in Moodle."))] = None
        self._file(node, "/", image.name, image.sha256)
        drag = SubElement(node, "drag")
        SubElement(drag, "no").text = "1"
        _texted(drag, self.words["areas"][area["key"]])
        SubElement(drag, "noofdrags").text = "1"
        drop = SubElement(node, "drop")
        SubElement(drop, "no").text = "1"
        SubElement(drop, "shape").text = {"rect": "rectangle"}.get(area["shape"], area["shape"])
        points = [str(value) for value in areas.pixels(area, media.size(image))]
        pairs = [",".join(points[place : place + 2]) for place in range(0, len(points), 2)]
        SubElement(drop, "coords").text = ";".join(pairs)
        SubElement(drop, "choice").text = "1"

    def _cloze(self) -> str:
        source = texts.html(self.words["stem"])
        parts = {part["key"]: part for part in self.structure["gaps"]}
        keys = sorted(parts, key=lambda key: source.find(f"[[{key}]]"))
        marks.mark_keys(self.marks, "keys", keys, marks.numbered("g", len(keys)))
        lenient = [key for key in keys if parts[key]["kind"] == "text" and not parts[key]["accents"]]
        starred: list[str] = []
        shown: list[str] = []
        for key in keys:
            said = self.words["gaps"].get(key, {})
            if parts[key]["kind"] == "text" and needs_mark(
                [entry["text"] for entry in said["accepted"]], parts[key]["wildcards"]
            ):
                starred.append(key)
            if parts[key]["kind"] == "choice":
                options = [option["key"] for option in parts[key]["options"]]
                marks.mark_keys(self.marks, f"in{len(shown)}", options, marks.letters(len(options)))
            shown.append(key)
            written = cloze.written_gap(parts[key], said)
            if written is None:
                raise CannotBeWritten(_("A gap counts for a part of a point, for which Moodle has no way of writing."))
            source = source.replace(f"[[{key}]]", written, 1)
        if lenient:
            self.marks["lenient"] = ",".join(lenient)
        if starred:
            self.marks["wildcards"] = ",".join(starred)
        return source
