"""Who may do what with courses."""

from people.models import Role


def may_release(user) -> bool:
    """Whether a person may turn a published course into a release that learners get."""
    return user.is_active and (user.holds(Role.AUTHOR) or user.is_superuser)
