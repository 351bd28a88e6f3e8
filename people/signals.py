"""What people announce. Each is sent inside the transaction of its change, so that hearing it can still undo it."""

from django.dispatch import Signal

# sender=User; user, role, grant (RoleGrant), actor (User or None: the system), second_person (User or None), now
role_granted = Signal()
# sender=User; user, role, grant, actor, now
role_ended = Signal()
# sender=Officer; officer, actor, now
officer_created = Signal()
# sender=Posting; officer, posting, previous (Posting or None), actor, now
officer_posted = Signal()
# sender=Administration; administration, facts (the week as it is now), actor, now
working_week_set = Signal()
# sender=Administration; administration, facts (the calendar as it is now), actor, now
second_calendar_set = Signal()
# sender=Administration; administration, added (holidays with their facts), facts (of the file), actor, now
holidays_imported = Signal()
# sender=Holiday; holiday, what ("added", "changed" or "removed"), facts (the holiday as it is now), actor, now
holiday_written = Signal()
# sender=Invitation; invitation, what ("made", "withdrawn" or "accepted"), actor, now
invitation_written = Signal()
# sender=User; user, until (the last day), actor, now
external_access_set = Signal()
