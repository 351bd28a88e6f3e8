"""`manage.py build_fonts`: the typefaces of the certificates."""

from django.core.management.base import BaseCommand, CommandError

from certificates import font_making, fonts


class Command(BaseCommand):
    help = "Make the TrueType fonts of the certificates from npm's web fonts, where they are missing or old."

    def handle(self, *args, **options):
        try:
            made = font_making.build()
        except fonts.FontsMissing as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"The fonts are in {fonts.FOLDER}." if made else "The fonts are up to date.")
