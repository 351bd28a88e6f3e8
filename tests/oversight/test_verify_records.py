"""`manage.py verify_records`: a change that nobody recorded is named."""

import io
import json
import os
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from oversight import evidence, four_eyes, records, witnesses
from oversight.models import FourEyesRequest, RecordEntry, Verification
from oversight.verification import Findings
from people.models import Office

from .owner import execute, triggers_dropped

pytestmark = pytest.mark.committing


@pytest.fixture(autouse=True)
def key_of_its_own(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.RECORD_LOG_KEY = ""


@pytest.fixture
def log(ask, approver, account, office, now):
    """Eight entries: four requests about four offices, each of them decided."""
    for number in range(4):
        place = Office.objects.create(administration=office.administration, kind="regional", name=f"Office {number}")
        made = ask(subject=place, payload={"name": f"Place {number}"})
        four_eyes.approve(made, reason="I have seen the decree.", actor=approver, now=now)
    return list(RecordEntry.objects.order_by("sequence"))


def verify(*arguments):
    """The exit code and what the command printed."""
    out = io.StringIO()
    try:
        call_command("verify_records", *arguments, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def findings(*arguments):
    code, printed = verify("--json", *arguments)
    report = json.loads(printed)
    assert code == (0 if report["holds"] else 1)
    return report["findings"]


def test_an_untouched_installation_holds(log):
    code, printed = verify()
    assert code == 0
    assert "The record log holds: 8 entries" in printed
    assert "4 rows" in printed


def test_an_empty_installation_holds():
    assert verify()[0] == 0


def test_an_edited_entry_is_named_and_counting_goes_on(log):
    with triggers_dropped("oversight_recordentry"):
        execute("UPDATE oversight_recordentry SET kind = 'x' WHERE sequence IN (3, 6)")
    code, printed = verify()
    assert code == 1
    assert re.search(r"does not hold: .* The first: Entry 3 \(x\) has been changed", printed)
    assert json.loads(verify("--json")[1])["entries_that_do_not_hold"] == 2


def test_an_edited_fact_is_named(log):
    with triggers_dropped("oversight_recorddetail"):
        changed = json.dumps(log[3].detail.facts | {"reason": "Another reason."})
        execute("UPDATE oversight_recorddetail SET facts = %s WHERE entry_id = %s", changed, log[3].pk)
    found = findings()
    assert found[0]["problem"] == "detail_changed"
    assert found[0]["sequence"] == 4
    # The row that the forged facts speak of is no longer what they say.
    assert {each["problem"] for each in found} == {"detail_changed", "row_changed"}


def test_a_deleted_entry_is_named(log):
    with triggers_dropped("oversight_recorddetail"), triggers_dropped("oversight_recordentry"):
        execute("DELETE FROM oversight_recorddetail WHERE entry_id = %s", log[2].pk)
        execute("DELETE FROM oversight_recordentry WHERE id = %s", log[2].pk)
    assert [(each["problem"], each["sequence"]) for each in findings()] == [("gap", 4)]


def test_an_inserted_entry_is_named(log):
    with triggers_dropped("oversight_recordentry"):
        execute("UPDATE oversight_recordentry SET sequence = 9 WHERE sequence = 8")
        with transaction.atomic():
            entry = RecordEntry.objects.get(sequence=9)
            entry.pk, entry.uuid, entry.sequence = None, "11111111-2222-4333-8444-555555555555", 8
            entry.save(force_insert=True)
    assert findings()[0]["sequence"] == 8


def test_removed_newest_entries_show_against_an_exported_head(log, tmp_path):
    assert verify("--export", tmp_path / "log.jsonl")[0] == 0
    newest = RecordEntry.objects.head()
    assert (newest.sequence, newest.kind) == (9, "oversight.log.exported")
    with triggers_dropped("oversight_recorddetail"), triggers_dropped("oversight_recordentry"):
        execute("DELETE FROM oversight_recorddetail WHERE entry_id = %s", newest.pk)
        execute("DELETE FROM oversight_recordentry WHERE id = %s", newest.pk)
    assert findings() == []
    found = findings("--against", tmp_path / "log.jsonl.head")
    assert [each["problem"] for each in found] == ["truncated"]


def test_a_row_edited_past_the_services_is_named_by_its_fields_alone(log):
    row = FourEyesRequest.objects.order_by("pk")[1]
    execute("UPDATE oversight_foureyesrequest SET reason = 'Nobody will know.' WHERE id = %s", row.pk)
    code, printed = verify()
    assert code == 1
    assert f"oversight.foureyesrequest {row.uuid} is not what entry 4 says of it: reason." in printed
    assert "Nobody will know" not in printed
    assert "Nobody will know" not in Verification.objects.latest().first_finding
    [finding] = findings()
    assert (finding["problem"], finding["sequence"], finding["fields"]) == ("row_changed", 4, ["reason"])


def test_values_are_shown_only_when_asked_for_and_never_kept(log):
    execute("UPDATE oversight_foureyesrequest SET reason = 'Nobody will know.'")
    assert "Nobody will know" in verify("--show-values")[1]
    assert "Nobody will know" not in Verification.objects.latest().first_finding


def test_a_row_that_no_service_wrote_is_named(log, requester, office, now):
    row = FourEyesRequest.objects.create(
        administration=office.administration,
        action="x",
        subject_type="people.office",
        subject=office.uuid,
        requester=requester,
        reason="x",
        payload={},
        requested_at=now,
        expires_at=now + four_eyes.PENDING_FOR,
    )
    [finding] = findings()
    assert finding["problem"] == "unrecorded"
    assert str(row.uuid) in finding["row"]


def test_a_row_that_has_gone_is_named_once(log):
    row = FourEyesRequest.objects.order_by("pk").first()
    execute("DELETE FROM oversight_foureyesrequest WHERE id = %s", row.pk)
    [finding] = findings()
    assert (finding["problem"], finding["sequence"]) == ("row_lost", 2)
    assert str(row.uuid) in finding["row"]


def test_a_dropped_trigger_is_named(log):
    on_table = " ON oversight_recordentry" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER oversight_recordentry_no_delete{on_table}")
    [finding] = findings()
    assert finding["problem"] == "guard_missing"
    assert "oversight_recordentry_no_delete" in finding["sentence"]


def test_an_erased_detail_is_no_finding(log, approver, now):
    records.erase_detail(log[1], reason="Ordered.", actor=approver, now=now)
    assert findings() == []


def test_a_detail_erased_past_the_service_is_named(log):
    with triggers_dropped("oversight_recorddetail"):
        execute("DELETE FROM oversight_recorddetail WHERE entry_id = %s", log[2].pk)
    assert [(each["problem"], each["sequence"]) for each in findings()] == [("detail_missing", 3)]


def test_other_entries_about_a_witnessed_row_do_not_speak_for_it(log, approver, now):
    row = FourEyesRequest.objects.first()
    with transaction.atomic():
        records.append("oversight.request.escalated", subject=row, facts={"state": "x"}, actor=approver, now=now)
    assert findings() == []


def test_a_row_recorded_between_two_queries_is_no_finding(log):
    """The rows were read, then one was changed with its record, and only then the records are read."""
    stale = {request.pk: request for request in FourEyesRequest.objects.with_people()}
    for request in stale.values():
        request.reason = "As it stood a moment ago."
    witnessed = witnesses.registered()[0]
    assert evidence._compare(witnessed, list(stale.values()), found := Findings(), False) == 4
    assert not found


def test_rows_are_compared_whatever_the_size_of_a_batch(log, monkeypatch):
    monkeypatch.setattr(evidence, "_BATCH", 1)
    execute("UPDATE oversight_foureyesrequest SET reason = 'Nobody will know.'")
    assert [each["problem"] for each in findings()] == ["row_changed"] * 4
    assert Verification.objects.latest().witnessed_rows == 4


def test_the_last_verification_is_kept(log):
    verify()
    kept = Verification.objects.latest()
    assert (kept.entries, kept.head_sequence, kept.head_hash) == (8, 8, log[-1].entry_hash)
    assert (kept.witnessed_rows, kept.findings, kept.holds) == (4, 0, True)


class TestExports:
    @pytest.fixture
    def exported(self, log, tmp_path):
        path = tmp_path / "log.jsonl"
        code, printed = verify("--export", path)
        assert code == 0
        assert "up to entry 9" in printed
        return path

    def test_an_export_verifies_offline(self, exported, tmp_path, django_assert_num_queries):
        with django_assert_num_queries(0):
            code, printed = verify("--file", exported, "--public-key", tmp_path / "record-log-key.pub.pem")
        assert code == 0
        assert "9 entries" in printed

    def test_an_edited_export_does_not(self, exported, tmp_path):
        exported.write_text(exported.read_text().replace("renamed it", "sold it", 1))
        code, printed = verify("--file", exported, "--public-key", tmp_path / "record-log-key.pub.pem")
        assert code == 1
        assert "Entry 1 (oversight.request.made) does not vouch for its detail" in printed

    def test_only_the_owner_can_read_what_was_exported(self, exported, tmp_path):
        for path in (exported, tmp_path / "log.jsonl.head", tmp_path / "record-log-key.pem"):
            assert os.stat(path).st_mode & 0o777 == 0o600

    def test_the_head_file_says_nothing_about_anybody(self, exported, tmp_path, requester):
        text = (tmp_path / "log.jsonl.head").read_text()
        assert str(requester.uuid) not in text
        assert set(json.loads(text)["head"]) == {"sequence", "entry_hash", "signed_at", "signature"}

    def test_an_earlier_head_is_contained_in_the_grown_log(self, exported, ask, office, tmp_path):
        ask()
        assert verify("--against", tmp_path / "log.jsonl.head")[0] == 0

    def test_a_file_needs_the_key_that_the_auditor_was_given(self, exported):
        with pytest.raises(CommandError, match="--public-key") as error:
            verify("--file", exported)
        assert error.value.returncode == 2

    def test_a_configured_key_must_be_there(self, log, settings, tmp_path):
        settings.RECORD_LOG_KEY = str(tmp_path / "none.pem")
        with pytest.raises(CommandError, match=r"none\.pem"):
            verify("--export", tmp_path / "log.jsonl")
        assert not (tmp_path / "none.pem").exists()

    def test_a_folder_that_does_not_exist_is_named(self, log, tmp_path):
        with pytest.raises(CommandError, match="cannot be written"):
            verify("--export", tmp_path / "none" / "log.jsonl")


class TestWitnesses:
    def test_a_model_without_facts_cannot_bear_witness(self):
        with pytest.raises(TypeError, match="record_facts"):
            witnesses.register(Office, kinds=["people.office.named"])

    def test_a_model_names_the_kinds_that_speak_for_it(self):
        with pytest.raises(TypeError, match="kinds"):
            witnesses.register(FourEyesRequest, kinds=[])

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, log, ask, office):
        def queries():
            with CaptureQueriesContext(connection) as captured:
                verify()
            return len(captured)

        before = queries()
        for number in range(4):
            ask(subject=Office.objects.create(administration=office.administration, kind="regional", name=number))
        assert queries() == before
