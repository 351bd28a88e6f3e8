from django.db import migrations, models

from oversight.append_only import AppendOnly

# Each answer that there is follows the one before it at its place.
CHAIN = """
UPDATE quizzes_response SET follows = COALESCE((
    SELECT MAX(earlier.sequence) FROM quizzes_response earlier
    WHERE earlier.attempt_id = quizzes_response.attempt_id
      AND earlier.position = quizzes_response.position
      AND earlier.sequence < quizzes_response.sequence
), 0)
"""


def lift_guard(apps, schema_editor):
    """The guard comes back in 0026."""
    AppendOnly("quizzes_response").database_backwards("quizzes", schema_editor, None, None)


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0023_regrade_previews")]

    operations = [
        migrations.RunPython(lift_guard, migrations.RunPython.noop),
        migrations.AddField(
            model_name="response",
            name="follows",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
    ]
