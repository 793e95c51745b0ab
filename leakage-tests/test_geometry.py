"""Given a list of names, does the width of a box say which one it hides? In bits, over names drawn at random.

Source: Bland, Iyer and Levchenko, "Story Beyond the Eye: Glyph Positions Break PDF Text Redaction", PETS 2023.
An attacker who knows font, size and the list measures what is left on the page to the pixel.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import names as names_of_census
import pymupdf
import pytest

from detectors.geometry import Box, Quad
from policies.masking.boxes import shaped
from streams.canaries.names import listed

NAMES = 2000
CENSUS = 1000
FEW = 5
"""Fewer candidates of one width are as good as a name."""
SIZE_PT, DPI = 11, 200
SCALE = SIZE_PT * DPI / 72
LEFT, TOP, HIGH = 300, 400, 24
COLUMN = 1100
FONT = pymupdf.Font("helv")

Seen = tuple[float, ...]


def wide(text: str) -> float:
    return float(FONT.text_length(text, 1) * SCALE)


def word(left: float, text: str) -> Quad:
    return Quad.of(Box(round(left), TOP, round(left + wide(text)), TOP + HIGH))


@cache
def names() -> list[str]:
    rng = Random(11)  # noqa: S311  the same names each time
    given, surnames = listed("given"), listed("surnames")
    return sorted({f"{rng.choice(given)} {rng.choice(surnames)}" for _ in range(NAMES)})


def burned(name: str) -> list[Quad]:
    first, last = name.split(" ", 1)
    return [word(LEFT, first), word(LEFT + wide(first + " "), last)]


def boxes(name: str, after: float | None) -> Seen:
    """Edges of the boxes, and where the next word begins."""
    label, gap = word(LEFT - wide("Patient: "), "Patient:"), [] if after is None else [word(after, "was")]
    quads = shaped(burned(name), [label, *gap])
    return tuple(sorted(side for quad in quads for side in (quad.bounds.left, quad.bounds.right))) + (
        () if after is None else (round(after),)
    )


def unshaped(name: str) -> Seen:
    return (round(LEFT + wide(name)),)


def on_a_form(name: str) -> Seen:
    return boxes(name, None)


def in_a_column(name: str) -> Seen:
    return boxes(name, COLUMN)


def in_prose(name: str) -> Seen:
    return boxes(name, LEFT + wide(name + " "))


@cache
def told(see: Callable[[str], Seen]) -> tuple[float, float, float]:
    """Bits that the sight gives of log2(names), how many names fit on the average, share of names that it pins down."""
    found = names()
    groups = Counter(see(name) for name in found)
    total = len(found)
    bits = -sum(n / total * math.log2(n / total) for n in groups.values())
    return bits, sum(n * n for n in groups.values()) / total, sum(n == 1 for n in groups.values()) / total


@pytest.mark.parametrize(
    ("case", "see", "most_bits"),
    [
        ("a box on a form tells of a name", on_a_form, 3.5),
        ("a box before a column tells of a name", in_a_column, 3.5),
    ],
)
def test_a_box_leaves_many_names_possible(
    case: str, see: Callable[[str], Seen], most_bits: float, record_property: Callable[[str, object], None]
) -> None:
    bits, fit, alone = told(see)
    bare = told(unshaped)
    record_property("case", case)
    record_property("source", "Bland and others, PETS 2023")
    record_property(
        "figure", f"{bits:.1f} of {math.log2(len(names())):.1f} bits (tight box {bare[0]:.1f}); {fit:.0f} fit"
    )
    assert bits <= most_bits < bare[0]
    assert alone < 0.005


@cache
def census() -> list[str]:
    """The thousand most frequent surnames of the 1990 census."""
    lines = (Path(names_of_census.__file__).parent / "dist.all.last").read_text().splitlines()
    return [line.split()[0].title() for line in lines[:CENSUS]]


def burned_alone(surname: str, after: float | None) -> Seen:
    """A surname by itself, which leaves least to guess: the edges of its boxes and where the next word begins."""
    staying = [word(LEFT - wide("Patient: "), "Patient:"), *([] if after is None else [word(after, "was")])]
    quads = shaped([word(LEFT, surname)], staying)
    return (*(side for quad in quads for side in (quad.bounds.left, quad.bounds.right)), round(after or 0))


@pytest.mark.parametrize(
    ("case", "next_word", "least_fit", "most_told"),
    [
        ("a box on a form", lambda _: None, 200, 0),
        ("a box before a column", lambda _: COLUMN, 200, 0),
        ("the next word in prose", lambda surname: LEFT + wide(surname + " "), 15, 60),
    ],
)
def test_how_many_surnames_of_the_census_fit(
    case: str,
    next_word: Callable[[str], float | None],
    least_fit: float,
    most_told: int,
    record_property: Callable[[str, object], None],
) -> None:
    """A list of candidates shrinks to those of one width. In prose no box can help: the words that stay tell it."""
    tight = Counter(unshaped(surname) for surname in census())
    ours = Counter(burned_alone(surname, next_word(surname)) for surname in census())
    fit, before = (sum(n * n for n in groups.values()) / CENSUS for groups in (ours, tight))
    tells, told_before = (sum(n for n in groups.values() if n < FEW) for groups in (ours, tight))
    record_property("case", f"{case} tells which of {CENSUS} surnames of the census")
    record_property("source", "Bland and others, PETS 2023; U.S. Census 1990")
    record_property(
        "figure",
        f"{before:.0f} fit a tight box, {fit:.0f} fit this; of {told_before} and {tells} fewer than {FEW} remain",
    )
    assert fit >= least_fit
    assert tells <= most_told


def test_in_prose_the_next_word_tells_what_the_box_does_not(record_property: Callable[[str, object], None]) -> None:
    """No box can help: words that stay keep their places. The figure is there to be known."""
    bits, fit, alone = told(in_prose)
    record_property("case", "the next word's place tells of a name")
    record_property("source", "Bland and others, PETS 2023")
    record_property(
        "figure", f"{bits:.1f} of {math.log2(len(names())):.1f} bits; {fit:.0f} fit; {alone:.1%} pinned down"
    )
    assert bits <= told(unshaped)[0] + 1.0
