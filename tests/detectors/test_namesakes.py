"""Fathers, sons, brothers and room-mates who bear a part of a listed name, and the days they were born on."""

from __future__ import annotations

from datetime import date

import pytest

from detectors.detect import PageDetector, findings
from detectors.findings import Kind, Owner
from detectors.known import KnownValues
from detectors.pages import PageReading
from detectors.spans.merge import merge
from detectors.subject import Subject
from detectors.text.analyzer import TextDetector
from tests.eval.desk import reading_of
from tests.eval.samples import Sample

P, R, D, U = Owner.PATIENT, Owner.RELATIVE, Owner.PROVIDER, Owner.UNKNOWN
PEOPLE = Subject(
    names=("Robert A. Hale Jr.",),
    birth_date=date(1961, 3, 4),
    relatives=("Tomas Hale",),
    providers=("Ingrid Solberg", "Amy Young", "Dr. A. Nwosu"),
)


def owners(text: str, value: str, subject: Subject = PEOPLE) -> set[Owner]:
    """Whose what is found of the value's last mention is."""
    known = KnownValues(subject)
    spans = known.owned(text, merge(text, known.settled(text, known.spans(text))))
    start = text.rindex(value)
    return {s.owner for s in spans if s.start < start + len(value) and start < s.end}


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("Robert Hale Jr. was seen", "Robert Hale Jr.", {P}),
        ("HALE JR, ROBERT A", "HALE JR, ROBERT A", {P}),
        ("Robert Hale was seen", "Robert Hale", {P}),
        ("Robert Hale, Junior, was seen", "Robert Hale", {P}),
        ("Robert Hale Sr. was seen", "Robert Hale Sr.", {U}),
        ("Mr. Hale, Senior, was seen", "Hale, Senior", {U}),
        ("ROBERT HALE III", "ROBERT HALE III", {U}),
        ("Robert Hale II was seen", "Robert Hale II", {U}),
    ],
)
def test_another_generation_is_somebody_else(text: str, value: str, wanted: set[Owner]) -> None:
    assert owners(text, value) == wanted


def test_without_a_listed_suffix_every_generation_is_the_patient_s_but_a_listed_relative_s() -> None:
    assert owners("Robert Hale Sr. was seen", "Robert Hale", Subject(names=("Robert Hale",))) == {P}
    listed = Subject(names=("Robert Hale",), relatives=("Robert Hale Sr.",))
    assert P not in owners("Robert Hale Sr. was seen", "Robert Hale Sr.", listed)
    assert owners("Robert Hale Jr. was seen", "Robert Hale", listed) == {P}


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("Caller: Will Hale, for a refill", "Will Hale", {U}),
        ("Mark Hale came along", "Mark Hale", {U}),
        ("asked Grace Young to wait", "Grace Young", {U}),
        ("In May Hale was admitted", "Hale", {P}),
        ("the May Hale trial", "May Hale", {U}),
        ("Mr. Hale was seen", "Hale", {P}),
        ("The Hale chart", "Hale", {P}),
        ("Dr. Young was called", "Young", {D}),
    ],
)
def test_a_given_name_that_is_a_word_makes_the_family_s_name_another_s(
    text: str, value: str, wanted: set[Owner]
) -> None:
    assert owners(text, value) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Robert reports pain. Ingrid drove.", {U}),
        ("her daughter Ingrid drove", {U}),
        ("Nurse: Ingrid", {D}),
        ("seen by Ingrid", {D}),
        ("Ingrid, RN, saw him", {D}),
        ("Ingrid K. Solberg saw him", {D}),
        ("Dr. Ingrid Solberg saw him", {D}),
    ],
)
def test_a_doctor_s_given_name_alone_is_anybody_s(text: str, wanted: set[Owner]) -> None:
    assert owners(text, "Ingrid") == wanted


def test_the_patient_s_own_given_name_stays_though_a_doctor_bears_it() -> None:
    both = Subject(names=("Maria Kovacs",), providers=("Maria Nwosu",))
    assert owners("Maria drove home", "Maria", both) == {P}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("Nwosu, Robert", {U}), ("Solberg, Robert", {U}), ("Hale, Robert", {P}), ("Hale, Ingrid", {U})],
)
def test_a_doctor_s_family_name_with_the_patient_s_given_name_is_a_room_mate(text: str, wanted: set[Owner]) -> None:
    assert owners(text, text) == wanted


def test_strokes_that_an_engine_makes_of_letters_part_no_name() -> None:
    subject = Subject(names=("Volkan Stejskal",))
    assert owners("Patient: STEJ$KAL, Vo|kan", "STEJ$KAL, Vo|kan", subject) == {P}
    assert owners("STEJSKAL|VOLKAN|12", "STEJSKAL|VOLKAN", subject) == {P}, "the line between two columns"
    assert owners("Patient: STEJ$NAL, Vo|man", "STEJ$NAL, Vo|man", subject) <= {U}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("P.O. Box 2012, Troy", {P}),
        ("PO BOX 2012, Troy", {P}),
        ("P,O. Box 2012, Troy", {P}),
        ("Post Office Box 20l2, Troy", {P}),
        ("P.O. Box 2013, Troy", {U}),
        ("P.O. Box 12, Troy", {U}),
        ("P.O. Box 20120, Troy", {U}),
    ],
)
def test_a_box_of_the_post_is_the_patient_s_by_its_number(
    text: str, wanted: set[Owner], text_detector: TextDetector
) -> None:
    known = KnownValues(Subject(names=("Maria Kovacs",), addresses=("P.O. Box 2012, Troy, OH 45373",)))
    spans = known.owned(text, merge(text, known.settled(text, [*known.spans(text), *text_detector.spans(text)])))
    assert {s.owner for s in spans if s.start < text.rindex(",") and s.kind is Kind.STREET} <= wanted
    assert wanted == {U} or spans[0].owner is P


def kinds(text: str, detector: TextDetector, subject: Subject | None = PEOPLE) -> dict[str, Kind]:
    page: PageReading = reading_of(Sample("t", text, ()))
    found = findings([page], [PageDetector(detector).spans(page, subject)], subject)
    return {
        text[f.span.start : f.span.end].strip(" (),."): f.kind
        for f in found
        if f.span and f.kind in (Kind.DATE, Kind.BIRTH_DATE)
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Seen 3/4/2021.\n1  Nyberg, Ruth  12 May 1958\n2  Hale, Robert A", "12 May 1958"),
        ("Seen 3/4/2021.\nRuth Nyberg / 05-12-1958 / 217-555-0142", "05-12-1958"),
        ("Seen 3/4/2021.\nRuth Hale / May 12, 1958", "May 12, 1958"),
        ("Proxy: Tomas Hale (brother), 05/12/2018, active", "05/12/2018"),
        ("The children are Ruth Hale (12 May 2018) and Abel Hale", "12 May 2018"),
        ("Ruth Nyberg  12 May 1958\nAbel Obi  3 May 1991", "3 May 1991"),
    ],
)
def test_a_date_right_behind_somebody_s_name_is_a_birth_date(
    text: str, value: str, text_detector: TextDetector
) -> None:
    assert kinds(text, text_detector)[value] is Kind.BIRTH_DATE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Signed: Ruth Nyberg 03/04/2019\nprinted 3/4/2021", "03/04/2019"),
        ("Ruth Nyberg, MD 03/04/2019\nprinted 3/4/2021", "03/04/2019"),
        ("Ruth Nyberg 03/04/2019 10:22\nprinted 3/4/2021", "03/04/2019"),
        ("Ruth Nyberg called on 03/04/2019\nprinted 3/4/2021", "03/04/2019"),
        ("Ruth Nyberg 03/04/2021\nprinted 3/4/2021", "03/04/2021"),
        ("Robert Hale 03/04/2019\nprinted 3/4/2021", "03/04/2019"),
        ("Ingrid Solberg 03/04/2019\nprinted 3/4/2021", "03/04/2019"),
    ],
)
def test_a_day_of_care_behind_a_name_stays_one(text: str, value: str, text_detector: TextDetector) -> None:
    assert kinds(text, text_detector)[value] is Kind.DATE


def test_where_no_patient_is_known_no_date_is_told_so(text_detector: TextDetector) -> None:
    text = "Seen 3/4/2021.\nRuth Nyberg / 05-12-1958 / 217-555-0142"
    assert kinds(text, text_detector, None)["05-12-1958"] is Kind.DATE
