"""Shared areas of many boxes at once are those of each pair."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detectors.geometry import Box, overlaps, sides_of

SIDES = st.integers(-50, 50)
BOXES = st.builds(
    lambda x, y, width, height: Box(x, y, x + width, y + height), SIDES, SIDES, st.integers(1, 40), st.integers(1, 40)
)


@given(st.lists(BOXES, max_size=6), st.lists(BOXES, max_size=6))
def test_each_pair_shares_what_it_shares_alone(some: list[Box], others: list[Box]) -> None:
    found = overlaps(sides_of(some), sides_of(others))
    assert found.shape == (len(some), len(others))
    assert found.tolist() == [[box.overlap(other) for other in others] for box in some]
