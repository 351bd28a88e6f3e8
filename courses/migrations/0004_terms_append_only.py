from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """The terms of a programme never change: who began under them is held to them."""

    dependencies = [("courses", "0003_programmes_and_objectives"), ("oversight", "0002_append_only_triggers")]

    operations = [AppendOnly("courses_programmeterms")]
