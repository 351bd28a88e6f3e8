"""What is written once stays: by the database itself, whoever asks."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from oversight import append_only, records
from oversight.append_only import AppendOnly
from oversight.models import RecordDetail, RecordEntry

from .owner import execute, triggers_dropped

sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="INSERT OR REPLACE is SQLite's")
postgresql_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="TRUNCATE is PostgreSQL's")


@pytest.fixture
def entry(office, requester, now):
    with transaction.atomic():
        return records.append("people.office.named", subject=office, facts={"name": "x"}, actor=requester, now=now)


def refused(statement, *values):
    """Whether the database refuses the statement, and not for some other fault in it."""
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        execute(statement, *values)
    return True


MODELS = {"oversight_recordentry": RecordEntry, "oversight_recorddetail": RecordDetail}


@pytest.mark.parametrize("table", MODELS)
class TestTheLogInTheDatabase:
    def test_no_row_is_updated(self, entry, table):
        assert refused(f"UPDATE {table} SET id = id")  # noqa: S608

    def test_no_row_is_deleted(self, entry, table):
        assert refused(f"DELETE FROM {table}")  # noqa: S608

    @postgresql_only
    def test_the_table_is_not_truncated(self, entry, table):
        # Otherwise PostgreSQL refuses it for the foreign keys that it has still to look at.
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert refused(f"TRUNCATE {table} CASCADE")

    @postgresql_only
    def test_not_even_as_a_replica(self, entry, table):
        with transaction.atomic():
            execute("SET LOCAL session_replication_role = replica")
            assert refused(f"UPDATE {table} SET id = id")  # noqa: S608
            execute("SET LOCAL session_replication_role = origin")

    @sqlite_only
    @pytest.mark.parametrize("recursive", ["ON", "OFF"])
    def test_no_row_is_replaced(self, entry, table, recursive):
        execute(f"PRAGMA recursive_triggers = {recursive}")
        try:
            columns = ", ".join(column.column for column in MODELS[table]._meta.concrete_fields)
            assert refused(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}")  # noqa: S608
        finally:
            execute("PRAGMA recursive_triggers = ON")


@sqlite_only
@pytest.mark.parametrize("shared", ["sequence", "uuid"])
def test_a_row_that_shares_one_unique_value_replaces_nothing(entry, shared):
    """The primary key is new; only the sequence, or only the UUID, is that of the standing row."""
    execute("PRAGMA recursive_triggers = OFF")
    try:
        other = {"sequence": "sequence + 1", "uuid": "'00000000000000000000000000000001'"}
        columns = [field.column for field in RecordEntry._meta.concrete_fields]
        values = {"id": "id + 1"} | {name: text for name, text in other.items() if name != shared}
        chosen = ", ".join(values.get(column, column) for column in columns)
        assert refused(
            f"INSERT OR REPLACE INTO oversight_recordentry ({', '.join(columns)})"  # noqa: S608
            f" SELECT {chosen} FROM oversight_recordentry"
        )
    finally:
        execute("PRAGMA recursive_triggers = ON")


def test_the_orm_is_refused_too(entry):
    entry.kind = "people.office.forgotten"
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.save()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        RecordEntry.objects.update(kind="x")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        entry.detail.delete()


class TestErasure:
    def test_a_detail_goes_once_its_erasure_is_on_record(self, entry, requester, now):
        erasure = records.erase_detail(
            entry, reason="Ordered by the data protection officer.", actor=requester, now=now
        )
        assert not RecordDetail.objects.filter(entry=entry).exists()
        assert (erasure.kind, erasure.subject) == ("oversight.detail.erased", entry.uuid)
        assert erasure.detail.facts["sequence"] == entry.sequence

    def test_it_says_nothing_of_other_details(self, entry, office, requester, now):
        other = records.append("people.office.named", subject=office, facts={}, actor=requester, now=now)
        records.erase_detail(entry, reason="Ordered.", actor=requester, now=now)
        assert refused("DELETE FROM oversight_recorddetail WHERE entry_id = %s", other.pk)

    def test_an_entry_of_another_kind_about_the_entry_is_not_an_erasure(self, entry, requester, now):
        records.append("oversight.log.exported", subject=entry, facts={}, actor=requester, now=now)
        assert refused("DELETE FROM oversight_recorddetail WHERE entry_id = %s", entry.pk)

    def test_an_erased_detail_allows_no_update_of_what_stands(self, entry, requester, now):
        records.append("oversight.detail.erased", subject=entry, facts={}, actor=requester, now=now)
        assert refused("UPDATE oversight_recorddetail SET salt = '' WHERE entry_id = %s", entry.pk)


@pytest.mark.django_db
class TestTheGuardsThemselves:
    def test_every_append_only_table_has_all_its_triggers(self):
        """Fails too when a later migration remade a table on SQLite and forgot to guard it again."""
        assert {"oversight_recordentry", "oversight_recorddetail"} <= append_only.guarded_tables(connection).keys()
        assert append_only.missing_guards(connection) == []

    def test_a_missing_trigger_is_noticed(self):
        on_table = " ON oversight_recordentry" if connection.vendor == "postgresql" else ""
        execute(f"DROP TRIGGER oversight_recordentry_no_update{on_table}")
        assert append_only.missing_guards(connection) == ["oversight_recordentry.oversight_recordentry_no_update"]

    @postgresql_only
    def test_a_disabled_trigger_is_a_missing_one(self):
        execute("ALTER TABLE oversight_recordentry DISABLE TRIGGER oversight_recordentry_no_delete")
        assert append_only.missing_guards(connection) == ["oversight_recordentry.oversight_recordentry_no_delete"]

    def test_a_table_name_is_a_plain_name(self):
        with pytest.raises(ValueError, match="plain table name"):
            AppendOnly("x; DROP TABLE y")


class Scrap(models.Model):
    """A table with each kind of unique index, made and dropped by the tests below alone."""

    code = models.CharField(max_length=10)
    number = models.IntegerField()
    open = models.BooleanField(default=False)

    def __str__(self):
        return self.code

    class Meta:
        app_label = "oversight"
        managed = False
        db_table = "oversight_scrap"
        constraints = [
            models.UniqueConstraint(Lower("code"), F("number"), name="scrap_expression"),
            models.UniqueConstraint(fields=["number"], condition=Q(open=True), name="scrap_partial"),
        ]


@pytest.mark.committing
class TestTheOperation:
    @pytest.fixture(autouse=True)
    def table(self):
        with connection.schema_editor() as editor:
            editor.create_model(Scrap)
        self.operation = AppendOnly("oversight_scrap")
        self.run("database_forwards")
        Scrap.objects.create(code="A", number=1, open=True)

    def run(self, direction):
        with connection.schema_editor() as editor:
            getattr(self.operation, direction)("oversight", editor, None, None)

    def test_it_can_be_run_again(self):
        self.run("database_forwards")
        assert refused("DELETE FROM oversight_scrap")

    def test_it_can_be_reversed(self):
        self.run("database_backwards")
        assert execute("DELETE FROM oversight_scrap") == 1

    def test_rows_that_collide_with_none_come_in(self):
        Scrap.objects.create(code="B", number=2, open=True)
        Scrap.objects.create(code="C", number=1, open=False)
        assert Scrap.objects.count() == 3

    @sqlite_only
    @pytest.mark.parametrize(("code", "number", "is_open"), [("a", 1, 0), ("z", 1, 1)], ids=["expression", "partial"])
    def test_no_row_is_replaced_through_any_kind_of_unique_index(self, code, number, is_open):
        execute("PRAGMA recursive_triggers = OFF")
        assert refused(
            'INSERT OR REPLACE INTO oversight_scrap (code, number, "open") VALUES (%s, %s, %s)', code, number, is_open
        )
        assert Scrap.objects.get().code == "A"

    def test_a_table_whose_indexes_are_still_to_come_is_refused(self):
        with connection.schema_editor() as editor:
            editor.delete_model(Scrap)
        with pytest.raises(RuntimeError, match="migration of its own"), connection.schema_editor() as editor:
            editor.create_model(Scrap)
            self.operation.database_forwards("oversight", editor, None, None)

    def test_the_migration_writer_can_write_it(self):
        operation = AppendOnly("oversight_scrap", deletable_when="OLD.id = 0")
        name, positional, keywords = operation.deconstruct()
        assert (name, positional, keywords) == ("AppendOnly", ["oversight_scrap"], {"deletable_when": "OLD.id = 0"})


@pytest.mark.committing
def test_an_owner_can_drop_the_triggers_which_is_why_there_is_a_chain(entry):
    with triggers_dropped("oversight_recordentry"):
        assert execute("UPDATE oversight_recordentry SET kind = 'x'") == 1
