"""Tables that people bring as CSV files: encodings, separators, quotation marks. Pure.

What a file holds is written for strangers' programs: they mark encodings, name separators, leave empty columns behind.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

SHOWN_OF_A_CELL = 40
# Direction marks are harmless, and dropped.
DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\ufeff"))


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


def records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record that says anything, as cleaned cells, with the line on which it begins. Raises Unreadable."""
    delimiter, text, skipped = _delimiter(_decoded(data))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for begins, cells in _counted(reader, skipped):
        cleaned_cells = [cleaned(cell) for cell in cells]
        if any(cleaned_cells):
            yield begins, cleaned_cells


def fitted(cells: list[str], header: list[str], line: int) -> dict[str, str]:
    """A record's cells by column. Raises Unreadable where there are more or fewer than columns."""
    cells = without_empty_end(cells, len(header))
    if len(cells) != len(header):
        raise Unreadable(
            _(
                "Line %(line)d has %(cells)d cells, but there are %(columns)d columns. Look for a missing or an"
                " extra separator, or for a text with a separator in it that is not in quotation marks."
            )
            % {"line": line, "cells": len(cells), "columns": len(header)}
        )
    return dict(zip(header, cells, strict=True))


def column_names(cells: list[str], known: tuple[str, ...]) -> list[str]:
    """The columns that the first record names. Raises Unreadable for one that is unknown, nameless or doubled."""
    cells = without_empty_end(cells, 0)
    names = [cell.casefold().replace(" ", "_").replace("-", "_") for cell in cells]
    if "" in names:
        raise Unreadable(_("A column has no name. Name it, or remove it with its separator."))
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name not in known]
    if unknown:
        raise Unreadable(
            _("The column “%(column)s” is not known. Rename or remove it. The columns are: %(columns)s.")
            % {"column": shown(unknown[0]), "columns": ", ".join(known)}
        )
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise Unreadable(_("The column “%(column)s” stands there twice. Remove one.") % {"column": doubled[0]})
    return names


def without_empty_end(cells: list[str], keep: int) -> list[str]:
    """Spreadsheets write separators for columns that were used once and are empty now."""
    end = len(cells)
    while end > keep and not cells[end - 1]:
        end -= 1
    return cells[:end]


def cleaned(cell: str) -> str:
    """One line, single spaces, one way to write each letter."""
    return " ".join(unicodedata.normalize("NFC", cell.translate(DIRECTION_MARKS)).split())


def shown(cell: str) -> str:
    """A cell fit to be shown in a message: short, on one line, nothing that hides or turns."""
    plain = "".join(
        character if unicodedata.category(character)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for character in cell
    )
    return plain if len(plain) <= SHOWN_OF_A_CELL else plain[: SHOWN_OF_A_CELL - 1] + "…"


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is a workbook, not a CSV file. In your spreadsheet, save it as “CSV UTF-8”."))
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise Unreadable(_("This is a document or a picture, not a CSV file. Choose another file."))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if b"\0" in data:
            raise Unreadable(_("This is not a text file. In your spreadsheet, save the list as “CSV UTF-8”."))
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            _(
                "Line %(line)d holds letters in an encoding we cannot be sure of. In your spreadsheet, save the list"
                " as “CSV UTF-8”, then choose it again."
            )
            % {"line": line}
        ) from error


def _delimiter(text: str) -> tuple[str, str, int]:
    """The separator, the text, and how many lines were taken away before it.

    Some programs name the separator in a line of its own.
    """
    first, _newline, rest = text.lstrip("\r\n").partition("\n")
    named = first.strip().strip('"').casefold()
    if named.startswith("sep=") and len(named) == 5 and named[4] in ",;|\t":
        before = text.index(first)
        return named[4], rest, text.count("\n", 0, before) + 1
    return max(",;\t", key=first.count), text, 0


def _counted(reader, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; a broken one is the end."""
    begins = 1 + skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                _(
                    "The quotation marks from line %(line)d on do not match. A text in quotation marks ends with one,"
                    " and a quotation mark within it is written twice."
                )
                % {"line": begins}
            ) from error
        yield begins, cells
        begins = reader.line_num + 1 + skipped
