"""A furnished course to send on its way: media, links, drafts, quizzes, in as many languages as wanted."""

import io
import json

from django.core.files.base import ContentFile
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, Page, Revision

from courses.curriculum import load_course
from courses.exchange.exporting import write_course
from courses.languages.glossary import keep_terms
from courses.models import CoursePage, LearningObjective, LessonPage, ModulePage
from quizzes.models import Item, ItemBank, ItemText, ItemVersion, Quiz
from tests.courses.conftest import item_words, lesson_words
from tests.factories.people import NOW


def a_picture(colour="teal", form="PNG"):
    drawn = io.BytesIO()
    Picture.new("RGB", (40, 30), colour).save(drawn, form)
    return ContentFile(drawn.getvalue(), name="harbour.png")


def furnish(course):
    """Give a loaded course what the loader does not: media, links, a draft, a page without a translation."""
    keep_terms(
        [("harbour", "A place for ships", {"en": "harbour", "fr": "port", "ar": "ميناء"}), ("x", "", {"en": "Zz"})]
    )
    collection = Collection.get_first_root_node().add_child(instance=Collection(name="Ports"))
    picture = Image.objects.create(
        title="Harbour", file=a_picture(), description="A crane over a ship", collection=collection,
        focal_point_x=10, focal_point_y=10, focal_point_width=5, focal_point_height=5,
    )  # fmt: skip
    picture.tags.add("sea", "crane")
    form = Document.objects.create(title="Form", file=ContentFile(b"%PDF-1.4 form", name="form.pdf"))
    for lesson in LessonPage.objects.filter(translation_key__in=[page.translation_key for page in lessons(course)]):
        other = LessonPage.objects.filter(locale=lesson.locale).exclude(pk=lesson.pk).first()
        blocks = list(lesson.body.raw_data)
        blocks[0]["value"] += (
            f'<p>The <a linktype="document" id="{form.pk}">form</a>, <a linktype="page" id="{other.pk}">more</a>, '
            f'<a href="https://example.org/?a=1&amp;b=2">this</a> and '
            f'<embed alt="Harbour" embedtype="image" format="left" id="{picture.pk}"/></p>'
        )
        shown = {"image": picture.pk, "alt_text": "A crane", "decorative": False}
        blocks += [
            {"type": "picture", "value": {"picture": shown, "caption": "Harbour", "credit": ""}, "id": "b-picture"},
            {"type": "download", "value": {"title": "Form", "file": form.pk, "note": ""}, "id": "b-download"},
        ]
        lesson.body = json.dumps(blocks)
        lesson.save_revision().publish()
    draft = lessons(course)[0]
    draft.lede = "A lede that only its author knows"
    draft.save_revision()
    module = ModulePage.objects.get(locale__language_code="en")
    new = LessonPage(title="Still a draft", lede="Soon", minutes=5, live=False, body="[]")
    module.add_child(instance=new)
    new.save_revision()
    retired = ItemVersion.objects.get(item__key="item-1")
    newer = ItemVersion.objects.create(
        item=retired.item,
        number=3,
        difficulty=2,
        tags=[],
        rad_factors=[],
        structure=retired.structure,
        published_at=NOW,
    )
    ItemText.objects.create(version=newer, language="en", content=retired.texts.get(language="en").content)


def lessons(course):
    return list(LessonPage.objects.descendant_of(course).order_by("path"))


def exported(course=None, **about):
    """The bytes of a course's archive, and its manifest."""
    target = io.BytesIO()
    manifest = write_course(course or CoursePage.objects.get(locale__language_code="en"), target, **about)
    return target.getvalue(), manifest


def everything():
    """All that an import may add to."""
    tables = (
        Page,
        Revision,
        LearningObjective,
        Image,
        Document,
        Collection,
        ItemBank,
        Item,
        ItemVersion,
        ItemText,
        Quiz,
    )
    return {model.__name__: model.objects.count() for model in tables}


def a_furnished_course(files, languages):
    """A small course from these files (tests/courses/conftest.py) in these languages, with media, links and drafts."""
    files.write_all()
    for language in languages:
        files.write(f"lessons.{language}", lesson_words(language))
        files.write(f"items.{language}", item_words(language))
    course = load_course(files.course, now=NOW)
    furnish(course)
    return course
