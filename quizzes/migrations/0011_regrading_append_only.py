from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """Adjustments of items are only ever added; so are grades, in their new shape as in the old."""

    dependencies = [("quizzes", "0010_regrading")]

    operations = [AppendOnly("quizzes_itemadjustment"), AppendOnly("quizzes_grade")]
