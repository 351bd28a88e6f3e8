"""What an author says who brings a file."""

from collections import defaultdict
from pathlib import PurePosixPath

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.file_kinds import KINDS, MB, PICTURES
from core.language_field import LanguageField
from courses.exchange.lesson_files import MARKDOWN, WORD
from courses.models import CoursePage, ModulePage

MOST_BYTES_OF_AN_ARCHIVE = 512 * MB
MOST_PICTURES = 50


class ArchiveForm(forms.Form):
    archive = forms.FileField(label=gettext_lazy("Archive of a course"), widget=forms.FileInput({"accept": ".zip"}))

    def clean_archive(self):
        upload = self.cleaned_data["archive"]
        if upload.size > MOST_BYTES_OF_AN_ARCHIVE:
            raise forms.ValidationError(
                _("The archive is larger than %(megabytes)d MB. Bring it in with the command import_course."),
                params={"megabytes": MOST_BYTES_OF_AN_ARCHIVE // MB},
            )
        return upload


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class _PicturesField(forms.FileField):
    """Any number of files; cleaned, a list."""

    widget = _ManyFiles

    def clean(self, data, initial=None):
        files = [super(_PicturesField, self).clean(one, initial) for one in data or []]
        if len(files) > MOST_PICTURES:
            raise forms.ValidationError(_("At most %(most)d pictures at once."), params={"most": MOST_PICTURES})
        for file in files:
            extension = PurePosixPath(file.name).suffix.lstrip(".").lower()
            if extension not in PICTURES or file.size > KINDS[extension].max_bytes:
                raise forms.ValidationError(
                    _("“%(name)s” is no picture that can be taken: %(kinds)s, of at most %(most)s."),
                    params={
                        "name": file.name,
                        "kinds": ", ".join(PICTURES),
                        "most": filesizeformat(KINDS["png"].max_bytes),
                    },
                )
        return files


class LessonsForm(forms.Form):
    """Where the lessons go, in which language they are, and their file. Two queries."""

    module = forms.ChoiceField(label=gettext_lazy("Module"))
    language = LanguageField(label=gettext_lazy("Language of the file"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Word (.docx) or Markdown (.md)."),
        widget=forms.FileInput({"accept": ",".join((*WORD, *MARKDOWN))}),
    )
    pictures = _PicturesField(
        label=gettext_lazy("Pictures"),
        help_text=gettext_lazy("Those that a Markdown file shows. A Word file brings its own."),
        required=False,
        widget=_ManyFiles({"accept": ",".join(f".{extension}" for extension in PICTURES)}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._modules: dict[tuple[str, str], ModulePage] = {}
        named: dict[str, ModulePage] = {}
        for module in ModulePage.objects.filter(alias_of=None).select_related("locale").order_by("path"):
            key, language = str(module.translation_key), module.locale.language_code
            self._modules[key, language] = module
            if key not in named or language == get_language():
                named[key] = module
        courses = {course.path: course.title for course in CoursePage.objects.only("path", "title")}
        grouped = defaultdict(list)
        for key, module in named.items():
            grouped[courses.get(module.path[: -module.steplen], "")].append((key, module.title))
        self.fields["module"].choices = sorted(grouped.items())

    def clean_file(self):
        file = self.cleaned_data["file"]
        extension = PurePosixPath(file.name).suffix.lower()
        if extension not in (*WORD, *MARKDOWN):
            raise forms.ValidationError(_("Only Word (.docx) and Markdown (.md) files are read."))
        most = KINDS["docx" if extension in WORD else "txt"].max_bytes
        if file.size > most:
            raise forms.ValidationError(
                _("The file is too large. A file of this kind may have %(most)s."),
                params={"most": filesizeformat(most)},
            )
        return file

    def clean(self):
        """Adds `page`: the module's page in the language of the file."""
        given = super().clean()
        if {"module", "language"} <= given.keys():
            given["page"] = self._modules.get((given["module"], given["language"]))
            if given["page"] is None:
                self.add_error("language", _("The module has no page in this language yet. Translate it first."))
        return given
