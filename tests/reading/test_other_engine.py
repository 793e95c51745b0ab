"""What another engine makes of the words in doubt: it bears out what was read alike, and says nothing of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.reading.engines.engine import EngineWord
from detectors.reading.other_engine import compared, surer
from detectors.recognize import recognize
from tests.pixels.sheets import CLINICAL, inked, letters

Read = tuple[str, float, Box]
HERE, NEXT, FAR = Box(100, 100, 160, 112), Box(166, 100, 220, 112), Box(400, 100, 460, 112)
BOTH = Box(100, 99, 220, 113)


def reading(*words: Read, lines: Sequence[int] = ()) -> PageReading:
    made, text = [], ""
    for index, (word, confidence, box) in enumerate(words):
        text += " " if text else ""
        line = lines[index] if lines else 0
        made.append(Word(word, confidence, Quad.of(box), line, len(text), len(text) + len(word)))
        text += word
    return PageReading(850, 1100, 100.0, tuple(made), text, "hand")


def found(ours: Sequence[Read], theirs: Sequence[Read]) -> list[tuple[str, float]]:
    first = reading(*ours)
    both = surer(first, reading(*theirs))
    assert both.text == first.text
    assert [word.region for word in both.words] == [word.region for word in first.words]
    return [(word.text, round(word.confidence)) for word in both.words]


def test_what_both_read_alike_is_as_sure_as_that_not_both_are_wrong() -> None:
    assert found([("Anna", 20, HERE)], [("Anna", 50, HERE)]) == [("Anna", 60)]
    assert found([("Moravcova,", 60, HERE)], [("Moravcová", 90, HERE)]) == [("Moravcova,", 96)]
    assert found([("4/7/51", 40, HERE)], [("4/7/51", 90, HERE)]) == [("4/7/51", 94)]


def test_words_that_the_other_parts_or_joins_are_alike_too() -> None:
    assert found([("Annaseen", 40, BOTH)], [("Anna", 90, HERE), ("seen", 80, NEXT)]) == [("Annaseen", 88)]
    assert found([("Anna", 40, HERE), ("seen", 90, NEXT)], [("Annaseen", 80, BOTH)]) == [("Anna", 88), ("seen", 98)]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("oate", 64, HERE), ("Date", 99, HERE)),  # another word, however sure
        (("Kwesi", 60, HERE), ("...", 99, HERE)),  # nothing
        (("...", 60, HERE), ("...", 99, HERE)),
        (("Kwesi", 60, HERE), ("Kwesi", 99, FAR)),  # of other ink
        (("0", 40, HERE), ("0", 99, Box(90, 20, 400, 192))),  # of much more
        (("0", 40, Box(90, 20, 400, 192)), ("0", 99, HERE)),
        (("4751", 60, HERE), ("4/7/51", 99, HERE)),  # a date is no number
        (("4.5", 60, HERE), ("45", 99, HERE)),
    ],
)
def test_nothing_else_changes_a_word(ours: Read, theirs: Read) -> None:
    assert found([ours], [theirs]) == [(ours[0], ours[1])]


def test_nothing_that_it_reads_alone_becomes_a_word_and_none_goes_where_it_sees_nothing() -> None:
    assert found([("seen", 90, NEXT)], [("Anna", 99, HERE), ("0", 99, Box(90, 200, 600, 900))]) == [("seen", 90)]
    assert found([(":.", 40, HERE)], []) == [(":.", 40)]
    assert found([], [("Anna", 99, HERE)]) == []


def test_a_box_over_two_lines_bears_out_nothing() -> None:
    ours = reading(("Anna", 40, HERE), ("seen", 40, Box(100, 114, 160, 126)), lines=(0, 1))
    tall = reading(("Annaseen", 99, Box(100, 100, 160, 126)))
    assert surer(ours, tall) == ours


class Other:
    """Sees every line, and says what it is told to of those that it is asked for."""

    name = "other"

    def __init__(self, *lines: Box) -> None:
        self.lines = [Quad.of(line) for line in lines]
        self.asked: list[Quad] = []

    def text_regions(self, gray: Pixels, sure: float = 0.5) -> list[Quad]:
        return self.lines

    def words_in(self, gray: Pixels, regions: Sequence[Quad]) -> list[EngineWord]:
        self.asked = list(regions)
        return [EngineWord("Anna", 95.0, region.bounds, number) for number, region in enumerate(regions)]


def test_only_lines_in_doubt_are_read_and_what_is_found_there_is_placed() -> None:
    page = PageRaster(np.full((1100, 850), 255, np.uint8), 100.0)
    first = reading(("Anna", 20, HERE), ("well", 95, FAR))
    other = Other(*(Box(*(round(1.44 * side) for side in (b.left, b.top, b.right, b.bottom))) for b in (HERE, FAR)))
    both = compared(page, first, [first.words[0].region], other)
    assert len(other.asked) == 1
    assert [(word.text, round(word.confidence)) for word in both.words] == [("Anna", 96), ("well", 95)]


class Engine:
    name = "engine"

    def __init__(self, confidence: float) -> None:
        self.confidence = confidence

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        return [EngineWord("a", self.confidence, Box(20 * i + 9, 9, 20 * i + 19, 19), 0) for i in range(9)]


@pytest.mark.parametrize(("confidence", "loads"), [(95.0, 0), (20.0, 1)])
def test_the_other_engine_is_loaded_for_pages_in_doubt_alone(confidence: float, loads: int) -> None:
    page = np.full((400, 850, 3), 255, np.uint8)
    inked(page, letters(CLINICAL, 14), (9, 9), (0, 0, 0))
    loaded: list[Other] = []

    def other() -> Other:
        loaded.append(Other())
        return loaded[-1]

    recognize(PageRaster(np.ascontiguousarray(page[:20, :200, 0]), 150.0), Engine(confidence), other)
    assert len(loaded) == loads
