"""A real installation: everything that must not be guessed is required from the environment."""

from django.core.exceptions import ImproperlyConfigured

from elearning.settings.base import *  # noqa: F403
from elearning.settings.base import env

SECRET_KEY = env.required("SECRET_KEY")
SITE_URL = env.required("SITE_URL")
WAGTAILADMIN_BASE_URL = SITE_URL
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or [SITE_URL.split("://")[-1].split("/")[0].split(":")[0]]
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", SITE_URL)

env.required("DATABASE_URL")
env.required("REDIS_URL")
DATABASES = {"default": env.database("")}

if env.flag("DEMONSTRATION"):
    raise ImproperlyConfigured(
        "DEMONSTRATION is on. Its accounts have published passwords; a real installation must not have them."
        " Unset DEMONSTRATION."
    )
DEMONSTRATION = False

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # a probe on the machine itself speaks plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours stand in front: without it, everyone would share one address, and one limit of attempts.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.text("TRUSTED_PROXY_COUNT", "1"))
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
