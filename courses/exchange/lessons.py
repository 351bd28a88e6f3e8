"""Draft lessons from what was read of a file."""

import json
import uuid
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model

from courses.exchange.documents import Picture, Reading
from courses.models import LessonPage, ModulePage
from courses.permissions import may_write_lessons


def save_drafts(
    module: ModulePage,
    reading: Reading,
    *,
    actor,
    begun: Callable[[], None] = lambda: None,
    recorded: Callable[[list[LessonPage]], None] = lambda pages: None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[LessonPage]:
    """Write the lessons below a module, as drafts, in their order. Atomic; files are removed on failure.

    `reading` is what lesson_files.read_file gave: its pictures have been judged. A picture without alternative text
    keeps its lesson from being published until somebody writes one. `begun` is called first in the transaction and may
    raise to leave all as it is, `recorded` last in it. Raises PermissionDenied for who may not add lessons there.
    """
    if actor is not None and not may_write_lessons(actor, module):
        raise PermissionDenied
    written: list = []
    try:
        with transaction.atomic():
            begun()
            pages = []
            for lesson in reading.lessons:
                pages.append(_save(module, lesson, actor, written))
                progress(len(pages), len(reading.lessons))
            recorded(pages)
    except BaseException:
        for file in written:
            file.storage.delete(file.name)
        raise
    return pages


def _save(module, lesson, actor, written) -> LessonPage:
    blocks = []
    for kind, value in lesson.blocks:
        if isinstance(value, Picture):
            shown = {"image": _keep(value, actor, written).pk, "alt_text": value.alternative, "decorative": False}
            value = {"picture": shown, "caption": "", "credit": ""}
        blocks.append({"type": kind, "value": value, "id": str(uuid.uuid4())})
    page = LessonPage(
        title=lesson.title[:255],
        lede=lesson.lede,
        minutes=lesson.minutes,
        body=json.dumps(blocks),
        live=False,
        locale=module.locale,
        owner=actor,
    )
    module.add_child(instance=page)
    page.save_revision(user=actor, log_action=False)
    return page


def _keep(picture: Picture, actor, written):
    """The picture among the installation's own."""
    title, file = (picture.alternative or picture.name)[:255], ContentFile(picture.data, name=picture.name)
    image = get_image_model().objects.create(title=title, file=file, uploaded_by_user=actor)
    written.append(image.file)
    return image
