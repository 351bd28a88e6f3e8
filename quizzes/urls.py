from django.urls import path

from quizzes import views

urlpatterns = [
    path("media/<slug:sha256>/", views.item_medium, name="item_medium"),
    path("<uuid:attempt>/<int:number>/", views.question, name="quiz_question"),
    path("<uuid:attempt>/check/", views.check, name="quiz_check"),
    path("<uuid:attempt>/submit/", views.submit, name="quiz_submit"),
    path("<uuid:attempt>/result/", views.result, name="quiz_result"),
    path("<uuid:attempt>/state/", views.state, name="quiz_state"),
    path("<uuid:attempt>/media/<slug:sha256>/", views.medium, name="quiz_medium"),
]
