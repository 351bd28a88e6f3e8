"""Addresses of those who manage a run. They carry no language, as all of staff."""

from django.urls import path

from cohorts import manager_views

urlpatterns = [path("<uuid:cohort>/release/", manager_views.release_of_run, name="run_release")]
