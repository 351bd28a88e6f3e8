"""The typefaces, made once, and files that no other test sees."""

import pytest

from certificates import font_making


@pytest.fixture(scope="session")
def typefaces():
    """The fonts of the documents; some seconds on a fresh checkout, nothing afterwards."""
    font_making.build()


@pytest.fixture(autouse=True)
def private_files(settings, tmp_path):
    """A private storage of the test's own."""
    private = settings.STORAGES["private"]
    settings.STORAGES = settings.STORAGES | {
        "private": private | {"OPTIONS": private["OPTIONS"] | {"location": tmp_path / "private"}}
    }
    return tmp_path / "private"
