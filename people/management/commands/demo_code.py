"""`manage.py demo_code <account>`: the second factor of a demonstration account."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from people import demonstration
from people.backends import StaffNumberOrEmailBackend


class Command(BaseCommand):
    help = "Print the code that a demonstration account's authenticator app shows now, and the one after it."

    def add_arguments(self, parser):
        parser.add_argument("account", help="staff number or e-mail, as for signing in")

    def handle(self, *args, account, **options):
        user = StaffNumberOrEmailBackend().account_named(account)
        if user is None:
            raise CommandError(f"No account is called {account}.")
        try:
            now, following = demonstration.codes(user)
        except demonstration.NoDemonstration as error:
            raise CommandError(str(error)) from error
        except Authenticator.DoesNotExist as error:
            raise CommandError(f"{account} has no role and needs no second factor.") from error
        self.stdout.write(now)
        self.stderr.write(f"Each code works once. If it was used already, take the next: {following}")
