"""How a sitting's code is made and read, who may try it, and how a sitting stands: pure rules."""

import datetime
import uuid

import pytest

from cohorts.supervision import codes, rules
from cohorts.supervision.rules import PAUSE, RELEASE, TRIES, WRONG_CODES, Standing, Tries

SECRET, SITTING = b"of this installation", uuid.UUID(int=7)
NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
HOUR, SECOND = datetime.timedelta(hours=1), datetime.timedelta(seconds=1)


class TestCodes:
    def test_a_code_is_six_signs_none_of_which_is_mistaken_for_another(self):
        made = "".join(codes.code_of(SECRET, uuid.uuid4(), 1) for _ in range(500))
        assert set(made) == set(codes.ALPHABET)
        assert not set(codes.ALPHABET) & set("01OILBSZGQUVAE")
        assert len(codes.code_of(SECRET, SITTING, 1)) == 6

    def test_each_sitting_each_renewal_and_each_installation_has_another(self):
        made = {
            codes.code_of(secret, sitting, number)
            for secret in (SECRET, b"another")
            for sitting in (SITTING, uuid.UUID(int=8))
            for number in range(1, 50)
        }
        assert len(made) == 2 * 2 * 49

    def test_the_same_code_comes_back_whenever_it_is_asked_for(self):
        assert codes.code_of(SECRET, SITTING, 1) == codes.code_of(SECRET, SITTING, 1)

    @pytest.mark.parametrize(
        "written",
        [
            "K7M4TX",
            "k7m4tx",
            " K7M 4TX ",
            "K7M-4TX",
            "k7m\u00a04tx",
            "К7М4ТХ",
            "к7м 4тх",
            "K٧M٤TX",
            "K۷M۴TX",
            "\u200eK7M4TX",
        ],
        ids=ascii,
    )
    def test_it_is_read_as_people_type_it_on_any_keyboard(self, written):
        assert codes.read(written) == "K7M4TX"

    @pytest.mark.parametrize("written", ["", "K7M4T", "K7M4TXX", "K7M4TO", "K7M4T1", "K7M4T\u0000", "ß" * 6, "𝟚" * 6])
    def test_what_cannot_be_a_code_is_none(self, written):
        assert codes.read(written) is None

    def test_it_is_shown_in_two_groups(self):
        assert codes.groups_of("K7M4TX") == ["K7M", "4TX"]


class TestTries:
    def test_each_wrong_code_leaves_one_less_until_a_pause_gives_all_back(self):
        tries, left = Tries(), []
        while not tries.is_barred(NOON):
            left.append(tries.left)
            tries = tries.after_a_wrong_code(NOON)
        assert left == list(range(TRIES, 0, -1))
        assert tries.is_barred(NOON + PAUSE - SECOND)
        assert not tries.is_barred(NOON + PAUSE)
        assert tries.left == TRIES

    def test_a_day_of_guessing_by_one_person_is_hopeless(self):
        guesses = rules.LONGEST / PAUSE * TRIES
        assert guesses / len(codes.ALPHABET) ** codes.LENGTH < 1 / 30_000
        assert WRONG_CODES / len(codes.ALPHABET) ** codes.LENGTH < 1 / 200_000

    def test_a_release_holds_for_a_while(self):
        assert not rules.is_released(None, NOON)
        assert rules.is_released(NOON, NOON + RELEASE - SECOND)
        assert not rules.is_released(NOON, NOON + RELEASE)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Standing.OPEN),
        ({"now": NOON - HOUR}, Standing.OPEN),
        ({"now": NOON - HOUR - SECOND}, Standing.PLANNED),
        ({"now": NOON + HOUR}, Standing.OVER),
        ({"withdrawn": True}, Standing.WITHDRAWN),
        ({"withdrawn": True, "now": NOON - 2 * HOUR}, Standing.WITHDRAWN),
        ({"wrong_codes": WRONG_CODES - 1}, Standing.OPEN),
        ({"wrong_codes": WRONG_CODES}, Standing.BLOCKED),
        ({"closed": True, "withdrawn": True, "wrong_codes": WRONG_CODES}, Standing.CLOSED),
        ({"withdrawn": True, "now": NOON + HOUR}, Standing.OVER),
    ],
)
def test_a_sitting_is_open_between_its_times_unless_something_ends_it(facts, expected):
    usual = {
        "opens_at": NOON - HOUR,
        "closes_at": NOON + HOUR,
        "closed": False,
        "withdrawn": False,
        "wrong_codes": 0,
        "now": NOON,
    }
    assert rules.standing_of(**usual | facts) == expected
