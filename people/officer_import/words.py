"""How words of a file are compared, and how they are shown."""

import unicodedata

SHOWN_OF_A_CELL = 40


def key(text: str) -> str:
    """The same for two spellings that differ only in case, spaces or Unicode's ways to write one letter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shown(cell: str) -> str:
    """A cell fit to be shown in a message: short, on one line, nothing that hides or turns."""
    plain = "".join(
        character if unicodedata.category(character)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for character in cell
    )
    return plain if len(plain) <= SHOWN_OF_A_CELL else plain[: SHOWN_OF_A_CELL - 1] + "…"
