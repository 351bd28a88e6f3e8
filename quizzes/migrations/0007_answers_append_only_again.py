from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """Answers and grades are only ever added, in their new shape as in the old."""

    dependencies = [("quizzes", "0006_drop_the_old_queue")]

    operations = [AppendOnly("quizzes_response"), AppendOnly("quizzes_grade")]
