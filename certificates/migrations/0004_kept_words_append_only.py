from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """What a certificate said when it was issued stays what it said."""

    dependencies = [("certificates", "0003_kept_words"), ("oversight", "0002_append_only_triggers")]

    operations = [AppendOnly("certificates_certificatewords"), AppendOnly("certificates_certificate")]
