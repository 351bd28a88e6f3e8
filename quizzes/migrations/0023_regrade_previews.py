import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0002_append_only_triggers"),
        ("quizzes", "0022_named_markers"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegradePreview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("proposal", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("attempts", models.PositiveIntegerField()),
                ("looked_at", models.PositiveIntegerField(default=0)),
                ("reached", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="oversight.foureyesrequest",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="quizzes.itemversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ForeseenPass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("newly_passed", "Newly passed"),
                            ("in_doubt", "Would not pass any more; the pass stands"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="quizzes.attempt"
                    ),
                ),
                (
                    "preview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passes", to="quizzes.regradepreview"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="regradepreview",
            index=models.Index(fields=["version", "digest"], name="regrade_previews_of_proposal"),
        ),
        migrations.AddConstraint(
            model_name="foreseenpass",
            constraint=models.UniqueConstraint(fields=("preview", "attempt"), name="foreseen_pass_once"),
        ),
    ]
