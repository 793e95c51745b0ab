"""Likeness for letter is a slip; a figure for a figure, or another letter, is somebody else's value."""

from __future__ import annotations

import time

import pytest

from detectors.known.slips import comparable, figures_misread, misread, misread_words


@pytest.mark.parametrize(
    ("read", "listed"),
    [
        ("Quuxlcy", "Quuxley"), ("Tambrook", "Tarnbrook"), ("vvexcombe", "Wexcombe"), ("Bamabas", "Barnabas"),
        ("Cliarles", "Charles"), ("zsofia.q@examp1e.org", "zsofia.q@example.org"), ("74A-619-5163", "744-619-5163"),
        ("Ocf 23, Z017", "Oct 23, 2017"), ("WT61l467", "WT611467"), ("Ellngsen", "Ellingsen"),
    ],
)  # fmt: skip
def test_slips_of_an_engine(read: str, listed: str) -> None:
    assert misread(comparable(read), comparable(listed))


@pytest.mark.parametrize(
    ("read", "listed"),
    [
        ("744-619-5168", "744-619-5163"), ("WT611461", "WT611467"), ("Oct 24, 2017", "Oct 23, 2017"),
        ("fmarien@inbox.co", "gmarien@inbox.co"), ("Darnabas", "Barnabas"), ("Marca", "Maria"), ("Quuxle", "Quuxley"),
        ("Zsofla Q", "Barnabas"), ("bbbbbbb", "hhhhhhh"), ("", "Quuxley"), ("1234567", "1234567890"),
    ],
)  # fmt: skip
def test_what_no_engine_makes_of_it(read: str, listed: str) -> None:
    assert not misread(comparable(read), comparable(listed))


def test_a_part_is_of_whole_words_and_its_number_whole() -> None:
    listed = ["po", "box", "2177", "tarnbrook"]
    assert misread_words(comparable("8ox 2177"), listed)
    assert misread_words(comparable("Z177 Tambrook"), listed)
    for other in ("8ox 2178", "", "177 Tarnbrook", "77", "177", "l2177", "2177 Tarn"):
        assert not misread_words(comparable(other), listed), other


def test_in_a_number_only_a_letter_for_a_figure_is_a_slip() -> None:
    assert figures_misread("boo12e4s", "b0012345")
    assert not figures_misread("80012345", "b0012345")
    assert not figures_misread("h0012345", "b0012345")
    assert not figures_misread("b001234", "b0012345")


def test_hostile_values_take_bounded_time() -> None:
    began = time.process_time()
    assert not misread("i" * 3000, "l" * 3000)
    assert not misread_words("rn" * 50 + "x", ["m"] * 100)
    assert time.process_time() - began < 2.0
