import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_subject_reviewer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("day", models.DateField(verbose_name="day")),
                ("yearly", models.BooleanField(default=False, verbose_name="every year")),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="HolidayName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
            ],
            options={
                "ordering": ["language"],
            },
        ),
        migrations.AddField(
            model_name="administration",
            name="first_weekday",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="first day of the week"),
        ),
        migrations.AddField(
            model_name="administration",
            name="working_weekdays",
            field=models.CharField(
                default="12345",
                max_length=7,
                validators=[django.core.validators.RegexValidator("^1?2?3?4?5?6?7?$")],
                verbose_name="working days",
            ),
        ),
        migrations.AddConstraint(
            model_name="administration",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_weekday__range", (1, 7))), name="week_begins_on_one_of_seven_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="administration",
            constraint=models.CheckConstraint(
                condition=models.Q(("working_weekdays", ""), _negated=True), name="week_has_a_working_day"
            ),
        ),
        migrations.AddField(
            model_name="holiday",
            name="administration",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holidays", to="people.administration"
            ),
        ),
        migrations.AddField(
            model_name="holidayname",
            name="holiday",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="names", to="people.holiday"
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.UniqueConstraint(
                fields=("administration", "day"),
                name="holiday_once_a_day",
                violation_error_message="This day is a holiday already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holidayname",
            constraint=models.UniqueConstraint(fields=("holiday", "language"), name="holiday_name_once_per_language"),
        ),
    ]
