"""A guess at a name where our own reading is sure of common words is none; nothing else is let go so."""

from __future__ import annotations

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from policies.attack.report import Residual
from streams.pipeline.false_alarms import is_false_alarm

PLACE = Quad.of(Box(40, 40, 100, 60))


def reading(text: str, confidence: float) -> PageReading:
    return PageReading(500, 300, 100.0, (Word(text, confidence, PLACE, 0, 0, len(text)),), text, "hand")


def guess(kind: Kind = Kind.PERSON, reason: Reason = Reason.RESIDUAL_FINDING, *, certain: bool = False) -> Residual:
    return Residual(0, kind, PLACE, reason, certain)


@pytest.mark.parametrize("text", ["swollen", "painful,", "Laboratory", "nausea."])
def test_a_guess_at_a_common_word_that_was_surely_read(text: str) -> None:
    assert is_false_alarm(guess(), reading(text, 95.0))


@pytest.mark.parametrize(
    "text", ["Baker", "Rose", "hope", "grace,", "mark", "banks", "Quuxin", "zorblat", "5Smith", "swollen5"]
)
def test_a_guess_at_what_may_be_a_name_counts(text: str) -> None:
    assert not is_false_alarm(guess(), reading(text, 97.0))


def test_a_guess_at_a_word_that_was_not_surely_read_counts() -> None:
    assert not is_false_alarm(guess(), reading("swollen", 89.0))


def test_a_guess_that_goes_on_where_nothing_was_read_counts() -> None:
    wider = Residual(0, Kind.PERSON, Quad.of(Box(40, 40, 150, 60)), Reason.RESIDUAL_FINDING, False)
    assert not is_false_alarm(wider, reading("swollen", 95.0))


def test_a_guess_where_nothing_was_read_counts() -> None:
    elsewhere = Residual(0, Kind.PERSON, Quad.of(Box(200, 200, 260, 220)), Reason.RESIDUAL_FINDING, False)
    assert not is_false_alarm(elsewhere, reading("swollen", 95.0))


@pytest.mark.parametrize(
    "proven",
    [guess(certain=True), guess(reason=Reason.KNOWN_VALUE_READABLE), guess(Kind.PHONE), guess(Kind.INK)],
    ids=["certain", "known", "phone", "ink"],
)
def test_what_is_no_guess_at_a_name_counts(proven: Residual) -> None:
    assert not is_false_alarm(proven, reading("swollen", 97.0))
