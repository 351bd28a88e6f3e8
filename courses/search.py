"""Finding courses in the catalogue: by words in the reader's language, and by what they are about.

A process keeps the words of the published courses and asks with one query whether a page was published or taken back
since. No table of words has to be filled, and none can be stale; SQLite and PostgreSQL find the same, which their own
searches would not: neither stems all six languages.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count, Max
from wagtail.models import Page

from courses.models import CoursePage, LessonPage, ModulePage
from courses.models.objectives import Objective
from courses.models.programmes import ProgrammePart
from courses.word_forms import stems
from quizzes.models import RadFactor

# Upper limits in minutes of what counts as short and as middling.
SHORT, MIDDLING = 120, 480
LENGTHS = ("short", "middling", "long")


@dataclass(frozen=True)
class Found:
    """A published course in one language, with what a reader may look for."""

    page: CoursePage
    lessons: int
    minutes: int
    rad_factors: frozenset[int]
    audiences: frozenset[str]
    topics: tuple[tuple[str, str], ...]  # of its modules: key in all languages, title
    words: Mapping[str, int] = field(repr=False)  # stem: weight

    @property
    def length(self) -> str:
        return "short" if self.minutes <= SHORT else "middling" if self.minutes <= MIDDLING else "long"

    def score(self, asked: list[str]) -> int:
        """How well it answers; 0 where one of the words is nowhere. The beginning of a word finds it, too."""
        scores = [
            max((weight for word, weight in self.words.items() if word == stem or word.startswith(stem)), default=0)
            for stem in asked
        ]
        return sum(scores) if all(scores) else 0


@dataclass(frozen=True)
class Wishes:
    """What a reader asks the catalogue for; empty where they do not mind. What makes no sense is not minded."""

    words: str = ""
    topic: str = ""
    rad_factor: int | None = None
    audience: str = ""
    length: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> "Wishes":
        factor = sent.get("factor", "")
        length = sent.get("length", "")
        return cls(
            words=sent.get("q", "").strip()[:200],
            topic=sent.get("topic", ""),
            rad_factor=int(factor) if factor in map(str, RadFactor.values) else None,
            audience=sent.get("audience", ""),
            length=length if length in LENGTHS else "",
        )

    def __bool__(self):
        return self != Wishes()


def find(wishes: Wishes, language: str) -> list[Found]:
    """The courses published in a language that answer: the best first, without words in the catalogue's order."""
    courses = [each for each in everything(language) if _fits(each, wishes)]
    asked = stems(wishes.words, language)
    if not asked:
        return courses
    scored = [(each.score(asked), each) for each in courses]
    return [each for score, each in sorted(scored, key=lambda pair: -pair[0]) if score]


def _fits(course: Found, wishes: Wishes) -> bool:
    return (
        (not wishes.topic or wishes.topic in dict(course.topics))
        and (wishes.rad_factor is None or wishes.rad_factor in course.rad_factors)
        and (not wishes.audience or wishes.audience in course.audiences)
        and (not wishes.length or wishes.length == course.length)
    )


def everything(language: str) -> tuple[Found, ...]:
    """Every course published in a language. One query where nothing was published since; ten otherwise."""
    state = Page.objects.live().aggregate(count=Count("pk"), newest=Max("pk"), published=Max("last_published_at"))
    parts = ProgrammePart.objects.aggregate(count=Count("pk"), newest=Max("pk"))
    return _everything(language, (*state.values(), *parts.values()))


@lru_cache(maxsize=32)
def _everything(language: str, _state: tuple) -> tuple[Found, ...]:
    here = {"locale__language_code": language}
    courses = list(CoursePage.objects.live().filter(**here).order_by("path"))
    modules = _by_course(ModulePage.objects.live().filter(**here).select_related("quiz").order_by("position", "path"))
    lessons = _by_course(LessonPage.objects.live().filter(**here).order_by("path"))
    objectives = _objectives(language)
    audiences = _audiences()
    return tuple(
        _found(
            course,
            modules[course.path],
            lessons[course.path],
            objectives,
            frozenset(audiences[course.translation_key]),
        )
        for course in courses
    )


def forget() -> None:
    _everything.cache_clear()


def _by_course(pages) -> dict[str, list]:
    """Pages by the path of the course above them, which stands third in the tree: root, home, course."""
    found = defaultdict(list)
    for page in pages:
        found[page.path[: 3 * Page.steplen]].append(page)
    return found


def _objectives(language: str) -> dict[int, list[Objective]]:
    found = defaultdict(list)
    for model in (CoursePage, ModulePage, LessonPage):
        kind = model._meta.get_field("objectives").related_model
        for objective in kind.objects.filter(locale__language_code=language):
            found[objective.page_id].append(objective)
    return found


def _audiences() -> dict:
    """For whom the programmes are that a course belongs to, by the course's key in all languages."""
    found = defaultdict(set)
    for key, audience in ProgrammePart.objects.filter(programme__live=True).values_list(
        "course__translation_key", "programme__kind__audience"
    ):
        found[key].add(audience)
    return found


def _found(course, modules, lessons, objectives, audiences) -> Found:
    language = course.locale.language_code
    pages = [course, *modules, *lessons]
    aims = [objective for page in pages for objective in objectives.get(page.pk, ())]
    words: Counter[str] = Counter()
    for weight, texts in (
        (8, [course.title]),
        (4, [page.title for page in (*modules, *lessons)]),
        (2, [course.summary, *(module.summary for module in modules), *(aim.text for aim in aims)]),
        (1, [lesson.lede for lesson in lessons]),
    ):
        for stem in (stem for text in texts for stem in stems(text, language)):
            words[stem] = max(words[stem], weight)
    return Found(
        page=course,
        lessons=len(lessons),
        minutes=sum(lesson.minutes for lesson in lessons) + sum(m.quiz.minutes for m in modules if m.quiz),
        rad_factors=frozenset(factor for each in (*pages, *aims) for factor in each.rad_factors),
        audiences=audiences,
        topics=tuple((str(module.translation_key), module.title) for module in modules),
        words=words,
    )
