"""`manage.py messages update|compile|check`: the texts of the interface in all languages."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import messages


class Command(BaseCommand):
    help = "update: collect the texts to translate. compile: make them fast to read. check: is anything missing?"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["update", "compile", "check"])

    def handle(self, *, action, **options):
        {"update": self._update, "compile": self._compile, "check": self._check}[action]()

    def _update(self):
        wanted = self._wanted()
        for language, path in self._files():
            messages.update(path, language, wanted)
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}")
        self.stdout.write(f"{len(wanted)} texts")

    def _compile(self):
        for language, path in self._files():
            if path.exists():
                messages.compile_if_newer(path, language)

    def _check(self):
        wanted = self._wanted()
        faults = [
            f"{path.relative_to(settings.BASE_DIR)}: {fault}"
            for language, path in self._files()
            for fault in messages.faults(path, language, wanted)
        ]
        for fault in faults[:50]:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the translations.")

    def _wanted(self):
        own = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
        return messages.template(settings.BASE_DIR, own)

    def _files(self):
        """The source language needs no file: its texts stand in the code."""
        for language, _name in settings.LANGUAGES:
            if language != settings.LANGUAGE_CODE:
                yield language, messages.path_of(settings.LOCALE_PATHS[0], language)
