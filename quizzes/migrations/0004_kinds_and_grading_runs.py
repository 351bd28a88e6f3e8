import django.db.models.deletion
from django.db import migrations, models

from oversight.append_only import AppendOnly


def lift_guards(apps, schema_editor):
    """Answers get another shape once; the guards come back in 0007."""
    for table in ("quizzes_response", "quizzes_grade"):
        AppendOnly(table).database_backwards("quizzes", schema_editor, None, None)


class Migration(migrations.Migration):
    """Items of several kinds, and gradings as rows of their own."""

    dependencies = [("quizzes", "0003_retired_items")]

    operations = [
        migrations.RunPython(lift_guards, migrations.RunPython.noop),
        migrations.CreateModel(
            name="GradingRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(choices=[("submission", "Handed in")], default="submission", max_length=12),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("taken", "Being graded"), ("done", "Done")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("lease", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("ring_after", models.DateTimeField(blank=True, null=True)),
                ("rings", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="itemversion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("scenario", "Scenario"),
                    ("single_choice", "Single choice"),
                    ("multiple_choice", "Multiple choice"),
                    ("true_false", "True or false"),
                    ("ordering", "Ordering"),
                    ("matching", "Matching"),
                    ("gap_fill", "Gap fill"),
                    ("short_answer", "Short answer"),
                    ("numerical", "Numerical answer"),
                    ("hotspot", "Place on a picture"),
                    ("document", "Document examination"),
                    ("essay", "Essay or file"),
                ],
                default="scenario",
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="answer",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="response",
            name="language",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name="gradingrun",
            name="attempt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="grading_runs", to="quizzes.attempt"
            ),
        ),
        migrations.AddField(
            model_name="grade",
            name="run",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grade",
                to="quizzes.gradingrun",
            ),
        ),
        migrations.AddIndex(
            model_name="gradingrun",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "taken"))),
                fields=["ring_after"],
                name="grading_run_to_ring",
            ),
        ),
        migrations.AddConstraint(
            model_name="gradingrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cause", "submission")), fields=("attempt",), name="submission_graded_in_one_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="gradingrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lease__isnull", False), ("lease_until__isnull", False), ("state", "taken")),
                    models.Q(models.Q(("state", "taken"), _negated=True), ("lease", None), ("lease_until", None)),
                    _connector="OR",
                ),
                name="grading_run_taken_by_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="gradingrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_at", None)),
                    _connector="OR",
                ),
                name="grading_run_done_at_a_time",
            ),
        ),
    ]
