"""A page's passages, taken out of its fields and blocks and put back into its translation.

A passage's path is the field, and in a StreamField the block's id and its field: `title`, `objectives.<key>.text`,
`body.<block>.text`, `body.<block>.steps.<item>.title`; a paragraph of rich text adds its number. Copied pages keep the
ids, so a path means the same in every language.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.models import Locale, Page, Revision

from courses.authors import give_authors_their_pages
from courses.languages import words
from courses.models import (
    CourseObjective,
    CoursePage,
    HomePage,
    LearningObjective,
    LessonObjective,
    LessonPage,
    ModulePage,
    ProgrammeObjective,
    ProgrammePage,
)

# Plain text fields, and the stream of blocks, in the order in which they are read.
FIELDS = {
    ProgrammePage: ("title", "summary"),
    CoursePage: ("title", "summary"),
    ModulePage: ("title", "summary"),
    LessonPage: ("title", "lede"),
}
OBJECTIVES = {
    ProgrammePage: ProgrammeObjective,
    CoursePage: CourseObjective,
    ModulePage: LearningObjective,
    LessonPage: LessonObjective,
}
BODY = "body"


@dataclass(frozen=True)
class Passage:
    """Words of the source that are translated in one go. `links` are the opening tags of a rich text's links.

    What a letter or a certificate says keeps its `places`, has room for `most` characters (0: for any number), and
    `can_write` says whether the letters of a text can be shown there.
    """

    path: str
    text: str
    label: str = ""
    rich: bool = False
    links: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    most: int = 0
    can_write: Callable[[str], bool] = bool

    @cached_property
    def digest(self) -> str:
        """The name of its words; a link that leads elsewhere counts as other words."""
        return words.digest("\0".join((self.text, *self.links)))


Visit = Callable[[str, str, str, bool], str]


def passages_of(page, objectives: Iterable = ()) -> Iterator[Passage]:
    """The passages of a page in reading order. `objectives` are its own, read for many at once."""
    found: list[Passage] = []

    def visit(path, value, label, rich):
        if not rich:
            found.append(Passage(path, value, label))
            return value
        for number, inner in enumerate(words.split(value)[1::2], start=1):
            marked = words.marked(inner)
            found.append(Passage(f"{path}.{number}", marked.text, label, True, marked.links))
        return value

    _walk_page(page, objectives, visit)
    return iter(found)


def raw_passages(page, objectives: Iterable = ()) -> dict[str, str]:
    """What stands on a page under each path, rich text as HTML."""
    found: dict[str, str] = {}

    def visit(path, value, label, rich):
        if rich:
            found.update({f"{path}.{n}": inner for n, inner in enumerate(words.split(value)[1::2], start=1)})
        else:
            found[path] = value
        return value

    _walk_page(page, objectives, visit)
    return found


def _walk_page(page, objectives, visit: Visit) -> None:
    for field in FIELDS[type(page)]:
        value = getattr(page, field)
        if value.strip():
            visit(field, value, str(page._meta.get_field(field).verbose_name), False)
    for objective in objectives:
        visit(f"objectives.{objective.translation_key}.text", objective.text, _("Learning objective"), False)
    if isinstance(page, LessonPage):
        walk(page.body.stream_block, page.body.get_prep_value(), BODY, "", visit)


def walk(block, value, path: str, label: str, visit: Visit):
    """A block's stored value with `visit` called for every text in it; what it returns takes the text's place."""
    if isinstance(block, blocks.RichTextBlock):
        return visit(path, value, label, True) if value and value.strip() else value
    if isinstance(block, (blocks.CharBlock, blocks.TextBlock)):
        return visit(path, value, label, False) if value and value.strip() else value
    if isinstance(block, blocks.StructBlock):
        return {
            name: walk(
                block.child_blocks[name], inner, f"{path}.{name}", _label(label, block.child_blocks[name]), visit
            )
            if name in block.child_blocks
            else inner
            for name, inner in (value or {}).items()
        }
    if isinstance(block, blocks.ListBlock):
        return [_walk_item(block.child_block, item, path, n, label, visit) for n, item in enumerate(value or [])]
    if isinstance(block, blocks.StreamBlock):
        return [
            item
            | {
                "value": walk(
                    block.child_blocks[item["type"]],
                    item["value"],
                    f"{path}.{item['id']}",
                    _label(label, block.child_blocks[item["type"]]),
                    visit,
                )
            }
            if item["type"] in block.child_blocks
            else item
            for item in value or []
        ]
    return value


def _walk_item(block, item, path, number, label, visit):
    """A list's item; one that was stored before lists had ids goes by its number."""
    if isinstance(item, dict) and item.get("type") == "item" and "value" in item:
        return item | {"value": walk(block, item["value"], f"{path}.{item.get('id') or number}", label, visit)}
    return walk(block, item, f"{path}.{number}", label, visit)


def _label(outer: str, block) -> str:
    return f"{outer}: {block.label}" if outer else str(block.label)


# --- Back into a page -----------------------------------------------------------------------------------------------


def publish(source, language: str, texts: dict[str, str], *, actor) -> Revision:
    """Publish the translation of a page, as `write_draft` makes it. Call it inside a transaction."""
    revision = write_draft(source, language, texts, actor=actor)
    revision.publish(user=actor)
    return revision


def write_draft(source, language: str, texts: dict[str, str], *, actor) -> Revision:
    """A draft of the translation of a page: the source's structure with these words, HTML where it has rich text.

    `texts` has every path of the source. The page and those above it are made where they are missing; those above
    stay unpublished until their own words are translated. Whatever else the translated page held, such as another
    picture, becomes the source's. Call it inside a transaction.
    """
    locale = Locale.objects.get_or_create(language_code=language)[0]
    page = _translation(source, locale)
    localised = _localised_links(texts, locale)

    def visit(path, value, label, rich):
        if not rich:
            return texts[path]
        parts = words.split(value)
        parts[1::2] = [localised(texts[f"{path}.{number}"]) for number in range(1, len(parts) // 2 + 1)]
        return "".join(parts)

    for field in FIELDS[type(source)]:
        if getattr(source, field).strip():
            setattr(page, field, texts[field])
    page.draft_title = page.title
    page.rad_factors = source.rad_factors
    page.objectives = [_objective(objective, page, locale, texts) for objective in source.objectives.all()]
    if isinstance(source, ModulePage):
        page.position, page.quiz = source.position, source.quiz
    if isinstance(source, ProgrammePage):
        page.kind = source.kind
    if isinstance(source, LessonPage):
        page.minutes = source.minutes
        value = walk(source.body.stream_block, source.body.get_prep_value(), BODY, "", visit)
        page.body = source.body.stream_block.to_python(value)
    return page.save_revision(user=actor, log_action=True)


def _objective(objective, page, locale, texts):
    model = type(objective)
    own = next((row for row in page.objectives.all() if row.translation_key == objective.translation_key), None)
    made = own or model(translation_key=objective.translation_key)
    made.locale, made.sort_order, made.rad_factors = locale, objective.sort_order, objective.rad_factors
    made.text = texts[f"objectives.{objective.translation_key}.text"]
    return made


def _translation(source, locale):
    page = type(source).objects.filter(translation_key=source.translation_key, locale=locale).first()
    if page is not None:
        # Drafts that authors have in hand are not published in passing: the live words are the ones to go on from.
        return page
    parent = source.get_parent().specific
    if not parent.is_root():
        _translation(parent, locale)
    page = source.copy_for_translation(locale)
    if isinstance(page, HomePage):
        # The front door carries the installation's name and no words in a language that its readers may not know.
        page.lede = ""
        page.save_revision().publish()
        give_authors_their_pages([page])
    return page


def _localised_links(texts: dict[str, str], locale) -> Callable[[str], str]:
    """A function that leads the links of a text to the same pages in a language, where those exist."""
    wanted = {int(found[2]) for text in texts.values() for found in words.PAGE_LINK.finditer(text)}
    own = dict(Page.objects.filter(pk__in=wanted).values_list("pk", "translation_key"))
    elsewhere = Page.objects.filter(translation_key__in=own.values(), locale=locale)
    there = dict(elsewhere.values_list("translation_key", "pk"))

    def lead(text: str) -> str:
        return words.PAGE_LINK.sub(
            lambda found: f"{found[1]}{there.get(own.get(int(found[2])), found[2])}{found[3]}", text
        )

    return lead
