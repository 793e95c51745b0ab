"""Which words share the doubt about one that nobody could read."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.words.doubt import doubtful

HIGH = 20


def line(*words: tuple[str, float, int]) -> PageReading:
    """Words of one line, each with its confidence and the pixels to the one before it; letters are 10 wide."""
    made: list[Word] = []
    left, text = 100, ""
    for said, confidence, gap in words:
        left += gap
        box = Box(left, 100, left + 10 * len(said), 100 + HIGH)
        text += " " if text else ""
        made.append(Word(said, confidence, Quad.of(box), 0, len(text), len(text) + len(said)))
        text += said
        left = box.right
    return PageReading(850, 1100, 100.0, tuple(made), text, "hand")


def burned(reading: PageReading) -> list[str]:
    return [reading.words[index].text for index in sorted(doubtful(reading))]


@pytest.mark.parametrize(
    "words",
    [
        [("Quux", 43, 0), ("OVICH", 96, 1)],
        [("Quux", 96, 0), ("OVICH", 43, 1)],
        [("quu", 20, 0), ("xovich", 90, -2)],  # their boxes overlap
        [("4\u00a7", 50, 0), ("2217", 95, 2)],
    ],
)
def test_what_hangs_together_with_a_doubtful_word_shares_its_doubt(words: list[tuple[str, float, int]]) -> None:
    assert burned(line(*words)) == [said for said, _, _ in words]


@pytest.mark.parametrize(
    ("words", "goes"),
    [
        ([("Quux", 43, 0), ("OVICH", 96, 6)], ["Quux"]),  # a blank parts them
        ([("Quux", 43, 0), ("telephone", 96, 1)], ["Quux"]),  # a common word
        ([("Quux", 43, 0), ("Telephone", 96, 1)], ["Quux"]),  # a label
        ([("Quux", 43, 0), ("mg", 96, 1)], ["Quux"]),  # a unit
        ([("Quux", 96, 0), ("OVICH", 96, 1)], []),  # nobody doubts either
        ([("Quux", 43, 0), ("OVICH", 96, -30)], ["Quux"]),  # read out of order
    ],
)
def test_what_does_not_stays(words: list[tuple[str, float, int]], goes: list[str]) -> None:
    assert burned(line(*words)) == goes
