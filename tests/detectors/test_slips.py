"""Likeness for letter is a slip; a figure for a figure, or another letter, is somebody else's value."""

from __future__ import annotations

import time

import pytest

from detectors.known.slips import comparable, misread, misread_part


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


def test_a_part_may_begin_and_end_anywhere() -> None:
    listed = comparable("P.O. Box 2177, Tarnbrook")
    assert misread_part(comparable("8ox 2177"), listed)
    assert not misread_part(comparable("8ox 2178"), listed)
    assert not misread_part("", listed)


def test_hostile_values_take_bounded_time() -> None:
    began = time.process_time()
    assert not misread("i" * 3000, "l" * 3000)
    assert not misread_part("rn" * 50 + "x", "m" * 100)
    assert time.process_time() - began < 2.0
