from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """What was marked with a release is never changed, as the release is not."""

    dependencies = [("courses", "0013_material_changes"), ("oversight", "0002_append_only_triggers")]

    operations = [AppendOnly("courses_materialchange")]
