"""Planting a course's new pages, all of them at once.

Wagtail adds a page, keeps a revision of it and publishes it with some hundred queries, and on an embedded database
nobody else can write meanwhile. Here their rows go in by the hundred and say what Wagtail's own would have said: a
test compares them. Its indexes follow after the commit, some pages at a time (`index`).
"""

import logging
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from modelsearch import index as search
from modelsearch.backends import get_search_backends
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.signals import page_published, published

from courses.exchange.fields import child_relations

logger = logging.getLogger(__name__)

# So many pages are indexed before somebody else may write again.
AT_A_TIME = 20


def seedling(model: type[Page], **values) -> Page:
    """A page that is nowhere yet and has no child rows."""
    page = model(**values)
    for relation in get_all_child_relations(model):
        # Said, so that nobody asks the database for them once the page has its number.
        setattr(page, relation.get_accessor_name(), [])
    return page


def place(pages: list[tuple[Page, Page]]) -> None:
    """Give seedlings their places and numbers: (page, parent), a parent that is new itself before its children.

    Each becomes the last child. Of its fields those that every page has are stored. Call it in a transaction, and
    `grow` in the same one.
    """
    last: dict[str, int] = {}
    grown: dict[int, int] = defaultdict(int)
    for page, parent in pages:
        if parent.path not in last:
            last[parent.path] = _last_place_below(parent)
        last[parent.path] += 1
        page.depth = parent.depth + 1
        page.path = Page._get_path(parent.path, page.depth, last[parent.path])
        page.numchild = 0
        page.draft_title = page.title
        page.set_url_path(parent)
        page._cached_parent_obj = parent
        parent.numchild += 1
        if parent.pk is not None:
            grown[parent.pk] += 1
    columns = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    rows = Page.objects.bulk_create(Page(**{name: getattr(page, name) for name in columns}) for page, _parent in pages)
    for row, (page, _parent) in zip(rows, pages, strict=True):
        page.pk = page.id = row.pk
    for number, children in grown.items():
        Page.objects.filter(pk=number).update(numchild=models.F("numchild") + children)


def _last_place_below(parent: Page) -> int:
    if parent.pk is None:
        return 0
    child = Page.objects.select_for_update().get(pk=parent.pk).get_last_child()
    return child._get_lastpos_in_path() if child else 0


def grow(pages: Iterable[Page], *, aliases: dict[int, Page], user) -> None:
    """Store the rest of pages that have their place: their own fields, their child rows, a revision, the log's entry.

    `aliases` gives the original of those that are an alias, by their number: they have no revision. A page that is
    `live` is published.
    """
    pages = list(pages)
    for page in pages:
        # Wagtail's own save would store the columns of every page again, one page at a time.
        page.save_base(raw=True, force_insert=True)
    _add_children(pages)
    # The clock of Wagtail's history, as of whatever else it writes.
    now = timezone.now()
    originals = [page for page in pages if page.pk not in aliases]
    revisions = Revision.objects.bulk_create(_revision(page, user, now) for page in originals)
    for page in pages:
        page.alias_of = aliases.get(page.pk)
    for page, revision in zip(originals, revisions, strict=True):
        page.latest_revision, page.latest_revision_created_at = revision, now
        if page.live:
            page.live_revision, page.first_published_at, page.last_published_at = revision, now, now
        else:
            page.has_unpublished_changes = True
    changed = ["alias_of", "latest_revision", "latest_revision_created_at", "live_revision", "first_published_at"]
    _update(pages, [*changed, "last_published_at", "has_unpublished_changes"])
    _log(pages, user, now)
    for page, revision in zip(originals, revisions, strict=True):
        if page.live:
            for signal in (page_published, published):
                signal.send(sender=type(page), instance=page, revision=revision)


def _add_children(pages: Iterable[Page]) -> None:
    found: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for page in pages:
        for relation in child_relations(type(page)):
            for row in getattr(page, relation.get_accessor_name()).all():
                setattr(row, relation.field.name, page)
                found[relation.related_model].append(row)
    for model, rows in found.items():
        model.objects.bulk_create(rows)


def _revision(page: Page, user, now) -> Revision:
    return Revision(
        content_type=ContentType.objects.get_for_model(page, for_concrete_model=False),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=str(page.pk),
        created_at=now,
        user=user,
        object_str=str(page),
        content=page.serializable_data(),
    )


def _update(pages: list[Page], names: list[str]) -> None:
    rows = [Page(pk=page.pk, **{name: getattr(page, name) for name in names}) for page in pages]
    Page.objects.bulk_update(rows, names)


def _log(pages: Iterable[Page], user, now) -> None:
    context = get_active_log_context()
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            content_type=page.content_type,
            label=page.get_admin_display_title(),
            action="wagtail.create",
            timestamp=now,
            data={},
            uuid=context.uuid,
            user=user or context.user,
            content_changed=True,
            page_id=page.pk,
        )
        for page in pages
    )


def index(numbers: Iterable[int]) -> None:
    """Enter pages that were planted in Wagtail's indexes of words and of references.

    Call it after the commit. Others can write between some pages and the next. The pages are there whatever happens
    here: a failure is logged, and `manage.py update_index` and `rebuild_references_index` make up for it.
    """
    numbers = list(numbers)
    try:
        for start in range(0, len(numbers), AT_A_TIME):
            with transaction.atomic():
                _index(Page.objects.filter(pk__in=numbers[start : start + AT_A_TIME]).specific())
    except Exception:
        logger.exception("the pages are here, and not all in Wagtail's indexes")


def _index(pages: Iterable[Page]) -> None:
    kinds: dict[type[Page], list[Page]] = defaultdict(list)
    for page in pages:
        ReferenceIndex.create_or_update_for_object(page)
        if (indexed := search.get_indexed_instance(page)) is not None:
            kinds[type(indexed)].append(indexed)
    for backend in get_search_backends(with_auto_update=True):
        for model, some in kinds.items():
            backend.add_bulk(model, some)
