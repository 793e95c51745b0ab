"""The patient's own, surely read and kept, stays where the attacker misreads it; whatever else lies there burns."""

from __future__ import annotations

import pytest

from detectors.errors import Reason
from detectors.findings import Finding, Kind, Layer, Owner, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from policies.attack.report import Residual
from policies.decisions import Action, Decision
from streams.pipeline.settled import unsettled

PLACE = Box(40, 40, 140, 60)


def reading(text: str = "Hollyhock", confidence: float = 93.0, beside: Box | None = None) -> PageReading:
    words = [Word(text, confidence, Quad.of(PLACE), 0, 0, len(text))]
    if beside:
        words.append(Word("Otto", 95.0, Quad.of(beside), 0, len(text) + 1, len(text) + 5))
    return PageReading(500, 300, 100.0, tuple(words), " ".join(word.text for word in words), "hand")


def kept(
    layer: Layer = Layer.PATIENT, owner: Owner = Owner.PATIENT, score: float = 0.99, action: Action = Action.KEEP
) -> Decision:
    span = Span(0, 9, Kind.STREET, score, layer, owner)
    return Decision(Finding(0, Kind.STREET, score, layer, (Quad.of(PLACE),), (0,), span, owner), action, "own")


def held(place: Box = PLACE, reason: Reason = Reason.RESIDUAL_FINDING, kind: Kind = Kind.STREET) -> Residual:
    return Residual(0, kind, Quad.of(place), reason, certain=True)


def counts(residual: Residual, read: PageReading, *decisions: Decision) -> bool:
    return bool(unsettled([residual], [read], decisions))


@pytest.mark.parametrize("place", [PLACE, Box(36, 38, 145, 62), Box(80, 42, 138, 58)], ids=["same", "wider", "part"])
def test_the_patients_own_that_was_surely_read_stays(place: Box) -> None:
    assert not counts(held(place), reading(), kept())


def test_the_same_stands_without_the_patients_data() -> None:
    assert counts(held(), reading())


def test_a_word_that_was_not_surely_read_burns() -> None:
    assert counts(held(), reading(confidence=89.0), kept())


@pytest.mark.parametrize(
    "decision",
    [
        kept(owner=Owner.UNKNOWN),
        kept(owner=Owner.PROVIDER),
        kept(layer=Layer.PATTERN),
        kept(score=0.9),
        kept(action=Action.BURN),
    ],
    ids=["nobody's", "a provider's", "not listed", "with a slip", "burned"],
)
def test_what_is_not_surely_the_patients_own_burns(decision: Decision) -> None:
    assert counts(held(), reading(), decision)


def test_a_value_that_was_taken_out_burns() -> None:
    assert counts(held(reason=Reason.KNOWN_VALUE_READABLE), reading(), kept())


@pytest.mark.parametrize(
    "place",
    [Box(40, 40, 160, 60), Box(20, 40, 140, 60), Box(40, 40, 140, 80), Box(300, 40, 400, 60)],
    ids=["behind", "before", "below", "elsewhere"],
)
def test_what_goes_on_beyond_the_word_burns(place: Box) -> None:
    assert counts(held(place), reading(), kept())


def test_where_another_word_lies_under_it_both_burn() -> None:
    assert counts(held(), reading(beside=Box(110, 42, 150, 60)), kept())
    assert not counts(held(), reading(beside=Box(139, 40, 190, 60)), kept())


def test_where_ink_or_a_mark_lies_on_the_word_it_burns() -> None:
    ink = Finding(0, Kind.INK, 1.0, Layer.VISUAL, (Quad.of(Box(100, 30, 200, 70)),))
    assert counts(held(), reading(), kept(), Decision(ink, Action.BURN, "unreadable"))


@pytest.mark.parametrize("label", ["NPI", "Address", "PHONE:"])
def test_a_label_that_was_surely_read_stays(label: str) -> None:
    assert not counts(held(kind=Kind.CITY), reading(label))
    assert counts(held(kind=Kind.CITY), reading(label, 71.0))


@pytest.mark.parametrize("name", ["Baker", "Rose", "Hope", "Quuxin", "4471"])
def test_what_may_be_a_value_is_no_label(name: str) -> None:
    assert counts(held(kind=Kind.CITY), reading(name, 97.0))
