"""What goes in and what comes out: rows, what is known, and what a file would change."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """Cells by column, as they stand in the file, and the line on which the row begins."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Problem:
    """Something to mend in the file: where it is, and what to do."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class OfficerRow:
    """One checked row. None means that the file says nothing about it."""

    line: int
    staff_number: str
    full_name: str
    office: str
    category: str
    customs_related: bool
    latin_name: str | None = None
    email: str | None = None
    language: str | None = None
    post: str | None = None
    rank: str | None = None
    gender: str | None = None
    hire_date: datetime.date | None = None


@dataclass(frozen=True)
class Present:
    """What is known about an account of the administration today. An account need not belong to an officer."""

    staff_number: str
    full_name: str
    latin_name: str
    email: str | None
    language: str
    holds_role: bool
    is_officer: bool
    office: str | None = None
    post: str | None = None
    posted_since: datetime.date | None = None
    rank: str = ""
    category: str = ""
    gender: str = ""
    hire_date: datetime.date | None = None
    customs_related: bool | None = None


@dataclass(frozen=True)
class Known:
    """What a file is checked against, all of one administration; `key` makes the keys.

    `emails` holds every address of the installation, with the key of its owner's staff number, or None if the owner
    belongs to another administration.
    """

    today: datetime.date
    offices: dict[str, str] = field(default_factory=dict)
    posts: frozenset[tuple[str, str]] = frozenset()
    people: dict[str, Present] = field(default_factory=dict)
    emails: dict[str, str | None] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    categories: dict[str, str] = field(default_factory=dict)
    genders: dict[str, str] = field(default_factory=dict)
    usual_post: str = "Officer"


@dataclass(frozen=True)
class Change:
    """An officer who is known already, and the columns in which the file says something new."""

    row: OfficerRow
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What bringing the file in would do. With any problem nothing may be applied."""

    problems: tuple[Problem, ...] = ()
    stopped_early: bool = False
    new: tuple[OfficerRow, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: int = 0
    new_posts: tuple[tuple[str, str], ...] = ()

    @property
    def is_applicable(self) -> bool:
        return not self.problems and bool(self.new or self.changed)

    @property
    def officers(self) -> tuple[OfficerRow, ...]:
        """The rows that write something, in the order of the file."""
        rows = [*self.new, *(change.row for change in self.changed)]
        return tuple(sorted(rows, key=lambda row: row.line))
