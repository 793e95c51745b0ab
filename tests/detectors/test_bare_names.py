"""Names by their capitals alone, and the words that look like them."""

from __future__ import annotations

import time

import pytest

from detectors.text.analyzer import unwrapped
from detectors.text.bare_names import BareNameRecognizer

RECOGNIZER = BareNameRecognizer()


def found(text: str) -> list[str]:
    return [text[r.start : r.end] for r in RECOGNIZER.analyze(text, ["PERSON"], None)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("then Ramirez left the room", "Ramirez"),
        ("spoke with Zorblat Quuxin about it", "Zorblat Quuxin"),
        ("spoke with Zorblat Q. Quuxin about it", "Zorblat Q. Quuxin"),
        ("QUUXIN, ZORBLAT P seen", "QUUXIN, ZORBLAT"),
        ("offer accepted by Zorblat in admissions", "Zorblat"),
        ("with his sister Zorblat\nQuuxin in town", "Zorblat\nQuuxin"),
        ("Zorblat O'Quuxin-Voxley", "Zorblat O'Quuxin-Voxley"),
    ],
)
def test_found(text: str, name: str) -> None:
    assert any(name in hit for hit in found(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [("by Zorblat Quuxin MD", "Zorblat Quuxin"), ("of Zorblat Quuxin's CT", "Zorblat Quuxin's")],
)
def test_capitals_behind_a_name_are_no_initial(text: str, name: str) -> None:
    assert name in found(text)
    assert not any(hit.endswith((" M", " C")) for hit in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "Chest Pain And Nausea",
        "CHIEF COMPLAINT: SHORTNESS OF BREATH",
        "Metoprolol Lisinopril Aspirin",
        "in Zorblat alone",
        "started on Zorblat today",
        "she takes Eliquis and Humira",
        "then Zorblat 5 mg daily",
        "CBC WBC HGB PLT",
        "ZORBLAT\nQUUXIN",
        "I'm Sure They're Fine",
    ],
)
def test_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("unit", ["Zorblat ", "Aa", "A. ", "a A", "Zor-", "Z'"])
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    began = time.process_time()
    RECOGNIZER.analyze(text, ["PERSON"], None)
    assert time.process_time() - began < 2.0


def test_paragraphs_are_unwrapped_and_forms_are_not() -> None:
    prose = "The patient was seen with her sister and spoke of Zorblat\nQuuxin who had come along in the very same car."
    form = "Name: Zorblat\nMRN: 12345\n"
    assert unwrapped(prose) == prose.replace("\n", " ")
    assert unwrapped(form) == form
    for text in ("", "\n", "a\n\n", prose + "\n\n" + form, form + prose):
        assert len(unwrapped(text)) == len(text)
