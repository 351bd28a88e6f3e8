"""Who may do what with a certificate. Predicates take loaded rows and ask the database nothing.

Called as they are, never through `user.has_perm`, which says yes to a superuser before any rule is asked.
"""

import rules

from people.models import Role
from people.permissions import holds_role, is_learner, same_administration

certifies = holds_role(Role.CERTIFYING_OFFICER)
# Who finds anybody's certificate in the list: those who answer for them, and those who audit.
may_list = holds_role(Role.CERTIFYING_OFFICER, Role.AUDITOR)


@rules.predicate
def is_holder(user, certificate):
    return is_learner(user) and user.pk == certificate.user_id


may_read = is_holder | (may_list & same_administration)
# Nobody asks about their own certificate. That a second person decides is for oversight.four_eyes to see to.
may_ask_for_revocation = certifies & same_administration & ~is_holder


def may_decide_on_revocation(user, four_eyes_request) -> bool:
    """The role alone; four_eyes checks that the person is independent and of the same administration."""
    return certifies(user)
