"""Who may do what with courses."""

from people.models import Role


def may_release(user) -> bool:
    """Whether a person may turn a published course into a release that learners get."""
    return user.is_active and (user.holds(Role.AUTHOR) or user.is_superuser)


def may_propose_correction(user) -> bool:
    """Whether a person may propose new words for a passage that the law has overtaken."""
    return user.is_active and user.holds(Role.AUTHOR, Role.LEGAL_REVIEWER)


def may_decide_on_correction(user, four_eyes_request) -> bool:
    """The role alone; four_eyes checks that the person is independent and of the same administration."""
    return user.is_active and user.holds(Role.LEGAL_REVIEWER)


def may_read_corrections(user) -> bool:
    """Whether a person may read all corrections, those included that nobody has approved."""
    return user.is_active and user.holds(Role.AUTHOR, Role.LEGAL_REVIEWER, Role.AUDITOR)


def may_write_national_texts(user, administration) -> bool:
    """Whether a person may say for this administration what lessons leave to it."""
    return user.is_active and user.administration_id == administration.pk and user.holds(Role.TRAINING_MANAGER)


def may_translate(user) -> bool:
    """Whether a person may translate courses and hand translations in."""
    return may_release(user)


def may_word(user, administration) -> bool:
    """Whether a person may say what the letters and certificates of this administration say."""
    return may_translate(user) and user.administration_id == administration.pk


def may_review_translation(user, translator: int | None) -> bool:
    """Whether a person may confirm a translation: never one's own. `translator` is the other's id, None if unknown."""
    return may_translate(user) and user.pk != translator


def may_exchange(user) -> bool:
    """Whether a person may take a course out of this installation, answer keys and all, or bring one in."""
    return may_release(user)


def may_write_lessons(user, module) -> bool:
    """Whether a person may add lessons below a module: an author, whom Wagtail's rights let write in this tree."""
    return may_exchange(user) and module.permissions_for_user(user).can_add_subpage()
