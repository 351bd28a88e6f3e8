from django.apps import AppConfig


class ElearningConfig(AppConfig):
    name = "elearning"

    def ready(self):
        # Every process that publishes a task needs the app and its broker: web server, commands, tests.
        from elearning import celery_app  # noqa: F401
