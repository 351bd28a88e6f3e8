"""`{% load days %}`, then `{{ day|in_full }}`."""

from django import template

from core import days

register = template.Library()
register.filter("in_full", days.in_full)
