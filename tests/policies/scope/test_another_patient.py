"""Pages of another patient, and pages that only mention other people, damaged ones included."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.detect import PageDetector, findings
from detectors.subject import Subject
from policies.scope.another_patient import contradiction
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
    "NRN: 8831207\nCough for three days.",
    "M,RN 8831207\nCough for three days.",
    "Patient: Maria Kovacs-Boateng   DOB: 7/19/1948   MRN: 8831207",
    "Patient: Maria Kovacs-Boateng   MRN: 8831207\nCough for three days.",
    "Patient: Har0ld Lindqvlst   D0B: 7/19/1948   MRN: 883I207",
    "Patient: Harold Lindqvist\nEmergency contact: Maria Kovacs-Boateng\nCough for three days.",
    "Patient: Harold Lindqvist\nNext of kin: Maria Kovacs-Boateng (daughter)\nCough for three days.",
    "Patient: Harold Lindqvist\nEMERGENCY CONTACT\nName: Maria Kovacs-Boateng\nCough for three days.",
    "Patient: Harold Lindqvist\nCough for three days.\ncc: Maria Kovacs-Boateng",
    "Family history\nPatient: Harold Lindqvist\nFather had gout.",
    "CLINIC\nHAROLD PEMBERTON   M   07/19/1948   8831207\nCough for three days.",
    "PEMBERTON, HAROLD J     75 y M     Room 12\nCough for three days.",
    "Harold Pemberton  75-year-old\nCough for three days.",
    "Harold Pemberton   8831207\nCough for three days.",
    "Patient: Pemberton\nCough for three days.",
    "Patient: H. Pemberton\nCough for three days.",
    "Name: Maria Pemberton\nCough for three days.",
    "Resident Harold Lindqvist\nCough for three days.",
    "Patient: Harold Lindqvist, MD\nCough for three days.",
    "HILLTOP CLINIC\nName: Harold Lindqvist\nCough for three days.",
    "Regarding: Harold Lindqvist\nCough for three days.",
    "Student: Harold Lindqvist\nCough for three days.",
    "Subject name Harold Lindqvist\nCough for three days.",
    "Mr. Pemberton returned for knee pain. The knee is swollen.\nHarold Pemberton",
    "Mrs. Pemberton is a 75 year old woman with gout.",
]
OWN = [
    "UNIT 4 LOG\n401A  Kovacs-Boateng, Maria J.  MRN 0012345  telemetry\n402B  Pemberton, Harold  DOB 7/19/1948  NPO",
    "UNIT 4 LOG\n401A  Kovacs-Boateng, Maria J.  NRN 0012345  telemetry\n402B  Pemberton, Harold  DOB 7/19/1948  NPO",
    "UNIT 4 LOG\n401A  Kovacs-Boateng, Maria J.  MKN 0012345  telemetry\n402B  Pemberton, Harold  DOB 7/19/1948  NPO",
    "UNIT 4 LOG\n401A  Kovacs-Boateng, Maria J.  MRN, 0012345  telemetry\n402B  Pemberton, Harold  DOB 7/19/1948  NPO",
    "UNIT 4 LOG\n401A  Kovacs-Boateng, Maria J.  M.RN 0012345  telemetry\n402B  Pemberton, Harold  DOB 7/19/1948  NPO",
    "Patient: Maria Kovacs-Boateng   DOB: 3/4/1961   MRN: 0012345",
    "Patient: Kovacs-Boateng, Maria J.\nOutside hospital MRN: 8831207",
    "Patient: Kovacs-Boateng, Maria J.   MRN: 88-31207\nCough for three days.",
    "Patient: Kovacs-Boateng, Maria J.   DOB: 3/4/1961   MRN: 8831207\nCough for three days.",
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
    "EMERGENCY CONTACT\nName: Harold Pemberton   07/19/1948",
    "Harold Pemberton, MD   07/19/2024\nCough for three days.",
    "Dr. Harold Pemberton  07/19/2024\nCough for three days.",
    "Resident Harold Pemberton, MD\nCough for three days.",
    "Student: Harold Pemberton, MS3\nCough for three days.",
    "Her brother Mr. Pemberton returned for the papers. Cough for three days.",
    "Mr. Pemberton called about the rash. Cough for three days.",
    "Mrs. Kovacs returned for knee pain. The knee is swollen.",
    "Mr. Pemberton returned the call.\nMaria Kovacs-Boateng slept badly.",
    "SHIFT LOG\nHarold Pemberton  75 y M  fall risk\nMaria Kovacs-Boateng  63 y F  telemetry",
    "Mr. Pemberton presented the form.\nMrs. Kovacs is a 63 year old woman with gout.",
    "EMERGENCY CONTACT\nHarold Pemberton   75 y M\nCough for three days.",
    "Her daughter Irena called. Patient: Maria",
    "Patient: Kovacz\nCough for three days.",
    "Patient: M. Kovacs-Boateng\nCough for three days.",
    "Patient: Parkinson disease is stable.",
    "Patient: Maria Pemberton   DOB: 3/4/1961",
    "Patient: Maria Kovacs-Boateng\nGuarantor: Maria Kovacs-Boateng\nRoommate: Harold Lindqvist",
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
