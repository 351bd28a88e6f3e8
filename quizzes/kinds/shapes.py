"""What the words of all kinds have in common, and checks of it.

Words of shape 2 may have, whatever the kind: `stem`; `rationale`, the worked solution shown in the review; `hints`, a
list of texts; `media`, shown after the stem: `[{"sha256": …, "kind": "image" | "audio" | "video", "alt": …}]`. Texts
are plain: a line break is one, an empty line parts two paragraphs.

Data may come from a stranger's file: each refusal says what is wrong.
"""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from quizzes.kinds.contract import UNSTORABLE, WrongItem

COMMON = {"shape", "stem", "rationale", "hints", "media"}
MEDIA = ("image", "audio", "video")
DIGEST = re.compile(r"[0-9a-f]{64}")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}")
# Plain, without an exponent: `1e-999999` is short to write and long to reckon with.
DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
MOST_PARTS = 100
LONGEST_TEXT = 20_000


def check_parts(data: Any, needed: set[str], more: Collection[str] = (), *, shape: int | None = None) -> None:
    """That `data` has these parts, perhaps some `more`, and, where `shape` is given, is of it. Raises WrongItem."""
    if not isinstance(data, dict) or not needed <= set(data) <= needed.union(more):
        raise WrongItem(f"it has other parts than {', '.join(sorted(needed.union(more)))}")
    if shape is not None and data["shape"] != shape:
        raise WrongItem(f"its structure is of another shape than {shape}")


def check_key_list(keys: Any, least: int = 1) -> set[str]:
    """A list of keys, each its own, short, and of plain letters and digits. Raises WrongItem."""
    if not isinstance(keys, list) or not least <= len(keys) <= MOST_PARTS:
        raise WrongItem(f"it has fewer than {least} or more than {MOST_PARTS} options")
    if not all(isinstance(key, str) and KEY.fullmatch(key) for key in keys):
        raise WrongItem("an option's key is not one")
    if len(set(keys)) != len(keys):
        raise WrongItem("two options have the same key")
    return set(keys)


def check_keys(parts: Any, least: int = 1) -> set[str]:
    """The keys of a list of parts. Raises WrongItem."""
    if not isinstance(parts, list):
        raise WrongItem("its options are no list")
    return check_key_list([part.get("key") if isinstance(part, dict) else None for part in parts], least)


def check_flags(data: dict, *names: str) -> None:
    """That these parts are each true or false. Raises WrongItem."""
    for name in names:
        if not isinstance(data[name], bool):
            raise WrongItem(f"“{name}” is neither true nor false")


def check_decimal(text: Any, least: Decimal | int | None = None, most: Decimal | int | None = None) -> Decimal:
    """A number as a decimal text, within bounds. Raises WrongItem."""
    if not isinstance(text, str) or not DECIMAL.fullmatch(text):
        raise WrongItem("a number is not written as `-12.5` is")
    value = Decimal(text)
    if (least is not None and value < least) or (most is not None and value > most):
        raise WrongItem(f"the number {text} is too small or too great")
    return value


def check_fraction(fraction: Any) -> Decimal:
    """A share of an item's points as a decimal text, from -1 to 1. Raises WrongItem."""
    return check_decimal(fraction, -1, 1)


def check_earnable(fractions: Collection) -> None:
    """That all are fractions, and one of them earns everything. Raises WrongItem."""
    if 1 not in [check_fraction(fraction) for fraction in fractions]:
        raise WrongItem("nothing earns all of its points")


def check_texts(texts: Any, parts: set[str], shape: int = 2) -> None:
    """That an item has words in some language, all of the shape, with a stem and nothing unknown. Raises WrongItem."""
    if not isinstance(texts, Mapping) or not texts:
        raise WrongItem("it has no words in any language")
    known = parts | (COMMON if shape > 1 else {"shape", "stem"})
    for language, words in texts.items():
        if not isinstance(words, dict) or words.get("shape") != shape or not set(words) <= known:
            raise WrongItem(f"its words in “{language}” are of another shape than {shape}")
        check_text(language, words.get("stem"), least=1)
        check_text(language, words.get("rationale", ""))
        _check_hints(language, words.get("hints", []))
        _check_media(language, words.get("media", []))


def _check_hints(language: str, hints: Any) -> None:
    if not isinstance(hints, list):
        raise WrongItem(f"its hints in “{language}” are no list")
    for hint in hints:
        check_text(language, hint, least=1)


def _check_media(language: str, media: Any) -> None:
    if not isinstance(media, list):
        raise WrongItem(f"its media in “{language}” are no list")
    for medium in media:
        check_parts(medium, {"sha256", "kind", "alt"})
        if (
            medium["kind"] not in MEDIA
            or not isinstance(medium["sha256"], str)
            or not DIGEST.fullmatch(medium["sha256"])
        ):
            raise WrongItem(f"in “{language}” it has a medium that is none")
        # A picture that says nothing to who cannot see it is no question for them.
        check_text(language, medium["alt"], least=1)


def check_text(language: str, text: Any, least: int = 0) -> None:
    """That something is a text of a sensible length. Raises WrongItem."""
    if not isinstance(text, str):
        raise WrongItem(f"in “{language}” it has words that are no text")
    if not least <= len(text.strip()) <= LONGEST_TEXT:
        raise WrongItem(f"in “{language}” a text is empty or too long")
    if UNSTORABLE.search(text):
        raise WrongItem(f"in “{language}” a text has characters that are none")


def check_said(language: str, said: Any, keys: set[str], *, apart: bool = False) -> None:
    """That there is a text for each of the keys and nothing else. Raises WrongItem.

    With `apart` no two may read the same: who is shown “Yes” twice cannot know which of them is meant.
    """
    if not isinstance(said, dict) or set(said) != keys:
        raise WrongItem(f"its words in “{language}” do not fit its parts")
    for text in said.values():
        check_text(language, text, least=1)
    if apart and len({" ".join(text.split()) for text in said.values()}) != len(said):
        raise WrongItem(f"in “{language}” two of its texts are the same")


def check_feedback(language: str, feedback: Any, answers: int) -> None:
    """That there is a text, perhaps an empty one, for each of a number of accepted answers. Raises WrongItem."""
    if not isinstance(feedback, list) or len(feedback) != answers:
        raise WrongItem(f"its feedback in “{language}” does not fit its answers")
    for text in feedback:
        check_text(language, text)


def asked(words: dict) -> dict:
    """What the page of a question of any kind begins with."""
    return {"stem": words["stem"], "media": words.get("media", [])}


def explained(words: dict, tell_key: bool) -> dict:
    """What the review of a question of any kind begins with. The worked solution says which answer is right; hints
    only lead to it.
    """
    return {
        **asked(words),
        "hints": words.get("hints", []),
        "rationale": words.get("rationale", "") if tell_key else "",
    }
