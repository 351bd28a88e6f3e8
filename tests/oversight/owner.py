"""What only the owner of a database can do. For committing tests, whose database is a copy of their own."""

from contextlib import contextmanager

from django.db import connection

from oversight import append_only


@contextmanager
def triggers_dropped(table):
    """Take a table's triggers off and put them back, as an owner who covers the traces would."""
    operation = append_only.guarded_tables(connection)[table]
    with connection.schema_editor() as editor:
        operation.database_backwards("oversight", editor, None, None)
    yield
    with connection.schema_editor() as editor:
        operation.database_forwards("oversight", editor, None, None)


def execute(statement, *values):
    """Raw SQL, past the ORM. Returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
