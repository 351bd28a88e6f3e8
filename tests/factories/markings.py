"""Small builders of essays, of attempts that answer them, and of what people mark."""

from decimal import Decimal

from django.core.files.base import ContentFile

from people.models import Role
from quizzes import content, services
from quizzes.kinds.contract import Fields
from quizzes.models import Attempt, Marking, Response
from quizzes.services import marking
from quizzes.services.marking import Given
from tests.factories.people import NOW, an_account, an_administration
from tests.factories.quizzes import a_bank_of, a_quiz_version, an_attempt, give_grade, true_or_false

LEVELS = {"c1": ("0", "1", "2"), "c2": ("0", "2")}


def an_essay(languages=("en",), *, markers=1, tolerance="0.25", files=0):
    """An item for `a_bank_of`: two criteria, of two points each; levels l0, l1, … earn more and more."""
    structure = {
        "shape": 2,
        "rubric": [
            {"key": key, "levels": [{"key": f"l{n}", "points": each} for n, each in enumerate(points)]}
            for key, points in LEVELS.items()
        ],
        "least_words": 0,
        "most_words": 200,
        "files": files,
        "file_kinds": ["pdf", "txt"] if files else [],
    }
    if markers > 1:
        structure["marking"] = {"markers": markers, "tolerance": tolerance}
    texts = {
        language: {
            "shape": 2,
            "stem": f"What would you do? ({language})",
            "rubric": {
                key: {
                    "text": f"criterion {key} in {language}",
                    "levels": {f"l{n}": f"level {n} of {key} in {language}" for n in range(len(points))},
                }
                for key, points in LEVELS.items()
            },
            "for_markers": f"Article 5, in {language}.",
        }
        for language in languages
    }
    return "essay", structure, texts


def a_quiz_with_essays(essays=1, *, others=0, **essay):
    items = [an_essay(**essay) for _ in range(essays)] + [true_or_false(True)] * others
    return a_quiz_version(a_bank_of(*items), draw=essays + others)


def an_attempt_to_mark(learner=None, quiz_version=None, *, now=NOW, language="en", text="I refuse.", **essay):
    """An attempt whose every question is answered with an essay, handed in, and waiting for markers."""
    attempt = an_attempt(learner or an_account(), quiz_version or a_quiz_with_essays(**essay), now=now)
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            position=position,
            sequence=1,
            answer={"shape": 1, "text": text, "files": []},
            language=language,
            saved_at=now,
        )
        for position in range(len(attempt.served_items))
    )
    services.submit_attempt(attempt, learner=attempt.learner, now=now)
    give_grade(attempt, now=now)
    return Attempt.objects.get(pk=attempt.pk)


def assessors(administration=None, count=3):
    here = administration or an_administration()
    return [an_account(here, Role.ASSESSOR) for _ in range(count)]


def levels(c1=2, c2=1):
    return {"c1": f"l{c1}", "c2": f"l{c2}"}


def mark(marker, chosen=None, *, place=None, now=NOW, **words):
    """Take the next place, unless it is given, and mark it."""
    place = place or marking.take_next(marker, now=now)
    return marking.give_mark(place.uuid, Given(chosen or levels(), **words), marker=marker, now=now)


def have_marked(attempt, *, now=NOW):
    """Whatever people have to mark of an attempt gets the best level of each criterion, and the attempt its grade."""
    for place in attempt.markings.open():
        rubric = content.item_version(attempt.served_items[place.position]["version"]).structure["rubric"]
        best = {each["key"]: max(each["levels"], key=lambda level: Decimal(level["points"]))["key"] for each in rubric}
        assessor = an_account(attempt.learner.administration, Role.ASSESSOR)
        Marking.objects.filter(pk=place.pk).update(
            state=Marking.State.TAKEN, marker=assessor, lease_until=now + marking.LEASE
        )
        marking.give_mark(place.uuid, Given(best), marker=assessor, now=now)
    for run in attempt.grading_runs.filter(cause="marking", state="waiting"):
        services.grade(run.pk, now=now)


def places(attempt):
    """State and marker of each place, by position and seat."""
    return {(each.position, each.seat): each for each in Marking.objects.filter(attempt=attempt)}


def hand_in_files(attempt, *brought, text="See the file.", position=0, sequence=1, take_back=(), now=NOW):
    """Save an answer with files, each given as (name, bytes)."""
    return services.save_with_files(
        attempt.uuid,
        learner=attempt.learner,
        position=position,
        fields=Fields({"q": [text]}, "q"),
        brought=[ContentFile(content, name) for name, content in brought],
        taken_back=take_back,
        sequence=sequence,
        now=now,
    )
