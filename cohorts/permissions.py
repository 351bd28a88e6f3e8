"""Who may do what with a run. Predicates take loaded rows and ask the database nothing.

Called as they are, never through `user.has_perm`, which says yes to a superuser before any rule is asked.
"""

from people.models import Role
from people.permissions import holds_role, same_administration

manages_runs = holds_role(Role.TRAINING_MANAGER)
# Whether a person may give places in a run: `may_give_places(user, cohort)`.
may_give_places = manages_runs & same_administration
# Whether a person may move a run to a newer release: `may_move(user, cohort)`.
may_move = manages_runs & same_administration
# Whether a person may open a refresher for the people of a run, or for all of its administration.
may_refresh = manages_runs & same_administration
# Whether a person may say which quizzes of a run are sat under supervision: `may_require_supervision(user, cohort)`.
may_require_supervision = manages_runs & same_administration
# Who may be an invigilator: tutors of their own groups, training managers of every run; of which people a person may
# be, `cohorts.supervision` knows. Not who certifies: the one who relies on a sitting is not its only witness.
supervises = holds_role(Role.TUTOR, Role.TRAINING_MANAGER)
supervises_whole_runs = manages_runs
# Who sees by name who has done a refresher, in their own administration.
sees_refreshers = holds_role(Role.TRAINING_MANAGER, Role.AUDITOR)
