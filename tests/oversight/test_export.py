"""The log as a file, checked without the installation that wrote it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from elearning.places import BASE_DIR
from oversight import encoding, export
from oversight.verification import Detail

from .test_verification import log_of

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def key(tmp_path):
    return export.make_key(tmp_path / "key.pem")


@pytest.fixture
def written(tmp_path, key):
    path = tmp_path / "log.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        export.write_export(stream, log_of(5), key, AT)
    return path


def problems(path, key, expected=None):
    chain, _ = export.verify_file(path, key.public_key(), expected)
    return [finding.problem for finding in chain.findings.kept]


def rewrite(path, change):
    """Read the lines of an export as values, let `change` do its work on them, and write them back."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_an_export_holds(written, key):
    chain, head = export.verify_file(written, key.public_key())
    assert not chain.findings
    assert (chain.entries, head.sequence) == (5, 5)


def test_an_export_of_an_empty_log_holds(tmp_path, key):
    path = tmp_path / "log.jsonl"
    with path.open("w") as stream:
        export.write_export(stream, [], key, AT)
    assert problems(path, key) == []


def test_facts_with_any_line_separator_survive(tmp_path, key):
    entry, _ = log_of(1)[0]
    facts = {"shape": 1, "text": "a\u2028b\u0085c\r\nd😀"}
    salt = bytes(32)
    entry = replace(entry, commitment=encoding.commitment(salt, facts))
    entry = replace(entry, entry_hash=encoding.entry_hash(entry))
    path = tmp_path / "log.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        export.write_export(stream, [(entry, Detail(salt.hex(), facts))], key, AT)
    assert problems(path, key) == []


def test_a_changed_fact_is_found(written, key):
    rewrite(written, lambda lines: lines[3]["detail"]["facts"].update(points=80))
    assert problems(written, key) == ["detail_changed"]


def test_a_changed_entry_is_found(written, key):
    rewrite(written, lambda lines: lines[3]["entry"].update(kind="quizzes.grade.taken"))
    assert problems(written, key) == ["changed"]


def test_removed_newest_entries_are_found_by_the_head_at_the_end(written, key):
    def cut(lines):
        del lines[4:6]

    rewrite(written, cut)
    assert problems(written, key) == ["other_head"]


def test_an_export_without_its_head_is_no_proof(written, key):
    rewrite(written, lambda lines: lines.pop())
    assert problems(written, key) == ["no_head"]


def test_what_follows_the_head_is_found(written, key):
    rewrite(written, lambda lines: lines.append(lines[1]))
    assert problems(written, key) == ["after_head"]


def test_the_head_must_be_signed_by_the_given_key(written, tmp_path):
    other = export.make_key(tmp_path / "other.pem")
    assert problems(written, other) == ["signature"]


@pytest.mark.parametrize(
    "change",
    [{"sequence": 4}, {"entry_hash": "ab" * 32}, {"signed_at": "2027-03-02T00:00:00.000000Z"}, {"signature": "zz"}],
)
def test_a_changed_head_has_lost_its_signature(written, key, change):
    rewrite(written, lambda lines: lines[-1]["head"].update(change))
    assert problems(written, key) == ["signature"]


def test_an_earlier_head_must_still_be_contained(written, tmp_path, key):
    path = tmp_path / "head"
    with path.open("w") as stream:
        export.write_head(stream, export.sign_head(9, "ab" * 32, key, AT))
    assert problems(written, key, export.read_head(path, key.public_key())) == ["truncated"]


def test_a_whole_export_serves_as_a_head_too(written, key):
    assert export.read_head(written, key.public_key()).sequence == 5


def test_a_head_signed_by_another_key_is_refused(written, tmp_path):
    other = export.make_key(tmp_path / "other.pem")
    with pytest.raises(export.ExportError, match="not signed by this key"):
        export.read_head(written, other.public_key())


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[1]\n",
        b'{"format": "something/1"}\n',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": "plumbline-records/1"}\n{"entry": {}, "detail": null}\n',
        b'{"format": "plumbline-records/1"}\n{"entry": 3, "detail": null}\n',
        b'{"format": "plumbline-records/1"}\n{"head": {"sequence": "1"}}\n',
    ],
)
def test_a_file_that_is_no_export_says_so(tmp_path, key, content):
    path = tmp_path / "log.jsonl"
    path.write_bytes(content)
    with pytest.raises(export.ExportError, match=r"log\.jsonl"):
        export.verify_file(path, key.public_key())


def test_a_missing_file_says_so(tmp_path, key):
    with pytest.raises(export.ExportError, match="cannot be read"):
        export.verify_file(tmp_path / "none", key.public_key())


def test_the_key_is_its_owners_alone_and_never_replaced(tmp_path):
    path = tmp_path / "key.pem"
    export.make_key(path)
    before = path.read_bytes()
    assert os.stat(path).st_mode & 0o777 == 0o600
    export.make_key(path)
    assert path.read_bytes() == before


def test_the_public_key_stands_beside_it(tmp_path):
    key = export.make_key(tmp_path / "key.pem")
    public = export.read_public_key(tmp_path / "key.pub.pem")
    assert export.is_signed_by(export.sign_head(1, "ab" * 32, key, AT), public)


@pytest.mark.parametrize("reader", [export.read_key, export.read_public_key])
def test_what_is_no_key_says_so(tmp_path, reader):
    path = tmp_path / "key.pem"
    path.write_text("no key")
    with pytest.raises(export.ExportError, match=r"key\.pem"):
        reader(path)


def test_an_auditor_needs_neither_django_nor_a_database(written, tmp_path, key):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "oversight.export", *arguments],
            cwd=BASE_DIR,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
        )

    done = run(written, tmp_path / "key.pub.pem")
    assert done.returncode == 0, done.stderr[-500:]
    assert "holds: 5 entries" in done.stdout
    assert "django" not in done.stderr
    rewrite(written, lambda lines: lines[3]["detail"]["facts"].update(points=80))
    assert run(written, tmp_path / "key.pub.pem").returncode == 1
    assert run(tmp_path / "none", tmp_path / "key.pub.pem").returncode == 2
