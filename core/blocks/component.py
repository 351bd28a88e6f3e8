"""What blocks share: a struct whose component takes its fields by name, and a part that a reader may put off."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core import slots

# How the chooser groups them, in the order in which a lesson usually needs them.
WORDS = _("Words")
ORDER = _("In order, side by side")
EVIDENCE = _("Evidence")
PRACTICE = _("Practice")
MEDIA = _("Pictures, sound and files")
NATIONAL = _("From the administration")


class FieldsInContext(blocks.StructBlock):
    """A struct whose component takes its fields by name."""

    def get_context(self, value, parent_context=None):
        return super().get_context(value, parent_context) | self.component(value)

    def component(self, value) -> dict:
        """The component's parameters, as its template documents them."""
        return dict(value)


class Marking(FieldsInContext):
    """A block that leaves a mark for the reader's page. Rendered outside a lesson, it has no id and leaves none."""

    mark_kind = ""

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        block_id = context.get("block_id")
        return context | {"mark": slots.mark(self.mark_kind, block_id) if block_id else ""}


class Deferrable(Marking):
    """A block with a part that weighs, which a reader may put off: the mark stands in the part's place."""

    mark_kind = "media"
    # The field that holds the file. Empty in an unfinished draft, and where the original was deleted.
    file_field = "file"

    def medium(self, value) -> dict:
        """The part, frozen, of shape 1: `{"shape": 1, "kind": …, "bytes": …, "html": …}`.

        `kind` is "picture", "video" or "audio"; `bytes` is what opening it costs at most; `html` is the part itself,
        whose files are kept (`core.kept_files`). A picture has `words` besides: what it shows, for who puts it off.
        Asked only for a value that has its file.
        """
        raise NotImplementedError
