"""Partners from outside the administration: an account without officer and roles, open through a last day.

They sign in with their e-mail. What there is for them is said in three places: the pages in
`settings.OPEN_TO_EXTERNAL_LEARNERS`, those of the catalogue in `courses.programmes.is_open_to_partners`, and places in
a run in `cohorts.services.enrol`.
"""

import uuid
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from people import kept_calendars, permissions, signals
from people.models import Administration, User


def has_access(user: User, now: datetime) -> bool:
    """Whether a partner may still sign in: through their last day, in the administration's zone."""
    return kept_calendars.of_administration(user.administration_id).today(now) <= user.external_until


@transaction.atomic
def create(
    administration: Administration,
    *,
    email: str,
    full_name: str,
    language: str,
    password: str,
    until: date,
    now: datetime,
) -> User:
    """Make a partner's account. `people.invitations` calls it for somebody who accepts.

    Raises ValidationError where the e-mail is another account's.
    """
    user = User.objects.create_user(
        administration=administration,
        # Partners have no staff number; the account wants one, and nobody signs in with this.
        staff_number=f"P-{uuid.uuid4().hex[:12]}",
        full_name=full_name,
        email=email,
        language=language,
        time_zone=administration.time_zone,
        password=password,
        external_until=until,
    )
    signals.external_access_set.send(sender=User, user=user, until=until, actor=None, now=now)
    return user


@transaction.atomic
def set_last_day(user: User, until: date, *, actor: User | None, now: datetime) -> bool:
    """Let a partner learn through another day; one that is past ends access at once. Returns whether it was new.

    Raises PermissionDenied, or ValidationError for an account that is no partner's.
    """
    if actor is not None and not (
        permissions.invites_partners(actor) and actor.administration_id == user.administration_id
    ):
        raise PermissionDenied(_("You may not change the access of this partner."))
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_external:
        raise ValidationError(_("This account is not a partner's."), code="not_external")
    if user.external_until == until:
        return False
    user.external_until = until
    user.save(update_fields=["external_until"])
    signals.external_access_set.send(sender=User, user=user, until=until, actor=actor, now=now)
    return True
