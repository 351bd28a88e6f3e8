from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from oversight import calendar_records, partner_records, role_grants, witnesses  # noqa: F401
        from oversight.four_eyes import STATE_KINDS
        from oversight.models import FourEyesRequest

        witnesses.register(
            FourEyesRequest,
            kinds=STATE_KINDS,
            related=("administration", "requester", "subject_person", "decided_by"),
        )
        role_grants.register()
