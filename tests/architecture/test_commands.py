"""What the README promises exists."""

import json
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


def test_a_python_lock_holds_versions_and_hashes_alone():
    """No address to fetch from: that is the machine's affair, and a lock must serve everywhere."""
    line = re.compile(
        r"""    \ *\#(?!.*://).*
            | [a-z0-9-]+==[\w.]+(\ ;\ [\w.'<>=!\ ()]+)?\ \\
            | \ {4}--hash=sha256:[0-9a-f]{64}(\ \\)?
        """,
        re.VERBOSE,
    )
    locks = {path.name: path.read_text().splitlines() for path in BASE_DIR.glob("requirements*.txt")}
    assert len(locks) == 4
    assert [(name, each) for name, lines in locks.items() for each in lines if not line.fullmatch(each)] == []


def test_the_lock_of_npm_says_what_each_package_is_and_not_where_it_lies():
    packages = json.loads((BASE_DIR / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    assert [name for name, package in packages.items() if "resolved" in package] == []
