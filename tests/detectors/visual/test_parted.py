"""A box of unread ink is parted around words that were surely read and tell nothing, and around no others."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.visual.ink.parted import parted

SHAPE = (60, 200)
LABEL = Box(40, 30, 100, 40)


def reading(said: str, confidence: float) -> PageReading:
    word = Word(said, confidence, Quad.of(LABEL), 0, 0, len(said))
    return PageReading(SHAPE[1], SHAPE[0], 100.0, (word,), said, "hand")


def covered(boxes: list[Box]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    mask = np.zeros(SHAPE, bool)
    for box in boxes:
        mask[box.top : box.bottom, box.left : box.right] = True
    return mask


def tail_of_a_name() -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """A name above a label, whose last letter reaches down to its right."""
    ink = np.zeros(SHAPE, bool)
    ink[8:22:2, 30:150] = True
    ink[22:45, 120:124] = True
    return ink


WHOLE = Box(28, 6, 152, 47)


def test_a_label_beside_a_hands_ink_stays_and_all_of_the_ink_is_covered() -> None:
    ink = tail_of_a_name()
    found = covered(parted([WHOLE], ink, reading("Telephone", 95.0), (1.0, 1.0)))
    assert found[ink].all()
    assert not found[LABEL.top : LABEL.bottom, LABEL.left : LABEL.right].any()


@pytest.mark.parametrize(
    ("said", "confidence"),
    [
        ("Telephone", 79.0),  # perhaps what a hand wrote
        ("Quuxin", 97.0),  # nobody knows what it tells
        ("Rose", 97.0),  # somebody's name
        ("4471", 97.0),
        ("a", 97.0),  # a stroke may be read as one letter
    ],
)
def test_what_may_tell_something_goes_with_the_ink_around_it(said: str, confidence: float) -> None:
    assert parted([WHOLE], tail_of_a_name(), reading(said, confidence), (1.0, 1.0)) == [WHOLE]


def test_a_word_with_ink_of_its_own_that_went_unread_goes() -> None:
    ink = tail_of_a_name()
    ink[22:45, 60:64] = True
    assert parted([WHOLE], ink, reading("Telephone", 95.0), (1.0, 1.0)) == [WHOLE]


def test_what_does_not_meet_the_word_is_the_same_box() -> None:
    box = Box(110, 6, 152, 47)
    assert parted([box], tail_of_a_name(), reading("Telephone", 95.0), (1.0, 1.0)) == [box]


@pytest.mark.parametrize("seed", range(8))
def test_no_ink_is_left_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ink = rng.random(SHAPE) < 0.02
    ink[LABEL.top : LABEL.bottom, LABEL.left : LABEL.right] = False
    boxes = [
        Box(int(x), int(y), int(x) + 60, int(y) + 25)
        for x, y in zip(rng.integers(0, 140, 6), rng.integers(0, 35, 6), strict=True)
    ]
    found = covered(parted(boxes, ink, reading("Telephone", 95.0), (1.0, 1.0)))
    assert found[ink & covered(boxes)].all()
