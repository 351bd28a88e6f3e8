from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core import wordings
        from people import checks, letters, permissions, signal_handlers  # noqa: F401

        wordings.register(letters.PASSWORD_RESET, letters.SIGN_IN_CHANGED, letters.INVITATION)
