"""Doubtful words give way to what is read surely in their piece; sure ones stay, and nothing else goes."""

from __future__ import annotations

import numpy as np

from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.reading.pieces import Pieces
from detectors.reading.renewed import renewed
from detectors.words.doubt import doubtful

Read = tuple[str, float, Box, int]
HERE, NEXT, BELOW = Box(100, 100, 160, 112), Box(170, 100, 230, 112), Box(100, 130, 160, 142)


def reading(*words: Read) -> PageReading:
    made, text = [], ""
    for word, confidence, box, line in words:
        text += " " if text else ""
        made.append(Word(word, confidence, Quad.of(box), line, len(text), len(text) + len(word)))
        text += word
    return PageReading(850, 1100, 100.0, tuple(made), text, "hand")


def told(first: list[Read], *again: Read, pieces: tuple[Box, ...] | None = None) -> list[tuple[str, float]]:
    boxes = [box for _, _, box, _ in again] if pieces is None else pieces
    array = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.int64).reshape(-1, 4)
    found = renewed(reading(*first), Pieces(reading(*again), array, np.eye(3)))
    assert found.text.split() == [word.text for word in found.words]
    return [(word.text, word.confidence) for word in found.words]


def test_a_doubtful_word_gives_way_to_a_surer_one_which_it_makes_less_sure() -> None:
    assert told([("rned", 40.0, HERE, 0)], ("Med", 90.0, HERE, 0)) == [("Med", 75.0)]
    assert told([("rned", 40.0, HERE, 0)], ("Mad", 30.0, HERE, 0)) == [("rned", 40.0)]


def test_a_sure_word_stays() -> None:
    assert told([("penicillin", 92.0, HERE, 0)], ("penicilin", 96.0, HERE, 0)) == [("penicillin", 92.0)]


def test_a_word_that_was_cut_short_is_completed_by_a_sure_one_alone() -> None:
    whole = Box(100, 100, 200, 112)
    assert told([("Comprehen", 95.0, HERE, 0)], ("Comprehensive", 90.0, whole, 0)) == [("Comprehensive", 90.0)]
    assert told([("Comprehen", 95.0, HERE, 0)], ("Comprehensive", 50.0, whole, 0)) == [("Comprehen", 95.0)]


def test_what_both_read_is_as_sure_as_the_surer() -> None:
    assert told([("Anna", 40.0, HERE, 0)], ("Anna", 93.0, HERE, 0)) == [("Anna", 93.0)]
    assert told([("Anna", 93.0, HERE, 0)], ("Anna", 40.0, HERE, 0)) == [("Anna", 93.0)]


def test_only_what_is_sure_is_added_on_its_line_or_on_one_of_its_own() -> None:
    first = [("Date", 95.0, HERE, 0), ("last", 95.0, Box(100, 160, 160, 172), 1)]
    assert told(first, ("of", 90.0, NEXT, 0)) == [("Date", 95.0), ("of", 90.0), ("last", 95.0)]
    assert told(first, ("of", 50.0, NEXT, 0)) == [("Date", 95.0), ("last", 95.0)]
    assert told(first, ("new", 90.0, BELOW, 0)) == [("Date", 95.0), ("new", 90.0), ("last", 95.0)]


def test_a_doubtful_word_goes_only_where_it_lies_along_rulings() -> None:
    first = [("sure", 95.0, HERE, 0), ("=—_", 20.0, Box(300, 200, 360, 206), 1)]
    assert told(first, pieces=()) == [("sure", 95.0)]
    print_there = (Box(320, 198, 340, 210),)
    assert told(first, pieces=print_there) == [("sure", 95.0), ("=—_", 20.0)]
    upright = [("sure", 95.0, HERE, 0), ("|", 20.0, Box(300, 200, 304, 212), 1)]
    assert told(upright, pieces=()) == [("sure", 95.0), ("|", 20.0)]
    assert told([first[0], ("—", 90.0, first[1][2], 1)], pieces=()) == [("sure", 95.0), ("—", 90.0)]


def test_a_figure_that_two_readings_tell_apart_stays_in_doubt() -> None:
    first = reading(("Zl", 41.0, HERE, 0), ("May", 95.0, NEXT, 0))
    again = reading(("21", 91.0, HERE, 0))
    boxes = np.array([(HERE.left, HERE.top, HERE.right, HERE.bottom)], np.int64)
    found = renewed(first, Pieces(again, boxes, np.eye(3)))
    assert [word.text for word in found.words] == ["21", "May"]
    assert 0 in doubtful(found)
