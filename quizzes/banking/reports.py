"""What became of a file of questions, for people and for programs."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from quizzes.banking.exporting import Export
from quizzes.banking.importing import Foreseen
from quizzes.banking.plans import Fate, Row
from quizzes.formats.detect import NAMES

FATES = {
    Fate.NEW: pgettext_lazy("what becomes of a question", "new"),
    Fate.CHANGED: pgettext_lazy("what becomes of a question", "changed"),
    Fate.LANGUAGE: pgettext_lazy("what becomes of a question", "further language"),
    Fate.SAME: pgettext_lazy("what becomes of a question", "the same"),
    Fate.REFUSED: pgettext_lazy("what becomes of a question", "refused"),
}


def import_as_data(foreseen: Foreseen) -> dict:
    """A report of shape 1:

        {"shape": 1, "format", "language", "bank": {"slug", "title", "new"}, "counts": {each result: how many},
         "rows": [{"number", "line", "member", "key", "name", "kind", "result", "notes", "reason"}], "notes"}

    `result` is "new", "changed", "language" (words in a further language of a known item), "same" or "refused". `line`
    is null where the format has none; `member` is the file within a package, or ""; `key` and `kind` are "" for what
    was refused before it was a question. Sentences are in the active language; names are as in the file.
    """
    return {
        "shape": 1,
        "format": foreseen.reading.format,
        "language": foreseen.language,
        "bank": {"slug": foreseen.slug, "title": foreseen.title, "new": foreseen.bank is None},
        "counts": foreseen.plan.counts,
        "rows": [_row(row) for row in foreseen.plan.rows],
        "notes": [str(note) for note in foreseen.notes],
    }


def _row(row: Row) -> dict:
    question = row.entry.question
    return {
        "number": row.entry.number,
        "line": row.entry.line,
        "member": row.entry.member,
        "key": question.key if question else "",
        "name": row.entry.name,
        "kind": question.kind if question else "",
        "result": str(row.fate),
        "notes": [str(note) for note in row.notes],
        "reason": str(row.reason) if row.reason else "",
    }


def import_lines(report: dict) -> Iterator[str]:
    """A report of `import_as_data` for a terminal."""
    bank = report["bank"]
    yield f"{bank['title']} ({bank['slug']}), {NAMES[report['format']]}, {report['language']}"
    for row in report["rows"]:
        place = _("line %(line)d") % row if row["line"] and not row["member"] else row["member"]
        yield f"{row['number']:>5}  {FATES[Fate(row['result'])]!s:<16}  {row['key'] or '–'}  {row['name']}  ({place})"
        for said in filter(None, [row["reason"], *row["notes"]]):
            yield f"       {said}"
    for note in report["notes"]:
        yield str(note)
    yield ", ".join(f"{FATES[Fate(fate)]}: {count}" for fate, count in report["counts"].items())


def export_as_data(export: Export, format: str) -> dict:
    """A report of shape 1: {"shape": 1, "format", "language", "file", "written", "left": [{"key", "name", "written",
    "reasons"}]}. `left` has what the file does not hold, or not wholly: `written` says which of the two."""
    return {
        "shape": 1,
        "format": format,
        "language": export.language,
        "file": export.filename,
        "written": export.written,
        "left": [
            {
                "key": left.key,
                "name": left.name,
                "written": left.written,
                "reasons": [str(reason) for reason in left.reasons],
            }
            for left in export.left
        ],
    }


def export_lines(report: dict) -> Iterator[str]:
    """A report of `export_as_data` for a terminal."""
    yield ngettext("%(file)s holds %(count)d question.", "%(file)s holds %(count)d questions.", report["written"]) % {
        "file": report["file"],
        "count": report["written"],
    }
    for left in report["left"]:
        state = _("not wholly") if left["written"] else _("left out")
        yield f"  {state}: {left['key']}  {left['name']}"
        yield from (f"    {reason}" for reason in left["reasons"])
