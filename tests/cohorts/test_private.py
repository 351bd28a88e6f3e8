"""Private writing: what is kept, what yields, and who can read it."""

import re
import uuid

import pytest
from django.core import management
from django.test import override_settings

from cohorts import private
from cohorts.models import PrivateWriting
from elearning.places import BASE_DIR
from oversight.models import RecordEntry
from people.models import User
from tests.factories.people import NOW, an_account

pytestmark = pytest.mark.django_db

NOTE, PLAN, REFLECTION, BOOKMARK = private.Kind.NOTE, private.Kind.PLAN, private.Kind.REFLECTION, private.Kind.BOOKMARK
NODE = uuid.uuid4()
CONFESSION = "I once took the hamper on page 14."


@pytest.fixture
def writer():
    return an_account()


def write(writer, text, sequence=1, kind=NOTE, node=NODE, place=""):
    private.write(kind, node, place, {"text": text}, sequence=sequence, writer=writer, now=NOW)


def text_at(writer, kind=NOTE, node=NODE, place=""):
    found = private.at(writer, kind, node, place)
    return found and found.words["text"]


class TestSaving:
    def test_a_later_save_replaces_an_earlier_one(self, writer):
        write(writer, "first")
        write(writer, "second", sequence=2)
        assert text_at(writer) == "second"
        assert PrivateWriting.objects.count() == 1

    @pytest.mark.parametrize("late", [1, 2])
    def test_a_save_that_was_held_up_on_the_line_changes_nothing(self, writer, late):
        write(writer, "newest", sequence=2)
        with pytest.raises(private.Newer):
            write(writer, "old", sequence=late)
        assert text_at(writer) == "newest"

    def test_what_two_windows_wrote_stands_below_each_other(self, writer):
        write(writer, "From one window.", sequence=7)
        private.add(NOTE, NODE, "", {"text": "From the other."}, writer=writer, now=NOW)
        assert text_at(writer) == "From one window.\n\nFrom the other."

    @pytest.mark.parametrize("again", ["One line.\nAnd one more.", "And one more.", ""])
    def test_what_stands_there_already_is_not_doubled(self, writer, again):
        write(writer, "One line.\nAnd one more.")
        private.add(NOTE, NODE, "", {"text": again}, writer=writer, now=NOW)
        assert text_at(writer) == "One line.\nAnd one more."

    def test_places_do_not_disturb_each_other(self, writer):
        write(writer, "note")
        write(writer, "one block", kind=REFLECTION, place="a")
        write(writer, "another", kind=REFLECTION, place="b")
        write(writer, "another lesson", node=uuid.uuid4())
        assert (text_at(writer), text_at(writer, REFLECTION, place="b")) == ("note", "another")
        assert PrivateWriting.objects.count() == 4

    def test_a_text_that_is_too_long_leaves_the_one_from_before(self, writer):
        write(writer, "short")
        with pytest.raises(private.TooMuch):
            write(writer, "x" * (private.LONGEST + 1), sequence=2)
        assert text_at(writer) == "short"

    def test_the_card_holds_so_many_plans_and_no_more(self, writer):
        for number in range(private.MOST_OWN_PLANS):
            private.write_own_plan(f"if {number}", "then", writer=writer, now=NOW)
        with pytest.raises(private.TooMuch):
            private.write_own_plan("one more", "then", writer=writer, now=NOW)
        assert len(private.everything_of(writer)) == private.MOST_OWN_PLANS

    def test_a_change_of_the_secret_keeps_the_words_and_the_next_save_uses_the_new_one(self, writer):
        with override_settings(SECRET_KEY="old"):
            write(writer, "before")
        with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
            assert text_at(writer) == "before"
            write(writer, "after", sequence=2)
        with override_settings(SECRET_KEY="new"):
            assert text_at(writer) == "after"
        assert PrivateWriting.objects.count() == 1

    def test_without_the_secret_the_words_are_lost_to_everybody_and_nothing_breaks(self, writer):
        with override_settings(SECRET_KEY="lost"):
            write(writer, CONFESSION)
        assert private.everything_of(writer) == []
        assert text_at(writer) is None


class TestTakingAway:
    def test_one_piece_goes_and_the_others_stay(self, writer):
        write(writer, "stays")
        write(writer, "goes", kind=REFLECTION, place="a")
        row = next(each.uuid for each in private.everything_of(writer) if each.kind == REFLECTION)
        assert private.forget(row, writer=writer)
        assert [each.words["text"] for each in private.everything_of(writer)] == ["stays"]

    def test_nobody_takes_away_what_another_wrote(self, writer):
        write(writer, "hers")
        [own] = private.everything_of(writer)
        other = an_account()
        assert not private.forget(own.uuid, writer=other)
        private.forget_everything(writer=other)
        private.forget_place(NOTE, NODE, "", writer=other)
        assert text_at(writer) == "hers"

    def test_everything_goes_at_once(self, writer):
        write(writer, "one")
        write(writer, "two", node=uuid.uuid4())
        private.forget_everything(writer=writer)
        assert not PrivateWriting.objects.exists()


class TestSecrecy:
    def test_a_copy_of_the_database_shows_neither_words_nor_lesson_nor_time(self, writer, capsys):
        write(writer, CONFESSION)
        management.call_command("dumpdata", "cohorts.privatewriting")
        dump = capsys.readouterr().out
        assert "privatewriting" in dump
        for told in (CONFESSION, "hamper", "note", str(NODE), NODE.hex, str(NOW.year)):
            assert told not in dump

    def test_another_person_reads_nothing_even_with_the_row_in_their_name(self, writer):
        write(writer, CONFESSION)
        thief = an_account(is_superuser=True)
        PrivateWriting.objects.update(writer=thief)
        assert private.everything_of(thief) == []

    def test_the_record_log_hears_nothing_of_it(self, writer):
        before = RecordEntry.objects.count()
        write(writer, CONFESSION)
        private.forget_everything(writer=writer)
        assert RecordEntry.objects.count() == before

    def test_an_account_shows_no_way_to_its_writing(self):
        assert PrivateWriting not in {field.related_model for field in User._meta.get_fields()}

    def test_only_its_own_rooms_know_the_rows_and_the_keys(self):
        """So that no export, report or page of another room can come to read them unnoticed."""
        allowed = {
            "PrivateWriting": {
                "cohorts/models/__init__.py",
                "cohorts/models/own.py",
                "cohorts/private.py",
                "cohorts/own_place.py",
            },
            "keyring": {"cohorts/sealing.py", "cohorts/private.py"},
        }
        found = {name: set() for name in allowed}
        for app in sorted(path.parent for path in BASE_DIR.glob("*/apps.py")):
            for path in app.rglob("*.py"):
                if "migrations" in path.parts:
                    continue
                names = set(re.findall(r"\w+", path.read_text()))
                for name in allowed:
                    if name in names:
                        found[name].add(str(path.relative_to(BASE_DIR)))
        assert found == allowed
