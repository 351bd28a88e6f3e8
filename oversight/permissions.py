"""Who may do what here. Predicates take loaded rows and ask the database nothing.

They are called as they are, never through `user.has_perm`: that answers yes to a superuser before any rule is asked,
and four eyes bind a superuser too.
"""

import rules

from people.models import Role
from people.permissions import holds_role, same_administration

is_auditor = holds_role(Role.AUDITOR)


@rules.predicate
def may_sign_in(user):
    return user.is_authenticated and user.is_active


@rules.predicate
def is_requester(user, four_eyes_request):
    return user.pk == four_eyes_request.requester_id


@rules.predicate
def is_subject(user, four_eyes_request):
    return four_eyes_request.subject_person_id is not None and user.pk == four_eyes_request.subject_person_id


@rules.predicate
def is_decider(user, four_eyes_request):
    return user.pk == four_eyes_request.decided_by_id


# The decider is neither requester nor subject; all are of one administration.
is_independent = may_sign_in & same_administration & ~is_requester & ~is_subject

# An auditor reads what concerns others; what concerns the auditor is for other auditors.
may_read_without_deciding = (
    same_administration & may_sign_in & (is_requester | is_decider | (is_auditor & ~is_subject))
)


def may_ask_about(user, subject, subject_person) -> bool:
    """Whether the user may ask at all: not about themselves, and not across administrations."""
    if not may_sign_in(user):
        return False
    if subject_person is not None and not _is_colleague(user, subject_person):
        return False
    return getattr(subject, "administration_id", user.administration_id) == user.administration_id


def _is_colleague(user, other):
    return other.pk != user.pk and other.administration_id == user.administration_id
