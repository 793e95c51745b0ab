"""What a stranger has nearly as the patient or a provider has it, and the patient's own beside it, which stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from detectors.findings import Kind, Owner
from detectors.known import KnownValues, births_of_others
from detectors.spans.merge import merge
from detectors.subject import Subject
from detectors.text.analyzer import TextDetector
from detectors.text.whose import relatives, strangers

P, D, U = Owner.PATIENT, Owner.PROVIDER, Owner.UNKNOWN
SHOWN = {P, D}
SUBJECT = Subject(
    names=("Robert A. Hale Jr.",),
    birth_date=date(1961, 3, 4),
    mrn="00123-4567",
    ids=("E40718826", "5512048"),
    addresses=("4 N Elm St, Springfield, IL 62704", "PO Box 412, Springfield, IL 62705"),
    providers=("Mark Young", "Amy Hale-Reyes", "Grace Okafor"),
)


def owners(detector: TextDetector, text: str, value: str, subject: Subject = SUBJECT) -> set[Owner]:
    """Whose what is found of the value's first mention is, as on a page whose patient is known."""
    known = KnownValues(subject)
    merged = merge(text, known.settled(text, [*known.spans(text), *detector.spans(text)]))
    spans = births_of_others.told(text, strangers(text, known.owned(text, relatives(text, merged))))
    start = text.index(value)
    return {s.owner for s in spans if s.start < start + len(value) and start < s.end}


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("Mark fell in the bath", "Mark", {U}),
        ("Roommate Mark fell in the bath", "Mark", {U}),
        ("Amy fell in the bath", "Amy", {U}),
        ("Grace fell in the bath", "Grace", {U}),
        ("Mark from bed 3 hit him", "Mark", {U}),
        ("Mark Young saw him", "Mark Young", {D}),
        ("Young, Mark", "Young, Mark", {D}),
        ("Mark T. Young saw him", "Mark", {D}),
        ("seen by Mark", "Mark", {D}),
        ("Nurse: Amy", "Amy", {D}),
        ("Grace, RN, saw him", "Grace", {D}),
        ("Grace Young fell", "Grace Young", {U}),
        ("Robert fell in the bath", "Robert", {P}),
    ],
)
def test_a_doctor_s_given_name_at_the_head_of_a_sentence_is_anybody_s(
    text: str, value: str, wanted: set[Owner], text_detector: TextDetector
) -> None:
    assert owners(text_detector, text, value) == wanted


def test_a_doctor_listed_by_the_given_name_alone_keeps_it(text_detector: TextDetector) -> None:
    assert owners(text_detector, "Mark fell ill", "Mark", replace(SUBJECT, providers=("Mark",))) == {D}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("PO Box 412, Springfield, IL 62705", True),
        ("P.O. Box 412, Springfield", True),
        ("PO BOX 412\nSPRINGFIELD IL 62705-0412", True),
        ("PO Box 412, Springfleld, IL 627O5", True),
        ("PO Box 412 62705", True),
        ("PO Box 412", True),
        ("PO Box 412, IL", True),
        ("PO Box 412, USA", True),
        ("PO Box 412, Phone, Fax", True),
        ("PO Box 412, phone 217-555-0142", True),
        ("PO Box 412. A neighbor moved to Chicago, IL 60601.", True),
        ("PO Box 412, Decatur, IL 62521", False),
        ("PO Box 412\nDecatur, IL 62521", False),
        ("PO BOX 412 DECATUR IL 62521", False),
        ("neighbor Joe Pike, PO Box 412, Decatur", False),
        ("P.O. Box 412 of Ann Pike, Chicago, IL 60601", False),
    ],
)
def test_a_box_of_the_post_in_another_town_is_another_s(text: str, own: bool, text_detector: TextDetector) -> None:
    assert (P in owners(text_detector, text, text[text.index("P") : text.index("412") + 3].split(", ")[-1])) is own


@pytest.mark.parametrize(
    ("listed", "text", "own"),
    [
        ("4 N Elm St", "4 N Elm St", True),
        ("4 N Elm St", "4 North Elm Street", True),
        ("4 N Elm St", "4 Elm St", True),
        ("4 Elm St", "4 N. Elm St", True),
        ("4 NE Elm St", "4 N. E. Elm St", True),
        ("4 North East Mill Rd", "4 N. East Mill Road", True),
        ("4 N Elm St", "4 N. E. Elm St", False),
        ("4 N Elm St", "4 North South Elm St", False),
        ("4 N Elm St", "4 S Elm St", False),
        ("4 Elm St", "4 North South Elm St", False),
    ],
)
def test_a_house_to_another_side_is_another_s(listed: str, text: str, own: bool, text_detector: TextDetector) -> None:
    subject = Subject(addresses=(f"{listed}, Paris, TX 75460",))
    found = owners(text_detector, f"lives at {text}, Paris", text, subject)
    assert (found == {P}) is (P in found) is own


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("He lives with his cousin Ann Pike in Springfield", True),
        ("Robert Hale lives with Ann Pike in Springfield", True),
        ("Seen by Dr. Young, lives with Ann Pike in Springfield", True),
        ("Pt currently lives with cousin Ann Pike in Springfield", True),
        ("Ann Pike, who lives with her son Joe, Springfield", False),
        ("Joe Lopez lives with Ann Pike in Springfield", False),
        ("Joe Lopez now lives with Ann Pike in Springfield", False),
        ("The neighbor moved in with Ann Pike, Springfield", False),
        ("His neighbor, who lives with Ann Pike, Springfield", False),
    ],
)
def test_who_lives_with_somebody_tells_whose_town_it_is(text: str, own: bool, text_detector: TextDetector) -> None:
    assert (owners(text_detector, text, "Springfield") == {P}) is own


@pytest.mark.parametrize(
    ("text", "value", "own"),
    [
        ("MRN 00123-4567", "00123-4567", True),
        ("MRN 0001234567", "0001234567", True),
        ("Medical record no. 0001234567", "0001234567", True),
        ("at desk 001234567 today", "001234567", True),
        ("at desk 01234567 today", "01234567", True),
        ("at desk 0001234567 today", "0001234567", True),
        ("at desk 00001234567 today", "00001234567", False),
        ("at desk 0005512048 today", "0005512048", False),
        ("Member ID: 0005512048", "0005512048", True),
        ("ID E40718826", "E40718826", True),
        # Wider than numbers of records are, a number of something else, and behind no label.
        ("MRN 000001234567", "000001234567", False),
        ("MRN 0000000000001234567", "1234567", False),
        ("lot 0001234567", "0001234567", False),
        ("lot 0005512048", "0005512048", False),
        ("lot 00E40718826", "00E40718826", False),
        ("ID 00E40718826", "00E40718826", False),
    ],
)
def test_zeros_before_a_number_make_another_of_it_but_where_records_are_padded(
    text: str, value: str, own: bool, text_detector: TextDetector
) -> None:
    assert owners(text_detector, text, value) == ({P} if own else {U})


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("born the fourth of March, nineteen sixty-one: Robert Hale", True),
        ("Robert Hale, born the fourth of March, nineteen sixty-one: Ann Pike called", True),
        ("born the fourth of March, nineteen sixty-one: pain", True),
        ("DOB 03/04/1961 - Ana Lopez, RN", True),
        ("DOB 03/04/1961: Dr. Ana Lopez", True),
        ("born the fourth of March, nineteen sixty-one: Ana Lopez", False),
        ("born 03/04/1961: Ana Lopez", False),
        ("born 03/04/1961: Ana Lopez was seen by a nurse", False),
        ("born on 03/04/1961 - Ana Lopez, room 4", False),
    ],
)
def test_a_birth_date_set_before_somebody_s_name_is_that_person_s(
    text: str, own: bool, text_detector: TextDetector
) -> None:
    value = "03/04/1961" if "/" in text else "fourth of March"
    assert (P in owners(text_detector, text, value)) is own


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Robert Hale (Jr.) was seen", True),
        ("Robert Hale, 3rd visit this week", True),
        ("Robert Hale 2nd floor", True),
        ("Seen with Robert Hale. Second, he has pain", True),
        ("Robert Hale, elder abuse screening", True),
        ("Robert Hale, the third time this week", True),
        ("Robert Hale, the third of March", True),
        ("Robert Hale (3rd floor) was seen", True),
        ("Robert Hale, father of two, was seen", True),
        ("Robert Hale lives with father", True),
        ("His father called. Robert Hale was seen", True),
        ("his son Robert Hale Jr. was seen", True),
        ("Robert Hale (Sr) was seen", False),
        ("Robert Hale (Senior) was seen", False),
        ("Robert Hale 3rd", False),
        ("Robert Hale, 3rd, came along", False),
        ("Robert Hale the third", False),
        ("Robert Hale the third was seen", False),
        ("Robert Hale, the elder, was seen", False),
        ("father Robert Hale", False),
        ("Father: Robert Hale", False),
        ("his grandson, Robert Hale, came", False),
        ("Robert Hale - father", False),
        ("Robert Hale (father) came", False),
        ("HALE, ROBERT - FATHER", False),
    ],
)
def test_a_father_or_son_of_the_same_name_is_told_by_any_word_for_it(
    text: str, own: bool, text_detector: TextDetector
) -> None:
    name = "HALE, ROBERT" if "HALE" in text else "Robert Hale"
    assert owners(text_detector, text, name) == ({P} if own else {U})


def test_the_third_of_a_name_is_the_patient_where_listed_so(text_detector: TextDetector) -> None:
    for listed in ("Robert Hale III", "Robert Hale 3rd", "Robert Hale, Third"):
        subject = Subject(names=(listed,))
        assert owners(text_detector, "Robert Hale 3rd", "Robert Hale 3rd", subject) <= {P}, listed
        assert owners(text_detector, "Robert Hale Jr. came", "Robert Hale", subject) == {U}, listed


def test_a_day_of_care_before_a_name_stays_one(text_detector: TextDetector) -> None:
    text = "Seen 03/04/2019: Ana Lopez"
    known = KnownValues(SUBJECT)
    spans = births_of_others.told(
        text, known.owned(text, merge(text, [*known.spans(text), *text_detector.spans(text)]))
    )
    assert {s.kind for s in spans if text[s.start : s.end] == "03/04/2019"} == {Kind.DATE}
