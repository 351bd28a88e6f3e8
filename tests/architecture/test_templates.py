"""Every template compiles: an unknown tag or filter shows here and not to the first reader of a rare page."""

import pytest
from django.template import engines

from elearning.places import BASE_DIR


def names():
    for folder in sorted(BASE_DIR.glob("*/templates")):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".html", ".txt", ".xml"}:
                yield str(path.relative_to(folder))


@pytest.mark.parametrize("name", list(names()))
def test_a_template_compiles(name):
    engines["django"].get_template(name)
