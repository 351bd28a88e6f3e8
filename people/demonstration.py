"""Accounts for trying the platform, with a published password and, for staff, a second factor that tells its code."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import transaction

from people import services
from people.models import User

PASSWORD = "upright-by-the-line"  # noqa: S105 - published on purpose


class NoDemonstration(RuntimeError):
    """Demonstration accounts are made and asked for in a demonstration alone."""


@transaction.atomic
def make_account(*, administration, staff_number, full_name, now, roles=(), password=PASSWORD, **fields):
    """Make a demonstration account with its roles, ready to sign in on this machine. Raises NoDemonstration.

    `fields` are further fields of `User`. An account with a role gets an authenticator app's secret, random like any
    other: `manage.py demo_code` says what the app would show.
    """
    _only_in_a_demonstration()
    user = User.objects.create_user(
        administration=administration,
        staff_number=staff_number,
        full_name=full_name,
        password=password,
        is_demonstration=True,
        **fields,
    )
    for role in roles:
        services.grant_role(user, role, actor=None, now=now)
    if roles:
        totp.TOTP.activate(user, totp.generate_totp_secret())
        user.refresh_from_db()
    return user


def codes(user) -> list[str]:
    """What the account's authenticator app shows now, and what it will show next. Raises NoDemonstration."""
    _only_in_a_demonstration()
    if not user.is_demonstration:
        raise NoDemonstration("This is no demonstration account; its codes are its owner's.")
    authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    secret = totp.decrypt(authenticator.data["secret"])
    counters = sorted(totp.yield_hotp_counters_from_time())
    present = len(counters) // 2
    return [totp.format_hotp_value(totp.hotp_value(secret, counter)) for counter in counters[present : present + 2]]


def _only_in_a_demonstration():
    if not settings.DEMONSTRATION:
        raise NoDemonstration("DEMONSTRATION is off.")
