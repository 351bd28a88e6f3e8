"""`{% load days %}`, then `{{ day|in_full }}` or `{{ day|in_words }}`; behind a colon a second calendar, by name.

Where the second calendar stands on a line of its own: `{{ day|in_full:"" }}` and `{{ day|in_second }}`.
"""

from django import template

from core import days

register = template.Library()
register.filter("in_full", days.in_full)
register.filter("in_words", days.in_words, expects_localtime=True)
register.filter("in_second", days.in_second)
