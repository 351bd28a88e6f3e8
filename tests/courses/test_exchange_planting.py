"""Pages planted by the hundred are what Wagtail would have made of them, one at a time."""

import json
import uuid

import pytest
from django.db import connection, transaction
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry
from wagtail.signals import page_published

from courses.exchange import planting
from courses.models import LearningObjective, LessonPage, ModulePage
from tests.factories.people import an_account
from tests.queries import queries_of_one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

# What differs between two pages that say the same: their numbers, their places, their addresses.
OWN = {"id", "page_ptr", "page", "pk", "path", "slug", "url_path", "translation_key", "object_id", "uuid", "revision"}


def rows(model, **wanted):
    """The rows as stored, without what two pages never share; of moments and revisions only whether there is one."""
    found = []
    for row in model.objects.filter(**wanted).order_by("pk"):
        values = {field.name: getattr(row, field.attname) for field in model._meta.concrete_fields}
        values |= {"content": _plain(values["content"])} if isinstance(values.get("content"), dict) else {}
        found.append(_plain(values))
    return found


def _plain(values):
    return {
        name: [_plain(each) for each in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else bool(value)
        if name.endswith(("_at", "_revision")) or name in ("timestamp", "created_at")
        else value
        for name, value in values.items()
        if name not in OWN
    }


def everything_of(page):
    return {
        "page": rows(Page, pk=page.pk),
        "own": rows(type(page), pk=page.pk),
        "objectives": rows(LearningObjective, page=page.pk),
        "revisions": rows(Revision, object_id=str(page.pk)),
        "log": rows(PageLogEntry, page=page.pk),
        "references": {
            (row.to_object_id, row.model_path) for row in ReferenceIndex.objects.filter(object_id=str(page.pk))
        },
        "words": sorted(
            IndexEntry.objects.filter(object_id=str(page.pk)).values_list("title", "autocomplete", "body")
        ),
    }


def as_wagtail_does(model, **values):
    return model(**values)


def a_lesson(make, user, course, *, live=True, slug):
    """A lesson with words and a link, not stored yet."""
    words = f'<p><a linktype="page" id="{course.pk}">up</a></p>'
    return make(
        LessonPage,
        title="At the counter",
        slug=slug,
        minutes=5,
        lede="L",
        body=json.dumps([{"type": "prose", "value": words, "id": "one"}]),
        live=live,
        owner=user,
        locale=course.locale,
        translation_key=uuid.uuid4(),
    )


def a_module(make, user, course, *, live=True, slug):
    """A module with an objective, not stored yet."""
    page = make(ModulePage, title="M", slug=slug, summary="S", live=live, owner=user, locale=course.locale)
    page.objectives = [LearningObjective(text="Says no.", locale=course.locale, translation_key=uuid.uuid4())]
    return page


def planted(pages, parent, user=None, aliases=None):
    planting.place([(page, parent) for page in pages])
    planting.grow(pages, aliases=aliases or {}, user=user)
    planting.index([page.pk for page in pages])
    return pages


@pytest.fixture
def module():
    return ModulePage.objects.get(locale__language_code="en")


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("a_page", [a_lesson, a_module])
def test_a_planted_page_is_what_wagtail_would_have_made(course, module, a_page, live):
    user = an_account()
    parent = module if a_page is a_lesson else course
    theirs = a_page(as_wagtail_does, user, course, live=live, slug="theirs")
    parent.add_child(instance=theirs)
    revision = theirs.save_revision(user=user, log_action=False)
    if live:
        revision.publish(log_action=False)
    [ours] = planted([a_page(planting.seedling, user, course, live=live, slug="ours")], parent, user)
    made = everything_of(ours)
    assert made == everything_of(theirs)
    assert (len(made["words"]), len(made["revisions"]), len(made["log"])) == (1, 1, 1)
    assert made["objectives"] or a_page is a_lesson


def test_planted_pages_stand_in_the_tree_where_wagtail_looks_for_them(course, module):
    before = module.get_children().count()
    new = planting.seedling(ModulePage, title="New", slug="new", locale=course.locale, summary="S")
    lessons = [a_lesson(planting.seedling, None, course, slug=f"lesson-{number}") for number in range(3)]
    planting.place([(lessons[0], module), (new, course), (lessons[1], new), (lessons[2], new)])
    planting.grow([new, *lessons], aliases={}, user=None)
    assert not any(Page.find_problems())
    assert ModulePage.objects.get(pk=module.pk).get_children().count() == module.numchild == before + 1
    found = ModulePage.objects.get(slug="new")
    assert [page.slug for page in found.get_children()] == ["lesson-1", "lesson-2"]
    assert found.get_parent().specific == course
    assert found.get_children()[0].url_path == f"{course.url_path}new/lesson-1/"
    found.add_child(instance=a_lesson(as_wagtail_does, None, course, slug="one-more"))
    assert not any(Page.find_problems())


def test_an_alias_has_its_original_and_no_revision(course, module):
    one, other = (a_lesson(planting.seedling, None, course, slug=slug) for slug in ("one", "other"))
    planting.place([(one, module), (other, module)])
    planting.grow([one, other], aliases={other.pk: one}, user=None)
    found = LessonPage.objects.get(pk=other.pk)
    assert (found.alias_of.specific, found.live, found.latest_revision) == (one, True, None)


def test_whoever_listens_for_published_pages_hears_of_planted_ones(course, module):
    heard = []

    def hear(instance, revision, **kwargs):
        heard.append((instance.pk, revision.pk))

    page_published.connect(hear)
    try:
        one, draft = planted(
            [
                a_lesson(planting.seedling, None, course, slug="one"),
                a_lesson(planting.seedling, None, course, slug="draft", live=False),
            ],
            module,
        )
    finally:
        page_published.disconnect(hear)
    assert heard == [(one.pk, one.live_revision_id)]


def test_another_page_to_plant_costs_few_queries(course, module):
    def queries(number):
        pages = [a_lesson(planting.seedling, None, course, slug=f"{number}-{each}") for each in range(number)]

        def plant():
            with transaction.atomic():
                planting.place([(page, module) for page in pages])
                planting.grow(pages, aliases={}, user=None)

        return len(queries_of_one(plant))

    assert queries(30) - queries(10) <= 20 * 3


def test_what_fails_while_pages_are_indexed_takes_no_page_away(course, module, monkeypatch, caplog):
    def fail(pages):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(planting, "_index", fail)
    [page] = planted([a_lesson(planting.seedling, None, course, slug="one")], module)
    assert LessonPage.objects.filter(pk=page.pk).exists()
    assert "not all in Wagtail's indexes" in caplog.text
    assert not connection.needs_rollback


def test_the_indexes_know_planted_pages(course, module):
    [page] = planted([a_lesson(planting.seedling, None, course, slug="one")], module)
    assert page in LessonPage.objects.search("counter").get_queryset()
    assert page.pk in [source.pk for source, _references in ReferenceIndex.get_grouped_references_to(course)]
