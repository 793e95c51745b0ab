"""A facility's name and the form's label on the line above it."""

from __future__ import annotations

import pytest

from detectors.places.facilities import FacilityRecognizer

HOUSES = FacilityRecognizer()


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        (
            "SERVICE FACILITY LOCATION\nZwettla Community Clinic",
            "SERVICE FACILITY LOCATION",
            "Zwettla Community Clinic",
        ),
        ("PREFERRED PHARMACY NAME\nZWETTLA FAMILY PHARMACY", "PREFERRED PHARMACY NAME", "ZWETTLA FAMILY PHARMACY"),
        ("Zwettla\nSurgical Center", "", "Zwettla\nSurgical Center"),
        ("ZWETTLA VALLEY\nMEDICAL CENTER", "", "ZWETTLA VALLEY\nMEDICAL CENTER"),
    ],
)
def test_a_label_above_stays_and_the_name_goes(text: str, label: str, name: str) -> None:
    found = {i for match in HOUSES.find(text) for i in range(match.start, match.end)}
    begins = text.index(name)
    assert found >= set(range(begins, begins + len(name)))
    assert not found & set(range(len(label)))


@pytest.mark.parametrize("text", ["Funeral home Zwettla & Sons", "ZWETTLA AND SONS", "by Zwettla & Daughters"])
def test_a_familys_firm_goes_by_its_surname(text: str) -> None:
    assert any("zwettla" in text[m.start : m.end].lower() for m in HOUSES.find(text))


@pytest.mark.parametrize(
    "text", ["Two daughters and sons", "Children and Sons of the patient", "Lives with Wife and Son"]
)
def test_children_are_no_firm(text: str) -> None:
    assert not list(HOUSES.find(text))
