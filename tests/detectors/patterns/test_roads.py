"""Streets that stand without a house's number."""

from __future__ import annotations

import pytest

from detectors.patterns.roads import RoadRecognizer

ROADS = [
    *(
        "pharmacy (Smith's #331, ⟦Idaho St⟧) about",
        "lives off ⟦Lamoille Hwy⟧",
        "store on ⟦Cedar Street⟧.",
        "from ⟦4th Ave⟧ to",
    ),
    *(
        "lives on ⟦Tolliver Ct⟧ with",
        "corner of ⟦4th and Idaho⟧",
        "off ⟦N. Main St⟧.",
        "on ⟦Old Mill Road⟧ she",
        "on ⟦IDAHO AVE⟧",
    ),
    *(
        "hit on ⟦Sunset Boulevard⟧",
        "Walgreens, ⟦Fifth St⟧, Elko",
        "intersection of ⟦Oak and 2nd St⟧",
        "fell on ⟦Juniper Way⟧ today",
    ),
]
NO_ROADS = [
    *(
        "street drugs",
        "Street drugs: none",
        "The Street",
        "ST elevation",
        "on Mount St. Helens",
        "at St. Mary",
        "seen by Dr. Day",
    ),
    *(
        "on Brain CT",
        "a long Road ahead",
        "no way",
        "By the Way",
        "Denies Street Drugs",
        "to Dr. Lopez",
        "on the road",
        "Sex Drive low",
    ),
    *("Uses Street drugs", "corner of the mouth", "transfer to Mercy St. Vincent", "normal ST 4-5 segments"),
]


def _mark(text: str) -> tuple[str, int, int]:
    return text.replace("⟦", "").replace("⟧", ""), text.index("⟦"), text.index("⟧") - 1


@pytest.mark.parametrize("text", ROADS)
def test_a_street_goes_without_a_house(text: str) -> None:
    plain, start, end = _mark(text)
    assert any(m.start <= start and m.end >= end for m in RoadRecognizer().find(plain)), plain


@pytest.mark.parametrize("text", NO_ROADS)
def test_what_is_no_street_stays(text: str) -> None:
    assert list(RoadRecognizer().find(text)) == []
