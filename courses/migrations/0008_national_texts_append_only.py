from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """What stood in a lesson on a past day can be shown again: new words are a new row."""

    dependencies = [("courses", "0007_translation_status"), ("oversight", "0002_append_only_triggers")]

    operations = [AppendOnly("courses_nationaltext")]
