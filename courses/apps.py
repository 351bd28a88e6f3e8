from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core.wordings import keep_with
        from courses import corrections, permissions, signal_handlers, wordings  # noqa: F401
        from courses.models import Correction, CorrectionApproval, MaterialChange, NationalText, OwnWording, Release
        from oversight import four_eyes, witnesses

        witnesses.register(Release, kinds=["courses.release.made"], related=["terms"])
        witnesses.register(MaterialChange, kinds=["courses.release.materially_changed"], related=["release"])
        witnesses.register(Correction, kinds=["courses.correction.proposed"])
        witnesses.register(CorrectionApproval, kinds=["courses.correction.put_in_force"], related=["correction"])
        four_eyes.register(
            four_eyes.Action(
                name=corrections.ACTION,
                label=_("Correct a passage by law"),
                may_request=lambda user, _correction: permissions.may_propose_correction(user),
                may_decide=permissions.may_decide_on_correction,
                apply=corrections.put_in_force,
                consequence=corrections.consequence,
            )
        )
        witnesses.register(NationalText, kinds=["courses.national_text.written"])
        witnesses.register(OwnWording, kinds=["courses.wording.written"])
        keep_with(wordings.own_of)
