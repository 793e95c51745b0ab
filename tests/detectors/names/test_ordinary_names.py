"""Names made of ordinary words where a form asks for a name, names on containers; and what stands there besides."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.names.recognizer import NameRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, covers, marked, slowest

NAMES = NameRecognizer()


@pytest.mark.parametrize(
    "example",
    [
        "Patient Name: ⟦COMFORT OBI⟧",
        "Pt Name: ⟦Comfort Obi⟧\nDOB: 3/4/1960",
        "Full name: ⟦Patience Day⟧",
        "Patient Name: ⟦COMFORT OBI⟧ ( : Case No: 12",
        "Clinician:\n⟦Joy Ng⟧\nMental status",
        'in formalin labeled "⟦Li⟧, left" is a tan fragment',
        'received fresh labelled "⟦Obi⟧, gallbladder"',
        'designated "⟦Okafor⟧ - right axilla"',
        'labeled "⟦Price, Will⟧" and "skin"',
        "in a container labeled \u201c⟦Zorblat, Marenka⟧, polyp\u201d",
    ],
)
def test_finds(example: str) -> None:
    text, spans = marked(example)
    assert spans
    assert all(covers([NAMES], text, span, Kind.PERSON) for span in spans)


@pytest.mark.parametrize(
    "text",
    [
        "Patient Name: LAST FIRST",
        "Nurse: Please Call",
        "Radiologist: Read Below",
        "Name: See Above",
        "Patient Name: Print Please",
        "Name: Self Pay",
        "File name: Will call tomorrow",
        'labeled "A" is a tan fragment',
        'labeled "Colon, sigmoid" is',
        'labelled "Lung, RUL"',
        'labeled "Breast, right, core biopsy"',
        'designated "Sentinel node #1"',
        'labeled "Skin, left arm"',
        'labeled "Gallbladder"',
        "labeled with the name of the patient",
        "well labelled containers",
    ],
)
def test_leaves_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in NAMES.find(text)] == []


def test_worst_case_time() -> None:
    seconds, seed = slowest(NAMES)
    assert seconds < SLOWEST_S, repr(seed)
