"""Who may do what with courses."""

from people.models import Role


def may_release(user) -> bool:
    """Whether a person may turn a published course into a release that learners get."""
    return user.is_active and (user.holds(Role.AUTHOR) or user.is_superuser)


def may_write_national_texts(user, administration) -> bool:
    """Whether a person may say for this administration what lessons leave to it."""
    return user.is_active and user.administration_id == administration.pk and user.holds(Role.TRAINING_MANAGER)
