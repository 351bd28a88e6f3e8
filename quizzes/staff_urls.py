"""Addresses of those who answer for items and results; staff's have no language in them."""

from django.urls import path

from quizzes import (
    accommodation_views,
    appeal_views,
    case_views,
    marking_views,
    naming_views,
    overdue_views,
    publication_views,
    regrade_views,
)

urlpatterns = [
    path("publications/<uuid:uuid>/", publication_views.publication, name="publication"),
    path("marking/", marking_views.queue, name="marking"),
    path("marking/markers/", naming_views.name_markers, name="name_markers"),
    path("marking/next/", marking_views.take_next, name="marking_next"),
    path("marking/<uuid:uuid>/", marking_views.answer, name="marking_answer"),
    path("marking/<uuid:uuid>/decline/", marking_views.decline, name="marking_decline"),
    path("marking/<uuid:uuid>/files/<uuid:file>/", marking_views.file, name="marking_file"),
    path("marking/<uuid:uuid>/media/<slug:sha256>/", marking_views.medium, name="marking_medium"),
    path("items/<uuid:version>/regrade/", regrade_views.regrade_item, name="regrade_item"),
    path("accommodations/", accommodation_views.accommodations, name="accommodations"),
    path("accommodations/of/<uuid:person>/", accommodation_views.accommodate, name="accommodate"),
    path("accommodations/<uuid:accommodation>/end/", accommodation_views.end_accommodation, name="end_accommodation"),
    path("passes/", regrade_views.standing_passes, name="standing_passes"),
    path("regrades/<uuid:uuid>/", regrade_views.foreseen, name="foreseen"),
    path("attempts/<uuid:attempt>/score/", regrade_views.change_score, name="change_score"),
    path("attempts/<uuid:attempt>/withdraw/", regrade_views.withdraw_pass, name="withdraw_pass"),
    path("overdue/", overdue_views.overdue_answers, name="overdue_answers"),
    path("reports/", case_views.case_list, name="question_cases"),
    path("reports/<uuid:uuid>/", case_views.case_detail, name="question_case"),
    path("appeals/", appeal_views.appeal_list, name="appeals"),
    path("appeals/period/", appeal_views.appeal_period, name="appeal_period"),
    path("appeals/<uuid:uuid>/", appeal_views.appeal_detail, name="appeal"),
    path("appeals/<uuid:uuid>/answers/", appeal_views.appeal_answers, name="appeal_answers"),
    path("appeals/<uuid:uuid>/media/<slug:sha256>/", appeal_views.appeal_medium, name="appeal_medium"),
    path("appeals/<uuid:uuid>/<int:number>/report/", appeal_views.pass_question_on, name="pass_question_on"),
]
