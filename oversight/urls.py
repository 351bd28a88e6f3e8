"""Addresses of the four-eyes requests and of the auditor's view of the record log."""

from django.urls import path

from oversight import views

app_name = "oversight"

urlpatterns = [
    path("", views.request_list, name="requests"),
    path("records/", views.record_list, name="records"),
    path("<uuid:uuid>/", views.request_detail, name="request"),
    path("<uuid:uuid>/decide/", views.decide, name="decide"),
    path("<uuid:uuid>/withdraw/", views.withdraw, name="withdraw"),
]
