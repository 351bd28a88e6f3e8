from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """Which attempt was started in which sitting, and what was noted there, is evidence."""

    dependencies = [("cohorts", "0011_supervised_sittings"), ("oversight", "0002_append_only_triggers")]

    operations = [AppendOnly("cohorts_supervisedattempt"), AppendOnly("cohorts_irregularity")]
