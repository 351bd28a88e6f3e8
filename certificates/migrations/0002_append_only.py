from django.db import migrations

from oversight.append_only import AppendOnly


class Migration(migrations.Migration):
    """A certificate, its revocation and its document are written once."""

    dependencies = [("certificates", "0001_initial"), ("oversight", "0002_append_only_triggers")]

    operations = [
        AppendOnly("certificates_certificate"),
        AppendOnly("certificates_revocation"),
        AppendOnly("certificates_certificatedocument"),
    ]
