"""Two readings that agree bear each other out, nothing else becomes surer, and no line is lost that one has."""

from __future__ import annotations

from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.reading.twice import borne_out, filled

Read = tuple[str, float, Box]
HERE, BESIDE, FAR = Box(100, 100, 160, 112), Box(103, 101, 163, 113), Box(400, 100, 460, 112)


def reading(*words: Read) -> PageReading:
    made, text = [], ""
    for word, confidence, box in words:
        text += " " if text else ""
        made.append(Word(word, confidence, Quad.of(box), 0, len(text), len(text) + len(word)))
        text += word
    return PageReading(850, 1100, 100.0, tuple(made), text, "hand")


def sure(first: Read, *again: Read) -> float:
    return borne_out(reading(first), reading(*again)).words[0].confidence


def test_the_same_word_at_the_same_place_is_as_sure_as_the_surer_reading() -> None:
    assert sure(("metformin", 40.0, HERE), ("metformin", 91.0, BESIDE)) == 91.0
    assert sure(("metformin", 40.0, HERE), ("metformin", 20.0, BESIDE), ("metformin", 60.0, HERE)) == 60.0


def test_no_word_becomes_less_sure() -> None:
    assert sure(("metformin", 90.0, HERE), ("metformin", 20.0, BESIDE)) == 90.0
    assert sure(("metformin", 90.0, HERE)) == 90.0


def test_what_differs_bears_out_nothing() -> None:
    assert sure(("04/17/1951", 40.0, HERE), ("04/17/1957", 95.0, HERE)) == 40.0
    assert sure(("metformin", 40.0, HERE), ("metformin", 95.0, FAR)) == 40.0


def test_text_and_places_stay() -> None:
    first = reading(("Anna", 30.0, HERE), ("seen", 30.0, FAR))
    both = borne_out(first, reading(("Anna", 80.0, HERE), ("other", 80.0, FAR)))
    assert both.text == first.text
    assert [word.region for word in both.words] == [word.region for word in first.words]


def test_what_one_reading_has_no_word_for_is_had_from_the_other() -> None:
    above, below = Box(100, 80, 160, 92), Box(100, 120, 160, 132)
    first = reading(("Anna", 90.0, HERE), ("seen", 90.0, below))
    other = reading(("cc:", 90.0, above), ("Anne", 95.0, BESIDE), ("Boateng", 80.0, FAR), ("of", 40.0, Box(0, 0, 9, 9)))
    both = filled(first, other)
    assert both.text == "cc:\nAnna Boateng seen"
    assert [word.line for word in both.words] == [0, 1, 1, 1]
    assert filled(first, reading(("Anne", 95.0, HERE))) is first
    assert filled(reading(), other).text == "cc: Anne Boateng"
