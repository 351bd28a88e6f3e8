"""A page as data and back: its fields, its child rows and its stream, whatever the model.

Every field of a page's model travels, except Wagtail's own book-keeping (`LEFT_AT_HOME`). A field of a kind that is
not known here is an error of the programmer and not a silent gap: a test walks all page models.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, TranslatableMixin

from courses.exchange import blocks, names
from courses.exchange.reading import Reader

# What travels of Wagtail's own fields.
OF_A_PAGE = ("title", "slug", "seo_title", "search_description", "show_in_menus")
# What does not: row numbers and the tree's own columns, which the other installation counts for itself; who did what
# when, which is this installation's history; locks, schedules and workflows, which are work in progress here.
# `translation_key`, `locale`, `live` and `alias_of` stand in a page's entry beside its fields.
LEFT_AT_HOME = {
    "id", "path", "depth", "numchild", "content_type", "url_path", "draft_title", "owner", "latest_revision",
    "live_revision", "has_unpublished_changes", "first_published_at", "last_published_at",
    "latest_revision_created_at", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by",
    "translation_key", "locale", "live", "alias_of",
}  # fmt: skip


def own_fields(model: type[Page]) -> list[models.Field]:
    """The fields that travel, Wagtail's first."""
    own = [
        field
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False)
        and field.model is not Page
        and not (field.remote_field and getattr(field.remote_field, "parent_link", False))
    ]
    return [*(Page._meta.get_field(name) for name in OF_A_PAGE), *own]


def child_relations(model: type[Page]):
    """The page's own child rows (objectives, …), not those that Wagtail hangs on every page (comments)."""
    return [
        relation
        for relation in get_all_child_relations(model)
        if relation.related_model._meta.app_label != "wagtailcore"
    ]


def row_fields(model: type[models.Model]) -> list[models.Field]:
    """What travels of a child row: its language is its page's."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not isinstance(field, ParentalKey) and field.name != "locale"
    ]


def as_data(page: Page, translator: names.Translator) -> dict:
    """A page's fields and child rows, with its references turned outward."""
    place = f"{page.title}"
    data = {field.name: _outward(field, page, translator, place) for field in own_fields(type(page))}
    for relation in child_relations(type(page)):
        data[relation.get_accessor_name()] = [
            {field.name: _outward(field, row, translator, place) for field in row_fields(relation.related_model)}
            for row in getattr(page, relation.get_accessor_name()).all()
        ]
    return data


def check(model: type[Page], reader: Reader, translator: names.Translator) -> dict:
    """A page's fields from an archive as values that can be set: references turned inward, each shape checked.

    Child rows come back as lists of dicts. Raises Refused, naming field and place.
    """
    relations = {relation.get_accessor_name(): relation for relation in child_relations(model)}
    fields = own_fields(model)
    reader.only(*(field.name for field in fields), *relations)
    values = {field.name: _inward(field, reader, translator) for field in fields}
    for name, relation in relations.items():
        columns = row_fields(relation.related_model)
        values[name] = [
            {
                field.name: _inward(field, row.only(*(column.name for column in columns)), translator)
                for field in columns
            }
            for row in reader.each(name)
        ]
    return values


def assign(page: Page, values: dict) -> None:
    """Set the fields of a page and replace its child rows. A row of the same translation key stays the same row."""
    for relation in child_relations(type(page)):
        name = relation.get_accessor_name()
        there = {getattr(row, "translation_key", None): row.pk for row in getattr(page, name).all()}
        there.pop(None, None)
        rows = [relation.related_model(**row) for row in values[name]]
        for row in rows:
            row.pk = there.pop(getattr(row, "translation_key", None), None)
            if isinstance(row, TranslatableMixin):
                row.locale_id = page.locale_id
        setattr(page, name, rows)
    for field in own_fields(type(page)):
        setattr(page, field.attname, values[field.name])


def _outward(field: models.Field, row: models.Model, translator: names.Translator, place: str):
    value = getattr(row, field.attname)
    if isinstance(field, StreamField):
        return blocks.turned(field.stream_block, list(value.raw_data), translator, f"{place} › {field.name}")
    if isinstance(field, RichTextField):
        return translator.html(value)
    if isinstance(field, models.ForeignKey):
        kind = names.kind_of(field.related_model)
        if kind is None:
            raise TypeError(f"{field} points to what does not travel")
        return None if value is None else translator.reference(kind, value)
    if value is None or isinstance(field, _AS_THEY_ARE):
        return value
    if isinstance(field, _AS_TEXT):
        return str(value)
    raise TypeError(f"{field} is of a kind that does not travel yet")


_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.JSONField)
_AS_TEXT = (models.UUIDField, models.DateField, models.TimeField, models.DecimalField)
_TYPES = {models.BooleanField: bool, models.IntegerField: int, models.CharField: str, models.TextField: str}


def _inward(field: models.Field, reader: Reader, translator: names.Translator):
    value = reader.data[field.name]
    if isinstance(field, StreamField):
        try:
            return blocks.turned(field.stream_block, value, translator, field.name)
        except blocks.Misshapen as problem:
            raise reader.refused(_("is not a lesson's content (%(problem)s)") % {"problem": problem}) from problem
    if value is None:
        if not field.null:
            raise reader.refused(_("is missing"), field.name)
        return None
    if isinstance(field, RichTextField):
        return translator.html(reader.text(field.name))
    if isinstance(field, models.ForeignKey):
        return translator.reference(names.kind_of(field.related_model), reader.text(field.name))
    return _plain(field, value, reader)


def _plain(field: models.Field, value, reader: Reader):
    kind = next((given for known, given in _TYPES.items() if isinstance(field, known)), None)
    if isinstance(field, _AS_TEXT):
        kind = str
    if isinstance(field, models.JSONField):
        kind = type(field.get_default()) if field.has_default() else object
    if kind is None:
        raise TypeError(f"{field} is of a kind that does not travel yet")
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise reader.refused(_("is of another type than it should be"), field.name)
    if field.name == "rad_factors" and not set(map(str, value)) <= set(map(str, range(1, 11))):
        raise reader.refused(_("names a factor that does not exist"), field.name)
    try:
        found = field.to_python(value)
        if found not in field.empty_values:
            field.run_validators(found)
            if field.choices:
                field.validate(found, None)
    except ValidationError as problem:
        raise reader.refused(" ".join(problem.messages).rstrip("."), field.name) from problem
    return found
