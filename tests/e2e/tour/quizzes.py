"""The stops of a tour in the quiz rooms: a quiz taken, marked, disputed and put right, its items written and sat."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.urls import reverse

from cohorts.models import Cohort, Enrolment, Group, Section
from cohorts.supervision import invigilating, requiring
from oversight.models import FourEyesRequest
from people.models import User
from quizzes import services
from quizzes.accommodations import Measures
from quizzes.banking import arrivals
from quizzes.kinds.choices import Rating
from quizzes.models import (
    Attempt,
    Grade,
    ItemBank,
    ItemVersion,
    Marking,
    QuestionCase,
    QuestionFile,
    QuizVersion,
    Response,
)
from quizzes.services import Draft, ask_for_publication, marking, save_draft
from quizzes.services.drafting import newest_of, seen_of
from quizzes.services.proposing import Deed, Proposal
from quizzes.services.publishing import PUBLISH
from quizzes.services.regrading import ask_for_regrade
from tests.e2e.tour.cast import AUTHOR, MANAGER, OFFICER, REASON, REVIEWER, SECOND_OFFICER, TUTOR
from tests.e2e.tour.questions import ESSAYS, LANGUAGES, essay, questions
from tests.factories.cohorts import a_place, finish_lessons, hand_in_quiz, steps_of
from tests.factories.disputes import a_report, a_taken_appeal, an_appeal
from tests.factories.markings import assessors
from tests.factories.media import picture_bytes
from tests.factories.quizzes import a_bank_of, a_graded_attempt, a_quiz_version, an_attempt, give_grade
from tests.factories.sittings import a_sitting
from tests.system import eventually

WORSE = "The key was wrong."
# What a bank brings along from elsewhere: one that is fine, and one that holds two keys.
GIFT_FILE = """
::Gifts in kind:: A hamper at home is {=a gift ~nothing}.

::Two ways:: Coffee is { =fine =forbidden ~late }.
"""


def _user(number: str) -> User:
    return User.objects.get(staff_number=number)


def taken(place: Enrolment, finished: Enrolment, language: str, now: datetime):
    """A quiz in the midst of it, with a question of each kind besides, and one that was handed in."""
    [quiz] = steps_of(place, "quiz")
    number, version = place.user.staff_number, place.release.nodes.get(key=quiz.key).quiz_version
    attempt = an_attempt(place.user, version, now=now, registration=place.uuid, activity=quiz.key)
    every = an_attempt(place.user, _a_quiz_of_every_kind(now), now=now, registration=place.uuid, language=language)
    for each in (attempt, every):
        yield number, "quiz_paper", reverse("quiz_paper", args=[each.uuid])
        yield number, "quiz_question", reverse("quiz_question", args=[each.uuid, 1])
        yield number, "quiz_check", reverse("quiz_check", args=[each.uuid])
    finish_lessons(finished, now=now)
    hand_in_quiz(finished, Rating.ACCEPTABLE, now=now)
    handed_in = Attempt.objects.get(learner=finished.user)
    yield finished.user.staff_number, "quiz_result", reverse("quiz_result", args=[handed_in.uuid])
    granted = Measures(time_percent=150, extra_attempts=1, plain_layout=True)
    services.grant_accommodation(place.user, granted, category="sight", actor=_user(OFFICER), now=now)
    yield OFFICER, "accommodations", reverse("accommodations")
    for person in (place.user, finished.user):
        yield person.staff_number, "my_accommodation", reverse("my_accommodation")
        yield OFFICER, "accommodate", reverse("accommodate", args=[person.uuid])


def _a_quiz_of_every_kind(now: datetime) -> QuizVersion:
    picture = services.keep_medium(ContentFile(picture_bytes(900, 450, "PNG")), "a.png", now=now)
    every = list(questions(picture.sha256))
    return a_quiz_version(a_bank_of(*every), draw=len(every), languages=LANGUAGES)


def disputed(finished: Enrolment, now: datetime):
    """Results of which one is appealed, one is appealed and in an officer's hands, and a question is reported."""
    [quiz] = steps_of(finished, "quiz")
    version = finished.release.nodes.get(key=quiz.key).quiz_version
    learner, number, officer = finished.user, finished.user.staff_number, _user(OFFICER)
    failed, passed, other = (
        a_graded_attempt(*answered, learner=learner, quiz_version=version, now=now)
        for answered in ([Rating.BEST] * 2, [Rating.BEST], [Rating.BEST] * 3)
    )
    # The installation's own worker may have been quicker to take them, and slower to be done with them.
    graded = Attempt.objects.filter(learner=learner, quiz_version=version, state=Attempt.State.GRADED)
    eventually(lambda: graded.filter(pk__in=[failed.pk, passed.pk, other.pk]).count() == 3, what="results are out")
    failed, passed, other = (Attempt.objects.get(pk=each.pk) for each in (failed, passed, other))
    case = a_report(failed, now=now).case
    appeal = a_taken_appeal(failed, officer, now=now)
    waiting = an_appeal(other, now=now)
    yield number, "my_disputes", reverse("my_disputes")
    for position in (1, 2):
        yield number, "report_question", reverse("report_question", args=[failed.uuid, position])
    for each in (failed, passed):
        yield number, "quiz_appeal", reverse("quiz_appeal", args=[each.uuid])
    for show in ("overdue", "mine"):
        yield REVIEWER, "question_cases", reverse("question_cases") + f"?show={show}"
        yield OFFICER, "appeals", reverse("appeals") + f"?show={show}"
    for watcher in (AUTHOR, REVIEWER):
        yield watcher, "question_case", reverse("question_case", args=[case.uuid])
    yield OFFICER, "appeal", reverse("appeal", args=[appeal.uuid])
    for each in (appeal, waiting):
        yield SECOND_OFFICER, "appeal", reverse("appeal", args=[each.uuid])
    yield OFFICER, "appeal_answers", reverse("appeal_answers", args=[appeal.uuid])
    yield OFFICER, "pass_question_on", reverse("pass_question_on", args=[appeal.uuid, 2])
    QuestionCase.objects.filter(pk=case.pk).update(due_on=case.opened_at.date() - timedelta(days=1))
    yield MANAGER, "overdue_answers", reverse("overdue_answers")
    yield OFFICER, "appeal_period", reverse("appeal_period")
    yield OFFICER, "change_score", reverse("change_score", args=[failed.uuid])
    yield from _put_right(passed, now)


def _put_right(attempt: Attempt, now: datetime):
    """A question that a second person is asked to drop, and a pass that a regrade would not give any more."""
    version = ItemVersion.objects.get(pk=attempt.served_items[1]["version"])
    yield REVIEWER, "regrade_item", reverse("regrade_item", args=[version.uuid])
    asked = FourEyesRequest.objects.filter(subject=version.uuid, state=FourEyesRequest.State.PENDING).first()
    asked = asked or ask_for_regrade(Proposal(version, Deed.DROP), reason=REASON, actor=_user(REVIEWER), now=now)
    yield OFFICER, "foreseen", reverse("foreseen", args=[asked.uuid])
    yield REVIEWER, "oversight:request", reverse("oversight:request", args=[asked.uuid])
    Grade.objects.create(
        attempt=attempt,
        number=2,
        origin=Grade.Origin.REGRADED,
        reason=WORSE,
        score=70,
        points=7,
        maximum=10,
        bright_line=False,
        passed=True,
        pass_stands=True,
        grading_version=1,
        given_at=now,
    )
    yield OFFICER, "standing_passes", reverse("standing_passes")
    yield OFFICER, "withdraw_pass", reverse("withdraw_pass", args=[attempt.uuid])
    yield attempt.learner.staff_number, "quiz_result", reverse("quiz_result", args=[attempt.uuid])


def marked(place: Enrolment, language: str, now: datetime):
    """An essay that the learner's tutor marks, one about which two assessors differ, and one that nobody has taken."""
    alone, twice = (an_essay_handed_in(place, markers, language, now) for markers in (1, 2))
    [first, second, third] = assessors(place.administration)
    for assessor, level in ((first, "l2"), (second, "l0")):
        _mark(twice, assessor, level, now)
    for marker, attempt in ((_user(TUTOR), alone), (third, twice)):
        number = marker.staff_number
        yield number, "marking_answer", reverse("marking_answer", args=[_take(attempt, marker, now).uuid])
        yield number, "marking", reverse("marking")
    yield first.staff_number, "marking", reverse("marking")
    an_essay_handed_in(place, 1, language, now)
    yield MANAGER, "name_markers", reverse("name_markers")
    yield place.user.staff_number, "quiz_result", reverse("quiz_result", args=[alone.uuid])


def an_essay_handed_in(place: Enrolment, markers: int, language: str, now: datetime) -> Attempt:
    version = a_quiz_version(a_bank_of(essay(markers)), draw=1, languages=LANGUAGES)
    attempt = an_attempt(place.user, version, now=now, registration=place.uuid, language=language)
    answer = {"shape": 1, "text": ESSAYS[language], "files": []}
    Response.objects.create(attempt=attempt, position=0, sequence=1, answer=answer, language=language, saved_at=now)
    services.submit_attempt(attempt, learner=place.user, now=now)
    give_grade(attempt, now=now)
    waits = Marking.objects.filter(attempt=attempt)
    eventually(lambda: waits.count() == markers, what="the essay waits for its markers")
    return attempt


def _take(attempt: Attempt, marker: User, now: datetime) -> Marking:
    """The place of this answer; others that wait longer would come first."""
    place = Marking.objects.for_marker(marker).takeable(now).filter(attempt=attempt).first()
    assert place is not None
    changes = {"state": Marking.State.TAKEN, "marker": marker, "lease_until": now + marking.LEASE}
    Marking.objects.filter(pk=place.pk).update(**changes)
    return place


def _mark(attempt: Attempt, marker: User, level: str, now: datetime) -> None:
    place = _take(attempt, marker, now)
    marking.give_mark(place.uuid, marking.Given({"duty": level, "way": level}), marker=marker, now=now)


def written(bank: ItemBank, now: datetime):
    """A question with a draft of it, in a bank of the course, what two people see of its publication, and a bank of
    every kind on its way in and out."""
    author, item = _user(AUTHOR), bank.items.order_by("pk").first()
    asked = FourEyesRequest.objects.filter(action=PUBLISH, subject=item.uuid).first()
    if asked is None:
        draft = Draft.of(newest_of(item))
        changed = replace(draft, difficulty=draft.difficulty % 3 + 1)
        save_draft(bank, item.key, changed, {}, seen=seen_of(item), actor=author, now=now)
        asked = ask_for_publication(bank, [item.key], reason=REASON, actor=author, now=now)
    bank_alone, its = [bank.pk], [bank.pk, item.key]
    yield AUTHOR, "itembank:index", reverse("itembank:index")
    yield AUTHOR, "itembank:add", reverse("itembank:add")
    for page, place in (("inspect", bank_alone), ("new_item", bank_alone), ("publish", bank_alone)):
        yield AUTHOR, f"itembank:{page}", reverse(f"itembank:{page}", args=place)
    for page in ("item", "edit_item", "preview_item"):
        yield AUTHOR, f"itembank:{page}", reverse(f"itembank:{page}", args=its)
    yield REVIEWER, "itembank:item", reverse("itembank:item", args=its)
    yield AUTHOR, "itembank:word_item", reverse("itembank:word_item", args=[*its, "fr"])
    yield REVIEWER, "publication", reverse("publication", args=[asked.uuid])
    yield from _of_every_kind(_a_quiz_of_every_kind(now).quiz.bank)
    yield from _brought(bank, author, now)
    yield AUTHOR, "export_bank", reverse("export_bank", args=bank_alone)


def _of_every_kind(bank: ItemBank):
    for item in bank.items.order_by("pk"):
        for page in ("item", "edit_item", "preview_item"):
            yield AUTHOR, f"itembank:{page}", reverse(f"itembank:{page}", args=[bank.pk, item.key])
    for kind in ("single_choice", "essay"):
        yield AUTHOR, "itembank:new_item", reverse("itembank:new_item", args=[bank.pk]) + f"?kind={kind}"


def _brought(bank: ItemBank, author: User, now: datetime):
    yield AUTHOR, "import_questions", reverse("import_questions")
    file = ContentFile(GIFT_FILE.encode(), name="gifts.gift")
    brought = arrivals.bring(file, format="", spoken="en", bank=bank, actor=author, now=now)
    arrivals.carry_on(brought.pk, now=now)
    looked_at = QuestionFile.objects.filter(pk=brought.pk, state=QuestionFile.State.CHECKED)
    eventually(looked_at.exists, what="the file is looked at")
    yield AUTHOR, "question_file", reverse("question_file", args=[brought.uuid])


def sat(run: Cohort, learner: User, now: datetime):
    """A quiz under supervision in a run of its own, and its sitting."""
    days = {"starts_on": run.starts_on, "ends_on": run.ends_on}
    supervised = Cohort.objects.create(
        administration=run.administration, name="2020", release=run.release, rule_set=run.rule_set, **days
    )
    group = Group.objects.create(section=Section.objects.create(cohort=supervised, number=1, **days), number=1)
    group.tutors.add(_user(TUTOR))
    place = a_place(learner, group, now=now)
    [quiz] = steps_of(place, "quiz")
    manager = _user(MANAGER)
    address = reverse("run_sittings", args=[supervised.uuid])
    requiring.require(supervised, quiz.key, actor=manager, now=now)
    opened = a_sitting(place, actor=manager, now=now)
    invigilating.note_irregularity(opened, place, note=REASON, actor=manager, now=now)
    yield learner.staff_number, "learn", reverse("learn", args=[place.uuid, quiz.key])
    for watcher in (TUTOR, MANAGER):
        yield watcher, "run_sittings", address
    yield MANAGER, "sitting_code", reverse("sitting_code", args=[opened.uuid])
    for watcher in (TUTOR, MANAGER):
        yield watcher, "sitting", reverse("sitting", args=[opened.uuid])
        yield watcher, "sitting_person", reverse("sitting_person", args=[opened.uuid, place.uuid])
