from django.urls import path
from wagtail import hooks

from quizzes.analysis_views import ItemOfAnalysis, QuizAnalysis
from quizzes.banking import views as banking
from quizzes.viewsets import AssessmentViewSetGroup, QuizChooser


@hooks.register("register_admin_viewset")
def register_assessment():
    return [AssessmentViewSetGroup(), QuizChooser("quiz_chooser", url_prefix="quizzes/choose")]


@hooks.register("register_admin_urls")
def register_item_analysis():
    of_quiz = "item-analysis/<int:quiz>/"
    return [
        path(of_quiz, QuizAnalysis.as_view(), name="item_analysis"),
        path(f"{of_quiz}<uuid:analysis>/", QuizAnalysis.as_view(), name="item_analysis_of"),
        path(f"{of_quiz}<uuid:analysis>/<int:version>/", ItemOfAnalysis.as_view(), name="item_of_analysis"),
    ]


@hooks.register("register_admin_urls")
def register_question_files():
    return banking.addresses
