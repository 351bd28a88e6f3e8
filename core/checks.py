"""What must hold in every installation, told in one line before anything starts."""

from django.conf import settings
from django.core.checks import Error, register
from django.utils.translation import get_language_info


@register()
def databases_keep_the_house_rules(app_configs, **kwargs):
    """Transactions are ours to open, and SQLite must queue its writers and hold its foreign keys."""
    found = []
    for alias, database in settings.DATABASES.items():
        if database.get("ATOMIC_REQUESTS"):
            found.append(
                Error(
                    f"Database “{alias}” has ATOMIC_REQUESTS on.",
                    hint="One transaction a request holds its locks for the slowest part. Services open their own.",
                    id="core.E001",
                )
            )
        if database["ENGINE"] in ("core.sqlite", "django.db.backends.sqlite3"):
            options = database.get("OPTIONS", {})
            if options.get("transaction_mode") != "IMMEDIATE" or "foreign_keys=ON" not in options.get(
                "init_command", ""
            ):
                found.append(
                    Error(
                        f"SQLite database “{alias}” lacks IMMEDIATE transactions or foreign keys.",
                        hint="Build it with elearning.settings.environment.database().",
                        id="core.E002",
                    )
                )
    return found


@register()
def every_language_is_known(app_configs, **kwargs):
    """The menu shows a language by its own name and direction, which Django must know."""
    found = []
    for code, _name in settings.LANGUAGES:
        try:
            get_language_info(code)
        except KeyError:
            found.append(
                Error(
                    f"Django does not know the language “{code}”.",
                    hint="Add it to django.conf.locale.LANG_INFO in the settings, with its own name and direction.",
                    id="core.E003",
                )
            )
    return found
