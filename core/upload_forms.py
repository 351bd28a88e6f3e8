"""Wagtail's forms for pictures and documents, with a look at the bytes (core.uploads)."""

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from core import uploads


class _Distrustful:
    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        try:
            return uploads.cleaned(file, file.name)
        except uploads.Refused as refused:
            raise ValidationError(str(refused), code="refused") from refused


class PictureForm(_Distrustful, BaseImageForm):
    pass


class DocumentForm(_Distrustful, BaseDocumentForm):
    pass
