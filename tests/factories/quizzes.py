"""Small builders of item banks, quizzes and attempts."""

import datetime
import itertools
import uuid
from decimal import Decimal

from oversight.models import RecordEntry
from quizzes import content, services
from quizzes.kinds import KINDS
from quizzes.kinds.choices import Rating
from quizzes.kinds.contract import Fields
from quizzes.models import (
    Attempt,
    Grade,
    GradingRun,
    Item,
    ItemBank,
    ItemText,
    ItemVersion,
    Quiz,
    QuizSection,
    QuizText,
    Response,
)
from quizzes.questions import field_name
from quizzes.rules import AttemptRules
from tests.factories.people import NOW, an_account

RULES = AttemptRules(pass_mark=Decimal(80), max_attempts=3, spacing=datetime.timedelta(hours=24))
# One option of each rating; the last crosses a bright line.
OPTIONS = (("a", Rating.BEST), ("b", Rating.ACCEPTABLE), ("c", Rating.RISKY), ("d", Rating.BREACH))

_numbers = itertools.count(1)


def a_bank(items=10, *, languages=("en",), options=OPTIONS, consequence="It ends."):
    """A bank of published items, each with the same options. `options`: (key, rating) pairs; a breach is bright."""
    bank = ItemBank.objects.create(slug=f"bank-{next(_numbers)}", title="A bank")
    structure = {
        "shape": 1,
        "options": [
            {"key": key, "rating": rating, "mechanism": None, "bright_line": rating == Rating.BREACH}
            for key, rating in options
        ],
    }
    made = Item.objects.bulk_create(Item(bank=bank, key=f"item-{number}") for number in range(items))
    versions = ItemVersion.objects.bulk_create(
        ItemVersion(item=item, number=1, difficulty=1, structure=structure, published_at=NOW) for item in made
    )
    ItemText.objects.bulk_create(
        ItemText(version=version, language=language, content=words(version.item.key, language, options, consequence))
        for version in versions
        for language in languages
    )
    return bank


def a_bank_of(*items):
    """A bank of published items of any kind, each given as (kind, structure, {language: words})."""
    bank = ItemBank.objects.create(slug=f"bank-{next(_numbers)}", title="A bank")
    for number, (kind, structure, texts) in enumerate(items):
        KINDS[kind].check(structure, texts)
        version = ItemVersion.objects.create(
            item=Item.objects.create(bank=bank, key=f"item-{number}"),
            number=1,
            kind=kind,
            difficulty=1,
            structure=structure,
            published_at=NOW,
        )
        for language, said in texts.items():
            ItemText.objects.create(version=version, language=language, content=said)
    return bank


def weighed(kind, languages=("en",), *, shuffle=True, **fractions):
    """An item for `a_bank_of`, single or multiple choice: what share each option earns, by its key."""
    structure = {
        "shape": 2,
        "options": [{"key": key, "fraction": fraction} for key, fraction in fractions.items()],
        "shuffle": shuffle,
    }
    texts = {
        language: {
            "shape": 2,
            "stem": f"A {kind} asks in {language}.",
            "rationale": f"The rationale in {language}.",
            "options": {
                key: {"text": f"answer {key} in {language}", "feedback": f"Feedback on {key} in {language}."}
                for key in fractions
            },
        }
        for language in languages
    }
    return kind, structure, texts


def true_or_false(correct, languages=("en",)):
    """An item for `a_bank_of`."""
    texts = {
        language: {
            "shape": 2,
            "stem": f"Is it so, in {language}?",
            "options": {"true": {"feedback": f"You said so, in {language}."}, "false": {"feedback": ""}},
        }
        for language in languages
    }
    return "true_false", {"shape": 2, "correct": correct}, texts


def words(item, language, options=OPTIONS, consequence="It ends."):
    return {
        "shape": 1,
        "stem": f"{item} asks in {language}.",
        "options": {
            key: {"text": f"{item}, answer {key} in {language}", "consequence": f"{consequence} ({key})"}
            for key, _rating in options
        },
    }


def a_quiz(bank=None, *, draw=8, time_limit_minutes=30, minutes=15, languages=("en",), grace_seconds=0, **fields):
    quiz = Quiz.objects.create(
        slug=f"quiz-{next(_numbers)}",
        bank=bank or a_bank(languages=languages),
        draw=draw,
        time_limit_minutes=time_limit_minutes,
        minutes=minutes,
        grace_seconds=grace_seconds,
        **fields,
    )
    for language in languages:
        QuizText.objects.create(
            quiz=quiz, language=language, title=f"Quiz in {language}", introduction=f"About it in {language}."
        )
    return quiz


def sections_of_form(*sections, kept=()):
    """What the form of a quiz sends beside its numbers; `kept` are sections that it has."""
    sent = {"sections-TOTAL_FORMS": len(sections), "sections-INITIAL_FORMS": len(kept)}
    sent |= {"grace_seconds": 0, "review": "after_pass"}
    for number, fields in enumerate(sections):
        fields = {"weight": "1", "ORDER": number + 1} | fields
        if number < len(kept):
            fields["id"] = kept[number].pk
        sent |= {f"sections-{number}-{name}": value for name, value in fields.items()}
    return sent


def a_quiz_version(bank=None, **fields):
    """A quiz as released: its newest items, frozen."""
    return services.freeze_quiz(a_quiz(bank, **fields), now=NOW)


def a_bank_of_two_tags(each=4, *, languages=("en",)):
    """A bank with as many items of tag "gifts" and difficulty 1 as of tag "data" and difficulty 3."""
    bank = a_bank(2 * each, languages=languages)
    for version in ItemVersion.objects.filter(item__bank=bank):
        is_first = int(version.item.key.removeprefix("item-")) < each
        version.tags, version.difficulty = (["gifts"], 1) if is_first else (["data"], 3)
        version.save()
    return bank


def with_sections(quiz, *sections):
    """The quiz with these sections, each given as the fields of a `QuizSection`."""
    for number, fields in enumerate(sections):
        QuizSection.objects.create(quiz=quiz, sort_order=number, **fields)
    quiz.draw = sum(fields["draw"] for fields in sections)
    quiz.save()
    return Quiz.objects.get(pk=quiz.pk)


def an_attempt(learner=None, quiz_version=None, *, now=NOW, **fields):
    """An attempt, just started. Without a registration it belongs to no enrolment."""
    defaults = {
        "registration": uuid.uuid4(),
        "activity": uuid.uuid4(),
        "rules": RULES,
        "language": "en",
        "start_key": uuid.uuid4(),
    }
    return services.start_attempt(
        learner=learner or an_account(),
        quiz_version=quiz_version or a_quiz_version(),
        now=now,
        **defaults | fields,
    )


def choose(attempt, *ratings, now=NOW):
    """Answer the first questions with options of these ratings; one rating alone answers all of them."""
    items = attempt.served_items
    wanted = list(ratings) * len(items) if len(ratings) == 1 else ratings
    Response.objects.bulk_create(
        Response(attempt=attempt, position=position, sequence=1, answer=choice(option_of(item, rating)), saved_at=now)
        for position, (item, rating) in enumerate(zip(items, wanted, strict=False))
    )


def option_of(item, rating):
    """The key of a served item's option with this rating."""
    options = content.item_version(item["version"]).structure["options"]
    return next(option["key"] for option in options if option["rating"] == rating)


def choice(key):
    """The answer that chooses an option."""
    return {"shape": 1, "choice": key}


def values_of(attempt, position, *keys):
    """What the page of a question calls its options with these keys: their places, counted from 1."""
    shown = attempt.served_items[position]["arrangement"]["options"]
    return [str(shown.index(key) + 1) for key in keys]


def form(attempt, position, *keys, sequence=1):
    """What the page of a question sends when these options are chosen."""
    return raw_form(position, *values_of(attempt, position, *keys), sequence=sequence)


def raw_form(position, *values, sequence=1, **said):
    """`said` is what else the page sends about its question, such as what is `known`."""
    name = field_name(position + 1)
    return {name: list(values), f"{name}-sequence": sequence} | {f"{name}-{what}": told for what, told in said.items()}


def save(attempt, position, *keys, **how):
    """Save a choice as the page of its question does."""
    return send(attempt, position, *values_of(attempt, position, *keys), **how)


def send(attempt, position, *values, sequence=1, known=None, learner=None, now=NOW, language="", fields=None):
    """Save whatever a form may hold for a question; `fields` are all of it where one does not do."""
    name = field_name(position + 1)
    return services.save_response(
        attempt.uuid,
        learner=learner or attempt.learner,
        position=position,
        fields=Fields({each: sent if isinstance(sent, list) else [sent] for each, sent in fields.items()}, name)
        if fields
        else Fields({name: list(values)}, name),
        sequence=sequence,
        known=known,
        language=language,
        now=now,
    )


def give_grade(attempt, *, now):
    """Grade an attempt that was handed in, as a worker does."""
    return services.grade(run_of(attempt).pk, now=now)


def run_of(attempt):
    """The only grading run of an attempt that was handed in."""
    return GradingRun.objects.get(attempt=attempt)


def a_submitted_attempt(*ratings, now=NOW, **fields):
    """An attempt with these answers, handed in and not graded yet."""
    attempt = an_attempt(now=now, **fields)
    if ratings:
        choose(attempt, *ratings, now=now)
    services.submit_attempt(attempt, learner=attempt.learner, now=now)
    return attempt


def a_graded_attempt(*ratings, now=NOW, **fields):
    attempt = a_submitted_attempt(*ratings, now=now, **fields)
    give_grade(attempt, now=now)
    return Attempt.objects.get(pk=attempt.pk)


def rows():
    """Everything an attempt could leave behind."""
    return (
        list(Attempt.objects.order_by("pk").values()),
        list(Response.objects.order_by("pk").values()),
        list(GradingRun.objects.order_by("pk").values()),
        list(Grade.objects.order_by("pk").values()),
        RecordEntry.objects.count(),
    )


def answers(attempt):
    """What is saved, oldest first: position, sequence and the option that was chosen, or None where it was emptied."""
    saved = attempt.responses.order_by("position", "sequence")
    return [(each.position, each.sequence, each.answer and each.answer["choice"]) for each in saved]
