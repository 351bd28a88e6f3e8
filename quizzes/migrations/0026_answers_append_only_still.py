from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0025_answers_are_a_chain")]

    operations = [AppendOnly("quizzes_response")]
