"""From bytes to rows: encodings, separators, quotation marks, and the names of the columns."""

import codecs
import csv
import io
import unicodedata

from django.utils.translation import gettext as _

from people.officer_import.report import Row
from people.officer_import.words import shown

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 20_000

REQUIRED = ("staff_number", "full_name", "office", "category", "customs_related")
OPTIONAL = ("latin_name", "email", "language", "post", "rank", "gender", "hire_date")
COLUMNS = REQUIRED + OPTIONAL

# Direction marks are harmless, and dropped.
DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\ufeff"))


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


def read(data: bytes) -> list[Row]:
    """The rows of the file. Raises Unreadable for anything but a table with the right columns."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 2 MB. Split it and bring the parts in one after the other."))
    text = _decode(data)
    delimiter, text, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = None
    rows = []
    for begins, cells in _records(reader, skipped):
        cells = [_clean(cell) for cell in cells]
        if not any(cells):
            continue
        if header is None:
            header = _header(_without_empty_end(cells, 0))
            continue
        cells = _without_empty_end(cells, len(header))
        if len(cells) != len(header):
            raise Unreadable(
                _(
                    "Line %(line)d has %(cells)d cells, but there are %(columns)d columns. Look for a missing or an"
                    " extra separator, or for a text with a separator in it that is not in quotation marks."
                )
                % {"line": begins, "cells": len(cells), "columns": len(header)}
            )
        if len(rows) == MAX_ROWS:
            raise Unreadable(
                _("The file has more than %(rows)d officers. Split it and bring the parts in one after the other.")
                % {"rows": MAX_ROWS}
            )
        rows.append(Row(line=begins, cells=dict(zip(header, cells, strict=True))))
    if header is None:
        raise Unreadable(_("The file is empty. Choose the file that holds the officers."))
    if not rows:
        raise Unreadable(_("The file has a line of column names and no officers below it."))
    return rows


def _decode(data: bytes) -> str:
    if not data.strip():
        raise Unreadable(_("The file is empty. Choose the file that holds the officers."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is a workbook, not a CSV file. In your spreadsheet, save it as “CSV UTF-8”."))
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise Unreadable(_("This is a document or a picture, not a CSV file. Choose the file with the officers."))
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


def _records(reader, skipped: int):
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


def _without_empty_end(cells: list[str], keep: int) -> list[str]:
    """Spreadsheets write separators for columns that were used once and are empty now."""
    end = len(cells)
    while end > keep and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _clean(cell: str) -> str:
    """One line, single spaces, one way to write each letter."""
    return " ".join(unicodedata.normalize("NFC", cell.translate(DIRECTION_MARKS)).split())


def _header(cells: list[str]) -> list[str]:
    names = [cell.casefold().replace(" ", "_").replace("-", "_") for cell in cells]
    if "" in names:
        raise Unreadable(_("A column has no name. Name it, or remove it with its separator."))
    unknown = [cell for cell, name in zip(cells, names, strict=True) if name not in COLUMNS]
    if unknown:
        raise Unreadable(
            _("The column “%(column)s” is not known. Rename or remove it. The columns are: %(columns)s.")
            % {"column": shown(unknown[0]), "columns": ", ".join(COLUMNS)}
        )
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise Unreadable(_("The column “%(column)s” stands there twice. Remove one.") % {"column": doubled[0]})
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise Unreadable(
            _("The column “%(column)s” is missing. The first line must name these columns: %(columns)s.")
            % {"column": missing[0], "columns": ", ".join(REQUIRED)}
        )
    return names
