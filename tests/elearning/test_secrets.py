import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from elearning.embedded import secrets


def test_secrets_outlive_the_process(tmp_path):
    assert secrets.load_or_make(tmp_path) == secrets.load_or_make(tmp_path)


def test_two_installations_share_no_secret(tmp_path):
    one, other = (secrets.load_or_make(tmp_path / name) for name in ("one", "other"))
    assert one.secret_key != other.secret_key
    assert one.queue_password != other.queue_password


def test_only_their_owner_reads_them(tmp_path):
    secrets.load_or_make(tmp_path)
    assert stat.S_IMODE((tmp_path / secrets.FILE_NAME).stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: secrets.load_or_make(tmp_path), range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == [secrets.FILE_NAME]


def test_changed_ports_are_kept(tmp_path):
    changed = replace(secrets.load_or_make(tmp_path), broker_port=1234)
    secrets.replace(tmp_path, changed)
    assert secrets.load_or_make(tmp_path) == changed
