"""Checks that the kinds of item share. Data may come from a stranger's file: each refusal says what is wrong."""

from collections.abc import Mapping

from quizzes.kinds.contract import WrongItem

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
    """That an item has words in some language, of the given shape, with a stem and no unknown part. Raises WrongItem."""
    if not isinstance(texts, Mapping) or not texts:
        raise WrongItem("it has no words in any language")
    for language, words in texts.items():
        if not isinstance(words, dict) or words.get("shape") != shape or not set(words) <= parts | {"shape"}:
            raise WrongItem(f"its words in “{language}” are of another shape than {shape}")
        check_text(language, words.get("stem"), least=1)
        for part in {"rationale"} & set(words):
            check_text(language, words[part])


def check_text(language: str, text, least: int = 0) -> None:
    """That something is a text of a sensible length. Raises WrongItem."""
    if not isinstance(text, str):
        raise WrongItem(f"in “{language}” it has words that are no text")
    if not least <= len(text.strip()) <= LONGEST_TEXT:
        raise WrongItem(f"in “{language}” a text is empty or too long")
