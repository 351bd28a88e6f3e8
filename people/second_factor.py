"""Who has shown a second factor in this session.

The fact is kept in the session, beside the account it belongs to, so that asking costs no query. It is written when
allauth has accepted a code, a passkey or a recovery code, or when a new authenticator has just proved itself. A
session that began with a password alone does not carry it, whatever role is granted later.
"""

from allauth.mfa.models import Authenticator

SESSION_KEY = "second_factor_of"

# Recovery codes stand in for one of these; they are none by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def mark_shown(session, user) -> None:
    session[SESSION_KEY] = str(user.uuid)


def forget(session) -> None:
    session.pop(SESSION_KEY, None)


def shown(session, user) -> bool:
    """Whether this very account has shown its second factor in this session."""
    return session.get(SESSION_KEY) == str(user.uuid)


def kinds_of(user) -> set[str]:
    """The kinds of second factor the account has; one query."""
    return set(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).values_list("type", flat=True))
