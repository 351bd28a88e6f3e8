from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """A release never changes."""

    dependencies = [("courses", "0001_initial"), ("oversight", "0002_append_only_triggers")]

    operations = [
        AppendOnly("courses_release"),
        AppendOnly("courses_releasenode"),
        AppendOnly("courses_releasebody"),
    ]
