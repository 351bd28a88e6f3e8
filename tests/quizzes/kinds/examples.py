"""One item of every kind, from the work of a customs office, with answers."""

from typing import NamedTuple

CLEARANCE = {"shape": 2, "elements": ["lodge", "assess", "pay", "release"], "credit": "pairs"}
CLEARANCE_WORDS = {
    "shape": 2,
    "stem": "Order the steps.",
    "elements": {key: key.title() for key in CLEARANCE["elements"]},
}
OFFICES = {
    "shape": 2,
    "prompts": ["gift", "threat", "error"],
    "targets": ["ethics", "security", "desk", "press"],
    "pairs": {"gift": "ethics", "threat": "security", "error": "desk"},
    "shuffle": True,
}
OFFICES_WORDS = {
    "shape": 2,
    "stem": "Whom do you tell?",
    "prompts": {key: key.title() for key in OFFICES["prompts"]},
    "targets": {key: key.title() for key in OFFICES["targets"]},
}
INVOICE = {
    "shape": 2,
    "fields": [{"key": key, "wrong": key in ("origin", "value")} for key in ("origin", "value", "date")],
}
INVOICE_WORDS = {
    "shape": 2,
    "stem": "What is wrong?",
    "title": "Invoice 17",
    "fields": {key: {"label": key, "value": "", "feedback": f"about {key}"} for key in ("origin", "value", "date")},
}

LENIENT = {"case": False, "accents": False, "wildcards": False}
GAPS = {
    "shape": 2,
    "gaps": [
        {"key": "g1", "kind": "text", "points": "1", **LENIENT},
        {"key": "g2", "kind": "choice", "points": "2",
         "options": [{"key": "a", "fraction": "1"}, {"key": "b", "fraction": "-0.5"}]},
        {"key": "g3", "kind": "number", "points": "1",
         "answers": [{"value": "50", "tolerance": "0", "fraction": "1"},
                     {"value": "50", "tolerance": "5", "fraction": "0.5"}]},
    ],
}  # fmt: skip
GAPS_ENGLISH = {
    "shape": 2,
    "stem": "Report to the [[g1]].\n\nA gift above [[g3]] euros is [[g2]].",
    "gaps": {
        "g1": {"accepted": [{"text": "ethics office", "fraction": "1", "feedback": "Yes."}]},
        "g2": {"options": {"a": {"text": "refused"}, "b": {"text": "kept", "feedback": "Never."}}},
        "g3": {"feedback": ["Exactly.", "Nearly."]},
    },
}
GAPS_FRENCH = {
    "shape": 2,
    "stem": "Un cadeau de plus de [[g3]] euros est [[g2]], et signalé au [[g1]].",
    "gaps": {
        "g1": {"accepted": [{"text": "bureau d’éthique", "fraction": "1"}]},
        "g2": {"options": {"a": {"text": "refusé"}, "b": {"text": "gardé"}}},
    },
}

OFFER = {"shape": 2, **LENIENT, "wildcards": True}
OFFER_WORDS = {
    "en": {
        "shape": 2,
        "stem": "What is it?",
        "accepted": [
            {"text": "*facilitation payment*", "fraction": "1", "feedback": "That is its name."},
            {"text": "bribe", "fraction": "0.5", "feedback": "It has a milder name."},
            {"text": "*payment*", "fraction": "0.25", "feedback": "Which payment?"},
        ],
    },
    "ar": {"shape": 2, "stem": "ما هذا؟", "accepted": [{"text": "رشوة", "fraction": "1"}]},
}

WEIGHT = {
    "shape": 2,
    "answers": [
        {"value": "12.5", "tolerance": "0.1", "fraction": "1"},
        {"value": "12.5", "tolerance": "1", "fraction": "0.5"},
    ],
    "units": [{"unit": "kg", "factor": "1"}, {"unit": "g", "factor": "0.001"}],
    "unit": "required",
}
WEIGHT_WORDS = {"shape": 2, "stem": "How heavy?", "feedback": ["Right.", "Weigh again."]}

ESSAY = {
    "shape": 2,
    "rubric": [{"key": "c1", "levels": [{"key": "l0", "points": "0"}, {"key": "l1", "points": "2"}]}],
    "least_words": 50,
    "most_words": 200,
    "files": 1,
    "file_kinds": ["pdf"],
}
ESSAY_WORDS = {
    "shape": 2,
    "stem": "What would you do?",
    "rubric": {"c1": {"text": "Names the duty", "levels": {"l0": "no", "l1": "yes"}}},
    "for_markers": "Article 5",
}

CONTAINER = {
    "shape": 2,
    "image": "a" * 64,
    "ratio": "0.5",
    "areas": [
        {"key": "seal", "shape": "circle", "coords": [500, 500, 100], "fraction": "1"},
        {"key": "door", "shape": "rect", "coords": [400, 200, 300, 600], "fraction": "0.25"},
        {"key": "floor", "shape": "polygon", "coords": [0, 900, 1000, 900, 1000, 1000, 0, 1000], "fraction": "0"},
    ],
}
CONTAINER_WORDS = {
    "shape": 2,
    "stem": "Where would you look first?",
    "image_alt": "The back of a container",
    "areas": {"seal": "The seal", "door": "The door", "floor": "The floor"},
}

GIFT = {
    "shape": 2,
    "stem": "A broker offers you a watch.",
    "rationale": "Article 5.",
    "hints": ["Who may see it?"],
    "media": [{"sha256": "b" * 64, "kind": "image", "alt": "A watch"}],
    "options": {"a": {"text": "Refuse", "feedback": "Yes."}, "b": {"text": "Keep"}, "c": {"text": "Report"}},
}
GIFT_SCENE = {
    "shape": 1,
    "stem": "A broker offers you a watch.",
    "options": {
        "a": {"text": "Refuse", "consequence": "He nods."},
        "b": {"text": "Keep", "consequence": "He will be back.", "rationalisation": "Everybody does."},
    },
}


class Example(NamedTuple):
    """An item of some kind, with an answer and one that earns everything, where a program can tell."""

    structure: dict
    texts: dict
    answer: dict
    right: dict | None


EXAMPLES = {
    "scenario": Example(
        {
            "shape": 1,
            "options": [
                {"key": "a", "rating": "best", "mechanism": None, "bright_line": False},
                {"key": "b", "rating": "breach", "mechanism": "diffusion_of_responsibility", "bright_line": True},
            ],
        },
        {"en": GIFT_SCENE},
        {"shape": 1, "choice": "b"},
        {"shape": 1, "choice": "a"},
    ),
    "single_choice": Example(
        {
            "shape": 2,
            "options": [{"key": key, "fraction": share} for key, share in (("a", "1"), ("b", "-1"), ("c", "0.5"))],
            "shuffle": True,
        },
        {"en": GIFT},
        {"shape": 1, "choice": "c"},
        {"shape": 1, "choice": "a"},
    ),
    "multiple_choice": Example(
        {
            "shape": 2,
            "options": [{"key": key, "fraction": share} for key, share in (("a", "0.5"), ("b", "-1"), ("c", "0.5"))],
            "shuffle": False,
        },
        {"en": GIFT},
        {"shape": 1, "choices": ["a"]},
        {"shape": 1, "choices": ["a", "c"]},
    ),
    "true_false": Example(
        {"shape": 2, "correct": False},
        {"en": {"shape": 2, "stem": "A watch is no gift.", "options": {"true": {"feedback": "It is one."}}}},
        {"shape": 1, "choice": "true"},
        {"shape": 1, "choice": "false"},
    ),
    "ordering": Example(
        CLEARANCE,
        {"en": CLEARANCE_WORDS},
        {"shape": 1, "order": ["lodge", "pay", "assess"]},
        {"shape": 1, "order": CLEARANCE["elements"]},
    ),
    "matching": Example(
        OFFICES,
        {"en": OFFICES_WORDS},
        {"shape": 1, "pairs": {"gift": "ethics", "threat": "press"}},
        {"shape": 1, "pairs": OFFICES["pairs"]},
    ),
    "gap_fill": Example(
        GAPS,
        {"en": GAPS_ENGLISH, "fr": GAPS_FRENCH},
        {"shape": 1, "gaps": {"g1": "Bureau d'ethique", "g2": "b", "g3": "47"}},
        {"shape": 1, "gaps": {"g1": "Ethics Office", "g2": "a", "g3": "٥٠"}},
    ),
    "short_answer": Example(OFFER, OFFER_WORDS, {"shape": 1, "text": "Bribe"}, {"shape": 1, "text": "رشوه"}),
    "numerical": Example(
        WEIGHT, {"en": WEIGHT_WORDS}, {"shape": 1, "text": "13 kg"}, {"shape": 1, "text": "12 600 g"}
    ),
    "hotspot": Example(
        CONTAINER, {"en": CONTAINER_WORDS}, {"shape": 1, "point": [400, 200]}, {"shape": 1, "area": "seal"}
    ),
    "document": Example(
        INVOICE, {"en": INVOICE_WORDS}, {"shape": 1, "marks": ["origin"]}, {"shape": 1, "marks": ["origin", "value"]}
    ),
    "essay": Example(ESSAY, {"en": ESSAY_WORDS}, {"shape": 1, "text": "I refuse.", "files": []}, None),
}
