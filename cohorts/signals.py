"""What this app announces, inside the transaction of the fact."""

from django.dispatch import Signal

# enrolment, now
enrolment_completed = Signal()
