from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from certificates import permissions, services, signal_handlers, words  # noqa: F401
        from certificates.models import Certificate, Revocation
        from cohorts import concerned
        from core import wordings
        from oversight import four_eyes, witnesses

        concerned.register_certified(services.certified_places)
        wordings.register(words.PAPER, words.ISSUED)
        witnesses.register(
            Certificate,
            kinds=["certificates.certificate.issued"],
            related=["administration", "enrolment", "user", "words"],
        )
        witnesses.register(Revocation, kinds=["certificates.certificate.revoked"], related=["certificate"])
        four_eyes.register(
            four_eyes.Action(
                name=services.REVOKE,
                label=_("Revoke a certificate"),
                may_request=permissions.may_ask_for_revocation,
                may_decide=permissions.may_decide_on_revocation,
                apply=services.revoke_as_approved,
                consequence=services.consequence_of_revocation,
            )
        )
