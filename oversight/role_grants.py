"""Roles given and ended leave a record; a role that approves, issues or audits takes two people (domain rule 9)."""

from django.dispatch import receiver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oversight import four_eyes, records, witnesses
from people import permissions, services, signals
from people.models import Role, RoleGrant

ACTION = "people.role.grant"
GRANTED = "people.role.granted"
ENDED = "people.role.ended"


def request(user, role, *, reason, actor, now):
    """Ask for a role for the person; a second person decides. What is raised: as for `four_eyes.request`."""
    return four_eyes.request(
        ACTION,
        subject=user,
        subject_person=user,
        payload={"role": str(Role(role))},
        reason=reason,
        actor=actor,
        now=now,
    )


def apply(four_eyes_request, *, actor, now):
    services.grant_role(
        four_eyes_request.subject_person,
        four_eyes_request.payload["role"],
        actor=four_eyes_request.requester,
        second_person=actor,
        now=now,
    )


def consequence(four_eyes_request):
    return gettext("%(name)s becomes: %(role)s.") % {
        "name": four_eyes_request.subject_person.full_name,
        "role": Role(four_eyes_request.payload["role"]).label,
    }


def register():
    """Called when the app is ready."""
    witnesses.register(RoleGrant, kinds=(GRANTED, ENDED), related=("user",))
    four_eyes.register(
        four_eyes.Action(
            name=ACTION,
            label=_("Grant a role"),
            may_request=permissions.may_grant,
            may_decide=_may_decide,
            apply=apply,
            consequence=consequence,
        )
    )


def _may_decide(user, four_eyes_request):
    return permissions.may_second_a_grant(user, four_eyes_request)


@receiver(signals.role_granted)
def record_grant(grant, actor, second_person, now, user, **kwargs):
    records.append(
        GRANTED,
        subject=grant,
        facts=grant.record_facts() | {"second_person": str(second_person.uuid) if second_person else None},
        actor=actor,
        now=now,
        administration=user.administration.uuid,
    )


@receiver(signals.role_ended)
def record_end(grant, actor, now, user, **kwargs):
    records.append(
        ENDED,
        subject=grant,
        facts=grant.record_facts(),
        actor=actor,
        now=now,
        administration=user.administration.uuid,
    )
