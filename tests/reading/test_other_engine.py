"""What another engine makes of the words in doubt: it bears out, it stands in, and nothing that it says alone is sure
enough for a name or a number to stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.reading.engine import EngineWord
from detectors.reading.other_engine import compared, settled
from detectors.reading.twice import bounds_of
from detectors.recognize import recognize
from detectors.words.doubt import doubtful
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


def found(ours: Sequence[Read], theirs: Sequence[Read], *seen: Box) -> list[tuple[str, float]]:
    text = bounds_of([Quad.of(box) for box in (seen or [box for *_, box in theirs])])
    both = settled(reading(*ours), reading(*theirs), text)
    assert both.text == " ".join(word.text for word in both.words)
    return [(word.text, round(word.confidence)) for word in both.words]


def test_what_both_read_alike_is_as_sure_as_that_not_both_are_wrong() -> None:
    assert found([("Anna", 20, HERE)], [("Anna", 50, HERE)]) == [("Anna", 60)]
    assert found([("Moravcova,", 60, HERE)], [("Moravcová", 90, HERE)]) == [("Moravcová", 96)]
    assert found([("Moravcova,", 95, HERE)], [("Moravcová", 90, HERE)]) == [("Moravcova,", 100)]


def test_words_that_the_other_parts_or_joins_are_alike_too() -> None:
    assert found([("Annaseen", 40, BOTH)], [("Anna", 90, HERE), ("seen", 80, NEXT)]) == [("Annaseen", 88)]
    assert found([("Anna", 40, HERE), ("seen", 90, NEXT)], [("Annaseen", 80, BOTH)]) == [("Anna", 88), ("seen", 98)]


def test_a_sure_word_stands_for_an_unsure_one_and_a_name_or_number_burns_still() -> None:
    assert found([("oate", 64, HERE)], [("Date", 99, HERE)]) == [("Date", 65)]
    assert found([("oate", 64, HERE), ("5/16/17", 92, NEXT)], [("Date5/16/17", 99, BOTH)]) == [
        ("Date", 65),
        ("5/16/17", 100),
    ]
    for ours, theirs, burns in (("Kwesl", "Kwesi", True), ("1738", "1788", True), ("plate", "platelets", False)):
        both = settled(reading((ours, 40, HERE)), reading((theirs, 99, HERE)), bounds_of([Quad.of(HERE)]))
        assert both.words[0].text == theirs
        assert bool(doubtful(both)) is burns


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("Kwesi", 85, HERE), ("Kwosi", 99, HERE)),  # it was sure
        (("Kwesi", 60, HERE), ("Kwosi", 55, HERE)),  # the other is not
        (("Kwesi", 60, HERE), ("...", 99, HERE)),  # it reads nothing
        (("Kwesi", 60, HERE), ("Kwosi", 99, FAR)),  # of other ink
    ],
)
def test_nothing_else_changes_a_word(ours: Read, theirs: Read) -> None:
    assert found([ours], [theirs], HERE) == [(ours[0], ours[1])]


def test_what_the_other_is_less_than_sure_of_stays_in_doubt() -> None:
    assert found([("Kwesl", 20, HERE)], [("Kwesi", 80, HERE)]) == [("Kwesi", 20)]


def test_an_unsure_word_where_the_other_sees_no_print_is_none() -> None:
    assert found([(":.", 40, HERE), ("seen", 90, NEXT)], [], NEXT) == [("seen", 90)]
    assert found([(":.", 40, HERE), ("seen", 90, NEXT)], [], BOTH) == [(":.", 40), ("seen", 90)]
    assert found([("seen", 61, HERE)], [], FAR) == [("seen", 61)]


def test_a_box_over_two_lines_settles_nothing() -> None:
    ours = reading(("Anna", 40, HERE), ("seen", 40, Box(100, 114, 160, 126)), lines=(0, 1))
    tall = reading(("Annaseen", 99, Box(100, 100, 160, 126)))
    both = settled(ours, tall, bounds_of([tall.words[0].region]))
    assert [(word.text, word.confidence) for word in both.words] == [("Anna", 40), ("seen", 40)]


class Other:
    """Sees every line, and says what it is told to of those that it is asked for."""

    name = "other"

    def __init__(self, *lines: Box) -> None:
        self.lines = [Quad.of(line) for line in lines]
        self.asked: list[Quad] = []

    def text_regions(self, gray: Pixels) -> list[Quad]:
        return self.lines

    def words_in(self, gray: Pixels, regions: Sequence[Quad]) -> list[EngineWord]:
        self.asked = list(regions)
        return [EngineWord("found", 95.0, region.bounds, number) for number, region in enumerate(regions)]


def test_only_lines_in_doubt_are_read_and_what_is_found_there_is_placed() -> None:
    page = PageRaster(np.full((1100, 850), 255, np.uint8), 100.0)
    first = reading(("Anna", 20, HERE), ("well", 95, FAR))
    other = Other(*(Box(*(round(1.44 * side) for side in (b.left, b.top, b.right, b.bottom))) for b in (HERE, FAR)))
    both = compared(page, first, [first.words[0].region], other)
    assert len(other.asked) == 1
    assert [(word.text, word.confidence) for word in both.words] == [("found", 65), ("well", 95)]


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
