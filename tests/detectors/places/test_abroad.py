"""Addresses with the number behind the street's name, and the lines below a street; doses and stages stay."""

from __future__ import annotations

import pytest

from detectors.findings import Kind
from detectors.places.abroad import WorldAddressRecognizer
from tests.detectors.patterns.tables import covers, marked

WORLD = WorldAddressRecognizer()
S, C, L, Z = Kind.STREET, Kind.CITY, Kind.STATE, Kind.ZIP

POSITIVES = (
    (S, "⟦4711 Xqzwertie 25 Apt. 864⟧"),
    (S, "lives at ⟦23 Brzozka 14⟧"),
    (S, "moved to ⟦Rua Brzozka 1903⟧."),
    (S, "north side of ⟦Rua Xqzwert 1903⟧."),
    (S, "found down at ⟦the corner of Maple Street and 5th⟧"),
    (S, "office: ⟦Xqzwertstrasse 12⟧"),
    (C, "4711 Xqzwertie 25 Apt. 864\n⟦Brzoza Mala⟧\nPoland 00-950"),
    (L, "4711 Xqzwertie 25 Apt. 864\nBrzoza\n⟦Poland⟧ 62488"),
    (Z, "4711 Xqzwertie 25 Apt. 864\nBrzoza\nPoland ⟦62488⟧"),
    (Z, "> 12 Main Street\n> Apt. 805\n> Brzoza\n> New Zealand ⟦34694⟧"),
    (C, "the pharmacy at 12 Main Street, ⟦Xqzwert⟧ faxed us"),
    (C, "12 Main Street Apt 4 ⟦XQZWERT⟧ Australia"),
    (C, "P.O. Box 962, ⟦Xqzwert⟧ faxed"),
)
NEGATIVES = (
    "Collected: 1 June 2018   Ordering provider",
    "admission: 30 MAY 2018   Reason: chest pain",
    "UNIT 4 WEST SHIFT LOG   18 MAR 2018",
    "take 2 Tylenol 500 mg",
    "5 Grade 3 events",
    "Stage 2 Phase 3",
    "corner of the mouth and chin",
    "the corner of her eye",
    "C5 Level 3",
    "Suite 210 in 2 weeks",
    "12 Main Street\nEmergency Contact",
    "12 Main Street\nPhone: none",
    "1 Unit 4 hours",
    "Apt 4\nPatient was seen",
    "in Room 12 Bed 2",
    "Vitamin D 2000 units",
    "Hepatitis B 3 doses",
    "on Humalog 10 units",
    "given 2 Xqzmab 300 mg",
)


@pytest.mark.parametrize(("kind", "example"), POSITIVES)
def test_finds(kind: Kind, example: str) -> None:
    text, (span,) = marked(example)
    assert covers([WORLD], text, span, kind)


@pytest.mark.parametrize("text", NEGATIVES)
def test_leaves_look_alikes(text: str) -> None:
    assert [(m.kind.value, text[m.start : m.end]) for m in WORLD.find(text)] == []
