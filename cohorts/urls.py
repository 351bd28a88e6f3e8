from django.urls import path

from cohorts import views

urlpatterns = [
    path("learn/", views.my_learning, name="my_learning"),
    path("learn/<uuid:enrolment>/<uuid:node>/", views.node, name="learn"),
    path("learn/<uuid:enrolment>/<uuid:node>/done/", views.complete, name="learn_done"),
    path("learn/<uuid:enrolment>/<uuid:node>/start/", views.start, name="learn_start"),
]
