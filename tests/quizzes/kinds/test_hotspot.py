"""Places on a picture, pointed at or named."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import KINDS
from quizzes.kinds.contract import Fields, MalformedAnswer, WrongItem
from quizzes.kinds.hotspot import Area
from tests.quizzes.kinds.examples import CONTAINER, CONTAINER_WORDS

hotspot = KINDS["hotspot"]
ARRANGEMENT = {"areas": ["floor", "seal", "door"]}
SHARES = st.integers(0, 1000)


def pointed(x, y):
    return hotspot.key(CONTAINER, {}).judge({"shape": 1, "point": [x, y]}).fraction


@pytest.mark.parametrize(
    ("x", "y", "fraction"),
    [
        (500, 500, 1),
        (600, 500, 1),  # on the edge
        (500, 700, 1),  # in a picture half as high as it is wide, a circle is twice as many thousandths high
        (500, 701, Fraction(1, 4)),  # beside the seal, on the door
        (400, 200, Fraction(1, 4)),
        (399, 200, 0),
        (10, 950, 0),
    ],
)
def test_of_areas_that_lie_over_each_other_the_best_counts(x, y, fraction):
    hotspot.check(CONTAINER, {"en": CONTAINER_WORDS})
    assert pointed(x, y) == fraction


def test_an_area_that_is_named_earns_what_it_earns_by_pointing():
    key = hotspot.key(CONTAINER, {})
    assert [key.judge({"shape": 1, "area": area}).fraction for area in ("seal", "door", "floor")] == [
        1,
        Fraction(1, 4),
        0,
    ]


def test_the_keyboard_has_every_name_and_no_outline():
    page = hotspot.shown(CONTAINER, ARRANGEMENT, CONTAINER_WORDS, {"shape": 1, "area": "seal"})
    assert [(area["value"], area["text"], area["chosen"]) for area in page["areas"]] == [
        ("1", "The floor", False),
        ("2", "The seal", True),
        ("3", "The door", False),
    ]
    assert "coords" not in str(page)
    assert "circle" not in str(page)


def read(**form):
    parts = {name.replace("_", "."): [value] for name, value in form.items()}
    return hotspot.read(
        CONTAINER, ARRANGEMENT, Fields({f"q1-{part}" if part != "q" else "q1": v for part, v in parts.items()}, "q1")
    )


def test_a_press_is_counted_in_thousandths_of_the_picture_as_it_was_shown():
    assert read(press_x="320", press_y="60", width="640", height="240") == {"shape": 1, "point": [500, 250]}
    assert read(press_x="641", press_y="-1", width="640", height="240") == {"shape": 1, "point": [1000, 0]}


def test_a_button_pressed_by_keyboard_says_nothing_of_a_place():
    """Browsers then send 0, 0; so does the enter key in any other field of the form."""
    assert read(press_x="0", press_y="0", width="640", height="240") is None
    assert read(press_x="0", press_y="0", width="640", height="240", q="2") == {"shape": 1, "area": "seal"}
    assert read(press_x="0", press_y="0", width="640", height="240", x="7", y="0") == {"shape": 1, "point": [7, 0]}


def test_a_press_counts_before_a_name_and_a_name_before_the_point_of_last_time():
    assert read(press_x="32", press_y="24", width="640", height="240", q="2")["point"] == [50, 100]
    assert read(q="2", x="7", y="9") == {"shape": 1, "area": "seal"}
    assert read(x="7", y="9") == {"shape": 1, "point": [7, 9]}


@pytest.mark.parametrize(
    "form",
    [
        {"x": "1001", "y": "0"},
        {"x": "1"},
        {"x": "-1", "y": "5"},
        {"press_x": "5", "press_y": "5"},
        {"press_x": "5", "press_y": "5", "width": "0", "height": "5"},
        {"press_x": "5", "press_y": "", "width": "9", "height": "5"},
        {"press_x": "a", "press_y": "5", "width": "9", "height": "5"},
        {"q": "4"},
    ],
)
def test_a_place_outside_of_the_picture_is_no_answer(form):
    with pytest.raises(MalformedAnswer):
        read(**form)


@given(SHARES, SHARES, st.integers(0, 700), st.integers(0, 700), st.integers(1, 300), st.integers(1, 300))
def test_a_rectangle_is_the_polygon_of_its_corners(x, y, left, top, width, height):
    right, bottom = left + width, top + height
    rect = Area("rect", (left, top, width, height), Fraction(1))
    for corners in (
        (left, top, right, top, right, bottom, left, bottom),
        (right, top, left, top, left, bottom, right, bottom),  # the other way round
    ):
        assert rect.holds(x, y, Fraction(1)) == Area("polygon", corners, Fraction(1)).holds(x, y, Fraction(1))


@given(st.lists(st.tuples(SHARES, SHARES), min_size=3, max_size=6), st.data())
def test_a_polygon_holds_its_corners_and_its_edges(corners, data):
    area = Area("polygon", tuple(number for corner in corners for number in corner), Fraction(1))
    number = data.draw(st.integers(0, len(corners) - 1))
    (x1, y1), (x2, y2) = corners[number - 1], corners[number]
    assert area.holds(x1, y1, Fraction(1))
    if (x1 + x2) % 2 == (y1 + y2) % 2 == 0:
        assert area.holds((x1 + x2) // 2, (y1 + y2) // 2, Fraction(1))


def test_a_polygon_may_be_hollow_on_one_side():
    """An L: its inner corner is outside."""
    area = Area("polygon", (0, 0, 100, 0, 100, 50, 50, 50, 50, 100, 0, 100), Fraction(1))
    assert area.holds(25, 75, Fraction(1))
    assert area.holds(75, 25, Fraction(1))
    assert not area.holds(75, 75, Fraction(1))
    assert not area.holds(-1, 50, Fraction(1))


@pytest.mark.parametrize(
    "area",
    [
        {"shape": "rect", "coords": [900, 0, 101, 10]},
        {"shape": "rect", "coords": [0, 0, 0, 10]},
        {"shape": "rect", "coords": [0, 0, 10]},
        {"shape": "rect", "coords": [0, 0, 10, True]},
        {"shape": "rect", "coords": [0, 0, 10.5, 10]},
        {"shape": "circle", "coords": [0, 0, 0]},
        {"shape": "polygon", "coords": [0, 0, 10, 10]},
        {"shape": "polygon", "coords": [0, 0, 10, 10, 20, 20]},
        {"shape": "polygon", "coords": [0, 0, 10, 10, 20]},
        {"shape": "star", "coords": [0, 0, 10, 10]},
        {"shape": [], "coords": [0, 0, 10, 10]},
    ],
)
def test_an_area_that_nobody_can_point_at_is_refused(area):
    areas = [CONTAINER["areas"][0] | area, *CONTAINER["areas"][1:]]
    with pytest.raises(WrongItem, match="area"):
        hotspot.check(CONTAINER | {"areas": areas}, {"en": CONTAINER_WORDS})


def test_a_picture_without_a_decoy_is_refused():
    areas = [area | {"fraction": "1"} for area in CONTAINER["areas"]]
    with pytest.raises(WrongItem, match="decoy"):
        hotspot.check(CONTAINER | {"areas": areas}, {"en": CONTAINER_WORDS})


def test_a_circle_needs_to_know_how_high_the_picture_is():
    without = {name: part for name, part in CONTAINER.items() if name != "ratio"}
    with pytest.raises(WrongItem, match="circle"):
        hotspot.check(without, {"en": CONTAINER_WORDS})


@pytest.mark.parametrize("tell_key", [False, True])
def test_the_right_area_is_told_with_the_key_alone(tell_key):
    review = hotspot.reviewed(
        CONTAINER,
        ARRANGEMENT,
        CONTAINER_WORDS,
        {"shape": 1, "point": [400, 200]},
        key=hotspot.key(CONTAINER, {}),
        tell_key=tell_key,
    )
    assert (review["area"], review["credited"]) == ("The door", True)
    assert [area["text"] for area in review["right"]] == (["The seal"] if tell_key else [])
