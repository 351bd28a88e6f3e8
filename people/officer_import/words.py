"""How words of a file are compared."""

import unicodedata


def key(text: str) -> str:
    """The same for two spellings that differ only in case, spaces or Unicode's ways to write one letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
