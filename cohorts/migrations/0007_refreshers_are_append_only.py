from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """What is asked of whom in a refresher, and until when, is evidence."""

    dependencies = [("cohorts", "0006_refreshers"), ("oversight", "0002_append_only_triggers")]

    operations = [
        AppendOnly("cohorts_delta"),
        AppendOnly("cohorts_refresherplace"),
    ]
