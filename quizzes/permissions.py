"""Who may do what with banks, quizzes and results beyond what Wagtail asks for.

What regrading asks is called as it is, never through `user.has_perm`: four eyes bind a superuser too. That the second
person is another and independent of the first is for oversight.four_eyes to see to.
"""

from people.models import Role
from people.permissions import holds_role, same_administration

# An author finds what is wrong with an item, and a reviewer of the subject knows what is right.
may_ask_for_regrade = holds_role(Role.AUTHOR, Role.SUBJECT_REVIEWER)
# Managers see who has passed and no score (rule 8), so they cannot weigh one.
may_decide_results = holds_role(Role.CERTIFYING_OFFICER)
may_approve_adjustments = holds_role(Role.SUBJECT_REVIEWER)
# Tutors mark those they teach; assessors mark everybody of their administration and decide between two markers. Whose
# answers, and never their own, is for quizzes.marking to say.
marks_answers = holds_role(Role.TUTOR, Role.ASSESSOR)
decides_between_markers = holds_role(Role.ASSESSOR)
# Who does what, and not how it is marked: numbers are all that this takes.
names_markers = holds_role(Role.TRAINING_MANAGER)
# Why somebody needs more time is nothing for who manages or teaches them.
grants_accommodations = holds_role(Role.CERTIFYING_OFFICER)


# Whoever runs the machine may write, and decides on nothing by doing so.
may_review_items = holds_role(Role.SUBJECT_REVIEWER)


def may_write_items(user) -> bool:
    """Whether a person may make banks and write drafts of items."""
    return user.is_active and (user.holds(Role.AUTHOR) or user.is_superuser)


def may_read_items(user) -> bool:
    """Whether a person may read items with their keys, drafts included."""
    return may_write_items(user) or may_review_items(user)


def may_ask_for_publication(user, _bank_or_item) -> bool:
    return user.is_active and user.holds(Role.AUTHOR, Role.SUBJECT_REVIEWER)


def may_publish(user, four_eyes_request) -> bool:
    """A subject reviewer who has written none of it. Asks the database nothing: the request names its writers."""
    return may_review_items(user) and str(user.uuid) not in four_eyes_request.payload["writers"]


def may_approve_adjustment(user, four_eyes_request) -> bool:
    return may_approve_adjustments(user)


def may_ask_about_result(user, attempt) -> bool:
    """Whether a person may ask for another result of this attempt, never their own."""
    return may_decide_results(user) and user.pk != attempt.learner_id


def may_approve_result(user, four_eyes_request) -> bool:
    return may_decide_results(user)


# Whoever writes and reviews items answers for them, and the decision on an appeal is one about a result.
may_answer_reports = may_ask_for_regrade
may_decide_appeals = may_decide_results
# Who sees to it that learners are answered in time, and neither what they ask nor what is answered.
follows_deadlines = holds_role(Role.TRAINING_MANAGER)


def may_analyse(user) -> bool:
    """Whether somebody may ask for item analyses and read them.

    The pages name right answers and no learner: whoever may read the items and the quizzes may.
    """
    return user.has_perms(["quizzes.view_quiz", "quizzes.view_itembank"])


def may_accommodate(user, learner) -> bool:
    """Whether a person may grant this learner something in every quiz; nobody grants it to themselves."""
    return grants_accommodations(user) and same_administration(user, learner) and user.pk != learner.pk
