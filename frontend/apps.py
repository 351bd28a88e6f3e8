from django.apps import AppConfig


class FrontendConfig(AppConfig):
    """The design system: templates, static files and template tags. It knows no domain and owns no table."""

    name = "frontend"
