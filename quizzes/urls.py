from django.urls import path

from quizzes import accommodation_views, dispute_views, paper_views, views

urlpatterns = [
    # An answer is sent here, ten times as often as anything else is asked for.
    path("<uuid:attempt>/<int:number>/", views.question, name="quiz_question"),
    path("accommodation/", accommodation_views.my_accommodation, name="my_accommodation"),
    path("media/<slug:sha256>/", views.item_medium, name="item_medium"),
    path("<uuid:attempt>/", paper_views.paper, name="quiz_paper"),
    path("<uuid:attempt>/check/", views.check, name="quiz_check"),
    path("<uuid:attempt>/submit/", views.submit, name="quiz_submit"),
    path("<uuid:attempt>/result/", views.result, name="quiz_result"),
    path("<uuid:attempt>/state/", views.state, name="quiz_state"),
    path("<uuid:attempt>/files/<uuid:file>/", views.answer_file, name="quiz_file"),
    path("<uuid:attempt>/media/<slug:sha256>/", views.medium, name="quiz_medium"),
    path("reports-and-appeals/", dispute_views.my_disputes, name="my_disputes"),
    path("<uuid:attempt>/<int:number>/report/", dispute_views.report_question, name="report_question"),
    path("<uuid:attempt>/appeal/", dispute_views.appeal_result, name="quiz_appeal"),
    path("<uuid:attempt>/appeal/withdraw/", dispute_views.withdraw_appeal, name="withdraw_appeal"),
]
