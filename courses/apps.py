from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from courses.models import NationalText, Release
        from oversight import witnesses

        witnesses.register(Release, kinds=["courses.release.made"], related=["terms"])
        witnesses.register(NationalText, kinds=["courses.national_text.written"])
