"""An item's draft on its way to learners. Pure: no ORM, no clock, no request.

`content` knows a draft by its digest, `states` says what may be done with it, `outline` writes an item down as lines
that people read and compare, and `passages` as texts that are translated.
"""
