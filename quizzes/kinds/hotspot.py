"""Items that are answered by pointing at a place in a picture, or by choosing its name from a list.

Structure: `{"shape": 2, "image": sha256, "areas": [{"key": "h1", "shape": "rect", "coords": [x, y, width, height],
"fraction": "1"}, …]}`, or a `circle` with `[x, y, radius]`, or a `polygon` with `[x1, y1, x2, y2, …]`. Everything is
in thousandths of the picture's width and height, so that it holds however large the picture is shown; a radius is in
thousandths of the width, and an item with a circle also says the picture's `"ratio"`: its height by its width, as a
decimal text. A decoy has the fraction 0: without one, the list of names would be the key.

Words: `{"shape": 2, "stem": …, "image_alt": …, "areas": {"h1": name}}`. Answer: `{"shape": 1, "point": [x, y]}` in
thousandths or, without seeing the picture or without a pointer, `{"shape": 1, "area": "h1"}`.

The fields of its form, in the order in which they count:

- `press.x`, `press.y`: where an `<input type="image">` was pressed, in pixels, with `width` and `height`, in which it
  was shown. Browsers send 0, 0 for one that was pressed by keyboard, or for the enter key in another field of the
  form: that is no answer;
- the question's own: the position of a name in the list;
- `x`, `y`: the point, in thousandths, that was given before or by a script.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from quizzes.kinds.contract import (
    NOTHING,
    UNANSWERED,
    Fields,
    ItemJudgement,
    ItemKey,
    Kind,
    MalformedAnswer,
    WrongItem,
    at,
    place,
)
from quizzes.kinds.shapes import (
    DIGEST,
    asked,
    check_decimal,
    check_earnable,
    check_keys,
    check_parts,
    check_said,
    check_text,
    check_texts,
    explained,
)

WHOLE = 1000
MOST_CORNERS = 100
MOST_PIXELS = 20_000
PIXEL = re.compile(r"-?[0-9]{1,5}")


@dataclass(frozen=True)
class Area:
    """A part of the picture, its edge included, with the share that pointing at it earns."""

    shape: str
    coords: tuple[int, ...]
    fraction: Fraction

    def holds(self, x: int, y: int, ratio: Fraction) -> bool:
        """Whether a point in thousandths is in it; `ratio` is the picture's height by its width."""
        return HOLDS[self.shape](self.coords, x, y, ratio)


def _in_rect(coords: tuple[int, ...], x: int, y: int, ratio: Fraction) -> bool:
    left, top, width, height = coords
    return left <= x <= left + width and top <= y <= top + height


def _in_circle(coords: tuple[int, ...], x: int, y: int, ratio: Fraction) -> bool:
    centre_x, centre_y, radius = coords
    return (x - centre_x) ** 2 + ((y - centre_y) * ratio) ** 2 <= radius**2


def _in_polygon(coords: tuple[int, ...], x: int, y: int, ratio: Fraction) -> bool:
    """By counting the edges that a ray from the point crosses; on an edge is inside."""
    inside = False
    for (x1, y1), (x2, y2) in _edges(coords):
        side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if side == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and (side > 0) == (y2 > y1):
            inside = not inside
    return inside


HOLDS: Mapping[str, Callable[[tuple[int, ...], int, int, Fraction], bool]] = {
    "rect": _in_rect,
    "circle": _in_circle,
    "polygon": _in_polygon,
}


def _edges(coords: tuple[int, ...]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    corners = list(zip(coords[::2], coords[1::2], strict=True))
    return list(pairwise([*corners, corners[0]]))


@dataclass(frozen=True)
class HotspotKey(ItemKey):
    """The areas by their key, and the picture's height by its width."""

    areas: Mapping[str, Area]
    ratio: Fraction

    def judge(self, answer):
        if answer is None:
            return UNANSWERED
        pointed = self.pointed_at(answer)
        return ItemJudgement.of(self.areas[pointed].fraction if pointed else NOTHING)

    def pointed_at(self, answer: dict) -> str | None:
        """The area that an answer means: of several that lie over each other, the one that earns most."""
        if "area" in answer:
            if answer["area"] not in self.areas:
                raise ValueError(f"area “{answer['area']}” was not served")
            return answer["area"]
        x, y = answer["point"]
        if not 0 <= x <= WHOLE or not 0 <= y <= WHOLE:
            raise ValueError("a point outside of the picture")
        hit = [key for key, area in self.areas.items() if area.holds(x, y, self.ratio)]
        return max(hit, key=lambda key: self.areas[key].fraction, default=None)


class Hotspot(Kind):
    name = "hotspot"

    def check(self, structure, texts):
        check_parts(structure, {"shape", "image", "areas"}, {"ratio"}, shape=2)
        if not isinstance(structure["image"], str) or not DIGEST.fullmatch(structure["image"]):
            raise WrongItem("its picture is none")
        keys = check_keys(structure["areas"], least=2)
        for area in structure["areas"]:
            check_parts(area, {"key", "shape", "coords", "fraction"})
            check_area(area["shape"], area["coords"])
        fractions = [area["fraction"] for area in structure["areas"]]
        check_earnable(fractions)
        if all(Fraction(fraction) > 0 for fraction in fractions):
            raise WrongItem("it has no decoy, so that the list of its areas would tell the right one")
        if "ratio" in structure:
            check_decimal(structure["ratio"], Decimal("0.01"), 100)
        elif any(area["shape"] == "circle" for area in structure["areas"]):
            raise WrongItem("it has a circle, and does not say how high its picture is by its width")
        check_texts(texts, {"image_alt", "areas"})
        for language, words in texts.items():
            check_text(language, words.get("image_alt"), least=1)
            check_said(language, words.get("areas"), keys, apart=True)

    def arrange(self, structure, source):
        keys = sorted(area["key"] for area in structure["areas"])
        source.shuffle(keys)
        return {"areas": keys}

    def read(self, structure, arrangement, fields):
        point = _pressed(fields)
        if point is None and (position := fields.one()):
            return {"shape": 1, "area": at(position, arrangement["areas"])}
        point = point or _kept(fields)
        return {"shape": 1, "point": point} if point else None

    def shown(self, structure, arrangement, words, answer):
        chosen = answer.get("area") if answer else None
        return {
            **asked(words),
            "image": structure["image"],
            "image_alt": words["image_alt"],
            "point": answer.get("point") if answer else None,
            "areas": [
                {"value": str(number), "text": words["areas"][key], "chosen": key == chosen}
                for number, key in enumerate(arrangement["areas"], start=1)
            ],
        }

    def reviewed(self, structure, arrangement, words, answer, *, key, tell_key):
        """What was pointed at, by its name too; the right areas with their outlines only where the key may be told."""
        pointed = key.pointed_at(answer) if answer else None
        return {
            **explained(words, tell_key),
            "image": structure["image"],
            "image_alt": words["image_alt"],
            "point": answer.get("point") if answer else None,
            "area": words["areas"][pointed] if pointed else "",
            "credited": key.judge(answer).fraction > NOTHING,
            "right": [
                {"text": words["areas"][area["key"]], "shape": area["shape"], "coords": area["coords"]}
                for area in structure["areas"]
                if tell_key and Fraction(area["fraction"]) == 1
            ],
        }

    def key(self, structure, texts):
        areas = {
            area["key"]: Area(area["shape"], tuple(area["coords"]), Fraction(area["fraction"]))
            for area in structure["areas"]
        }
        return HotspotKey(areas, Fraction(structure.get("ratio", "1")))


def _pressed(fields: Fields) -> list[int] | None:
    """Where the picture was pressed, in thousandths; a press on its very border is one at its edge."""
    x, y = fields.one("press.x"), fields.one("press.y")
    if not x and not y:
        return None
    if not PIXEL.fullmatch(x) or not PIXEL.fullmatch(y):
        raise MalformedAnswer("a press that no browser sends")
    if (int(x), int(y)) == (0, 0):
        return None
    return [_share(int(x), fields.one("width")), _share(int(y), fields.one("height"))]


def _share(pixel: int, size: str) -> int:
    return min(max(round(Fraction(WHOLE * pixel, place(size, MOST_PIXELS))), 0), WHOLE)


def _kept(fields: Fields) -> list[int] | None:
    x, y = fields.one("x"), fields.one("y")
    if not x and not y:
        return None
    return [0 if each == "0" else place(each, WHOLE) for each in (x, y)]


def check_area(shape: Any, coords: Any) -> None:
    """That something is an area within the picture. Raises WrongItem."""
    if not isinstance(coords, list) or not all(type(each) is int and 0 <= each <= WHOLE for each in coords):
        raise WrongItem("an area's coordinates are no thousandths")
    checks = {"rect": _is_rect, "circle": _is_circle, "polygon": _is_polygon}
    if not isinstance(shape, str) or shape not in checks or not checks[shape](coords):
        raise WrongItem("an area is none, or reaches out of the picture")


def _is_rect(coords: list[int]) -> bool:
    if len(coords) != 4:
        return False
    left, top, width, height = coords
    return bool(width and height) and left + width <= WHOLE and top + height <= WHOLE


def _is_circle(coords: list[int]) -> bool:
    return len(coords) == 3 and coords[2] > 0


def _is_polygon(coords: list[int]) -> bool:
    """Three corners and more, which do not lie on one line."""
    if len(coords) % 2 or not 6 <= len(coords) <= 2 * MOST_CORNERS:
        return False
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges(tuple(coords))) != 0
