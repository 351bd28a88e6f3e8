"""Who may do what to whom, as predicates that views, services and `user.has_perm` share."""

import rules

from people.models import Role

# Granting one of these takes two people (domain rule 9): they approve, decide, issue or audit.
TWO_PERSON_ROLES = frozenset(
    {
        Role.ASSESSOR,
        Role.TRAINING_MANAGER,
        Role.CERTIFYING_OFFICER,
        Role.AUDITOR,
        Role.SUBJECT_REVIEWER,
        Role.LEGAL_REVIEWER,
    }
)


@rules.predicate
def is_learner(user):
    """Everyone with an account that may sign in may learn."""
    return user.is_authenticated and user.is_active


def holds_role(*roles):
    """A predicate: the person holds any of the roles today."""

    @rules.predicate("holds_role:" + ",".join(roles))
    def holds(user):
        return user.is_authenticated and user.is_active and user.holds(*roles)

    return holds


@rules.predicate
def same_administration(user, subject):
    """`subject` is a row with an administration. A person of another administration does not exist for this one."""
    return user.is_authenticated and subject is not None and user.administration_id == subject.administration_id


manages_officers = holds_role(Role.TRAINING_MANAGER)
manages_calendar = holds_role(Role.TRAINING_MANAGER)
invites_partners = holds_role(Role.TRAINING_MANAGER)
may_grant = holds_role(Role.TRAINING_MANAGER) & same_administration
# Confirms what a training manager asks for: a colleague, or the officer who issues certificates.
may_second_a_grant = holds_role(Role.TRAINING_MANAGER, Role.CERTIFYING_OFFICER) & same_administration

rules.add_perm("people.manage_officers", manages_officers)
rules.add_perm("people.manage_calendar", manages_calendar)
rules.add_perm("people.invite_partners", invites_partners)
rules.add_perm("people.grant_role", may_grant)
