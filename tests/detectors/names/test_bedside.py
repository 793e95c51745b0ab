"""Short names in the shorthand of wards and lists; who was paged, told or moved, and who only looks it."""

from __future__ import annotations

import pytest

from detectors.names.messages.bedside import BedsideNameRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

BEDSIDE = BedsideNameRecognizer()

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
    assert (start, end) in [(m.start, m.end) for m in BEDSIDE.find(plain)]


@pytest.mark.parametrize("text", NOBODY)
def test_what_names_nobody_stays(text: str) -> None:
    assert list(BEDSIDE.find(text)) == []


@pytest.mark.parametrize(
    "example",
    [
        "recheck 90, ⟦Brzozek⟧ paged",
        "refused SCDs; ⟦Xqzwert⟧ and ⟦Brzozek⟧ informed",
        "add on: ⟦Brzozek⟧ moved to Friday",
        "Transfer note: ⟦Xqzwert Kink⟧ arriving by ambulance",
        "0400: MD ⟦Baker⟧ notified, CXR ordered",
        "PCP ⟦Xqzwert Brzozek⟧. NOK: none",
        "BG 48 on ⟦Brzozek⟧, juice given",
    ],
)
def test_who_was_told_something_goes(example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in BEDSIDE.find(text) for i in range(m.start, m.end)}
    assert all(i in covered for a, b in spans for i in range(a, b) if text[i].isalpha())


@pytest.mark.parametrize(
    "text",
    [
        "Pharmacy notified, Cardiology paged",
        "Code Blue team and Respiratory informed",
        "Patient moved to ICU; Family updated",
        "Foley moved to right side",
        "NOK Updated, PCP Aware",
        "MD Orders reviewed, MD Staff notified",
        "recheck 90 on Lantus, 112 on Metformin.",
        "fell 3 times on Monday, 2 on Tuesday.",
        "BLS arriving, EMS notified",
        "Ann Lee, MD Rounds at noon",
    ],
)
def test_what_only_looks_told_stays(text: str) -> None:
    assert [text[m.start : m.end] for m in BEDSIDE.find(text)] == []


def test_hostile_text_takes_bounded_time() -> None:
    seconds, seed = slowest(BEDSIDE)
    assert seconds < SLOWEST_S, seed
