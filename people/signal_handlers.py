"""What people hear from the sign-in library, and of changes to what a process keeps of administrations."""

from allauth.mfa import signals as mfa
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from people import kept_calendars, page_heads, second_factor, signals
from people.models import Administration


@receiver(mfa.authenticator_used)
def factor_was_shown(request, user, **kwargs):
    second_factor.mark_shown(request.session, user)


@receiver(mfa.authenticator_added)
def factor_was_proved(request, user, authenticator, **kwargs):
    """An authenticator is added only after it has produced a right answer."""
    if authenticator.type in second_factor.FACTORS:
        second_factor.mark_shown(request.session, user)


@receiver(mfa.authenticator_removed)
def factor_was_removed(request, user, **kwargs):
    """Without any factor left, the next page of a staff member is the one that sets up a new one."""
    if not second_factor.kinds_of(user):
        second_factor.forget(request.session)


@receiver([post_save, post_delete], sender=Administration)
def administration_changed(**kwargs):
    page_heads.forget()
    kept_calendars.forget()


@receiver([signals.holiday_written, signals.holidays_imported])
def calendar_changed(**kwargs):
    kept_calendars.forget()
