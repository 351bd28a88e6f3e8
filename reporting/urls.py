from django.urls import path

from reporting import views

urlpatterns = [
    path("", views.runs, name="dashboard"),
    path("<uuid:cohort>/", views.run, name="cohort_dashboard"),
    path("<uuid:cohort>/learners.csv", views.learners_csv, name="cohort_learners_csv"),
]
