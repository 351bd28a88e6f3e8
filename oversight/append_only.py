"""Tables whose rows are written once: triggers in the database itself, on SQLite and on PostgreSQL.

In a migration of its own of any app, after the one that creates the table (its indexes must stand already):

    from oversight.append_only import AppendOnly

    class Migration(migrations.Migration):
        dependencies = [("quizzes", "0001_initial")]
        operations = [AppendOnly("quizzes_grade")]

From then on UPDATE, DELETE, INSERT OR REPLACE (SQLite) and TRUNCATE (PostgreSQL) of the table raise
`django.db.IntegrityError`, whoever asks. Triggers stop mistakes and the application's own account; the owner of a
database can drop them, which `verify_records` reports, and rewrite rows, which the record log proves.

SQLite loses a table's triggers when Django remakes the table to alter it. A migration that alters an append-only
table lists `AppendOnly` again afterwards; `missing_guards` and the test over it notice when one forgets.
"""

import re

from django.db import NotSupportedError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation, OperationCategory

_TABLE = re.compile(r"[a-z][a-z0-9_]{0,40}")


class AppendOnly(Operation):
    """Makes `table` append-only. Reversible; running it twice leaves one set of triggers.

    `deletable_when` is an SQL condition over `OLD`, valid on both databases, under which a row may be deleted after
    all. It is meant for erasure that another row has already announced; there is no such exception for UPDATE.

    On SQLite a row that collides with a standing one in any unique index is refused before it is inserted, because
    `INSERT OR REPLACE` would delete the standing row without asking a trigger where `recursive_triggers` is off. So
    `bulk_create(ignore_conflicts=True)` raises on these tables: use `get_or_create`, or catch IntegrityError.
    """

    reversible = True
    # What it writes on SQLite depends on the indexes that stand in the database.
    reduces_to_sql = False
    atomic = True
    category = OperationCategory.SQL

    def __init__(self, table: str, deletable_when: str = ""):
        if not _TABLE.fullmatch(table):
            raise ValueError(f"“{table}” is not a plain table name.")
        self.table = table
        self.deletable_when = deletable_when

    def deconstruct(self):
        keywords = {"deletable_when": self.deletable_when} if self.deletable_when else {}
        return self.__class__.__qualname__, [self.table], keywords

    def describe(self):
        return f"Make {self.table} append-only"

    @property
    def migration_name_fragment(self):
        return f"{self.table}_append_only"

    def state_forwards(self, app_label, state):
        """Django's state knows no triggers."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if any(self.table in str(statement) for statement in schema_editor.deferred_sql):
            raise RuntimeError(f"AppendOnly({self.table!r}) needs a migration of its own, after the table's indexes.")
        self.database_backwards(app_label, schema_editor, from_state, to_state)
        for statement in _of_vendor(schema_editor.connection, self._on_sqlite, self._on_postgresql):
            # params=None: a percent sign in the SQL is itself.
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for statement in _of_vendor(schema_editor.connection, self._off_sqlite, self._off_postgresql):
            schema_editor.execute(statement, params=None)

    def triggers(self, vendor: str) -> set[str]:
        """The names of the triggers that guard the table on this kind of database."""
        last = "truncate" if vendor == "postgresql" else "replace"
        return {f"{self.table}_no_{verb}" for verb in ("update", "delete", last)}

    def _on_sqlite(self, connection) -> list[str]:
        table = self.table
        # Names are checked on the way in; the rest is the database's own text, or a migration's.
        guard = f"WHEN NOT ({self.deletable_when})" if self.deletable_when else ""
        collides = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608
            for condition in _collisions(connection, table)
        )
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN"
            f" SELECT RAISE(ABORT, '{table} is append-only: a row is never changed'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {guard} BEGIN"
            f" SELECT RAISE(ABORT, '{table} is append-only: a row is never deleted'); END",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {collides} BEGIN"
            f" SELECT RAISE(ABORT, '{table} is append-only: such a row already stands'); END",
        ]

    def _off_sqlite(self, connection) -> list[str]:
        return [f"DROP TRIGGER IF EXISTS {name}" for name in sorted(self.triggers("sqlite"))]

    def _on_postgresql(self, connection) -> list[str]:
        table = self.table
        exception = ""
        if self.deletable_when:
            exception = f"IF TG_OP = 'DELETE' THEN IF ({self.deletable_when}) THEN RETURN OLD; END IF; END IF;"
        statements = [
            f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {exception}"
            f" RAISE EXCEPTION '{table} is append-only: % is refused', TG_OP"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$",
        ]
        for verb, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            statements += [
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION {table}_append_only()",
                # Without ALWAYS, `SET session_replication_role = replica` would switch it off.
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_{verb}",
            ]
        return statements

    def _off_postgresql(self, connection) -> list[str]:
        return [
            *(f"DROP TRIGGER IF EXISTS {name} ON {self.table}" for name in sorted(self.triggers("postgresql"))),
            f"DROP FUNCTION IF EXISTS {self.table}_append_only()",
        ]


def guarded_tables(connection) -> dict[str, AppendOnly]:
    """Every table that some migration of the project has made append-only, by its name."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    operations = (operation for migration in loader.disk_migrations.values() for operation in migration.operations)
    return {operation.table: operation for operation in operations if isinstance(operation, AppendOnly)}


def missing_guards(connection) -> list[str]:
    """Triggers that ought to stand in this database and do not, or are disabled; as `table.trigger`, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(
            *_of_vendor(
                connection,
                lambda _: ["SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"],
                lambda _: [
                    "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                    " WHERE tgenabled = 'A' AND pg_table_is_visible(tgrelid)"
                ],
            )
        )
        standing = {tuple(row) for row in cursor.fetchall()}
    return sorted(
        f"{table}.{trigger}"
        for table, operation in guarded_tables(connection).items()
        for trigger in operation.triggers(connection.vendor)
        if (table, trigger) not in standing
    )


def _of_vendor(connection, sqlite, postgresql) -> list[str]:
    if connection.vendor == "sqlite":
        return sqlite(connection)
    if connection.vendor == "postgresql":
        return postgresql(connection)
    raise NotSupportedError(f"Append-only tables are not written for {connection.vendor}.")


def _collisions(connection, table: str) -> list[str]:
    """For each unique index of an SQLite table, the condition under which a standing row collides with NEW.

    NEW is given the names of the table's columns in a subquery, so that the index's own text (columns, expressions
    and, for a partial index, its condition) can be asked of both rows without being taken apart.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA table_info({table})")
        columns = [(row[1], row[5]) for row in cursor.fetchall()]
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", [table])
        texts = dict(cursor.fetchall())
        cursor.execute(f"PRAGMA index_list({table})")
        indexes = [row[1] for row in cursor.fetchall() if row[2]]
        keys = [(", ".join(f'"{name}"' for name, position in columns if position), "")]
        for index in indexes:
            if texts.get(index):
                keys.append(_key_of(texts[index]))
            else:  # made by a UNIQUE clause of the table; SQLite keeps no text of it
                cursor.execute(f"PRAGMA index_info({index})")
                keys.append((", ".join(f'"{row[2]}"' for row in cursor.fetchall()), ""))
    coming = ", ".join(f'NEW."{name}" AS "{name}"' for name, _ in columns)
    return [
        f"({key}) = (SELECT {key} FROM (SELECT {coming}){where})" + where.replace(" WHERE ", " AND ", 1)  # noqa: S608
        for key, where in keys
    ]


def _key_of(sql: str) -> tuple[str, str]:
    """The key and the condition (with its WHERE, or nothing) of `CREATE UNIQUE INDEX … ON … (key) WHERE condition`."""
    start = sql.index("(")
    depth = 0
    for position in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[position], 0)
        if depth == 0:
            key = sql[start + 1 : position]
            condition = sql[position + 1 :].strip()
            return key, f" WHERE ({condition[len('WHERE ') :]})" if condition else ""
    raise ValueError(f"This index has no closing bracket: {sql}")
