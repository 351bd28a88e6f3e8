"""Texts to translate: found in Python and templates, kept in `locale/<language>/LC_MESSAGES/django.po`, compiled.

Babel does what gettext's own tools would, because a fresh machine does not have those. The files name no line numbers
and no dates: a change to them shows a change of words, and nothing else.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
# Babel numbers Arabic's last two forms the other way round than gettext, Django and every translator.
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def template(base: Path, folders: list[Path]) -> Catalog:
    """Every text in these folders' Python files and templates, in the order of the files' names."""
    catalog = Catalog(project="Plumbline", charset="utf-8", fuzzy=False)
    for path in sorted(file for folder in folders for file in folder.rglob("*")):
        for _line, text, comments, context in _texts(path):
            catalog.add(text, locations=[(str(path.relative_to(base)), None)], auto_comments=comments, context=context)
    return catalog


def _texts(path: Path) -> Iterator[tuple]:
    if path.suffix == ".py" and "migrations" not in path.parts:
        return extract_from_file("python", path, KEYWORDS, COMMENT_TAGS, strip_comment_tags=True)
    if path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts:
        code = templatize(path.read_text(), origin=str(path))
        # What a template indents is no Python block, and Python's tokenizer takes offence at it.
        flat = "\n".join(line.lstrip() for line in code.split("\n"))
        return extract("python", io.BytesIO(flat.encode()), KEYWORDS, COMMENT_TAGS, strip_comment_tags=True)
    return iter(())


def path_of(locale_dir: Path, language: str) -> Path:
    return locale_dir / to_locale(language) / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """A language's catalogue; an empty one, with the language's own plural forms, where there is none yet."""
    if not path.exists():
        return Catalog(locale=to_locale(language), project="Plumbline", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(language))


def update(path: Path, language: str, wanted: Catalog) -> None:
    """Bring a language's file in line with the texts: new ones empty, gone ones removed, nothing guessed."""
    catalog = read(path, language)
    catalog.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.header_comment = ""
    catalog.mime_headers = [
        ("Language", to_locale(language)),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", PLURAL_FORMS.get(language, catalog.plural_forms)),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    write_po(written, catalog, width=110, include_lineno=False, ignore_obsolete=True)
    path.write_bytes(_without_dates(written.getvalue()).lstrip())


def _without_dates(written: bytes) -> bytes:
    """Babel's header carries dates and its own name; each would change a file in which no word has changed."""
    dropped = (b'"Project-Id', b'"Report-Msgid', b'"POT-Creation', b'"PO-Revision', b'"Last-Translator')
    dropped += (b'"Language-Team', b'"Generated-By')
    return b"\n".join(line for line in written.split(b"\n") if not line.startswith(dropped))


def compile_if_newer(path: Path, language: str) -> bool:
    """Write the binary form Django reads, swapped in whole. Says whether there was anything to do."""
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    draft = compiled.with_suffix(".mo.draft")
    with draft.open("wb") as file:
        write_mo(file, read(path, language))
    draft.replace(compiled)
    return True


def faults(path: Path, language: str, wanted: Catalog) -> Iterator[str]:
    """What stands between a language's file and a release, one line for each."""
    catalog = read(path, language)
    for text in wanted:
        if not text.id:
            continue
        kept = catalog.get(text.id, text.context)
        if kept is None:
            yield f"not in the file yet, run `make messages`: {_shown(text)}"
        elif kept.fuzzy:
            yield f"marked as uncertain: {_shown(text)}"
        elif not _complete(kept, catalog):
            yield f"not translated: {_shown(text)}"
        else:
            yield from _broken_placeholders(kept)
    for kept in catalog:
        if kept.id and wanted.get(kept.id, kept.context) is None:
            yield f"no longer used, run `make messages`: {_shown(kept)}"


def _complete(kept: Message, catalog: Catalog) -> bool:
    if kept.pluralizable:
        return len(kept.string) == catalog.num_plurals and all(kept.string)
    return bool(kept.string)


def _broken_placeholders(kept: Message) -> Iterator[str]:
    """A translation may leave a number out of one plural form (“one day”), never name what the text does not."""
    sources = kept.id if kept.pluralizable else (kept.id,)
    translations = kept.string if kept.pluralizable else (kept.string,)
    known = {name for source in sources for name in PLACEHOLDER.findall(source)}
    for translation in translations:
        named = set(PLACEHOLDER.findall(translation))
        if named - known or (not kept.pluralizable and known - named):
            yield f"placeholders differ: {_shown(kept)}"
            return


def _shown(text: Message) -> str:
    source = text.id[0] if text.pluralizable else text.id
    flat = " ".join(source.split())
    return f"“{flat[:80]}…”" if len(flat) > 80 else f"“{flat}”"
