import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def forget_what_was_not_confirmed(apps, schema_editor):
    """Archives that wait for their author's word are brought again; the daily clearing removes their files."""
    apps.get_model("courses", "CourseTransfer").objects.filter(done_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0016_exact_numbers_in_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(forget_what_was_not_confirmed, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="coursetransfer", name="file"),
        migrations.AlterField(model_name="coursetransfer", name="done_at", field=models.DateTimeField()),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(choices=[("archive", "Course"), ("lessons", "Lessons")], max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "is being checked"),
                            ("checked", "waits for you"),
                            ("importing", "is being imported"),
                            ("done", "imported"),
                            ("refused", "refused"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("file", models.CharField(blank=True, max_length=100)),
                ("filename", models.CharField(max_length=255)),
                ("pictures", models.JSONField(null=True)),
                ("language", models.CharField(max_length=12)),
                ("update", models.BooleanField(default=False)),
                ("report", models.JSONField(null=True)),
                ("problem", models.TextField(blank=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("brought_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "module",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="courses.modulepage",
                    ),
                ),
            ],
            options={
                "ordering": ["-brought_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["checking", "importing"])),
                        fields=["brought_at"],
                        name="arrivals_that_wait",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state__in", ["done", "refused"])),
                            models.Q(
                                ("finished_at__isnull", True), ("state__in", ["checking", "checked", "importing"])
                            ),
                            _connector="OR",
                        ),
                        name="arrival_is_finished_when_done_or_refused",
                    )
                ],
            },
        ),
    ]
