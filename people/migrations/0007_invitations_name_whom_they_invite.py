from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_partners_from_outside"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="full_name",
            field=models.CharField(default="", max_length=200, verbose_name="full name"),
            preserve_default=False,
        ),
    ]
