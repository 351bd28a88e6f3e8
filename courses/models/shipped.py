"""What loading the curriculum wrote, so that an author's newer words are told from it."""

from django.db import models


class ShippedWords(models.Model):
    """The SHA-256 of a page, item or quiz as loading last wrote it, under a name such as `page:<key>:<language>`.

    What differs from it today was changed on the platform, and loading leaves it alone.
    """

    pii = {}

    name = models.CharField(max_length=150, unique=True)
    digest = models.CharField(max_length=64)

    def __str__(self):
        return self.name
