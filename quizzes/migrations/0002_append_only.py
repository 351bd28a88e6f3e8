from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """Answers and grades are only ever added, and what a quiz was frozen to stays."""

    dependencies = [("quizzes", "0001_initial"), ("oversight", "0002_append_only_triggers")]

    operations = [
        AppendOnly("quizzes_response"),
        AppendOnly("quizzes_grade"),
        AppendOnly("quizzes_quizversion"),
        AppendOnly("quizzes_quizversion_pool"),
    ]
