"""What was answered, served and queued so far, in the shapes that hold for items of every kind."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import JSONObject

CHUNK = 500


def widen(apps, schema_editor):
    """Choices become answers, the order of options an arrangement, and what waits for its grade a run."""
    Response, Attempt = apps.get_model("quizzes", "Response"), apps.get_model("quizzes", "Attempt")
    Response.objects.update(answer=JSONObject(shape=Value(1), choice=F("option")))
    chunk = []
    for attempt in Attempt.objects.only("uuid", "served").iterator(CHUNK):
        # Until now the seed was the attempt's own UUID.
        items = [
            {"version": item["version"], "arrangement": {"options": item["options"]}}
            for item in attempt.served["items"]
        ]
        attempt.served = {"shape": 2, "seed": f"{attempt.uuid.int:x}", "items": items}
        chunk.append(attempt)
        if len(chunk) == CHUNK:
            Attempt.objects.bulk_update(chunk, ["served"])
            chunk = []
    Attempt.objects.bulk_update(chunk, ["served"])
    waiting = Attempt.objects.filter(state__in=("submitted", "grading"))
    apps.get_model("quizzes", "GradingRun").objects.bulk_create(
        apps.get_model("quizzes", "GradingRun")(
            attempt=attempt,
            since=attempt.submitted_at,
            ring_after=attempt.ring_after or attempt.submitted_at,
            rings=attempt.rings,
        )
        for attempt in waiting
    )
    waiting.filter(state="grading").update(state="submitted")


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0004_kinds_and_grading_runs")]

    operations = [migrations.RunPython(widen, migrations.RunPython.noop)]
