"""Items of every kind, drawn by Hypothesis, with the forms that a browser can send for them.

`SAMPLES` has, by the name of a kind,

- `twins`: two items that differ only in their key: what is right, what it earns, what is said about it afterwards;
- `sent`: a form that a learner may send, drawn for what the page shows;
- `standing`: the form as it stands on a page that shows an answer already;
- `better`: an answer in which one thing more is right.

A form is a dict of the values by the part of the field's name.
"""

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from quizzes.kinds import KINDS
from quizzes.kinds.contract import Fields, Kind

# All keys of items begin with it, and no text holds it.
MARK = "Kq"
LANGUAGES = ("en", "ar")
TEXTS = st.text("aéßжйبأ١ 1,.-*\\’\n", min_size=1, max_size=6).filter(lambda text: text.strip(" .\n"))
TYPED = TEXTS | st.sampled_from(["12,5 kg", "12.5", "1 234,5", "١٢٫٥", "5000 g", "-3", "1e3", "kg", " "])
SHARES = st.sampled_from(["1", "0.5", "0", "-0.5", "0.33333", "-1"])
DIGESTS = st.sampled_from(["a" * 64, "0123456789abcdef" * 4])


@dataclass(frozen=True)
class Item:
    kind: Kind
    structure: dict
    texts: dict

    @property
    def key(self):
        return self.kind.key(self.structure, self.texts)

    def check(self):
        self.kind.check(self.structure, self.texts)


def fields(form):
    return Fields({f"q7-{part}" if part else "q7": values for part, values in form.items()}, "q7")


def keys(draw, least=1, most=4):
    """Some keys, in no order."""
    count = draw(st.integers(least, most))
    return draw(st.permutations([f"{MARK}{number}" for number in range(count)]))


def listed(draw, parts, *, shuffle=True):
    """The order in which a bank lists what each attempt shuffles: authors often begin with what is right."""
    return draw(st.permutations(parts)) if shuffle else parts


def said(draw, names):
    """A text for each of the names, no two alike."""
    return {name: f"{draw(TEXTS)} {number}" for number, name in enumerate(names)}


def shares(draw, count):
    """So many fractions, one of which is 1."""
    drawn = [draw(SHARES) for _ in range(count)]
    drawn[draw(st.integers(0, count - 1))] = "1"
    return drawn


def common(draw):
    words = {"shape": 2, "stem": draw(TEXTS)}
    if draw(st.booleans()):
        words["media"] = [{"sha256": draw(DIGESTS), "kind": "image", "alt": draw(TEXTS)}]
    if draw(st.booleans()):
        words["hints"] = [draw(TEXTS)]
    return words


def afterwards(draw, words):
    """Words with what is told after the grade alone."""
    return words | draw(st.fixed_dictionaries({}, optional={"rationale": TEXTS}))


def twins(kind, draw, open_words, make):
    """Two items of the same words; `make(draw, words)` draws the key: the structure, and the words that go with it."""
    return tuple(Item(KINDS[kind], *make(draw, open_words)) for _ in range(2))


class Choice:
    """Single and multiple choice, true or false, scenario."""

    def __init__(self, kind):
        self.kind = kind

    def twins(self, draw):
        names = keys(draw, 2 if self.kind == "scenario" else 1)
        words = {
            language: common(draw) | {"options": {name: {"text": text} for name, text in said(draw, names).items()}}
            for language in LANGUAGES
        }
        shuffle = draw(st.booleans())

        def make(draw, words):
            if self.kind == "true_false":
                return {"shape": 2, "correct": draw(st.booleans())}, {
                    language: afterwards(draw, {name: part for name, part in said.items() if name != "options"})
                    | draw(st.sampled_from([{}, {"options": {"true": {"feedback": draw(TEXTS)}}}]))
                    for language, said in words.items()
                }
            if self.kind == "scenario":
                return {"shape": 1, "options": listed(draw, self._rated(draw, names))}, {
                    language: {
                        "shape": 1,
                        "stem": said["stem"],
                        "options": {
                            name: option | {"consequence": draw(TEXTS)} for name, option in said["options"].items()
                        },
                    }
                    for language, said in words.items()
                }
            fractions = shares(draw, len(names)) if self.kind == "single_choice" else self._several(draw, len(names))
            return {
                "shape": 2,
                "options": listed(
                    draw,
                    [{"key": name, "fraction": share} for name, share in zip(names, fractions, strict=True)],
                    shuffle=shuffle,
                ),
                "shuffle": shuffle,
            }, {
                language: afterwards(draw, said)
                | {"options": {name: option | {"feedback": draw(TEXTS)} for name, option in said["options"].items()}}
                for language, said in words.items()
            }

        return twins(self.kind, draw, words, make)

    def _rated(self, draw, names):
        best = draw(st.sampled_from(names))
        return [
            {
                "key": name,
                "rating": "best" if name == best else rating,
                "mechanism": draw(st.sampled_from([None, "euphemistic_labelling"])),
                "bright_line": name != best and rating == "breach" and draw(st.booleans()),
            }
            for name in names
            for rating in [draw(st.sampled_from(["acceptable", "risky", "breach"]))]
        ]

    def _several(self, draw, count):
        right = draw(st.sets(st.integers(0, count - 1), min_size=1))
        share = f"{1 / len(right):.5f}"
        return [share if number in right else draw(st.sampled_from(["0", "-0.25", "-1"])) for number in range(count)]

    def sent(self, draw, shown):
        values = [option["value"] for option in shown["options"]]
        return {"": draw(st.lists(st.sampled_from(values), max_size=len(values) if shown["several"] else 1))}

    def standing(self, shown):
        return {"": [option["value"] for option in shown["options"] if option["chosen"]]}

    def better(self, draw, item, answer):
        credit = item.key.credit
        if self.kind != "multiple_choice":
            least = credit[answer["choice"]] if answer else 0
            return {"shape": 1, "choice": draw(st.sampled_from([name for name in credit if credit[name] >= least]))}
        chosen = set(answer["choices"]) if answer else set()
        changes = {name for name in credit if (credit[name] > 0) != (name in chosen)} or {None}
        return {"shape": 1, "choices": sorted((chosen ^ {draw(st.sampled_from(sorted(changes, key=str)))}) - {None})}


class Ordering:
    def twins(self, draw):
        names = keys(draw, 2, 5)
        words = {language: common(draw) | {"elements": said(draw, names)} for language in LANGUAGES}

        def make(draw, words):
            order, credit = draw(st.permutations(names)), draw(st.sampled_from(["pairs", "whole"]))
            return {"shape": 2, "elements": order, "credit": credit}, {
                language: afterwards(draw, said)
                | draw(st.sampled_from([{}, {"feedback": {"right": draw(TEXTS), "wrong": draw(TEXTS)}}]))
                for language, said in words.items()
            }

        return twins("ordering", draw, words, make)

    def sent(self, draw, shown):
        places = st.just("") | st.integers(1, len(shown["elements"])).map(str)
        return {element["part"]: [draw(places)] for element in shown["elements"]}

    def standing(self, shown):
        return {element["part"]: [str(element["place"] or "")] for element in shown["elements"]}

    def better(self, draw, item, answer):
        """One pair turned the right way round, or one element more, put where most others are on its right side."""
        right, order = item.structure["elements"], list(answer["order"]) if answer else []
        missing = [element for element in right if element not in order]
        turned = [
            number for number in range(len(order) - 1) if right.index(order[number]) > right.index(order[number + 1])
        ]
        if missing and (not turned or draw(st.booleans())):
            element = draw(st.sampled_from(missing))
            tries = [[*order[:number], element, *order[number:]] for number in range(len(order) + 1)]
            order = max(
                tries,
                key=lambda given: sum(
                    (given.index(other) < given.index(element)) == (right.index(other) < right.index(element))
                    for other in order
                ),
            )
        elif turned:
            number = draw(st.sampled_from(turned))
            order[number : number + 2] = order[number + 1], order[number]
        return {"shape": 1, "order": order}


class Matching:
    def twins(self, draw):
        prompts = [f"{name}p" for name in keys(draw)]
        targets = [f"{name}t" for name in keys(draw, 2)]
        shuffle = draw(st.booleans())
        words = {
            language: common(draw) | {"prompts": said(draw, prompts), "targets": said(draw, targets)}
            for language in LANGUAGES
        }

        def make(draw, words):
            pairs = {prompt: draw(st.sampled_from(targets)) for prompt in prompts}
            structure = {
                "shape": 2,
                "prompts": listed(draw, prompts, shuffle=shuffle),
                "targets": listed(draw, targets, shuffle=shuffle),
                "pairs": pairs,
                "shuffle": shuffle,
            }
            return structure, {language: afterwards(draw, said) for language, said in words.items()}

        return twins("matching", draw, words, make)

    def sent(self, draw, shown):
        return {
            prompt["part"]: [draw(st.sampled_from(["", *(target["value"] for target in prompt["targets"])]))]
            for prompt in shown["prompts"]
        }

    def standing(self, shown):
        return {
            prompt["part"]: [target["value"] for target in prompt["targets"] if target["chosen"]]
            for prompt in shown["prompts"]
        }

    def better(self, draw, item, answer):
        prompt = draw(st.sampled_from(item.structure["prompts"]))
        given = answer["pairs"] if answer else {}
        return {"shape": 1, "pairs": given | {prompt: item.structure["pairs"][prompt]}}


def accepted(draw):
    fractions = shares(draw, draw(st.integers(1, 3)))
    return [{"text": draw(TEXTS), "fraction": share, "feedback": draw(TEXTS)} for share in fractions]


def rules(draw):
    return {name: draw(st.booleans()) for name in ("case", "accents", "wildcards")}


def figures(draw):
    number = st.integers(-2000, 2000).map(lambda hundredths: f"{hundredths / 100:.2f}")
    return [
        {"value": draw(number), "tolerance": draw(st.sampled_from(["0", "0.1", "7"])), "fraction": share}
        for share in shares(draw, draw(st.integers(1, 3)))
    ]


def right_text(part, said, draw):
    """An accepted answer as somebody would type it who knows it."""
    text = draw(st.sampled_from([each["text"] for each in said if each["fraction"] == "1"]))
    return text.replace("\\*", "*") if part["wildcards"] else text


def right_figure(answers, draw):
    answer = draw(st.sampled_from([each for each in answers if each["fraction"] == "1"]))
    edge = draw(st.sampled_from([-1, 0, 1])) * Fraction(answer["tolerance"])
    return f"{float(Fraction(answer['value']) + edge):.2f}"


class GapFill:
    def twins(self, draw):
        names = keys(draw)
        kinds = {name: draw(st.sampled_from(["text", "choice", "number"])) for name in names}
        options = {name: [f"{option}o" for option in keys(draw, 2)] for name in names if kinds[name] == "choice"}
        words = {}
        for language in LANGUAGES:
            order = draw(st.permutations(names))
            between = st.sampled_from(["", " ", "\n\n"])
            stem = "".join(f"{draw(TEXTS)}{draw(between)}[[{name}]]" for name in order)
            words[language] = common(draw) | {
                "stem": stem,
                "gaps": {
                    name: {"options": {option: {"text": text} for option, text in said(draw, choices).items()}}
                    for name, choices in options.items()
                },
            }

        def gap(draw, name):
            head = {"key": name, "kind": kinds[name], "points": draw(st.sampled_from(["1", "2", "0.5"]))}
            if kinds[name] == "text":
                return head | rules(draw)
            if kinds[name] == "number":
                return head | {"answers": figures(draw)}
            fractions = shares(draw, len(options[name]))
            weighed = zip(options[name], fractions, strict=True)
            return head | {"options": listed(draw, [{"key": option, "fraction": share} for option, share in weighed])}

        def make(draw, words):
            gaps = [gap(draw, name) for name in names]
            texts = {
                language: afterwards(draw, said)
                | {
                    "gaps": said["gaps"]
                    | {name: {"accepted": accepted(draw)} for name in names if kinds[name] == "text"}
                }
                for language, said in words.items()
            }
            return {"shape": 2, "gaps": gaps}, texts

        return twins("gap_fill", draw, words, make)

    def _gaps(self, shown):
        return [piece["gap"] for paragraph in shown["paragraphs"] for piece in paragraph if "gap" in piece]

    def sent(self, draw, shown):
        return {
            gap["part"]: [
                draw(st.sampled_from(["", *(option["value"] for option in gap["options"])]))
                if gap["kind"] == "choice"
                else draw(st.just("") | TYPED)
            ]
            for gap in self._gaps(shown)
        }

    def standing(self, shown):
        return {
            gap["part"]: [option["value"] for option in gap["options"] if option["chosen"]]
            if gap["kind"] == "choice"
            else [gap["text"]]
            for gap in self._gaps(shown)
        }

    def better(self, draw, item, answer):
        gap = draw(st.sampled_from(item.structure["gaps"]))
        if gap["kind"] == "choice":
            right = draw(st.sampled_from([each["key"] for each in gap["options"] if each["fraction"] == "1"]))
        elif gap["kind"] == "number":
            right = right_figure(gap["answers"], draw)
        else:
            words = item.texts[draw(st.sampled_from(LANGUAGES))]
            right = right_text(gap, words["gaps"][gap["key"]]["accepted"], draw)
        return {"shape": 1, "gaps": (answer["gaps"] if answer else {}) | {gap["key"]: right}}


class Typed:
    """A short answer, and a number."""

    def sent(self, draw, shown):
        return {"": [draw(st.just("") | TYPED)]}

    def standing(self, shown):
        return {"": [shown["text"]]}


class ShortAnswer(Typed):
    def twins(self, draw):
        def make(draw, words):
            texts = {
                language: afterwards(draw, said) | {"accepted": accepted(draw)} for language, said in words.items()
            }
            return {"shape": 2} | rules(draw), texts

        return twins("short_answer", draw, {language: common(draw) for language in LANGUAGES}, make)

    def better(self, draw, item, answer):
        words = item.texts[draw(st.sampled_from(LANGUAGES))]
        return {"shape": 1, "text": right_text(item.structure, words["accepted"], draw)}


class Numerical(Typed):
    def twins(self, draw):
        demand = draw(st.sampled_from(["none", "optional", "required"]))

        def make(draw, words):
            answers = figures(draw)
            units = [{"unit": "kg", "factor": "1"}, {"unit": "g", "factor": draw(st.sampled_from(["0.001", "3"]))}]
            structure = {"shape": 2, "answers": answers, "units": units * (demand != "none"), "unit": demand}
            feedback = st.sampled_from([{}, {"feedback": [draw(TEXTS) for _ in answers]}])
            return structure, {language: afterwards(draw, said) | draw(feedback) for language, said in words.items()}

        return twins("numerical", draw, {language: common(draw) for language in LANGUAGES}, make)

    def better(self, draw, item, answer):
        unit = "" if item.structure["unit"] == "none" else draw(st.sampled_from([" kg", "KG"]))
        return {"shape": 1, "text": right_figure(item.structure["answers"], draw) + unit}


class Hotspot:
    def twins(self, draw):
        names = keys(draw, 2)
        image = draw(DIGESTS)
        words = {
            language: common(draw) | {"image_alt": draw(TEXTS), "areas": said(draw, names)} for language in LANGUAGES
        }

        def make(draw, words):
            fractions = shares(draw, len(names))
            decoy = draw(
                st.integers(0, len(names) - 1).filter(
                    lambda number: fractions.count("1") > 1 or fractions[number] != "1"
                )
            )
            fractions[decoy] = "0"
            areas = [
                {"key": name, "fraction": share} | self._outline(draw)
                for name, share in zip(names, fractions, strict=True)
            ]
            structure = {
                "shape": 2,
                "image": image,
                "areas": listed(draw, areas),
                "ratio": draw(st.sampled_from(["0.75", "2"])),
            }
            return structure, {language: afterwards(draw, said) for language, said in words.items()}

        return twins("hotspot", draw, words, make)

    def _outline(self, draw):
        x, y, size = draw(st.integers(0, 900)), draw(st.integers(0, 900)), draw(st.integers(1, 100))
        return draw(
            st.sampled_from(
                [
                    {"shape": "rect", "coords": [x, y, size, size]},
                    {"shape": "circle", "coords": [x, y, size]},
                    {"shape": "polygon", "coords": [x, y, x + size, y, x + size, y + size, x, y + size]},
                ]
            )
        )

    def sent(self, draw, shown):
        pixel, thousandth = st.integers(-2, 640).map(str), st.integers(0, 1000).map(str)
        return draw(
            st.just({})
            | st.sampled_from([{"": [area["value"]]} for area in shown["areas"]])
            | st.fixed_dictionaries({"x": thousandth.map(lambda x: [x]), "y": thousandth.map(lambda y: [y])})
            | st.builds(
                lambda x, y: {"press.x": [x], "press.y": [y], "width": ["640"], "height": ["480"]}, pixel, pixel
            )
        )

    def standing(self, shown):
        kept = dict(zip(("x", "y"), ([str(each)] for each in shown["point"] or ()), strict=False))
        return {"": [area["value"] for area in shown["areas"] if area["chosen"]], "width": ["640"]} | kept

    def better(self, draw, item, answer):
        right = [area for area in item.structure["areas"] if area["fraction"] == "1"]
        area = draw(st.sampled_from(right))
        return draw(st.sampled_from([{"shape": 1, "area": area["key"]}, {"shape": 1, "point": area["coords"][:2]}]))


class Document:
    def twins(self, draw):
        names = keys(draw, 2)
        words = {
            language: common(draw)
            | {"title": draw(TEXTS), "fields": {name: {"label": draw(TEXTS), "value": draw(TEXTS)} for name in names}}
            for language in LANGUAGES
        }

        def make(draw, words):
            wrong = draw(st.sets(st.sampled_from(names), min_size=1))
            structure = {"shape": 2, "fields": [{"key": name, "wrong": name in wrong} for name in names]}
            return structure, {
                language: afterwards(draw, said)
                | {"fields": {name: field | {"feedback": draw(TEXTS)} for name, field in said["fields"].items()}}
                for language, said in words.items()
            }

        return twins("document", draw, words, make)

    def sent(self, draw, shown):
        return {"": draw(st.lists(st.sampled_from([field["value"] for field in shown["fields"]])))}

    def standing(self, shown):
        return {"": [field["value"] for field in shown["fields"] if field["chosen"]]}

    def better(self, draw, item, answer):
        marks = answer["marks"] if answer else []
        changes = [key for key, wrong in item.key.wrong.items() if wrong != (key in marks)]
        changed = {draw(st.sampled_from(changes))} if changes else set()
        return {"shape": 1, "marks": sorted(set(marks) ^ changed)}


class Essay:
    def twins(self, draw):
        criteria = keys(draw, 1, 2)
        shared = {
            "least_words": 5,
            "most_words": 500,
            "files": draw(st.integers(0, 2)),
            "file_kinds": ["pdf", "docx"],
        }

        def make(draw, words):
            names = draw(st.permutations(criteria))
            rubric = [
                {"key": name, "levels": [{"key": "l0", "points": "0"}, {"key": "l1", "points": draw(points)}]}
                for name in names
            ]
            return {"shape": 2, "rubric": rubric} | shared, {
                language: afterwards(draw, said)
                | {
                    "rubric": {
                        name: {"text": draw(TEXTS), "levels": {"l0": draw(TEXTS), "l1": draw(TEXTS)}} for name in names
                    },
                    "for_markers": draw(TEXTS),
                }
                for language, said in words.items()
            }

        points = st.sampled_from(["1", "2.5"])
        return twins("essay", draw, {language: common(draw) for language in LANGUAGES}, make)

    def sent(self, draw, shown):
        files = st.lists(st.uuids().map(str), max_size=shown["most_files"])
        return {"": [draw(st.just("") | TYPED)], "file": draw(files)}

    def standing(self, shown):
        return {"": [shown["text"]], "file": shown["files"]}

    def better(self, draw, item, answer):
        return answer


SAMPLES = {
    **{kind: Choice(kind) for kind in ("scenario", "single_choice", "multiple_choice", "true_false")},
    "ordering": Ordering(),
    "matching": Matching(),
    "gap_fill": GapFill(),
    "short_answer": ShortAnswer(),
    "numerical": Numerical(),
    "hotspot": Hotspot(),
    "document": Document(),
    "essay": Essay(),
}
