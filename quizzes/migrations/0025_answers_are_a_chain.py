import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0024_answers_follow_each_other")]

    operations = [
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(
                fields=("attempt", "position", "follows"), name="response_follows_once"
            ),
        ),
        # Both constraints' indexes begin with the attempt.
        migrations.AlterField(
            model_name="response",
            name="attempt",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responses",
                to="quizzes.attempt",
            ),
        ),
    ]
