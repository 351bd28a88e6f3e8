"""What the words of all kinds have in common, and checks of it.

Words of shape 2 may have, whatever the kind: `stem`; `rationale`, the worked solution shown in the review; `hints`, a
list of texts; `media`, shown after the stem: `[{"sha256": …, "kind": "image" | "audio" | "video", "alt": …}]`. Texts
are plain: a line break is one, an empty line parts two paragraphs.

Data may come from a stranger's file: each refusal says what is wrong.
"""

import re
from collections.abc import Mapping

from quizzes.kinds.contract import WrongItem

COMMON = {"shape", "stem", "rationale", "hints", "media"}
MEDIA = ("image", "audio", "video")
DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST_KEY = 20
LONGEST_TEXT = 20_000


def check_parts(data, needed: set[str], *, shape: int | None = None) -> None:
    """That `data` has exactly these parts and, where `shape` is given, is of that shape. Raises WrongItem."""
    if not isinstance(data, dict) or set(data) != needed:
        raise WrongItem(f"it has other parts than {', '.join(sorted(needed))}")
    if shape is not None and data["shape"] != shape:
        raise WrongItem(f"its structure is of another shape than {shape}")


def check_keys(parts, least: int = 1) -> set[str]:
    """The keys of a list of parts, each its own and short. Raises WrongItem."""
    if not isinstance(parts, list) or len(parts) < least:
        raise WrongItem(f"it has fewer than {least} options")
    keys = [part.get("key") if isinstance(part, dict) else None for part in parts]
    if not all(isinstance(key, str) and 0 < len(key) <= LONGEST_KEY for key in keys):
        raise WrongItem("an option's key is not one")
    if len(set(keys)) != len(keys):
        raise WrongItem("two options have the same key")
    return set(keys)


def check_texts(texts, parts: set[str], shape: int = 2) -> None:
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


def _check_hints(language: str, hints) -> None:
    if not isinstance(hints, list):
        raise WrongItem(f"its hints in “{language}” are no list")
    for hint in hints:
        check_text(language, hint, least=1)


def _check_media(language: str, media) -> None:
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


def check_text(language: str, text, least: int = 0) -> None:
    """That something is a text of a sensible length. Raises WrongItem."""
    if not isinstance(text, str):
        raise WrongItem(f"in “{language}” it has words that are no text")
    if not least <= len(text.strip()) <= LONGEST_TEXT:
        raise WrongItem(f"in “{language}” a text is empty or too long")
