"""Addresses of those who answer for items and results; staff's have no language in them."""

from django.urls import path

from quizzes import publication_views, regrade_views

urlpatterns = [
    path("publications/<uuid:uuid>/", publication_views.publication, name="publication"),
    path("items/<uuid:version>/regrade/", regrade_views.regrade_item, name="regrade_item"),
    path("passes/", regrade_views.standing_passes, name="standing_passes"),
    path("regrades/<uuid:uuid>/", regrade_views.foreseen, name="foreseen"),
    path("attempts/<uuid:attempt>/score/", regrade_views.change_score, name="change_score"),
    path("attempts/<uuid:attempt>/withdraw/", regrade_views.withdraw_pass, name="withdraw_pass"),
]
