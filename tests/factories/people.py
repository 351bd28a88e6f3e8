"""Small builders of administrations, offices and people."""

import datetime
import itertools

from people import calendars, second_factor
from people.models import Administration, Office, Officer, Post, User

NOW = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
PASSWORD = "correct-horse-battery"

_numbers = itertools.count(1)


def an_administration(**fields):
    number = next(_numbers)
    return Administration.objects.create(
        **{"code": f"adm{number}", "name": f"Customs of Country {number}", "time_zone": "America/Bogota"} | fields
    )


def a_holiday(administration, day=datetime.date(2026, 5, 1), **fields):
    defaults = {"yearly": False, "names": {"en": "Labour Day"}, "actor": None, "now": NOW}
    return calendars.add_holiday(administration, day=day, **defaults | fields)


def an_office(administration, **fields):
    defaults = {"kind": Office.Kind.BORDER_POST, "name": f"Border post {next(_numbers)}", "time_zone": "UTC"}
    return Office.objects.create(administration=administration, **defaults | fields)


def a_post(office, **fields):
    return Post.objects.create(office=office, **{"title": f"Post {next(_numbers)}"} | fields)


def an_account(administration=None, *roles, password=PASSWORD, **fields):
    """An account; its roles are written beside it without grants, which is enough for pages and predicates."""
    number = next(_numbers)
    user = User.objects.create_user(
        **{
            "administration": administration or an_administration(),
            "staff_number": f"S-{number}",
            "full_name": f"Person {number}",
            "password": password,
        }
        | fields
    )
    if roles:
        user.roles = sorted(str(role) for role in roles)
        user.save(update_fields=["roles"])
    return user


def a_partner(administration=None, *, until=datetime.date(2199, 12, 31), **fields):
    """Somebody from outside who has accepted an invitation."""
    return an_account(administration, external_until=until, **fields)


def an_officer(administration=None, **fields):
    user = an_account(administration)
    defaults = {"category": Officer.Category.CIVIL_SERVANT}
    return Officer.objects.create(administration=user.administration, user=user, **defaults | fields)


def sign_in(client, user):
    """Sign in past the form and, for staff, past the second factor, as if the session had shown it."""
    client.force_login(user)
    if user.is_staff_member:
        session = client.session
        second_factor.mark_shown(session, user)
        session.save()
    return client
