"""One question of each kind as an item of QTI, by its names in version 2; the frame turns them into those of 3.0."""

from html import escape

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from quizzes.formats import areas, choosing, marks, media, rubrics, texts, units
from quizzes.formats.amounts import product
from quizzes.formats.neutral import Message
from quizzes.formats.qti.item_frame import MAP, MATCH, ItemFrame, block, inline, xhtml
from quizzes.formats.unwritten import CannotBeWritten


class ItemWriter(ItemFrame):
    """What the body of an item holds, by its kind."""

    def _body(self) -> str:
        kind = self.question.kind
        if kind in ("single_choice", "multiple_choice", "scenario", "document"):
            return self._choose()
        known = {
            "true_false": self._true_false,
            "ordering": self._ordering,
            "matching": self._matching,
            "gap_fill": self._gap_fill,
            "short_answer": self._short_answer,
            "numerical": self._numerical,
            "hotspot": self._hotspot,
            "essay": self._essay,
        }
        if kind not in known:
            raise CannotBeWritten(_("QTI has no question of this kind."))
        return known[kind]()

    def _stem(self) -> str:
        return block(self.words["stem"]) + self._shown()

    def _choices(self, choices: list[tuple[str, str, str]]) -> list[str]:
        """Options by identifier, with their feedback inside."""
        if any(feedback for _identifier, _text, feedback in choices):
            self._rules.append(self._set("FEEDBACK", self._tag("variable", {"identifier": "RESPONSE"})))
        return [
            self._tag(
                "simpleChoice",
                {"identifier": identifier},
                block(text),
                self._tag(
                    "feedbackInline",
                    {"outcomeIdentifier": "FEEDBACK", "identifier": identifier, "showHide": "show"},
                    inline(feedback),
                )
                if feedback
                else "",
            )
            for identifier, text, feedback in choices
        ]

    def _choose(self) -> str:
        choices = choosing.options(self.question)
        self.marks |= {name: value for name, value in choices.marks.items() if name != "keys"}
        keys = [key for key, _option in choices.options]
        identifiers = self._identifiers(keys, marks.letters(len(keys)), "keys")
        several = choices.several
        options = [option for _key, option in choices.options]
        right = [one for one, option in zip(identifiers, options, strict=True) if option.fraction > 0]
        if not several:
            right = [one for one, option in zip(identifiers, options, strict=True) if option.fraction == 1][:1]
        entries = [(one, f"{option.fraction:f}") for one, option in zip(identifiers, options, strict=True)]
        cardinality = "multiple" if several else "single"
        self._response("RESPONSE", cardinality, "identifier", right, self._mapping(entries, upper="1"))
        if any(option.feedback for option in options):
            self._outcomes["FEEDBACK"] = "*identifier" if several else "identifier"
        self._rules.append(MAP)
        told = [(one, option.text, option.feedback) for one, option in zip(identifiers, options, strict=True)]
        return self._choice(block(choices.stem) + self._shown(), told, several=several, shuffle=choices.shuffle)

    def _choice(self, stem: str, told: list[tuple[str, str, str]], *, several: bool, shuffle: bool) -> str:
        given = {
            "responseIdentifier": "RESPONSE",
            "shuffle": "true" if shuffle else "false",
            "maxChoices": "0" if several else "1",
        }
        return stem + self._tag("choiceInteraction", given, *self._choices(told))

    def _true_false(self) -> str:
        self.marks["kind"] = "true_false"
        with override(self.language):
            said = {"true": gettext("True"), "false": gettext("False")}
        feedback = {key: told.get("feedback", "") for key, told in self.words.get("options", {}).items()}
        self._response("RESPONSE", "single", "identifier", ["true" if self.structure["correct"] else "false"])
        if any(feedback.values()):
            self._outcomes["FEEDBACK"] = "identifier"
        told = [(key, text, feedback.get(key, "")) for key, text in said.items()]
        body = self._choice(self._stem(), told, several=False, shuffle=False)
        compared = self._tag(
            "match",
            {},
            self._tag("variable", {"identifier": "RESPONSE"}),
            self._tag("correct", {"identifier": "RESPONSE"}),
        )
        if self._rules:
            scored = self._tag("responseIf", {}, compared, self._set("SCORE", self._value("float", "1")))
            self._rules.append(self._tag("responseCondition", {}, scored))
        else:
            self._rules.append(MATCH)
        return body

    def _ordering(self) -> str:
        keys = self.structure["elements"]
        identifiers = self._identifiers(keys, marks.numbered("e", len(keys)), "keys")
        self._response("RESPONSE", "ordered", "identifier", identifiers)
        if self.structure["credit"] == "pairs":
            self.marks["credit"] = "pairs"
            self.lost[Message.of(_("Elsewhere a partly right order earns nothing."))] = None
        for key, identifier in (("right", "CORRECT"), ("partly", "PARTLY"), ("wrong", "INCORRECT")):
            if text := self.words.get("feedback", {}).get(key, ""):
                self._tell("FEEDBACK", identifier, text)
        self._rules.append(MATCH)
        said = sorted(zip(identifiers, keys, strict=True))
        choices = [
            self._tag("simpleChoice", {"identifier": one}, block(self.words["elements"][key])) for one, key in said
        ]
        given = {"responseIdentifier": "RESPONSE", "shuffle": "true"}
        return self._stem() + self._tag("orderInteraction", given, *choices)

    def _matching(self) -> str:
        structure = self.structure
        prompts, targets, pairs = structure["prompts"], structure["targets"], structure["pairs"]
        if len({texts.line(text) for text in self.words["targets"].values()}) < len(targets):
            raise CannotBeWritten(_("Two of its targets have the same text."))
        used_prompts = self._identifiers(prompts, marks.numbered("p", len(prompts)), "keys")
        used_targets = self._identifiers(targets, marks.numbered("t", len(targets)), "targets")
        if set(used_prompts) & set(used_targets):
            used_prompts, used_targets = marks.numbered("p", len(prompts)), marks.numbered("t", len(targets))
            marks.mark_keys(self.marks, "keys", prompts, used_prompts)
            marks.mark_keys(self.marks, "targets", targets, used_targets)
        of_prompt = dict(zip(prompts, used_prompts, strict=True))
        of_target = dict(zip(targets, used_targets, strict=True))
        right = [f"{of_prompt[key]} {of_target[pairs[key]]}" for key in prompts]
        mapping = self._mapping([(pair, "1") for pair in right])
        self._response("RESPONSE", "multiple", "directedPair", right, mapping)
        self._rules.append(MAP)

        def side(keys: list[str], identifiers: dict[str, str], said: dict[str, str], most: int) -> str:
            choices = [
                self._tag(
                    "simpleAssociableChoice",
                    {"identifier": identifiers[key], "matchMax": str(most)},
                    block(said[key]),
                )
                for key in keys
            ]
            return self._tag("simpleMatchSet", {}, *choices)

        given = {
            "responseIdentifier": "RESPONSE",
            "shuffle": "true" if structure["shuffle"] else "false",
            "maxAssociations": str(len(prompts)),
        }
        return self._stem() + self._tag(
            "matchInteraction",
            given,
            side(prompts, of_prompt, self.words["prompts"], 1),
            side(targets, of_target, self.words["targets"], len(prompts)),
        )

    # --- Texts, numbers and gaps -------------------------------------------------------------------------------------

    def _accepted(self, identifier: str, key: str, structure: dict, accepted: list[dict], points: str) -> str:
        """Declare the response of a text; returns the rule that earns its points."""
        if structure["wildcards"]:
            self.marks["wildcards"] = ",".join(filter(None, [self.marks.get("wildcards", ""), key]))
            self.lost[Message.of(_("Elsewhere the “*” in its accepted answers stands for itself."))] = None
        if not structure["accents"]:
            self.marks["lenient"] = ",".join(filter(None, [self.marks.get("lenient", ""), key]))
        said = [(entry["text"], product(entry["fraction"], points)) for entry in accepted]
        if len({text for text, _value in said}) < len(said):
            raise CannotBeWritten(_("Two of its accepted answers are the same."))
        mapping = self._mapping(said, case=structure["case"])
        right = [entry["text"] for entry in accepted if entry["fraction"] == "1"][:1]
        self._response(identifier, "single", "string", right, mapping)
        for place, entry in enumerate(accepted, start=1):
            if entry.get("feedback"):
                told = f"{identifier}_{place}"
                self._tell(f"FEEDBACK_{identifier}", told, entry["feedback"])
                compared = self._tag(
                    "stringMatch",
                    {"caseSensitive": "true" if structure["case"] else "false"}
                    | ({"substring": "false"} if self.version == "2" else {}),
                    self._tag("variable", {"identifier": identifier}),
                    self._value("string", entry["text"]),
                )
                shown = self._set(f"FEEDBACK_{identifier}", self._value("identifier", told))
                self._rules.append(self._tag("responseCondition", {}, self._tag("responseIf", {}, compared, shown)))
        return self._tag("mapResponse", {"identifier": identifier})

    def _numbers(self, identifier: str, answers: list[dict], feedback: list[str], points: str, score: str) -> None:
        """Declare the response of a number, and the rule by which the best fitting answer earns."""
        usual = marks.numbered("n", len(answers))
        told = sorted(
            zip(usual, answers, feedback, strict=True), key=lambda entry: float(entry[1]["fraction"]), reverse=True
        )
        marks.mark_keys(self.marks, f"order_{identifier.lower()}", [one for one, *_rest in told], usual)
        self._response(identifier, "single", "float", [told[0][1]["value"]])
        branches = []
        for place, (_key, answer, text) in enumerate(told, start=1):
            compared = self._tag(
                "equal",
                {"toleranceMode": "absolute", "tolerance": f"{answer['tolerance']} {answer['tolerance']}"},
                self._tag("variable", {"identifier": identifier}),
                self._value("float", answer["value"]),
            )
            done = [self._set(score, self._value("float", product(answer["fraction"], points)))]
            if text:
                shown = f"{identifier}_{place}"
                self._tell(f"FEEDBACK_{identifier}", shown, text)
                done.append(self._set(f"FEEDBACK_{identifier}", self._value("identifier", shown)))
            branches.append(self._tag("responseIf" if place == 1 else "responseElseIf", {}, compared, *done))
        self._outcomes.setdefault(score, "float")
        self._rules.append(self._tag("responseCondition", {}, *branches))

    def _short_answer(self) -> str:
        earned = self._accepted("RESPONSE", "g1", self.structure, self.words["accepted"], "1")
        self._rules.append(self._set("SCORE", earned) if self._rules else MAP)
        return f"{self._stem()}<p>{self._tag('textEntryInteraction', {'responseIdentifier': 'RESPONSE'})}</p>"

    def _numerical(self) -> str:
        units.mark(self.structure, self.marks, self.lost)
        answers = self.structure["answers"]
        self._numbers("RESPONSE", answers, self.words.get("feedback") or [""] * len(answers), "1", "SCORE")
        return f"{self._stem()}<p>{self._tag('textEntryInteraction', {'responseIdentifier': 'RESPONSE'})}</p>"

    def _gap_fill(self) -> str:
        body = block(self.words["stem"])
        parts = {part["key"]: part for part in self.structure["gaps"]}
        keys = sorted(parts, key=lambda key: body.find(f"[[{key}]]"))
        marks.mark_keys(self.marks, "keys", keys, marks.numbered("g", len(keys)))
        if len(keys) == 1:
            self.marks["kind"] = "gap_fill"
        earned = []
        for place, key in enumerate(keys):
            interaction, earns = self._gap(parts[key], self.words["gaps"].get(key, {}), place)
            body = body.replace(f"[[{key}]]", interaction, 1)
            earned.append(earns)
        self._rules.append(self._set("SCORE", self._tag("sum", {}, *earned)))
        return body + self._shown()

    def _gap(self, part: dict, said: dict, place: int) -> tuple[str, str]:
        """A gap's interaction, and what it earns."""
        identifier = f"RESPONSE{place + 1}"
        given = {"responseIdentifier": identifier}
        if part["kind"] == "text":
            earns = self._accepted(identifier, part["key"], part, said["accepted"], part["points"])
            return self._tag("textEntryInteraction", given), earns
        if part["kind"] == "number":
            feedback = said.get("feedback") or [""] * len(part["answers"])
            score = f"SCORE_{identifier}"
            self._numbers(identifier, part["answers"], feedback, part["points"], score)
            return self._tag("textEntryInteraction", given), self._tag("variable", {"identifier": score})
        keys = [option["key"] for option in part["options"]]
        identifiers = self._identifiers(keys, marks.letters(len(keys)), f"in{place}")
        shares = [product(option["fraction"], part["points"]) for option in part["options"]]
        right = [one for one, option in zip(identifiers, part["options"], strict=True) if option["fraction"] == "1"]
        self._response(
            identifier,
            "single",
            "identifier",
            right[:1],
            self._mapping(list(zip(identifiers, shares, strict=True))),
        )
        choices = []
        for number, (one, key) in enumerate(zip(identifiers, keys, strict=True), start=1):
            option = said["options"][key]
            choices.append(self._tag("inlineChoice", {"identifier": one}, inline(option["text"])))
            if option.get("feedback"):
                told = f"{identifier}_{number}"
                self._tell(f"FEEDBACK_{identifier}", told, option["feedback"])
                compared = self._tag(
                    "match", {}, self._tag("variable", {"identifier": identifier}), self._value("identifier", one)
                )
                shown = self._set(f"FEEDBACK_{identifier}", self._value("identifier", told))
                self._rules.append(self._tag("responseCondition", {}, self._tag("responseIf", {}, compared, shown)))
        return (
            self._tag("inlineChoiceInteraction", given | {"shuffle": "false"}, *choices),
            self._tag("mapResponse", {"identifier": identifier}),
        )

    # --- Pictures and essays -----------------------------------------------------------------------------------------

    def _hotspot(self) -> str:
        spots, image = self.structure["areas"], self._media[self.structure["image"]]
        width, height = media.size(image)
        keys = [area["key"] for area in spots]
        identifiers = self._identifiers(keys, marks.numbered("h", len(keys)), "keys")
        self.marks |= areas.mark_coords(spots)
        right = [one for one, area in zip(identifiers, spots, strict=True) if area["fraction"] == "1"]
        mapping = self._mapping([(one, area["fraction"]) for one, area in zip(identifiers, spots, strict=True)])
        self._response("RESPONSE", "single", "identifier", right[:1], mapping)
        self._rules.append(MAP)
        alt, address = escape(texts.storable(self.words["image_alt"])), escape(self._file(image.sha256))
        size = f'width="{width}" height="{height}"'
        shown = (
            f'<img src="{address}" {size} alt="{alt}"/>'
            if self.version == "3"
            else f'<object data="{address}" type="{escape(image.content_type)}" {size}>{alt}</object>'
        )
        choices = []
        for one, area in zip(identifiers, spots, strict=True):
            coords = areas.pixels(area, (width, height))
            if area["shape"] == "rect":
                coords = [coords[0], coords[1], coords[0] + coords[2], coords[1] + coords[3]]
            choices.append(
                self._tag(
                    "hotspotChoice",
                    {
                        "identifier": one,
                        "shape": {"polygon": "poly"}.get(area["shape"], area["shape"]),
                        "coords": ",".join(map(str, coords)),
                        "hotspotLabel": self.words["areas"][area["key"]],
                    },
                )
            )
        given = {"responseIdentifier": "RESPONSE", "maxChoices": "1"}
        return self._stem() + self._tag("hotspotInteraction", given, shown, *choices)

    def _essay(self) -> str:
        structure = self.structure
        rubrics.mark(structure, self.marks)
        if structure["files"]:
            self.lost[Message.of(_("Elsewhere no files can be brought with the answer."))] = None
        self._response("RESPONSE", "single", "string", [])
        held = xhtml(texts.storable(rubrics.html(structure, self.words)))
        body = self._tag("contentBody", {}, held) if self.version == "3" else held
        given = {"view": "scorer"} | ({"use": "scoring"} if self.version == "3" else {})
        return (
            self._stem()
            + self._tag("extendedTextInteraction", {"responseIdentifier": "RESPONSE"})
            + self._tag("rubricBlock", given, body)
        )
