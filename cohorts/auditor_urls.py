"""Addresses for auditors. They carry no language, as all of staff."""

from django.urls import path

from cohorts import auditor_views

urlpatterns = [
    path("", auditor_views.find_past_day, name="find_past_day"),
    path("<uuid:enrolment>/<int:year>-<int:month>-<int:day>/", auditor_views.past_day, name="past_day"),
]
