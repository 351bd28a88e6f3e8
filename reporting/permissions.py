"""Who sees the figures of a run. Predicates ask the database nothing; which groups are a tutor's is `scope`'s to say.

They are called as they are, never through `user.has_perm`, which answers yes to a superuser before any rule is asked:
running the machine gives no right to people's records.
"""

from people.models import Role
from people.permissions import holds_role, same_administration

# Whoever has any dashboard at all: learners, authors and certifying officers have none.
may_see_dashboards = holds_role(Role.TUTOR, Role.TRAINING_MANAGER, Role.AUDITOR)
# All groups of a run, not their own alone.
sees_whole_run = holds_role(Role.TRAINING_MANAGER, Role.AUDITOR) & same_administration
