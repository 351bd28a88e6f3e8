from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """What a letter or a certificate said on a past day can be read again: new words are a new row."""

    dependencies = [("courses", "0018_own_wordings"), ("oversight", "0002_append_only_triggers")]

    operations = [AppendOnly("courses_ownwording")]
