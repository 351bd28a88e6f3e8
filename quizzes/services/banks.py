"""Beginning an item bank."""

from itertools import chain, count

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify

from people.models import User
from quizzes import permissions
from quizzes.models import ItemBank


def begin_bank(title: str, *, actor: User) -> ItemBank:
    """A new, empty bank with a short name that no other has. Raises PermissionDenied."""
    if not permissions.may_write_items(actor):
        raise PermissionDenied
    # A title in a script without Latin letters leaves nothing of itself in a short name.
    wanted = slugify(title)[:40] or "bank"
    with transaction.atomic():
        taken = set(ItemBank.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        names = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
        return ItemBank.objects.create(title=title, slug=next(name for name in names if name not in taken))
