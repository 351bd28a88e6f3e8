"""Pictures, recordings and files. All of it comes from this host; nothing is fetched from elsewhere.

A picture says in words what it shows, or is decoration and says so. A film has captions, and film and sound have a
transcript: who cannot hear or cannot load loses nothing.
"""

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from core import kept_files
from core.blocks.component import MEDIA, Deferrable, FieldsInContext
from core.blocks.text import PLAIN_FEATURES, language_choices, with_kept_documents
from core.file_kinds import KINDS, of_family

# A column of text is some 42rem wide; the wider one is for dense screens, the narrower for telephones.
WIDTHS = (480, 960)
TRANSCRIPT_HELP = _("All that is said, and what is shown or heard where it matters.")


def _extension(document) -> str:
    return document.file_extension.lower()


def _refuse(errors: dict[str, str]) -> None:
    if errors:
        raise StructBlockValidationError(block_errors={name: ValidationError(text) for name, text in errors.items()})


def _wrong_kind(document, *families: str) -> str:
    """What to tell an author who chose another kind of file, or nothing."""
    if document is None or _extension(document) in of_family(*families):
        return ""
    return gettext("Choose a file of one of these kinds: %(kinds)s.") % {"kinds": ", ".join(of_family(*families))}


def _kept_renditions(image) -> list[dict]:
    """The picture in our widths as WebP, each kept once: never wider than the original."""
    found = {}
    for rendition in image.get_renditions(*(f"width-{width}|format-webp" for width in WIDTHS)).values():
        if rendition.width not in found:
            kept = kept_files.keep(rendition.file)
            found[rendition.width] = {
                "url": kept.url,
                "width": rendition.width,
                "height": rendition.height,
                "bytes": kept.size,
            }
    return [found[width] for width in sorted(found)]


class PictureBlock(Deferrable):
    """A picture. What it shows is written here and not on the image, because it depends on why it is shown."""

    file_field = "picture"

    picture = ImageBlock(
        label=_("Picture"),
        help_text=_("Say what matters in it for this lesson. If it only decorates, say so, and it is not read out."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False)
    credit = blocks.CharBlock(label=_("Who made it"), required=False)

    def component(self, value):
        return {"caption": value["caption"], "credit": value["credit"]}

    def medium(self, value):
        image = value["picture"]
        renditions = _kept_renditions(image)
        return {
            "shape": 1,
            "kind": "picture",
            "bytes": renditions[-1]["bytes"],
            "words": image.contextual_alt_text or "",
            "html": render_to_string(
                "components/lesson/picture_medium.html",
                {"renditions": renditions, "largest": renditions[-1], "alternative": image.contextual_alt_text or ""},
            ).strip(),
        }

    class Meta:
        label = _("Picture")
        icon = "image"
        group = MEDIA
        description = _("With words for those who do not see it.")
        template = "components/lesson/picture.html"


class VideoBlock(Deferrable):
    """A film from this host, with captions and a transcript."""

    title = blocks.CharBlock(label=_("Title"))
    file = DocumentChooserBlock(label=_("Film"), help_text=_("MP4 (H.264) plays everywhere. WebM is smaller."))
    captions = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("language", blocks.ChoiceBlock(label=_("Language"), choices=language_choices)),
                ("file", DocumentChooserBlock(label=_("Captions (WebVTT)"))),
            ]
        ),
        min_num=1,
        label=_("Captions"),
        help_text=_("In the language of the lesson; in others too, if you have them."),
    )
    transcript = blocks.RichTextBlock(label=_("Transcript"), features=PLAIN_FEATURES, help_text=TRANSCRIPT_HELP)
    poster = ImageChooserBlock(label=_("Picture before it starts"), required=False)

    def clean(self, value):
        value = super().clean(value)
        errors = {}
        if wrong := _wrong_kind(value["file"], "video"):
            errors["file"] = wrong
        languages = [track["language"] for track in value["captions"]]
        if wrong := next(filter(None, (_wrong_kind(track["file"], "captions") for track in value["captions"])), ""):
            errors["captions"] = wrong
        elif len(set(languages)) < len(languages):
            errors["captions"] = gettext("Give one file of captions for each language.")
        _refuse(errors)
        return value

    def component(self, value):
        return {"title": value["title"], "transcript": with_kept_documents(value["transcript"])}

    def medium(self, value):
        film = kept_files.keep(value["file"].file)
        poster = _kept_renditions(value["poster"])[-1] if value["poster"] else None
        tracks = [
            {"language": track["language"], "url": kept_files.keep(track["file"].file).url}
            for track in value["captions"]
            if track["file"]
        ]
        html = render_to_string(
            "components/lesson/video_medium.html",
            {
                "title": value["title"],
                "url": film.url,
                "content_type": KINDS[_extension(value["file"])].content_type,
                "poster": poster,
                "tracks": tracks,
                "language": get_language(),
            },
        )
        return {"shape": 1, "kind": "video", "bytes": film.size, "html": html.strip()}

    class Meta:
        label = _("Video")
        icon = "media"
        group = MEDIA
        description = _("A film with captions and a transcript.")
        template = "components/lesson/recording.html"


class AudioBlock(Deferrable):
    """A recording from this host, with a transcript."""

    title = blocks.CharBlock(label=_("Title"))
    file = DocumentChooserBlock(label=_("Recording"), help_text=_("MP3 plays everywhere."))
    transcript = blocks.RichTextBlock(label=_("Transcript"), features=PLAIN_FEATURES, help_text=TRANSCRIPT_HELP)

    def clean(self, value):
        value = super().clean(value)
        if wrong := _wrong_kind(value["file"], "audio"):
            _refuse({"file": wrong})
        return value

    def component(self, value):
        return {"title": value["title"], "transcript": with_kept_documents(value["transcript"])}

    def medium(self, value):
        sound = kept_files.keep(value["file"].file)
        html = render_to_string(
            "components/lesson/audio_medium.html",
            {
                "title": value["title"],
                "url": sound.url,
                "content_type": KINDS[_extension(value["file"])].content_type,
            },
        )
        return {"shape": 1, "kind": "audio", "bytes": sound.size, "html": html.strip()}

    class Meta:
        label = _("Audio")
        icon = "media"
        group = MEDIA
        description = _("A recording with a transcript.")
        template = "components/lesson/recording.html"


class DownloadBlock(FieldsInContext):
    """A document to take along. It is fetched only when asked for, so nothing of it needs putting off."""

    file_field = "file"

    title = blocks.CharBlock(label=_("Title"))
    file = DocumentChooserBlock(label=_("Document"))
    note = blocks.CharBlock(label=_("What it is good for"), required=False)

    def clean(self, value):
        value = super().clean(value)
        if wrong := _wrong_kind(value["file"], "document"):
            _refuse({"file": wrong})
        return value

    def component(self, value):
        shown = {"title": value["title"], "note": value["note"]}
        document = value["file"]
        if document is None:
            return shown
        kept = kept_files.keep(document.file)
        return shown | {
            "url": kept.url,
            "filename": document.filename,
            "kind": KINDS[_extension(document)].label,
            "bytes": kept.size,
        }

    class Meta:
        label = _("Download")
        icon = "download"
        group = MEDIA
        description = _("A document with its kind and size.")
        template = "components/lesson/download.html"
