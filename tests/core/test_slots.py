"""What differs by reader is filled into a lesson's frozen HTML when it is read."""

import pytest

from core import slots


def test_each_mark_is_filled_by_its_kind():
    html = f"<p>a</p>{slots.mark('national', 'gift_limit')}<p>b</p>{slots.mark('reflection', 'k-1')}"
    filled = slots.fill(html, {"national": str.upper, "reflection": lambda key: f"<i>{key}</i>"})
    assert filled == "<p>a</p>GIFT_LIMIT<p>b</p><i>k-1</i>"
    assert slots.keys_of(html, "reflection") == ["k-1"]


def test_a_mark_nobody_fills_leaves_nothing_behind():
    assert slots.fill(f"a{slots.mark('unknown', 'x')}b", {}) == "ab"


@pytest.mark.parametrize("key", ['x--><script>alert("1")</script>', "<b>"])
def test_a_key_cannot_break_out_of_its_mark(key):
    assert "<script>" not in slots.mark("national", key)
    assert "<b>" not in slots.mark("national", key)
