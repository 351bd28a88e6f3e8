"""Makes the typefaces of the documents: TrueType files for typst, from the web fonts that npm brings.

The web fonts come in pieces by script, and the Latin ones with a sliding weight. Typst chooses a font by family and
weight alone and does not slide, so the pieces are fixed at two weights and joined into one font. The families have
names of our own, because IBM reserves theirs for the fonts as IBM made them.
"""

import fcntl
import hashlib
import json
import logging
import shutil
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from certificates import fonts
from certificates.fonts import FOLDER, STAMP, FontsMissing

WEIGHTS = {400: "Regular", 600: "SemiBold"}
SCRIPTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")

_SLIDING = settings.BASE_DIR / "node_modules" / "@fontsource-variable" / "ibm-plex-sans" / "files"
_FIXED = settings.BASE_DIR / "node_modules" / "@fontsource" / "ibm-plex-sans-arabic" / "files"

# Instructions for coarse screens. The documents are for print, and joined fonts cannot share their instructions.
_HINTING = ("fpgm", "prep", "cvt ", "cvar", "gasp", "hdmx", "VDMX")
# What the name table keeps, by number: copyright, licence and its address. The rest is written anew.
_KEPT_NAMES = (0, 13, 14)


def build() -> bool:
    """Make the typefaces where they are missing or older than their sources. Returns whether there was work.

    Safe to call from several processes: the others wait for the first. Raises FontsMissing without npm's packages,
    unless the typefaces stand already, as they do where a finished build was brought to the machine.
    """
    with _one_at_a_time():
        missing = [path.name for path in _sources() if not path.exists()]
        if missing:
            if STAMP.exists():
                return False
            raise FontsMissing(f"npm's fonts are not installed: {missing[0]} is missing. Run npm ci, then try again.")
        made_from = _fingerprint()
        if STAMP.exists() and json.loads(STAMP.read_text())["made_from"] == made_from:
            return False
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        # The tools tell of every table they leave alone.
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        letters: set[int] = set()
        for weight, style in WEIGHTS.items():
            pieces = [_at_weight(_piece(script), weight) for script in SCRIPTS]
            for family, font in (
                (fonts.FAMILY, _joined(pieces)),
                (fonts.ARABIC_FAMILY, _unhinted(TTFont(_arabic(weight)))),
            ):
                _name_and_save(font, family, weight, style)
                letters |= font.getBestCmap().keys()
        STAMP.write_text(json.dumps({"made_from": made_from, "letters": sorted(letters)}))
    fonts.letters.cache_clear()
    return True


def _piece(script: str) -> Path:
    return _SLIDING / f"ibm-plex-sans-{script}-wght-normal.woff2"


def _arabic(weight: int) -> Path:
    return _FIXED / f"ibm-plex-sans-arabic-arabic-{weight}-normal.woff2"


def _sources() -> list[Path]:
    return [*map(_piece, SCRIPTS), *map(_arabic, WEIGHTS)]


def _fingerprint() -> str:
    """Changes with the web fonts and with this file."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    for path in _sources():
        found.update(path.read_bytes())
    return found.hexdigest()


def _unhinted(font: TTFont) -> TTFont:
    for table in _HINTING:
        if table in font:
            del font[table]
    return font


def _at_weight(path: Path, weight: int) -> Path:
    """One piece without its sliding, as a file beside the finished fonts: the joining reads files."""
    font = instancer.instantiateVariableFont(_unhinted(TTFont(path)), {"wght": weight}, inplace=True)
    font.flavor = None
    piece = FOLDER / f"{path.stem}-{weight}.piece"
    font.save(piece)
    return piece


def _joined(pieces: list[Path]) -> TTFont:
    font = Merger().merge([str(piece) for piece in pieces])
    for piece in pieces:
        piece.unlink()
    return font


def _name_and_save(font: TTFont, family: str, weight: int, style: str) -> None:
    """Save the font as `family-weight.ttf` under a name of its own."""
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in _KEPT_NAMES]
    postscript = f"{family.replace(' ', '')}-{style}"
    for number, text in {1: family, 2: style, 3: postscript, 4: f"{family} {style}", 6: postscript}.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font.flavor = None
    font.save(FOLDER / f"{family.replace(' ', '-').lower()}-{weight}.ttf")


@contextmanager
def _one_at_a_time():
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with (FOLDER.parent / "fonts.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
