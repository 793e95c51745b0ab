"""Who was paged, told or moved, who stands behind a role's short form; and what only looks like it."""

from __future__ import annotations

import pytest

from detectors.names.messages.informed import InformedNameRecognizer
from tests.detectors.patterns.tables import SLOWEST_S, marked, slowest

INFORMED = InformedNameRecognizer()


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
def test_finds(example: str) -> None:
    text, spans = marked(example)
    covered = {i for m in INFORMED.find(text) for i in range(m.start, m.end)}
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
def test_leaves_look_alikes(text: str) -> None:
    assert [text[m.start : m.end] for m in INFORMED.find(text)] == []


def test_hostile_text_takes_bounded_time() -> None:
    seconds, seed = slowest(INFORMED)
    assert seconds < SLOWEST_S, seed
