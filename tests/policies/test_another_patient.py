"""Pages of another patient, and pages that only mention other people, damaged ones included."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.detect import PageDetector, findings
from detectors.subject import Subject
from policies.another_patient import contradiction
from tests.eval.desk import reading_of
from tests.eval.samples import Sample

SUBJECT = Subject(
    names=("Maria Kovacs-Boateng", "Kovacs-Boateng, Maria J."),
    birth_date=date(1961, 3, 4),
    mrn="0012345",
    relatives=("Tomas Kovacs",),
    providers=("Dr. Adaeze Nwosu",),
)
ANOTHER = [
    "Patient: Harold Lindqvist   DOB: 7/19/1948   MRN: 8831207",
    "Patient Name: LINDQVIST, HAROLD\nCough for three days.",
    "HAROLD LINDQVIST  07/19/1948  M\nCough for three days.",
    "Patient: Tomas Kovacs   DOB: 9/1/1989\nCough for three days.",
    "DOB: 7/19/1948   MRN: 8831207\nCough for three days.",
    "RE: Irena Kovacs\nCough for three days.",
    "MRN: 8831207\nCough for three days.",
    "Patient: Maria Kovacs-Boateng   DOB: 7/19/1948   MRN: 8831207",
    "Patient: Har0ld Lindqvlst   D0B: 7/19/1948   MRN: 883I207",
]
OWN = [
    "Patient: Maria Kovacs-Boateng   DOB: 3/4/1961   MRN: 0012345",
    "Patient: Kovacs-Boateng, Maria J.\nOutside hospital MRN: 8831207",
    "Patient: Marla Kovacs-8oateng   DOB: 3/4/I961",
    "Patient: Maria Kovacs-Boateng   DOB: 3/4/1967   MRN: 0012345",
    "Patient: Maria Kovacs-Boateng   DOB: 04 MAR 19`61",
    "Patient: Maria Kovacs-Boateng   DOB: 196 1-03-04",
    "Patient: Maria Lopez   DOB: 3/4/1961   MRN: 0012345",
    "EMERGENCY CONTACT\nName: Tomas Kovacs   Phone: (217) 555-0142",
    "Guarantor name: Harold Lindqvist   DOB: 7/19/1948",
    "Insured's name: Tomas Kovacs",
    "Her son Tomas Kovacs (DOB 9/1/1989) drove. Seen by Dr. Adaeze Nwosu.",
    "Attending physician name: Harold Lindqvist",
    "Roommate Harold Lindqvist was loud. Maria Kovacs-Boateng slept badly.",
    "MRN 12345\nCough for three days.",
    "Page 2\nCough for three days. Follow up with Harold Lindqvist, MD on 7/19/2024.",
    "",
]


@pytest.fixture(scope="module")
def detector() -> PageDetector:
    return PageDetector()


def is_anothers(detector: PageDetector, text: str, subject: Subject | None = SUBJECT) -> bool:
    reading = reading_of(Sample("x/1", text, ()))
    found = findings([reading], [detector.spans(reading, subject)], subject)
    return contradiction(text, found, subject) is not None


@pytest.mark.parametrize("text", ANOTHER)
def test_another_patients(detector: PageDetector, text: str) -> None:
    assert is_anothers(detector, text)


@pytest.mark.parametrize("text", OWN)
def test_the_patients_own(detector: PageDetector, text: str) -> None:
    assert not is_anothers(detector, text)


def test_of_nobody_known_no_page_is_anothers(detector: PageDetector) -> None:
    assert not is_anothers(detector, ANOTHER[0], None)
    assert not is_anothers(detector, ANOTHER[0], Subject(phones=("(217) 555-0142",)))
