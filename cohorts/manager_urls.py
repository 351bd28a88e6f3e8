"""Addresses of those who manage a run. They carry no language, as all of staff."""

from django.urls import path

from cohorts import manager_views, refresher_views

urlpatterns = [
    path("<uuid:cohort>/release/", manager_views.release_of_run, name="run_release"),
    path("<uuid:cohort>/refreshers/", refresher_views.refreshers_of_run, name="run_refreshers"),
    path("refreshers/<uuid:refresher>/", refresher_views.refresher, name="refresher"),
]
