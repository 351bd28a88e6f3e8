"""Areas of a picture: pixels in files, thousandths of width and height in our hotspots. Pure.

What other formats have no place for, such as decoys and the names of areas, travels in a mark, which counts as long as
the area that a file does have is the one that the mark tells of.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, unquote

from django.utils.translation import gettext_lazy as _

from quizzes.formats.amounts import fraction, number, percent, written
from quizzes.formats.drafts import QuestionRefused

WHOLE = 1000
MOST_COORDS = 200
_KINDS = {"rect": lambda count: count == 4, "circle": lambda count: count == 3,
          "polygon": lambda count: count >= 6 and count % 2 == 0}  # fmt: skip


@dataclass(frozen=True)
class Marked:
    areas: list[dict]
    labels: dict[str, str]
    alt: str


def checked(shape: str | None, coords: list[Decimal | None]) -> tuple[str, list[Decimal]]:
    """Raises QuestionRefused for what is no rect (x, y, width, height), circle (x, y, radius) or polygon."""
    numbers = [value for value in coords if value is not None]
    if shape not in _KINDS or not len(coords) == len(numbers) <= MOST_COORDS or not _KINDS[shape](len(coords)):
        raise QuestionRefused(_("An area of its picture cannot be read."))
    return shape, numbers


def area(key: str, shape: str, coords: list[Decimal], width: int, height: int, share: str = "1") -> dict:
    """An area of a hotspot, of pixels. Raises QuestionRefused for one that lies outside of its picture."""
    if width <= 0 or height <= 0:
        raise QuestionRefused(_("An area of its picture cannot be read."))
    of = _measures(shape, len(coords), width, height)
    found = [int((value * WHOLE / whole).to_integral_value()) for value, whole in zip(coords, of, strict=True)]
    if any(not 0 <= value <= WHOLE for value in found):
        raise QuestionRefused(_("An area of its picture lies outside of it."))
    return {"key": key, "shape": shape, "coords": found, "fraction": share}


def pixels(one: dict, size: tuple[int, int]) -> list[int]:
    """An area in pixels of its picture."""
    of = _measures(one["shape"], len(one["coords"]), *size)
    return [round(value * whole / WHOLE) for value, whole in zip(one["coords"], of, strict=True)]


def _measures(shape: str, count: int, width: int, height: int) -> list[int]:
    return [width, height, width] if shape == "circle" else [height if place % 2 else width for place in range(count)]


def ratio(made: list[dict], size: tuple[int, int]) -> dict:
    """What a structure with circles has besides: how high its picture is for its width."""
    if not any(one["shape"] == "circle" for one in made):
        return {}
    return {"ratio": written((Decimal(size[1]) / size[0]).quantize(Decimal("0.0001")))}


def mark(structure: dict, words: dict) -> dict[str, str]:
    """Areas with their names and the words for the picture, as a mark."""
    told = [
        [one["key"], one["shape"], one["coords"], one["fraction"], words["areas"][one["key"]]]
        for one in structure["areas"]
    ]
    return {"areas": quote(json.dumps([words["image_alt"], *told], ensure_ascii=False), safe="")}


def marked(marks: Mapping[str, str], shape: str, coords: list[Decimal], size: tuple[int, int]) -> Marked | None:
    """What a mark tells, if its one right area is the one that the file has; else None."""
    try:
        alt, *told = json.loads(unquote(marks.get("areas", "")))
        made: list[dict] = [
            {"key": str(key), "shape": str(kind), "coords": [int(value) for value in at], "fraction": _share(share)}
            for key, kind, at, share, _label in told
        ]
        labels = {str(key): str(label) for key, _kind, _at, _share, label in told}
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
    fits = all(
        one["shape"] in _KINDS
        and len(one["coords"]) <= MOST_COORDS
        and _KINDS[one["shape"]](len(one["coords"]))
        and all(0 <= value <= WHOLE for value in one["coords"])
        for one in made
    )
    right = [one for one in made if one["fraction"] == "1"]
    if not fits or len(right) != 1 or len(labels) != len(made):
        return None
    same = right[0]["shape"] == shape and [Decimal(value) for value in pixels(right[0], size)] == coords
    return Marked(made, labels, str(alt)) if same else None


def _share(text: str) -> str:
    value = number(text)
    share = None if value is None else fraction(percent(written(value)))
    if share is None:
        raise ValueError("no share")
    return written(share)


def mark_coords(made: list[dict]) -> dict[str, str]:
    """The coordinates in thousandths, as a mark: pixels of a small picture do not tell them all."""
    return {"coords": "|".join("-".join(map(str, one["coords"])) for one in made)}


def exact(marks: Mapping[str, str], made: list[dict], size: tuple[int, int]) -> list[dict]:
    """Areas made of pixels with the coordinates of a mark, where these are the same pixels."""
    told = [part.split("-") for part in marks.get("coords", "").split("|")]
    if len(told) != len(made):
        return made
    found = []
    for one, part in zip(made, told, strict=True):
        coords = [int(value) for value in part if value.isascii() and value.isdecimal() and len(value) < 5]
        other = one | {"coords": coords}
        fits = len(coords) == len(one["coords"]) == len(part) and max(coords) <= WHOLE
        if not fits or any(abs(a - b) > 1 for a, b in zip(pixels(other, size), pixels(one, size), strict=True)):
            return made
        found.append(other)
    return found
