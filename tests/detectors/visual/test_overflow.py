"""The rest of a value beyond its cell's ruling is found; neighbours a blank away are not."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import pytest

from detectors.detect import findings
from detectors.findings import Kind, Layer, Owner, Span
from detectors.geometry import Point, Quad
from detectors.pages import PageReading, Word
from detectors.visual.ink.overflow import overflowing

HEIGHT = 30.0


def page(*placed: tuple[str, float, float, float], degrees: float = 0.0) -> PageReading:
    """Words at (text, left, right, top), each its own engine line."""
    words, text = [], ""
    for line, (piece, left, right, top) in enumerate(placed):
        text += "\n" if text else ""
        corners = [turned(x, y, degrees) for x, y in ((left, top), (right, top), (right, top + HEIGHT))]
        region = Quad((corners[0], corners[1], corners[2], turned(left, top + HEIGHT, degrees)))
        words.append(Word(piece, 95.0, region, line, len(text), len(text) + len(piece)))
        text += piece
    return PageReading(2000, 2000, 200.0, tuple(words), text, "hand")


def turned(x: float, y: float, degrees: float) -> Point:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return (x * cos - y * sin, x * sin + y * cos)


def burned(reading: PageReading, value: str, kind: Kind) -> set[str]:
    start = reading.text.index(value)
    span = Span(start, start + len(value), kind, 0.9, Layer.PATTERN, Owner.PATIENT)
    found = overflowing(reading, [span])
    assert all((s.kind, s.owner) == (kind, Owner.PATIENT) for s in found)
    return {reading.text[s.start : s.end] for s in found}


@pytest.mark.parametrize("degrees", [0.0, 2.0, -3.0, 90.0])
@pytest.mark.parametrize(
    ("placed", "value", "kind", "rest"),
    [
        ([("zq@exa", 100, 200, 50), ("mple", 204, 270, 50), ("Phone", 290, 380, 50)], "zq@exa", Kind.EMAIL, {"mple"}),
        ([("zq@exa", 100, 200, 50), ("|", 206, 209, 45), ("mple", 214, 270, 52)], "zq@exa", Kind.EMAIL, {"mple"}),
        ([("mple", 204, 270, 50), ("zq@exa", 100, 200, 50)], "zq@exa", Kind.EMAIL, {"mple"}),
        ([("7781-23", 100, 200, 50), ("99-1", 198, 240, 50), ("2", 244, 255, 50)], "7781-23", Kind.MRN, {"99-1", "2"}),
        ([("Zorb", 100, 200, 50), ("latin", 203, 260, 50)], "latin", Kind.PERSON, {"Zorb"}),
    ],
)
def test_the_rest_across_the_ruling_is_found(placed, value: str, kind: Kind, rest: set[str], degrees: float) -> None:
    assert burned(page(*placed, degrees=degrees), value, kind) == rest


@pytest.mark.parametrize(
    ("placed", "value", "kind"),
    [
        ([("Zorblat", 100, 200, 50), ("denies", 211, 290, 50)], "Zorblat", Kind.PERSON),
        ([("Name:", 100, 198, 50), ("Zorblat", 200, 300, 50)], "Zorblat", Kind.PERSON),
        ([("Zorblat", 100, 200, 50), ("denies", 202, 290, 70)], "Zorblat", Kind.PERSON),
        ([("Zorblat", 100, 200, 50), ("denies", 202, 290, 82)], "Zorblat", Kind.PERSON),
        ([("Zorblat", 100, 200, 50), ("|", 206, 209, 45), ("Phone", 235, 290, 50)], "Zorblat", Kind.PERSON),
        ([("Zorblat", 100, 200, 50), ("|", 230, 233, 45), ("Phone", 236, 290, 50)], "Zorblat", Kind.PERSON),
        ([("3/4/1961", 100, 200, 50), ("male", 203, 260, 50)], "3/4/1961", Kind.DATE),
    ],
)
def test_neighbours_are_left(placed, value: str, kind: Kind) -> None:
    assert burned(page(*placed), value, kind) == set()


def line(*placed: tuple[str, float, float], confidence: float = 95.0) -> PageReading:
    """Words at (text, left, right) of one engine line."""
    reading = page(*((text, left, right, 50.0) for text, left, right in placed))
    words = tuple(replace(word, line=0, confidence=confidence) for word in reading.words)
    return replace(reading, words=words, text=reading.text.replace("\n", " "))


CROWDED = (("He", 100, 130), ("lives", 135, 190), ("with", 195, 240))


@pytest.mark.parametrize(
    ("behind", "rest"),
    [
        ((("who", 305, 340), ("may", 345, 390), ("call", 395, 440)), set()),
        ((("DOB", 305, 340), ("may", 345, 390), ("call", 395, 440)), set()),
        # nearer than words of the line are, it goes on; so does what is no common word, and a name
        ((("men", 301, 340), ("may", 346, 391), ("call", 396, 441)), {"men"}),
        ((("latik", 305, 340), ("may", 345, 390), ("call", 395, 440)), {"latik"}),
        ((("Green", 305, 340), ("may", 345, 390), ("call", 395, 440)), {"Green"}),
    ],
)
def test_the_words_of_a_crowded_line_are_no_rest(behind, rest: set[str]) -> None:
    assert burned(line(*CROWDED, ("Zorblat", 245, 300), *behind), "Zorblat", Kind.PERSON) == rest


def test_a_word_of_a_crowded_line_that_is_a_guess_may_be_the_rest() -> None:
    crowded = line(*CROWDED, ("Zorblat", 245, 300), ("who", 305, 340), ("call", 345, 390), confidence=50.0)
    assert burned(crowded, "Zorblat", Kind.PERSON) >= {"who", "with"}


def test_the_rest_becomes_a_finding() -> None:
    reading = page(("zq@exa", 100, 200, 50), ("mple", 204, 270, 50), ("Phone", 290, 380, 50))
    found = findings([reading], [[Span(0, 6, Kind.EMAIL, 0.9, Layer.PATTERN)]], None)
    assert {reading.words[i].text for f in found for i in f.words} == {"zq@exa", "mple"}


def test_no_words_and_no_spans_are_nothing() -> None:
    assert overflowing(PageReading(10, 10, 0.0, (), "", "hand"), [Span(0, 1, Kind.PERSON, 0.9, Layer.NER)]) == []
    assert overflowing(page(("a", 0, 10, 0)), []) == []


def test_a_crowded_page_takes_bounded_time() -> None:
    reading = page(*((f"a{i}", 10.0 * (i % 200), 10.0 * (i % 200) + 9, 31.0 * (i // 200)) for i in range(5_000)))
    spans = [Span(w.start, w.end, Kind.PERSON, 0.9, Layer.NER) for w in reading.words[::2]]
    began = time.process_time()
    overflowing(reading, spans)
    assert time.process_time() - began < 5.0
