"""The address at which a calendar program reads somebody's dates. It carries no language: the owner's is used."""

from django.urls import path

from cohorts import date_views

urlpatterns = [path("<str:token>.ics", date_views.calendar_feed, name="calendar_feed")]
