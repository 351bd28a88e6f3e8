"""The suite's settings: real parts, cheap passwords, data in a folder of its own."""

import os
import tempfile
from pathlib import Path

# Before base reads it: a test never touches an installation's data. Processes that a test starts inherit the folder;
# each of pytest's parallel workers has one of its own.
_folder = Path(os.environ.setdefault("PLUMBLINE_TEST_DATA", tempfile.mkdtemp(prefix="plumbline-test-")))
_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker and _folder.name != _worker:
    _folder = _folder / _worker
    _folder.mkdir(exist_ok=True)
    os.environ["PLUMBLINE_TEST_DATA"] = str(_folder)
os.environ["DATA_DIR"] = str(_folder)

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import DATA_DIR, STORAGES, env

# Empty: a web server would look through all files in it, at each of hundreds of starts.
STATIC_ROOT = DATA_DIR / "static"
SECRET_KEY = "only-for-tests"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEMONSTRATION = True

# The name is a stand-in: `tests.databases` points the connection at a copy of the migrated template.
DATABASES = {"default": env.database(f"sqlite:///{DATA_DIR / 'unused.sqlite3'}")}
if "init_command" in DATABASES["default"].get("OPTIONS", {}):
    # A test's rows need to outlive a killed process, not a power cut.
    for_life = DATABASES["default"]["OPTIONS"]["init_command"]
    DATABASES["default"]["OPTIONS"]["init_command"] = for_life.replace("synchronous=FULL", "synchronous=OFF")

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Whatever a test rings stays in its own process. Tests marked `queue` start a real broker and name it here.
CELERY_BROKER_URL = env.text("TEST_BROKER_URL", "memory://")
