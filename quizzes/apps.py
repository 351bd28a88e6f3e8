from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from oversight import witnesses
        from quizzes.models import Grade

        witnesses.register(Grade, kinds=["quizzes.grade.given"], related=["attempt"])
