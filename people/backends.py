"""Signing in by staff number or e-mail, both in one field."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from core.loopback import is_loopback
from core.prepared import Prepared
from people import external_learners
from people.models import User
from people.sessions import account_at_hand

_ACCOUNT = Prepared(lambda slot: User.objects.filter(pk=slot.pk))


class StaffNumberOrEmailBackend(ModelBackend):
    """The one door for passwords, and the source of Django's own permissions.

    What was typed is read in this order, and the first reading that names an account decides:
    an e-mail; `CODE/number`, with the administration's code; a bare staff number. A bare number that two
    administrations know names nobody. Whoever is named or not, exactly one password is hashed, so that the time an
    answer takes tells nothing; an inactive account answers like a wrong password.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        user = self.account_named(username)
        if user is None:
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user) and may_answer(user, request):
            return user
        return None

    def get_user(self, user_id):
        """The account of a session that is open already: every request of a signed-in person asks for it."""
        found = account_at_hand(User._meta.pk.to_python(user_id), lambda pk: _ACCOUNT.first(pk=pk))
        return found if found and self.user_can_authenticate(found) else None

    def user_can_authenticate(self, user):
        """Also asked for each request of a session that is open already."""
        if not user.is_active or (user.is_demonstration and not settings.DEMONSTRATION):
            return False
        return not user.is_external or external_learners.has_access(user, timezone.now())

    def account_named(self, typed):
        """The one account that `typed` names, or None."""
        typed = typed.strip()
        if "@" in typed:
            by_email = _only(_matching(User.objects.all(), "email", typed))
            if by_email:
                return by_email
        code, slash, number = typed.partition("/")
        if slash:
            of_administration = User.objects.filter(administration__code__iexact=code.strip())
            qualified = _only(_matching(of_administration, "staff_number", number.strip()))
            if qualified:
                return qualified
        return _only(_matching(User.objects.all(), "staff_number", typed))


def may_answer(user, request):
    """Demonstration accounts have published passwords: they answer on the loopback address alone."""
    return not user.is_demonstration or (settings.DEMONSTRATION and is_loopback(request))


def _matching(users, field, typed):
    """Accounts whose field reads the same in either case, found through the unique index on its lower case.

    SQLite lowers Latin letters only; with both of Python's cases beside it, Cyrillic staff numbers match there too.
    """
    cases = {typed, typed.lower(), typed.upper()}
    return users.annotate(**{f"lower_{field}": Lower(field)}).filter(
        **{f"lower_{field}__in": [Lower(Value(case)) for case in sorted(cases)]}
    )


def _only(users):
    """The account if there is exactly one."""
    found = list(users[:2])
    return found[0] if len(found) == 1 else None
