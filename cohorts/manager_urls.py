"""Addresses of those who manage a run or look after its sittings. They carry no language, as all of staff."""

from django.urls import path

from cohorts import giving_views, manager_views, refresher_views
from cohorts.supervision import views as supervision_views

urlpatterns = [
    path("<uuid:cohort>/release/", manager_views.release_of_run, name="run_release"),
    path("<uuid:cohort>/refreshers/", refresher_views.refreshers_of_run, name="run_refreshers"),
    path("<uuid:cohort>/sittings/", supervision_views.run_sittings, name="run_sittings"),
    path("<uuid:cohort>/sittings/<uuid:step>/", supervision_views.supervise_quiz, name="supervise_quiz"),
    path("<uuid:cohort>/places/", giving_views.give_places, name="give_places"),
    path("<uuid:cohort>/places/<uuid:person>/", giving_views.give_place, name="give_place"),
    path("for/<uuid:person>/", giving_views.runs_for_person, name="runs_for_person"),
    path("sittings/<uuid:sitting>/", supervision_views.sitting, name="sitting"),
    path("sittings/<uuid:sitting>/code/", supervision_views.sitting_code, name="sitting_code"),
    path("sittings/<uuid:sitting>/close/", supervision_views.close_sitting, name="close_sitting"),
    path(
        "sittings/<uuid:sitting>/people/<uuid:enrolment>/",
        supervision_views.sitting_person,
        name="sitting_person",
    ),
    path("refreshers/<uuid:refresher>/", refresher_views.refresher, name="refresher"),
    path("refreshers/<uuid:refresher>/withdraw/", refresher_views.withdraw_refresher, name="withdraw_refresher"),
]
