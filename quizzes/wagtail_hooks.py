from wagtail import hooks

from quizzes.viewsets import AssessmentViewSetGroup, QuizChooser


@hooks.register("register_admin_viewset")
def register_assessment():
    return [AssessmentViewSetGroup(), QuizChooser("quiz_chooser", url_prefix="quizzes/choose")]
