"""What this app announces. Both are sent inside the transaction of their fact: a listener that fails undoes it."""

from django.dispatch import Signal

# attempt, now
attempt_submitted = Signal()
# attempt, grade, before (the grade that was in force until now, or None), now
attempt_graded = Signal()
