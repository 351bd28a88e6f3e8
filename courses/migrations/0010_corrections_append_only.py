from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """What was corrected, and since when, is evidence."""

    dependencies = [("courses", "0009_corrections_by_law"), ("oversight", "0002_append_only_triggers")]

    operations = [
        AppendOnly("courses_correction"),
        AppendOnly("courses_correctionapproval"),
    ]
