"""Draft lessons from what was read of a file."""

import json
import uuid

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from core import uploads
from courses.exchange.documents import Picture, Reading
from courses.models import LessonPage, ModulePage
from courses.permissions import may_exchange


def save_drafts(module: ModulePage, reading: Reading, *, actor) -> list[LessonPage]:
    """Write the lessons below a module, as drafts, in their order. Atomic; adds to `reading.notes` what was refused.

    A picture without alternative text keeps its lesson from being published until somebody writes one.
    """
    if actor is not None and not may_exchange(actor):
        raise PermissionDenied
    written: list = []
    try:
        with transaction.atomic():
            return [_save(module, lesson, reading, actor, written) for lesson in reading.lessons]
    except BaseException:
        for file in written:
            file.storage.delete(file.name)
        raise


def _save(module, lesson, reading, actor, written) -> LessonPage:
    blocks = []
    for kind, value in lesson.blocks:
        if isinstance(value, Picture):
            image = _keep(value, reading, actor, written)
            if image is None:
                continue
            shown = {"image": image.pk, "alt_text": value.alternative, "decorative": False}
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


def _keep(picture: Picture, reading: Reading, actor, written):
    """The picture among the installation's own, judged as any upload is; None, with a note, where it is refused."""
    try:
        file = uploads.cleaned(ContentFile(picture.data, name=picture.name), picture.name)
    except uploads.Refused as problem:
        reading.notes.append(
            _("The picture “%(name)s” was not taken. %(problem)s") % {"name": picture.name, "problem": problem}
        )
        return None
    title = (picture.alternative or picture.name)[:255]
    image = get_image_model().objects.create(title=title, file=file, uploaded_by_user=actor)
    written.append(image.file)
    return image
