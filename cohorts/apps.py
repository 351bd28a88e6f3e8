from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from cohorts import letters, refresher_letters, signal_handlers  # noqa: F401
        from cohorts import places as attempt_places
        from cohorts.models import (
            CreditedHours,
            EnrolmentMove,
            Irregularity,
            RefresherPlace,
            RefresherWithdrawal,
            SupervisedAttempt,
        )
        from core import wordings
        from oversight import witnesses
        from quizzes import places, runs, taught

        wordings.register(refresher_letters.PLACE)
        witnesses.register(CreditedHours, kinds=["cohorts.hours.credited"], related=["enrolment", "node"])
        witnesses.register(
            EnrolmentMove,
            kinds=["cohorts.enrolment.moved"],
            related=["move", "enrolment", "from_release", "to_release"],
        )
        witnesses.register(
            RefresherPlace,
            kinds=["cohorts.refresher.place_given"],
            related=["refresher", "enrolment__delta", "refreshes"],
        )
        witnesses.register(RefresherWithdrawal, kinds=["cohorts.refresher.withdrawn"], related=["refresher"])
        witnesses.register(
            SupervisedAttempt,
            kinds=["cohorts.sitting.attempt_started", "cohorts.sitting.went_on_elsewhere"],
            related=["attempt", "sitting", "enrolment"],
        )
        witnesses.register(
            Irregularity, kinds=["cohorts.irregularity.noted"], related=["sitting", "enrolment", "noted_by"]
        )
        wordings.register(letters.LAST_DAY_NEAR, letters.PLACE_GIVEN)
        places.register(attempt_places.find, attempt_places.KNOWN_BY)
        taught.register(attempt_places.taught_by)
        runs.register(attempt_places.runs_of)
