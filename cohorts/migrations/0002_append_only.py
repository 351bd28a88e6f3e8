from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """The ledger of hours only grows, and rules that enrolments are pinned to never change under them."""

    dependencies = [("cohorts", "0001_initial"), ("oversight", "0002_append_only_triggers")]

    operations = [
        AppendOnly("cohorts_creditedhours"),
        AppendOnly("cohorts_ruleset"),
    ]
