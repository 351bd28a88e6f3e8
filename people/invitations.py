"""Inviting partners from outside by e-mail, and what becomes of an invitation."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import days, languages, mail, wordings
from people import external_learners, kept_calendars, letters, permissions, signals
from people.models import Administration, Invitation, User

WAITS_FOR = timedelta(days=14)
# How long the name and address of somebody who did not accept are kept after that.
KEPT_FOR = timedelta(days=30)


class NoLongerOpen(Exception):
    """The invitation has been accepted or withdrawn, or has waited too long."""


@transaction.atomic
def invite(
    administration: Administration,
    *,
    email: str,
    full_name: str,
    organisation: str,
    language: str,
    access_until: date,
    actor: User | None,
    now: datetime,
) -> Invitation:
    """Invite somebody by a letter; an open invitation of the same address is withdrawn, so that one letter counts.

    Raises PermissionDenied, or ValidationError where the address has an account or the last day has gone by.
    """
    _may_invite(actor, administration)
    email = email.strip().lower()
    if access_until < kept_calendars.of_administration(administration.pk).today(now):
        raise ValidationError({"access_until": _("This day has gone by.")}, code="past")
    if User.objects.filter(email=email).exists():
        raise ValidationError({"email": _("There is an account with this address already.")}, code="taken")
    # One at a time, so that of two invitations of one address at once the second finds the first.
    Administration.objects.select_for_update(no_key=True).get(pk=administration.pk)
    for open_one in Invitation.objects.filter(
        administration=administration, email=email, accepted_at=None, withdrawn_at=None
    ):
        _withdraw(open_one, actor, now)
    invitation = Invitation.objects.create(
        administration=administration,
        email=email,
        full_name=full_name,
        organisation=organisation,
        language=language,
        access_until=access_until,
        invited_by=actor,
        invited_at=now,
        expires_at=now + WAITS_FOR,
    )
    signals.invitation_written.send(sender=Invitation, invitation=invitation, what="made", actor=actor, now=now)
    _tell(invitation, now)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: User | None, now: datetime) -> None:
    """Let the letter lead nowhere. Raises PermissionDenied, or NoLongerOpen where it was accepted or withdrawn."""
    _may_invite(actor, invitation.administration)
    held = _held(invitation)
    if held.accepted_at or held.withdrawn_at:
        raise NoLongerOpen
    _withdraw(held, actor, now)


@transaction.atomic
def accept(invitation: Invitation, *, full_name: str, password: str, now: datetime) -> User:
    """Make the account that an invitation leads to, with the name that its owner writes.

    Two who accept at once get one account: the second is told so.

    Raises NoLongerOpen, or ValidationError where the e-mail has become another account's.
    """
    held = _held(invitation)
    if not is_open(held, now):
        raise NoLongerOpen
    account = external_learners.create(
        held.administration,
        email=held.email,
        full_name=full_name,
        language=held.language,
        password=password,
        until=held.access_until,
        now=now,
    )
    held.accepted_at, held.account = now, account
    held.save(update_fields=["accepted_at", "account"])
    signals.invitation_written.send(sender=Invitation, invitation=held, what="accepted", actor=account, now=now)
    return account


def clear(*, now: datetime) -> int:
    """Remove invitations that nobody accepted, a month after they were over; returns how many. What the record log
    holds of them names nobody."""
    over = Invitation.objects.filter(accepted_at=None, expires_at__lt=now - KEPT_FOR)
    removed, _by_model = over.delete()
    return removed


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether it can be accepted now."""
    return (
        invitation.accepted_at is None
        and invitation.withdrawn_at is None
        and invitation.expires_at > now
        and kept_calendars.of_administration(invitation.administration_id).today(now) <= invitation.access_until
    )


def address_of(invitation: Invitation) -> str:
    """Where the letter leads. It is signed: a copy of the database alone lets nobody in."""
    return settings.SITE_URL.rstrip("/") + reverse("join", args=[token_of(invitation)])


def token_of(invitation: Invitation) -> str:
    return _signer().sign(str(invitation.uuid))


def named_by(token: str) -> Invitation | None:
    """The invitation of a letter, open or not; None where nobody ever wrote this."""
    try:
        name = uuid.UUID(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    return Invitation.objects.select_related("administration").filter(uuid=name).first()


def _signer() -> Signer:
    return Signer(salt="people.invitation")


def _withdraw(invitation: Invitation, actor: User | None, now: datetime) -> None:
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    signals.invitation_written.send(sender=Invitation, invitation=invitation, what="withdrawn", actor=actor, now=now)


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it is now, held until the transaction ends. Its administration is read apart: PostgreSQL loses
    a row whose joined one has changed while it waited."""
    return Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)


def _may_invite(actor: User | None, administration: Administration) -> None:
    if actor is not None and not (
        permissions.invites_partners(actor) and actor.administration_id == administration.pk
    ):
        raise PermissionDenied(_("You may not invite partners to this administration."))


def _tell(invitation: Invitation, now: datetime) -> None:
    administration = invitation.administration
    language = languages.supported(invitation.language) or settings.LANGUAGE_CODE
    said = wordings.spoken(letters.INVITATION, administration.pk, language)
    expires_at = invitation.expires_at.astimezone(kept_calendars.of_administration(administration.pk).zone)
    with translation.override(said.language):
        values = {
            "name": invitation.full_name,
            "administration": administration.name,
            "expires": days.in_words(expires_at, administration.second_calendar),
            "until": days.in_words(invitation.access_until, administration.second_calendar),
            "page": address_of(invitation),
        }
    body = said.filled("greeting", **values) + "\n\n" + said.filled("body", **values)
    mail.write(invitation.email, said.language, said.filled("subject", **values), body, now)
