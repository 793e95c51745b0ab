"""Every pattern finds its examples, leaves their look-alikes, and has a worst case."""

from __future__ import annotations

import pytest
from presidio_analyzer import RecognizerResult

from detectors.findings import Kind
from detectors.patterns.every import recognizers
from tests.detectors.patterns.examples import NEGATIVES, POSITIVES
from tests.detectors.patterns.tables import SLOWEST_S, covers, marked, slowest

ALL = recognizers()


@pytest.mark.parametrize(("kind", "example"), POSITIVES)
def test_finds(kind: Kind, example: str) -> None:
    text, spans = marked(example)
    assert spans
    for span in spans:
        assert covers(ALL, text, span, kind)


@pytest.mark.parametrize("text", NEGATIVES)
def test_leaves_look_alikes(text: str) -> None:
    found = [(m.kind.value, text[m.start : m.end]) for r in ALL for m in r.find(text)]
    assert found == []


@pytest.mark.parametrize("text", ["5514679\nDear Dr. Who", "729 31 5245\nStreet", "Mar 4, 2021\nFoo Bar Heights"])
def test_a_number_that_ends_its_line_opens_no_street_with_the_next(text: str) -> None:
    assert not any(m.kind is Kind.STREET for r in ALL for m in r.find(text))


@pytest.mark.parametrize("recognizer", ALL, ids=lambda r: r.name)
def test_worst_case_time(recognizer) -> None:
    seconds, seed = slowest(recognizer)
    assert seconds < SLOWEST_S, repr(seed)


def test_offsets_stay_inside_the_text_and_scores_inside_their_range() -> None:
    text = "\n".join(marked(example)[0] for _, example in POSITIVES)
    for recognizer in ALL:
        for match in recognizer.find(text):
            assert 0 <= match.start < match.end <= len(text)
            assert 0.0 < match.score <= 1.0
            assert match.kind in recognizer.KINDS
            assert not text[match.start].isspace()


def test_presidio_sees_entities_in_upper_case_and_may_ask_for_some() -> None:
    entities = {entity for recognizer in ALL for entity in recognizer.get_supported_entities()}
    assert {"SSN", "MBI", "DATE", "AGE_OVER_89", "STREET", "OTHER_ID"} <= entities
    results = [r for recognizer in ALL for r in recognizer.analyze("SSN 536-22-1874, MRN 44120", ["SSN"])]
    assert results
    assert all(isinstance(r, RecognizerResult) and r.entity_type == "SSN" for r in results)


def test_all_of_a_page_is_looked_at() -> None:
    """A finding far down a long page is found: nothing is cut off silently."""
    text = "lorem ipsum dolor\n" * 20_000 + "SSN: 536-22-1874"
    assert covers(ALL, text, (len(text) - 11, len(text)), Kind.SSN)
