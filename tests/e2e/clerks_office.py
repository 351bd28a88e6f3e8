"""What the clerk does, inside the installation under test. `tests.e2e.clerk` says how it is asked.

What people do through pages, the scenarios do through pages; here is what no page offers: a small installation to
begin with, people, yesterday, and the answers to the quiz.
"""

import itertools
import json
import sys
import traceback
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Locale, Page

from certificates.documents import public_address
from certificates.models import Certificate
from cohorts import services as cohorts
from cohorts.models import Cohort, Enrolment, Group, Section
from courses.curriculum import load_course
from courses.models import CoursePage, Release
from courses.releases import release_course
from elearning.demonstration import organisation, run
from people import demonstration
from people.models import Administration, Officer, User
from quizzes import content
from quizzes import services as quizzes
from quizzes.accommodations import Measures
from quizzes.kinds.choices import Rating
from quizzes.models import Attempt, Mechanism
from tests.e2e import tour as tours
from tests.e2e.tour import quizzes as quiz_tour
from tests.factories.cohorts import a_group, a_place, finish_lessons, hand_in_quiz, steps_of
from tests.factories.courses import a_newer_release, a_release
from tests.factories.markings import have_marked
from tests.factories.people import sign_in
from tests.factories.quizzes import a_bank, a_bank_of, a_quiz_version, an_attempt
from tests.factories.sittings import a_supervised_place
from tests.quizzes import every_kind
from tests.system import eventually

_numbers = itertools.count(7001)


def serve() -> None:
    """Answer until nobody asks any more. Whatever else is written goes to the log, not among the answers."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        question = json.loads(line)
        try:
            told = {"answer": globals()[question["deed"]](**question["facts"])}
        except Exception:
            told = {"problem": traceback.format_exc()}
        print(json.dumps(told), file=answers, flush=True)


# --- To begin with -----------------------------------------------------------------------------------------------


def open_a_small_office() -> None:
    """The demonstration's administration, accounts and course, and its run with all groups, most of them empty.

    The demonstration's own learner and the learners made here have the only places.
    """
    began = datetime(2020, 6, 20, 14, tzinfo=UTC)
    course = load_course(Path(settings.BASE_DIR) / "curriculum" / "first-posting", now=began)
    release = Release.objects.filter(course=course.translation_key).first() or release_course(
        course, actor=None, now=began
    )
    administration = organisation.make_administration()
    accounts = organisation.make_accounts(administration, _now())
    cohort = run.make_cohort(administration, release, began)
    _group(1).tutors.add(accounts["2001"])
    cohorts.enrol(accounts["1001"], _group(1), actor=None, now=_now())
    assert cohort.sections.count() == 9


def a_learner(
    name: str = "Amina Haddad-Quiñones", language: str = "en", group: int = 1, password: str | None = None, **fields
) -> dict:
    """A learner with a place in a group of the run's first section."""
    number = str(next(_numbers))
    user = demonstration.make_account(
        administration=Administration.objects.get(),
        staff_number=number,
        full_name=name,
        now=_now(),
        password=password,
        language=language,
        time_zone=organisation.TIME_ZONE,
        **fields,
    )
    Officer.objects.create(
        administration=user.administration,
        user=user,
        category=Officer.Category.CIVIL_SERVANT,
        hire_date=date(2019, 3, 1),
        customs_related=True,
    )
    enrolment = cohorts.enrol(user, _group(group), actor=None, now=_now())
    return {"number": number, "name": name, "language": language, "enrolment": str(enrolment.uuid)}


def a_learner_of(title: str, **fields) -> dict:
    """A learner in a run of their own that follows the newest release of the course with this title."""
    course = CoursePage.objects.get(title=title)
    release = Release.objects.filter(course=course.translation_key).first()
    person = a_learner(**fields)
    learner = _user(person["number"])
    Enrolment.objects.filter(user=learner).delete()
    first = Cohort.objects.order_by("pk").first()
    cohort = Cohort.objects.create(
        administration=first.administration,
        name=f"{title}, {person['number']}",
        release=release,
        rule_set=first.rule_set,
        starts_on=first.starts_on,
        ends_on=first.ends_on,
    )
    section = Section.objects.create(cohort=cohort, number=1, starts_on=cohort.starts_on, ends_on=cohort.ends_on)
    place = cohorts.enrol(learner, Group.objects.create(section=section, number=1), actor=None, now=_now())
    return person | {"enrolment": str(place.uuid), "release": release.number, "cohort": cohort.name}


def today() -> str:
    """As the administration's people have it."""
    return timezone.localdate(timezone=ZoneInfo(organisation.TIME_ZONE)).isoformat()


def a_reader_of_other_languages() -> dict:
    """Somebody who reads Russian, with a place in a release of the course that has three other languages."""
    release = a_newer_release(Release.objects.order_by("pk").first(), languages=("en", "pt", "ar"))
    person = a_learner(language="ru")
    Enrolment.objects.filter(user=_user(person["number"])).delete()
    a_place(_user(person["number"]), release=release, now=_now())
    return person


def a_sitting_of_every_kind(language: str) -> dict:
    """A learner in the midst of a quiz with an item of each kind. Returns the attempt, and the kinds as they come."""
    items = list(every_kind.items())
    version = a_quiz_version(a_bank_of(*items), draw=len(items), languages=every_kind.LANGUAGES)
    release = a_release(version, languages=every_kind.LANGUAGES)
    person = a_learner(language=language)
    learner = _user(person["number"])
    Enrolment.objects.filter(user=learner).delete()
    place = a_place(learner, release=release, now=_now())
    [quiz] = steps_of(place, "quiz")
    attempt = an_attempt(learner, version, now=_now(), registration=place.uuid, activity=quiz.key, language=language)
    kinds = [content.item_version(served["version"]).kind for served in attempt.served_items]
    return {"number": person["number"], "attempt": str(attempt.uuid), "kinds": kinds}


def a_learner_with_a_plain_layout(language: str) -> dict:
    """A learner with an attempt in a plain layout, and where quizzes are that are open, closed, and not open yet.

    An address is `<place>/<quiz>`; each quiz closes, and has a place of its own.
    """
    now, day = _now(), timedelta(days=1)
    person = a_learner(language=language)
    learner = _user(person["number"])
    Enrolment.objects.filter(user=learner).delete()
    granted = Measures(time_percent=150, plain_layout=True)
    quizzes.grant_accommodation(learner, granted, category="reading", actor=_user("4001"), now=now)
    spans = {"open": (-day, day), "closed": (-2 * day, -day), "not_yet_open": (day, 2 * day)}
    for name, (opens, closes) in spans.items():
        languages = every_kind.LANGUAGES
        version = a_quiz_version(
            a_bank(8, languages=languages), languages=languages, opens_at=now + opens, closes_at=now + closes
        )
        place = a_place(learner, release=a_release(version, languages=languages), now=now)
        [quiz] = steps_of(place, "quiz")
        person[name] = f"{place.uuid}/{quiz.key}"
        if name == "open":
            person["attempt"] = str(an_attempt(learner, version, now=now, language=language).uuid)
    return person


def a_supervised_learner(**fields) -> dict:
    """A learner of group 1 in a run of its own, whose quiz is sat under supervision; account 2001 is the tutor."""
    person = a_learner(**fields)
    learner = _user(person["number"])
    release = Enrolment.objects.get(user=learner).release
    Enrolment.objects.filter(user=learner).delete()
    place = a_supervised_place(a_group(learner.administration, release), user=learner, now=_now())
    place.group.tutors.add(_user("2001"))
    [quiz] = steps_of(place, "quiz")
    return person | {"enrolment": str(place.uuid), "quiz": str(quiz.key), "cohort": str(place.cohort.uuid)}


def read_and_mark(attempt):
    """What an assessor does with the essays of an attempt, as soon as a worker has left them to people."""
    sat = eventually(
        lambda: Attempt.objects.filter(uuid=attempt, state=Attempt.State.GRADING).first(),
        what="essays wait for people",
    )
    have_marked(sat, now=timezone.now())


def an_essay_to_mark() -> dict:
    """A learner of the tutor's group has handed an essay in; it waits for its marker."""
    person = a_learner()
    place = Enrolment.objects.get(uuid=person["enrolment"])
    attempt = quiz_tour.an_essay_handed_in(place, 1, "en", _now())
    return person | {"attempt": str(attempt.uuid), "place": str(attempt.markings.get().uuid)}


def a_result_that_is_not_enough() -> dict:
    """A learner who has answered two of eight questions, and the result is out."""
    person = a_learner()
    place = Enrolment.objects.get(uuid=person["enrolment"])
    finish_lessons(place, now=_now())
    attempt = hand_in_quiz(place, Rating.BEST, Rating.BEST, now=_now())
    graded = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.GRADED)
    eventually(graded.exists, what="the result is out")
    return person | {"attempt": str(attempt.uuid)}


def a_new_key() -> str:
    """A key that no bank has."""
    return f"gift-{next(_numbers)}"


def answers_given(attempt: str) -> list[dict | None]:
    """The answer in force at each question."""
    found = Attempt.objects.get(uuid=attempt)
    given = dict(found.responses.order_by("position", "sequence").values_list("position", "answer"))
    return [given.get(position) for position in range(len(found.served_items))]


def a_graduate(**fields) -> dict:
    """A learner who has done everything; the worker grades the quiz and issues the certificate."""
    person = a_learner(**fields)
    place = Enrolment.objects.get(uuid=person["enrolment"])
    finish_lessons(place, now=_now())
    hand_in_quiz(place, Rating.BEST, now=_now())
    return person


def a_newcomer(language: str = "en") -> dict:
    """Somebody with an account and no place anywhere."""
    user = demonstration.make_account(
        administration=Administration.objects.get(),
        staff_number=str(next(_numbers)),
        full_name="Kofi Mensah",
        now=_now(),
        password=None,
        language=language,
    )
    return {"number": user.staff_number}


def session(number: str) -> dict:
    """The cookie of somebody who is signed in, with the second factor where the account needs one."""
    client = sign_in(Client(), _user(number))
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def tour(learner: str, finisher: str, language: str) -> list[dict]:
    """Every page there is, with somebody to see it; see `tests.e2e.tour`."""
    return tours.stops(_user(learner), _user(finisher), language)


written_by_people, titles = tours.written_by_people, tours.titles


def translation_of(title: str, language: str) -> str:
    """The id of the page that translates the English page with this title."""
    source = Page.objects.get(title=title, locale__language_code="en")
    return str(source.get_translation(Locale.objects.get(language_code=language)).pk)


def codes(number: str) -> list[str]:
    """What the account's authenticator app shows now and next."""
    return demonstration.codes(_user(number))


# --- What no browser may see -------------------------------------------------------------------------------------


def answers(attempt: str) -> list[dict]:
    """For each question the best option, and the one that crosses a bright line where there is one.

    Options are named here and below as the pages of their attempt name them.
    """
    told = []
    for served in Attempt.objects.get(uuid=attempt).served_items:
        options = content.item_version(served["version"]).structure["options"]
        best = next(option["key"] for option in options if option["rating"] == Rating.BEST)
        bright = next((option["key"] for option in options if option["bright_line"]), None)
        told.append(
            {
                "item": served["version"],
                "best": _place(served, best),
                "bright_line": _place(served, bright) if bright else None,
            }
        )
    return told


def _place(served: dict, key: str) -> str:
    """What a page calls an option: where it stands in its attempt, counted from 1."""
    return str(served["arrangement"]["options"].index(key) + 1)


def review(attempt: str, position: int, option: str, language: str = "en") -> dict:
    """What a learner must be told of a choice: its consequence, and the mechanism by name."""
    served = Attempt.objects.get(uuid=attempt).served_items[position]
    key = served["arrangement"]["options"][int(option) - 1]
    structure = content.item_version(served["version"]).structure
    mechanism = next(each["mechanism"] for each in structure["options"] if each["key"] == key)
    _shown_in, text = content.item_text(served["version"], language)
    with translation.override(language):
        return {
            "consequence": text["options"][key]["consequence"],
            "mechanism": str(Mechanism(mechanism).label) if mechanism else "",
        }


def secrets_of(attempt: str) -> list[str]:
    """Every consequence and rationalisation of an attempt's questions, in every language."""
    told = set()
    for served in Attempt.objects.get(uuid=attempt).served_items:
        for language, _name in settings.LANGUAGES:
            _shown_in, text = content.item_text(served["version"], language)
            for option in text["options"].values():
                told |= {option[key] for key in ("consequence", "rationalisation") if option.get(key)}
    return sorted(told)


def _saved(attempt: Attempt) -> list[str | None]:
    """The option in force at each question, as its page calls it."""
    answers = dict(attempt.responses.order_by("position", "sequence").values_list("position", "answer"))
    return [
        _place(served, answers[position]["choice"]) if answers.get(position) else None
        for position, served in enumerate(attempt.served_items)
    ]


def attempts(number: str) -> list[dict]:
    """A learner's attempts, the answers in force and what was made of them, oldest first."""
    told = []
    for attempt in Attempt.objects.filter(learner=_user(number)).order_by("number"):
        grade = attempt.grades.order_by("-number").first()
        told.append(
            {
                "uuid": str(attempt.uuid),
                "state": attempt.state,
                "submitted_at": attempt.submitted_at and attempt.submitted_at.isoformat(),
                "saved": _saved(attempt),
                "grades": attempt.grades.count(),
                "passed": grade.passed if grade else None,
                "score": float(grade.score) if grade else None,
                "bright_line": grade.bright_line if grade else None,
            }
        )
    return told


def enrolment(number: str) -> dict:
    """Where a learner stands, and the run's page for those who look after it."""
    found = Enrolment.objects.get(user=_user(number))
    return {"state": found.state, "cohort": str(found.cohort.uuid), "credited_minutes": found.credited_minutes}


def cohort() -> str:
    """The run of the demonstration: the first one."""
    return str(Cohort.objects.order_by("pk").first().uuid)


def run_figures(group: int | None = None) -> dict:
    """How many are enrolled in the run, or in one group of its first section, and how many have completed."""
    places = (
        Enrolment.objects.filter(group=_group(group)) if group else Enrolment.objects.filter(cohort__uuid=cohort())
    )
    return {"enrolled": places.count(), "completed": places.filter(state=Enrolment.State.COMPLETED).count()}


def certificate(number: str) -> dict | None:
    """A learner's certificate with its public address, once it is issued."""
    found = Certificate.objects.filter(user=_user(number)).first()
    return found and {"uuid": str(found.uuid), "serial": found.serial, "address": public_address(found)}


def let_time_pass(attempt: str, hours: int) -> None:
    """Move an attempt into the past."""
    found = Attempt.objects.get(uuid=attempt)
    past = timedelta(hours=hours)
    Attempt.objects.filter(pk=found.pk).update(
        started_at=found.started_at - past,
        deadline=found.deadline - past,
        submitted_at=found.submitted_at and found.submitted_at - past,
    )


def _user(number: str) -> User:
    return User.objects.get(staff_number=number)


def _group(number: int) -> Group:
    return Group.objects.get(section__cohort__uuid=cohort(), section__number=1, number=number)


def _now() -> datetime:
    return datetime.now(UTC)
