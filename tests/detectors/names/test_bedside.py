"""Short names in the shorthand of wards and lists."""

from __future__ import annotations

import pytest

from detectors.names.messages.bedside import BedsideNameRecognizer

NAMED = [
    *("pt ⟦jones⟧ rm 412 bed B", "patient ⟦brown⟧ in room 7", "resident ⟦lopez⟧, 84 yo", "pt ⟦young⟧ 45m with cough"),
    *(
        "⟦LEE, AN⟧          F 54",
        "⟦ORTIZ, JO⟧  wellness",
        "⟦PARK,YU⟧ M 31",
        "cc: ⟦d. okafor⟧",
        "cc: ⟦j m halvorsen⟧",
        "attn: ⟦p. nwosu⟧",
    ),
    *("⟦may⟧ saw patient", "⟦grace⟧, and", "⟦young⟧ ordered labs"),
    *("Pt ⟦Eze⟧ c/o pain", "patient ⟦Xqzwert⟧ denies fever", "Patient ⟦Masimo⟧ was seen"),
    *("Mr. ⟦will⟧ called today", "mrs ⟦rose⟧ was seen"),
]
NOBODY = [
    *("Patient Advocate reports", "Patient Education was seen", "Pt Metformin reported", "Patient Denies c/o"),
    *("Patient Portal states", "pt Cath was seen", "Patients Xqzwert denies", "Pt Xqzwert deniesx"),
    *(
        "pt moved rm 412",
        "pt seen room 7",
        "patient back in room 4",
        "pt is 45 yo",
        "CHEST, PA  and lateral",
        "SMITH, MD  F 54",
    ),
    *(
        "Dr may be late",
        "Mr will need",
        "dr note, signed",
        "cc: chest pain",
        "cc: the chart",
        "Dr will see",
        "pt fall risk",
    ),
]


@pytest.mark.parametrize("text", NAMED)
def test_a_short_name_goes(text: str) -> None:
    if text.startswith("⟦") and text[1].islower():
        text = f"Dr {text}"
    plain, start, end = text.replace("⟦", "").replace("⟧", ""), text.index("⟦"), text.index("⟧") - 1
    assert (start, end) in [(m.start, m.end) for m in BedsideNameRecognizer().find(plain)]


@pytest.mark.parametrize("text", NOBODY)
def test_what_names_nobody_stays(text: str) -> None:
    assert list(BedsideNameRecognizer().find(text)) == []
