"""What one attempt at a quiz might be served today, for its author. Nothing is kept of it."""

from quizzes import content
from quizzes.blueprint import Blueprint
from quizzes.drawing import draw
from quizzes.models import ItemVersion, Quiz
from quizzes.services import found_by


def sample_of(quiz: Quiz, seed: int, language: str) -> dict:
    """A draw for somebody who has seen nothing yet and reads this language, section by section.

    `sections` is None where a section finds too few items to draw from. The number of queries does not grow.
    """
    allotted = found_by(quiz)
    if not all(each.is_enough for each in allotted):
        return {"sections": None}
    blueprint = Blueprint.of(allotted)
    drawn = draw(blueprint.sections, {}, seed, blueprint.without_words(language))
    versions = ItemVersion.objects.select_related("item").in_bulk(drawn)
    content.item_texts(drawn)
    rest = iter(drawn)
    sections = []
    for number, section in enumerate(blueprint.sections, start=1):
        title, title_language = section.title_in(language)
        items = []
        for version in (next(rest) for _each in range(section.draw)):
            shown_in, words = content.item_text(version, language)
            items.append({"version": versions[version], "language": shown_in, "stem": words["stem"]})
        sections.append(
            {"number": number, "title": title, "language": title_language, "weight": section.weight, "items": items}
        )
    return {"sections": sections, "seed": seed, "other_seed": seed + 1}
