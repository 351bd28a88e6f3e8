"""Queries whose words are found once.

Django takes several times as long to put a small query into SQL as a database takes to answer it, and finds the same
words at every request. Where a request's cost is counted (`make bench`), a query is written with slots in the place of
its values and kept in SQL; each call fills the slots. The words are still Django's own, so they follow the models.

    _OWN = Prepared(lambda slot: Attempt.objects.filter(uuid=slot.uuid, learner=slot.learner))
    _OWN.one(uuid=attempt_uuid, learner=user.pk)

What the slots cannot stand for: None, a list of any length, and a related row (give its key). What Django checks while
it puts a query into SQL (that a lock is taken inside a transaction, for one) it checks at a query's first call only.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, QuerySet, get_related_populators
from django.db.models.sql import UpdateQuery


class Slot(Expression):
    """The place of a value in a prepared query."""

    def __init__(self, name: str):
        super().__init__(output_field=models.Field())
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Slots:
    """`slot.name` in what a prepared query is built with."""

    def __getattr__(self, name: str) -> Slot:
        return Slot(name)


class _Worded:
    """SQL with slots among its parameters."""

    def __init__(self, compiler):
        self.sql, self._parameters = compiler.as_sql()

    def run(self, values: dict[str, Any]):
        """An executed cursor. Raises KeyError for a slot without a value."""
        connection = connections[DEFAULT_DB_ALIAS]
        cursor = _keeping_cursor(connection)
        cursor.execute(
            self.sql,
            [_bound(values[each.name], connection) if isinstance(each, Slot) else each for each in self._parameters],
        )
        return cursor


class _Rows(_Worded):
    """How the rows of a worded query become what its query set would yield: rows of a model, or tuples of values."""

    def __init__(self, queryset: QuerySet):
        compiler = queryset.query.get_compiler(queryset.db)
        super().__init__(compiler)
        self._compiler = compiler
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._annotations = (compiler.annotation_col_map or {}).items()
        self._model, self._alias = None, queryset.db
        if queryset._iterable_class is not ModelIterable:
            return
        klass = compiler.klass_info
        self._model = klass["model"]
        own = klass["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._names = [column.target.attname for column, *_ in compiler.select[self._own]]
        self._related = get_related_populators(klass, compiler.select, queryset.db)

    def read(self, values: dict[str, Any]) -> list:
        with self.run(values) as cursor:
            rows = cursor.fetchall()
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._row(row) for row in rows] if self._model else [tuple(row) for row in rows]

    def _row(self, row):
        made = self._model.from_db(self._alias, self._names, row[self._own])
        for related in self._related:
            related.populate(row, made)
        for name, column in self._annotations:
            setattr(made, name, row[column])
        return made


class Prepared:
    """A query set with slots. Prefetches and values in other forms than tuples are not kept."""

    def __init__(self, build: Callable[[Slots], QuerySet]):
        self._build = build

    @cached_property
    def _queryset(self) -> QuerySet:
        return self._build(Slots())

    @cached_property
    def _rows(self) -> _Rows:
        return _Rows(self._queryset)

    def all(self, **values) -> list:
        """Every row: one query."""
        return self._rows.read(values)

    def first(self, **values):
        """The first row, or None."""
        return next(iter(self.all(**values)), None)

    def one(self, **values):
        """The one row. Raises the model's DoesNotExist."""
        found = self.all(**values)
        if not found:
            raise self._queryset.model.DoesNotExist
        return found[0]


class PreparedUpdate:
    """An update with slots: `build` returns the query set and what its rows become."""

    def __init__(self, build: Callable[[Slots], tuple[QuerySet, dict[str, Any]]]):
        self._build = build

    @cached_property
    def _worded(self) -> _Worded:
        queryset, becomes = self._build(Slots())
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(becomes)
        return _Worded(query.get_compiler(queryset.db))

    def run(self, **values) -> int:
        """How many rows were changed."""
        with self._worded.run(values) as cursor:
            return cursor.rowcount


class PreparedInsert:
    """A row that is written where something is found, with slots: `build` returns the model, the query set that looks,
    and by the model's fields what each takes from a row that was found, or a slot.

    One statement, so outside a transaction it is one by itself. PostgreSQL looks with the eyes of the statement's
    beginning, also where it then waits for a row that the query set locks: what must not be there by then needs a
    constraint, and a row that would break one is not written.
    """

    def __init__(self, build: Callable[[Slots], tuple[type[models.Model], QuerySet, dict[str, Any]]]):
        self._build = build

    @cached_property
    def _worded(self) -> _Worded:
        model, looking, becomes = self._build(Slots())
        columns = {name: _quoted(model._meta.get_field(name).column) for name in becomes}
        taken = [columns[name] for name, source in becomes.items() if not isinstance(source, Slot)]
        told = ", ".join([_quoted(model._meta.pk.column), *taken])
        table = _quoted(model._meta.db_table)
        # Django words a lock only inside a transaction, and cannot know that the statement is one.
        with transaction.atomic():
            writing = _Worded(looking.values_list(*becomes.values()).query.get_compiler(looking.db))
        into = f"INSERT INTO {table} ({', '.join(columns.values())})"
        writing.sql = f"{into} {writing.sql} ON CONFLICT DO NOTHING RETURNING {told}"
        return writing

    def run(self, **values) -> tuple | None:
        """The key of the row that was written and what it took from the one that was found; None for none."""
        with self._worded.run(values) as cursor:
            return cursor.fetchone()


def insert(row: models.Model) -> None:
    """Write a new row with all its fields, as `save(force_insert=True)` does, but for the signals around it: for
    models that nobody listens to. Gives the row its key.
    """
    _insert(row, "")


def insert_unless_there(row: models.Model) -> bool:
    """The same, unless a constraint that makes rows unique has one like it already. Whether it was written.

    Breaks no transaction that it is called in, and needs none. For rows that may change: those that may not have a
    guard in the database, which lets no twin come as far as this.
    """
    return _insert(row, "ON CONFLICT DO NOTHING")


def _insert(row: models.Model, otherwise: str) -> bool:
    connection = connections[DEFAULT_DB_ALIAS]
    fields, sql = _insertion(type(row), otherwise)
    with _keeping_cursor(connection) as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields])
        written = cursor.fetchone()
    if written is None:
        return False
    [row.pk] = written
    row._state.adding = False
    row._state.db = connection.alias
    return True


def insert_all(rows: list[models.Model]) -> list[models.Model]:
    """The same for several new rows of one model, in one query; a single one is spared the wording."""
    if len(rows) == 1:
        insert(rows[0])
    elif rows:
        type(rows[0])._base_manager.bulk_create(rows)
    return rows


@cache
def _insertion(model: type[models.Model], otherwise: str) -> tuple[list[models.Field], str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    into = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    return fields, f"{into} {otherwise} RETURNING {key}"


def _keeping_cursor(connection: BaseDatabaseWrapper):
    """A cursor that keeps how a statement is read and planned, where that has a price (`core.postgresql`), and else
    Django's own. It is used where queries are written down: a kept one has no words any more.

    Takes the thread's own connection: `django.db.connection` looks for it anew at each of its attributes.
    """
    if connection.vendor == "postgresql" and not connection.queries_logged:
        return connection.keeping_cursor()
    return connection.cursor()


def _quoted(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)


def _bound(value, connection: BaseDatabaseWrapper):
    """A value as the database takes it."""
    if isinstance(value, uuid.UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dict):
        return connection.ops.adapt_json_value(value, None)
    return value
