"""Small builders of releases, past the pages they are usually made from."""

import itertools
import uuid

from django.db import transaction
from django.db.models import Max

from courses.models import Release, ReleaseBody, ReleaseNode
from oversight import records
from tests.factories.people import NOW

_numbers = itertools.count(1)

# In every language of a release that says something anew.
REWORDED = "Words, said better."


def a_release(
    quiz_version=None, *, lessons=3, minutes=30, languages=("en",), missing=(), course=None, keys=(), words=None
):
    """A course of one module: its lessons, then the quiz. `missing` are (kind, language) pairs without words.

    `keys` name the first lessons, as an earlier release did; `words(number)` gives fields of a lesson's bodies.
    """
    numbers = itertools.count()
    quiz_minutes = quiz_version.minutes if quiz_version else 0
    total = lessons * minutes + quiz_minutes
    release = Release.objects.create(
        course=course or uuid.uuid4(),
        number=next(_numbers),
        languages=list(languages),
        source_language=languages[0],
        required_minutes=total,
        released_at=NOW,
    )

    def node(kind, parent, length, key=None, own=None, **fields):
        made = ReleaseNode.objects.create(
            release=release,
            key=key or uuid.uuid4(),
            parent=parent,
            kind=kind,
            position=next(numbers),
            minutes=length,
            **fields,
        )
        bodies = [
            _body(made, f"{kind} {made.position} in {language}", language, **(own or {}))
            for language in languages
            if (kind, language) not in missing
        ]
        ReleaseBody.objects.bulk_create(bodies)
        return made

    root = node("course", None, 0)
    module = node("module", root, total)
    for number, key in itertools.islice(enumerate(itertools.chain(keys, itertools.repeat(None))), lessons):
        node("lesson", module, minutes, key=key, own=words and words(number))
    if quiz_version:
        node("quiz", module, quiz_minutes, quiz_version=quiz_version)
    with transaction.atomic():
        records.append("courses.release.made", subject=release, facts=release.record_facts(), actor=None, now=NOW)
    return release


def a_newer_release(release, *, without=(), reworded=(), minutes=None, quiz_version=None, lessons=0, languages=None):
    """The next release of the same course: each step under its key, as far as it is not told otherwise.

    `without` and `reworded` are keys; `minutes` gives other lengths by key; `quiz_version` replaces that of the quiz;
    `lessons` are new ones at the end of the last module.
    """
    languages = list(languages or release.languages)
    minutes = minutes or {}
    kept = [node for node in release.nodes.select_related("parent").order_by("position") if node.key not in without]
    lengths = {node.key: minutes.get(node.key, node.minutes) for node in kept}
    newer = Release.objects.create(
        course=release.course,
        number=Release.objects.filter(course=release.course).aggregate(newest=Max("number"))["newest"] + 1,
        languages=languages,
        source_language=release.source_language,
        required_minutes=sum(lengths[node.key] for node in kept if node.is_activity) + 30 * lessons,
        released_at=NOW,
    )
    made = {}
    for position, node in enumerate(kept):
        made[node.key] = ReleaseNode.objects.create(
            release=newer,
            key=node.key,
            parent=made[node.parent.key] if node.parent else None,
            kind=node.kind,
            position=position,
            minutes=lengths[node.key],
            quiz_version=(quiz_version or node.quiz_version) if node.quiz_version else None,
        )
        words = {"html": f"<p>{REWORDED}</p>"} if node.key in reworded else {}
        ReleaseBody.objects.bulk_create(
            _body(made[node.key], body.title, body.language, **{"html": body.html, "content": body.content} | words)
            for body in node.bodies.all()
            if body.language in languages
        )
    module = [node for node in made.values() if node.kind == "module"][-1]
    for number in range(lessons):
        node = ReleaseNode.objects.create(
            release=newer, key=uuid.uuid4(), parent=module, kind="lesson", position=len(kept) + number, minutes=30
        )
        ReleaseBody.objects.bulk_create(_body(node, f"new {number} in {code}", code) for code in languages)
    with transaction.atomic():
        records.append("courses.release.made", subject=newer, facts=newer.record_facts(), actor=None, now=NOW)
    return newer


def _body(node, title, language, **fields):
    usual = {
        "content": {"shape": 1, "lede": f"Lede in {language}", "summary": "", "introduction": "", "number": 1},
        "html": f"<p>Words of {title}</p>",
    }
    body = ReleaseBody(node=node, language=language, title=title, **usual | fields)
    body.sha256 = body.digest()
    return body
