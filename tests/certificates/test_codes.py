"""The code of the public page: unguessable, and forgiving to those who type it."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates import codes

a_code = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)


def test_a_code_has_at_least_128_bits():
    assert codes.LENGTH * log2(len(set(codes.ALPHABET))) >= 128


def test_codes_are_not_given_twice():
    assert len({codes.new() for _ in range(1000)}) == 1000


@given(a_code)
def test_a_code_is_read_back_from_what_stands_on_the_paper(code):
    assert codes.read(codes.grouped(code)) == code
    assert codes.read(codes.grouped(code).upper()) == code
    assert codes.read(f" {codes.grouped(code).replace('-', ' ')}\n") == code


@given(a_code)
def test_a_code_is_read_from_a_pasted_address(code):
    assert codes.read(f"https://learn.example.org/verify/{codes.grouped(code)}/?from=mail") == code
    assert codes.read(f"learn.example.org/verify/{code}") == code


def test_letters_that_are_mistaken_for_digits_are_read_as_digits():
    assert codes.read("ilo0" + "2" * 24) == "1100" + "2" * 24


@pytest.mark.parametrize("written", ["", "-", "DIAN-2025-000123", "2" * 27, "2" * 29, "é" * 28, "u" * 28, "../" * 9])
def test_what_is_no_code_is_none(written):
    assert codes.read(written) is None


@given(st.text(max_size=80))
def test_nothing_that_can_be_typed_breaks_the_reading(written):
    code = codes.read(written)
    assert code is None or len(code) == codes.LENGTH
