"""Reads the environment, and says in one line what is wrong with it."""

import os

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """True for 1/true/yes/on. Anything else that is set, but not a plain no, is an error rather than a guess."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”. Use 1 or 0.")


def required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. See the table of settings in the README.")
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def database(default_url: str, url_name: str = "DATABASE_URL") -> dict:
    """The database of `DATABASE_URL`; SQLite gets what lets web, worker and beat write side by side.

    `IMMEDIATE` takes the write lock when a transaction begins, so that two writers queue instead of failing
    half-way; WAL lets readers go on meanwhile; `synchronous=FULL` keeps a commit through a power cut.
    """
    url = os.environ.get(url_name) or default_url
    try:
        config = dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{url_name} is not the address of a database. Use postgres://user:password@host:5432/name"
        ) from error
    if config["ENGINE"] == "django.db.backends.postgresql":
        config["ENGINE"] = "core.postgresql"
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["ENGINE"] = "core.sqlite"
        # A health check is a query per request, and a file does not hang up.
        config["CONN_HEALTH_CHECKS"] = False
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                " PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;"
            ),
        }
    else:
        # What is asked by a keeping cursor (core.postgresql) is kept from its first time on.
        config["OPTIONS"] = config.get("OPTIONS", {}) | {"prepare_threshold": 0}
    return config


def cache(url: str) -> dict:
    """The cache at a Redis or Valkey address. One that is down is a miss, not an error: pages only get slower."""
    return {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "plumbline",
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 1},
    }
