from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """Marks are only ever added."""

    dependencies = [("quizzes", "0018_marking")]

    operations = [AppendOnly("quizzes_mark")]
