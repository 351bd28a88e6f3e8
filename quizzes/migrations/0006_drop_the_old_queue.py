from django.db import migrations


class Migration(migrations.Migration):
    """What 0005 has carried over."""

    dependencies = [("quizzes", "0005_answers_by_kind")]

    operations = [
        migrations.RemoveIndex(
            model_name="attempt",
            name="attempt_to_ring",
        ),
        migrations.RemoveField(
            model_name="attempt",
            name="lease",
        ),
        migrations.RemoveField(
            model_name="attempt",
            name="lease_until",
        ),
        migrations.RemoveField(
            model_name="attempt",
            name="ring_after",
        ),
        migrations.RemoveField(
            model_name="attempt",
            name="rings",
        ),
        migrations.RemoveField(
            model_name="response",
            name="option",
        ),
    ]
