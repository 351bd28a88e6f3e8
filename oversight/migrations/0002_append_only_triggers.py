"""The log is written once: triggers on both of its tables."""

from django.db import migrations

from oversight.append_only import AppendOnly

# A detail goes only after an entry about its entry has said so; the same words on both databases. They are written
# out here, for a migration does not change with the code.
ERASURE_STANDS = (
    "EXISTS (SELECT 1 FROM oversight_recordentry erased JOIN oversight_recordentry erasure"
    " ON erasure.subject_type = 'oversight.recordentry' AND erasure.subject = erased.uuid"
    " AND erasure.kind = 'oversight.detail.erased' WHERE erased.id = OLD.entry_id)"
)


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]

    operations = [
        AppendOnly("oversight_recordentry"),
        AppendOnly("oversight_recorddetail", deletable_when=ERASURE_STANDS),
    ]
