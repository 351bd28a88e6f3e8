import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What graded attempts leave for item analysis, and the analyses. Attempts graded before leave nothing."""

    dependencies = [
        ("quizzes", "0007_answers_append_only_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Analysis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("versions", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("working", "Being worked on"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("read", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("lease", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("results", models.JSONField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "quiz",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="analyses", to="quizzes.quiz"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "working"))),
                        fields=("quiz",),
                        name="one_open_analysis_per_quiz",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease__isnull", False), ("lease_until__isnull", False), ("state", "working")),
                            models.Q(
                                models.Q(("state", "working"), _negated=True), ("lease", None), ("lease_until", None)
                            ),
                            _connector="OR",
                        ),
                        name="analysis_taken_by_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("results__isnull", False), ("state", "done")),
                            models.Q(("finished_at__isnull", False), ("results__isnull", True), ("state", "failed")),
                            models.Q(
                                ("finished_at", None), ("results__isnull", True), ("state__in", ("waiting", "working"))
                            ),
                            _connector="OR",
                        ),
                        name="analysis_done_with_results",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemOutcomes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_first", models.BooleanField()),
                ("outcomes", models.JSONField()),
                (
                    "attempt",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="item_outcomes",
                        to="quizzes.attempt",
                    ),
                ),
                (
                    "quiz_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcomes",
                        to="quizzes.quizversion",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["quiz_version", "id"], name="outcomes_of_version")],
            },
        ),
    ]
