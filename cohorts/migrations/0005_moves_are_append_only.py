from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """What a learner saw when is evidence; and the ledger's guard learns of its new unique index."""

    dependencies = [("cohorts", "0004_moves_to_a_newer_release"), ("oversight", "0002_append_only_triggers")]

    operations = [
        AppendOnly("cohorts_enrolmentmove"),
        AppendOnly("cohorts_creditedhours"),
    ]
