"""Habits that a reader would look for and a formatter does not see."""

import ast
import re

import pytest

from elearning.places import BASE_DIR

GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
FOLDERS = [path.parent.name for path in sorted(BASE_DIR.glob("*/apps.py"))]
NOT_IN_AN_APP = {"utils.py", "helpers.py"}


def sources(*folders):
    for folder in folders:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            yield path.relative_to(BASE_DIR), ast.parse(path.read_text())


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def sleeps(tree):
    """Whether it sleeps for a time. A pause in a `while` is a look at a condition, again and again."""
    looking = {id(node) for loop in ast.walk(tree) if isinstance(loop, ast.While) for node in ast.walk(loop)}
    return any(
        name.endswith("wait_for_timeout") or (name.split(".")[-1] == "sleep" and id(call) not in looking)
        for name, call in calls(tree)
    )


def unfindable_texts(tree):
    """Calls whose text no extractor can find, because it is put together as the program runs."""
    for name, call in calls(tree):
        if name.split(".")[-1] in GETTEXT and call.args:
            text = call.args[1] if "pgettext" in name and len(call.args) > 1 else call.args[0]
            if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
                yield call.lineno


def test_nothing_sleeps_instead_of_waiting_for_a_condition():
    assert [str(path) for path, tree in sources("tests", *FOLDERS) if sleeps(tree)] == []


def test_texts_to_translate_are_plain_literals():
    assert [f"{path}:{line}" for path, tree in sources(*FOLDERS) for line in unfindable_texts(tree)] == []


@pytest.mark.parametrize(
    "code", ["_(f'hello {name}')", "gettext('a' + b)", "_('hello {}'.format(name))", "pgettext('c', f'{x}')"]
)
def test_an_unfindable_text_is_noticed(code):
    assert list(unfindable_texts(ast.parse(code))) != []


def test_a_sleeping_test_is_noticed():
    assert sleeps(ast.parse("import time\ntime.sleep(1)"))
    assert sleeps(ast.parse("page.wait_for_timeout(500)"))
    assert not sleeps(ast.parse("while not ready():\n    time.sleep(0.1)"))


def test_no_room_is_called_utils_or_helpers():
    assert [str(path) for path, _ in sources(*FOLDERS) if path.name in NOT_IN_AN_APP] == []


def test_migrations_have_telling_names():
    vague = re.compile(r"\d{4}_(auto_|alter_.*_and_more|remove_.*_and_more)")
    found = [str(path) for folder in FOLDERS for path in (BASE_DIR / folder).glob("migrations/0*.py")]
    assert [path for path in found if vague.search(path)] == []


def test_apps_ask_no_registry_for_models():
    """`apps.get_model` outside a migration hides a cycle."""
    asking = [
        str(path)
        for path, tree in sources(*FOLDERS)
        if "migrations" not in path.parts and any(name == "apps.get_model" for name, _ in calls(tree))
    ]
    assert asking == []


@pytest.mark.parametrize(("mark", "folder"), [("queue", "concurrency"), ("e2e", "e2e")])
def test_tests_of_a_kind_lie_where_their_stage_looks_for_them(mark, folder):
    marked = re.compile(rf"^[^#\n]*pytest\.mark\.{mark}\b", re.MULTILINE)
    tests = [path.relative_to(BASE_DIR / "tests") for path in sorted((BASE_DIR / "tests").rglob("test_*.py"))]
    found = {path.parts[0] for path in tests if marked.search((BASE_DIR / "tests" / path).read_text())}
    assert found == {folder}
