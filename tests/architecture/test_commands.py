"""What the README promises exists."""

import re

import pytest

from elearning.places import BASE_DIR


def targets():
    return set(re.findall(r"^([a-z-]+):", (BASE_DIR / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("promised", ["run", "test", "test-long", "check", "bench", "demo", "help"])
def test_the_promised_commands_exist(promised):
    assert promised in targets()


def test_every_command_of_the_readme_exists():
    readme = (BASE_DIR / "README.md").read_text()
    assert set(re.findall(r"`make ([a-z-]+)", readme)) <= targets()


def test_every_command_says_what_it_does():
    makefile = (BASE_DIR / "Makefile").read_text()
    assert [name for name in targets() if not re.search(rf"^{name}:.*## \S", makefile, re.MULTILINE)] == []


def test_no_lock_names_a_registry():
    locks = [*BASE_DIR.glob("requirements*.txt"), BASE_DIR / "package-lock.json"]
    assert [path.name for path in locks if re.search(r"--(extra-)?index-url|\"resolved\"", path.read_text())] == []
