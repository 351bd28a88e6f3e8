"""Who may do what with banks and quizzes beyond what Wagtail asks for."""


def may_analyse(user) -> bool:
    """Whether somebody may ask for item analyses and read them.

    The pages name right answers and no learner: whoever may read the items and the quizzes may.
    """
    return user.has_perms(["quizzes.view_quiz", "quizzes.view_itembank"])
