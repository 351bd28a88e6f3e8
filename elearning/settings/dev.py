"""One machine, nothing installed by hand: what `make run` starts. Debugging stays off unless asked for.

Secrets are made on the first start and kept in `DATA_DIR/secrets.json`, readable by their owner alone.
"""

from elearning.embedded import secrets
from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import BASE_DIR, DATA_DIR, env

_kept = secrets.load_or_make(DATA_DIR)

SECRET_KEY = env.text("SECRET_KEY") or _kept.secret_key
DEBUG = env.flag("DEBUG")
DEMONSTRATION = env.flag("DEMONSTRATION", default=True)

DATABASES = {"default": env.database(f"sqlite:///{DATA_DIR / 'plumbline.sqlite3'}")}

REDIS_URL = env.text("REDIS_URL") or _kept.broker_url
CACHE_URL = env.text("CACHE_URL") or env.text("REDIS_URL") or _kept.cache_url
CELERY_BROKER_URL = REDIS_URL
CACHES = {"default": env.cache(CACHE_URL)}

SITE_URL = env.text("SITE_URL") or f"http://localhost:{env.text('PORT', '8000')}"
WAGTAILADMIN_BASE_URL = SITE_URL

DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
STATIC_ROOT = BASE_DIR / "build" / "static"
