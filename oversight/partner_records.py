"""Who was invited from outside, and how long they have access, leaves a record."""

from django.dispatch import receiver

from oversight import records
from people import signals

KINDS = {
    "made": "people.invitation.made",
    "withdrawn": "people.invitation.withdrawn",
    "accepted": "people.invitation.accepted",
}


@receiver(signals.invitation_written)
def record_invitation(invitation, what, actor, now, **kwargs):
    records.append(KINDS[what], subject=invitation, facts=invitation.record_facts(), actor=actor, now=now)


@receiver(signals.external_access_set)
def record_access(user, until, actor, now, **kwargs):
    facts = {"until": until.isoformat()}
    records.append("people.external_access.set", subject=user, facts=facts, actor=actor, now=now)
