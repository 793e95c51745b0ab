"""What another engine makes of the words in doubt: it bears out what was read alike, and says nothing of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import cos, sin

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.ppocr_engine import PpocrEngine
from detectors.reading.other_engine import compared, worth_asking
from detectors.recognize import recognize
from tests.pixels.sheets import CLINICAL, inked, letters

HERE, NEXT = Box(100, 100, 160, 112), Box(166, 100, 220, 112)
PAGE = PageRaster(np.full((1100, 850), 255, np.uint8), 100.0)


def reading(*words: tuple[str, float, Box]) -> PageReading:
    made, text = [], ""
    for word, confidence, box in words:
        text += " " if text else ""
        made.append(Word(word, confidence, Quad.of(box), 0, len(text), len(text) + len(word)))
        text += word
    return PageReading(850, 1100, 100.0, tuple(made), text, "hand")


class Other:
    """Says of every place what it is told to."""

    name = "other"

    def __init__(self, text: str = "Anna", sure: float = 95.0) -> None:
        self.told = text, sure
        self.asked: list[Quad] = []

    def texts_at(self, gray: Pixels, regions: Sequence[Quad]) -> list[tuple[str, float]]:
        self.asked += regions
        return [self.told] * len(regions)

    def text_regions(self, gray: Pixels, sure: float = 0.5) -> list[Quad]:
        raise AssertionError("nobody asks where text stands: the first engine said so")

    def words_in(self, gray: Pixels, regions: Sequence[Quad]) -> list[EngineWord]:
        raise AssertionError("nor for lines")


def sure_of(text: str, confidence: float, theirs: str, sure: float) -> float:
    first = reading((text, confidence, HERE), ("well", 95, NEXT))
    both = compared(PAGE, first, [0], Other(theirs, sure))
    word = both.words[0]
    assert both == replace(first, words=(replace(first.words[0], confidence=word.confidence), first.words[1]))
    return round(word.confidence)


def test_what_both_read_alike_is_as_sure_as_that_not_both_are_wrong() -> None:
    assert sure_of("Anna", 20, "Anna", 50) == 60
    assert sure_of("Moravcova,", 60, "Moravcov\u00e1", 90) == 96
    assert sure_of("4/7/51", 40, "4/7/51", 90) == 94
    assert sure_of("Annaseen", 40, "Anna seen", 80) == 88


@pytest.mark.parametrize(
    ("text", "theirs", "sure"),
    [
        ("oate", "Date", 99),  # another word, however sure
        ("Kwesi", "...", 99),
        ("Kwesi", "", 0),
        ("Kwesi", "Kwesi Boateng", 99),
        ("4751", "4/7/51", 99),  # a date is no number
        ("4.5", "45", 99),
        ("...", "", 0),
        ("...", "...", 99),
    ],
)
def test_nothing_else_changes_a_word(text: str, theirs: str, sure: float) -> None:
    assert sure_of(text, 40, theirs, sure) == 40


def test_it_is_asked_at_the_words_own_place() -> None:
    other = Other()
    first = reading(("Anna", 20, HERE), ("well", 95, NEXT))
    compared(PAGE, first, [0], other)
    (asked,) = other.asked
    assert asked.bounds.overlap(HERE) == HERE.area
    assert asked.bounds.overlap(NEXT) == 0
    assert compared(PAGE, first, [], other) is first


def test_a_leaning_word_is_read_along_its_line() -> None:
    sheet = np.full((300, 600), 255, np.uint8)
    cv2.putText(sheet, "kidney", (200, 160), cv2.FONT_HERSHEY_DUPLEX, 1.0, 0, 2, cv2.LINE_AA)
    engine = PpocrEngine()
    for angle in (0.0, 0.3, -0.5, 1.6, 3.1):
        turn = np.array([[cos(angle), -sin(angle), 400.0], [sin(angle), cos(angle), 400.0], [0.0, 0.0, 1.0]])
        onto = turn @ np.array([[1, 0, -260], [0, 1, -150], [0, 0, 1.0]])
        leaning = np.asarray(cv2.warpPerspective(sheet, onto, (800, 800), borderValue=255), np.uint8)
        [(text, sure)] = engine.texts_at(leaning, [Quad.of(Box(198, 132, 322, 172)).mapped(onto)])
        assert text.strip() == "kidney", angle
        assert sure > 50
    outside, speck = Quad.of(Box(-190, -90, -120, -60)), Quad.of(Box(0, 0, 1, 1))
    assert engine.texts_at(sheet, [outside, speck]) == [("", 0.0), ("", 0.0)]
    assert engine.texts_at(sheet, []) == []


ASKED = [("metformin", 12), ("Kwesi", 45), ("4/7/51", 45), ("Patient", 10)]
NOT_ASKED = [
    ("Kwesi", 25),  # a guess
    ("4/7/51", 25),
    ("wxqv", 45),  # no word, no name, no number
    ("l", 45),  # a stroke for both
    ("0", 45),
    ("7.", 45),
    ("|~..", 45),
]


@pytest.mark.parametrize(("text", "confidence"), ASKED)
def test_words_that_it_may_bear_out_are_asked_for(text: str, confidence: float) -> None:
    assert worth_asking(_among_clear(text, confidence), [1]) == [1]


@pytest.mark.parametrize(("text", "confidence"), NOT_ASKED)
def test_others_are_not(text: str, confidence: float) -> None:
    assert worth_asking(_among_clear(text, confidence), [1]) == []


def test_a_ruling_with_letters_in_it_is_not() -> None:
    assert worth_asking(_among_clear("Patient", 45, Box(100, 100, 700, 112)), [1]) == []


def test_a_page_in_hopeless_doubt_is_asked_about_nowhere() -> None:
    words = [("Patient", 40.0, HERE)] * 8
    assert worth_asking(reading(*words), [0, 1]) == [0, 1]
    assert worth_asking(reading(*words), [0, 1, 2]) == []


def _among_clear(text: str, confidence: float, box: Box = HERE) -> PageReading:
    return reading(("seen", 95, NEXT), (text, confidence, box), *[("well", 95.0, NEXT)] * 4)


class Engine:
    """Reads nine words, so many of them in doubt."""

    name = "engine"

    def __init__(self, doubtful: int) -> None:
        self.doubtful = doubtful

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        sure = [20.0] * self.doubtful + [95.0] * (9 - self.doubtful)
        return [EngineWord("pain", sure[i], Box(20 * i + 9, 9, 20 * i + 25, 19), 0) for i in range(9)]


@pytest.mark.parametrize(("doubtful", "asked"), [(0, 0), (2, 2), (9, 0)])
def test_the_other_engine_is_loaded_for_pages_with_some_doubt_alone(doubtful: int, asked: int) -> None:
    page = np.full((400, 850, 3), 255, np.uint8)
    inked(page, letters(CLINICAL, 14), (9, 9), (0, 0, 0))
    loaded: list[Other] = []

    def other() -> Other:
        loaded.append(Other("pain", 90))
        return loaded[-1]

    found, _ = recognize(PageRaster(np.ascontiguousarray(page[:20, :200, 0]), 150.0), Engine(doubtful), other)
    assert [len(each.asked) for each in loaded] == ([asked] if asked else [])
    assert [round(word.confidence) for word in found.words[:asked]] == [92] * asked
