from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from core import wordings
        from oversight import four_eyes, witnesses
        from quizzes import letters, permissions
        from quizzes.models import Appeal, Grade, ItemAdjustment, Mark, QuestionCase, QuestionReport
        from quizzes.services import decisions, publishing, regrading

        witnesses.register(Grade, kinds=["quizzes.grade.given"], related=["attempt"])
        witnesses.register(Mark, kinds=["quizzes.mark.given"], related=["marking__attempt", "marked_by"])
        witnesses.register(
            ItemAdjustment,
            kinds=["quizzes.item.adjusted"],
            related=["version", "requested_by", "approved_by"],
        )
        witnesses.register(
            QuestionCase,
            kinds=[f"quizzes.case.{what}" for what in ("opened", "taken", "answered", "regrade_asked", "regraded")],
            related=["version", "owner", "four_eyes_request", "adjustment"],
        )
        witnesses.register(QuestionReport, kinds=["quizzes.report.made"], related=["case", "attempt"])
        witnesses.register(
            Appeal,
            kinds=[f"quizzes.appeal.{what}" for what in ("made", "taken", "decided", "withdrawn", "score_asked")],
            related=["attempt", "grade", "owner", "four_eyes_request"],
        )
        wordings.register(*letters.ALL)
        four_eyes.register(
            four_eyes.Action(
                name=regrading.ADJUST,
                label=_("Regrade an item in all its attempts"),
                may_request=lambda user, _version: permissions.may_ask_for_regrade(user),
                may_decide=permissions.may_approve_adjustment,
                apply=regrading.adjust_as_approved,
                consequence=regrading.consequence_of_adjustment,
            )
        )
        four_eyes.register(
            four_eyes.Action(
                name=decisions.OVERRIDE,
                label=_("Change a score"),
                may_request=permissions.may_ask_about_result,
                may_decide=permissions.may_approve_result,
                apply=decisions.override_as_approved,
                consequence=decisions.consequence_of_override,
            )
        )
        four_eyes.register(
            four_eyes.Action(
                name=decisions.WITHDRAW,
                label=_("Withdraw a pass after a regrade"),
                may_request=permissions.may_ask_about_result,
                may_decide=permissions.may_approve_result,
                apply=decisions.withdraw_as_approved,
                consequence=decisions.consequence_of_withdrawal,
            )
        )
        four_eyes.register(
            four_eyes.Action(
                name=publishing.PUBLISH,
                label=_("Publish questions"),
                may_request=permissions.may_ask_for_publication,
                may_decide=permissions.may_publish,
                apply=publishing.publish_as_approved,
                consequence=publishing.consequence_of_publication,
                details="publication",
            )
        )
