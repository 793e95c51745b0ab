"""What listed people explain is no residual; a relative of the same family, who is not listed, is one."""

from __future__ import annotations

import pytest

from detectors.findings import Kind, Layer, Owner, Span
from detectors.subject import Subject
from policies.attack.readings.owned import strangers

SUBJECT = Subject(
    names=("Ilse M. Brandt-Oyelaran", "Maria Garcia Lopez", "Hope Nyambura Wanjiru", "Kovacs, Tamas J", "May Ferrante"),
    relatives=("Will Young",),
    providers=("Rajesh Thiruvengadam, MD",),
)


def keeps_listed(kind: Kind, owner: Owner, text: str) -> bool:
    return owner not in {Owner.PATIENT, Owner.PROVIDER}


def rest(text: str, listed: str, owner: Owner = Owner.PATIENT, score: float = 0.99) -> list[str]:
    """What stays of a rule's span over the whole text, where a hunter says whose `listed` is."""
    at = text.index(listed)
    rule = Span(0, len(text), Kind.PERSON, 1.0, Layer.ATTACKER)
    known = Span(at, at + len(listed), Kind.PERSON, score, Layer.PATIENT, owner)
    found = strangers([rule, known], text, SUBJECT, keeps_listed)
    assert known in found
    return [text[span.start : span.end].strip() for span in found if span is not known]


@pytest.mark.parametrize(
    ("text", "listed", "left"),
    [
        ("BRANDT-OYELARAN, ILSE NIN", "BRANDT-OYELARAN, ILSE", ["NIN"]),
        ("Hope Wanjiru Call", "Hope Wanjiru", ["Call"]),
        ("Ilse M. Brandt-Oyelaran PCP", "Ilse M. Brandt-Oyelaran", ["PCP"]),
        ("Tamas Kovacs Grace Mbeki", "Tamas Kovacs ", ["Grace Mbeki"]),
        ("Garcia Lopez, Maria", "Garcia Lopez, Maria", []),
        ("May Ferrante Ward", "May Ferrante", ["Ward"]),
    ],
)
def test_behind_the_patients_own_name_only_the_rest_is_suspect(text: str, listed: str, left: list[str]) -> None:
    assert rest(text, listed) == left


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Emmanuel Brandt-Oyelaran", "Brandt-Oyelaran"),
        ("BRANDT-OYELARAN, EMMANUEL", "BRANDT-OYELARAN"),
        ("Garcia Lopez, Juan", "Garcia Lopez"),
        ("Garcia Lopez Juan", "Garcia Lopez"),
        ("Hope Mensah", "Hope"),
        ("Grace Hope Wanjiru", "Hope Wanjiru"),
        ("Hope Wanjiru-Mensah", "Hope Wanjiru"),
        ("Kovacs Adel", "Kovacs"),
    ],
)
def test_a_relative_of_the_same_family_stays_suspect_whole(text: str, listed: str) -> None:
    assert rest(text, listed) == [text]


def test_a_listed_provider_stays_and_a_listed_relative_goes_where_the_profile_says_so() -> None:
    assert rest("Rajesh Thiruvengadam Page", "Rajesh Thiruvengadam", Owner.PROVIDER) == ["Page"]
    assert rest("Will Young Ward", "Will Young", Owner.RELATIVE) == ["Will Young Ward"]


def test_a_name_with_a_slip_or_without_an_owner_explains_nothing() -> None:
    assert rest("Hope Wanjiru Call", "Hope Wanjiru", score=0.9) == ["Hope Wanjiru Call"]
    assert rest("Hope Wanjiru Call", "Hope Wanjiru", Owner.UNKNOWN) == ["Hope Wanjiru Call"]


def test_a_listed_number_read_with_look_alikes_is_explained_by_its_own_kind_alone() -> None:
    text = "SK36-XR2"
    rule = Span(0, 8, Kind.MRN, 1.0, Layer.ATTACKER)
    own = Span(0, 8, Kind.MRN, 0.99, Layer.PATIENT, Owner.PATIENT)
    other = Span(0, 8, Kind.ACCOUNT, 0.99, Layer.PATIENT, Owner.PATIENT)
    short = Span(0, 4, Kind.MRN, 0.99, Layer.PATIENT, Owner.PATIENT)
    assert strangers([rule, own], text, SUBJECT, keeps_listed) == [own]
    slip = Span(0, 8, Kind.MRN, 0.9, Layer.PATIENT, Owner.PATIENT)
    assert strangers([rule, slip], text, SUBJECT, keeps_listed) == [slip]
    nobodys = Span(0, 8, Kind.MRN, 0.9, Layer.PATIENT, Owner.UNKNOWN)
    assert rule in strangers([rule, nobodys], text, SUBJECT, keeps_listed)
    assert rule in strangers([rule, other], text, SUBJECT, keeps_listed)
    assert rule in strangers([rule, short], text, SUBJECT, keeps_listed)


def test_where_the_profile_acts_on_the_patients_own_nothing_is_explained() -> None:
    text = "Hope Wanjiru Call"
    rule = Span(0, len(text), Kind.PERSON, 1.0, Layer.ATTACKER)
    own = Span(0, 12, Kind.PERSON, 0.99, Layer.PATIENT, Owner.PATIENT)
    assert strangers([rule, own], text, SUBJECT, lambda kind, owner, text: True) == [rule, own]
    assert strangers([rule, own], text, None, keeps_listed) == [rule, own]


@pytest.mark.parametrize(
    ("text", "family", "left"),
    [("Rajesh K. Thiruvengadam Page", "Thiruvengadam", ["Page"]), ("Rajesh Otto Young Page", "Young", None)],
)
def test_a_middle_initial_that_is_not_listed_parts_no_name(text: str, family: str, left: list[str] | None) -> None:
    at = text.index(family)
    rule = Span(0, len(text), Kind.PERSON, 1.0, Layer.ATTACKER)
    given = Span(0, 6, Kind.PERSON, 0.9, Layer.PATIENT, Owner.PROVIDER)
    last = Span(at, at + len(family), Kind.PERSON, 0.9, Layer.PATIENT, Owner.PROVIDER)
    found = [s for s in strangers([rule, given, last], text, SUBJECT, keeps_listed) if s.layer is Layer.ATTACKER]
    assert [text[s.start : s.end].strip() for s in found] == (left or [text])


@pytest.mark.parametrize(
    ("read", "explained"),
    [("£40718826", True), ("40718826", True), ("40718826-1", False), ("40718825", False), ("E4071882", False)],
)
def test_a_number_of_the_patient_that_lost_its_letter_is_still_the_patients(read: str, explained: bool) -> None:
    rule = Span(0, len(read), Kind.MRN, 1.0, Layer.ATTACKER)
    assert strangers([rule], read, Subject(mrn="E40718826"), keeps_listed) == ([] if explained else [rule])
    assert strangers([rule], read, Subject(mrn="E40718826"), lambda kind, owner, text: True) == [rule]


def test_a_number_of_the_patient_is_explained_whatever_kind_a_rule_takes_it_for() -> None:
    subject = Subject(ids=("5K36-XR2-QP26",))
    for read, explained in (("SK36-XR2-QP26", True), ("5K36-XR2-QP27", False), ("5K36-XR2", False)):
        rule = Span(0, len(read), Kind.MRN, 1.0, Layer.ATTACKER)
        assert strangers([rule], read, subject, keeps_listed) == ([] if explained else [rule])


def test_the_patients_mailbox_that_lost_a_thin_letter_to_a_blank_is_explained() -> None:
    subject = Subject(emails=("hanna.lm@example.com",))
    for read, explained in (
        ("to hanna. m@example.com.", True),
        ("to hanna.m@example.com", False),
        ("to hanna. m@example.org", False),
        ("to hanna.  m@example.com", False),
        ("to johanna. m@example.com", False),
        ("to hanna. m@example.com.au", False),
    ):
        rule = Span(
            read.index("m@"), read.index(".com") + 4 if ".com" in read else len(read), Kind.EMAIL, 1.0, Layer.ATTACKER
        )
        assert strangers([rule], read, subject, keeps_listed) == ([] if explained else [rule]), read
        assert strangers([rule], read, subject, lambda kind, owner, text: True) == [rule]


def test_few_digits_that_lost_their_letters_are_anybodys() -> None:
    rule = Span(0, 5, Kind.MRN, 1.0, Layer.ATTACKER)
    assert strangers([rule], "13602", Subject(ids=("MD-13602",)), keeps_listed) == [rule]


@pytest.mark.parametrize(
    ("relatives", "text", "left"),
    [
        ((), "Z. Zbinden-Akinwale Ward", ["Ward"]),
        ((), "Zbinden-Akinwale, Z. Ward", ["Ward"]),
        ((), "M. Zbinden-Akinwale", ["M. Zbinden-Akinwale"]),
        (("Zoran Zbinden-Akinwale",), "Z. Zbinden-Akinwale", ["Z. Zbinden-Akinwale"]),
        ((), "Z. Zbinden", ["Z. Zbinden"]),
    ],
)
def test_the_patients_family_name_with_the_initial_is_explained(
    relatives: tuple[str, ...], text: str, left: list[str]
) -> None:
    listed = text.removesuffix(" Ward").rstrip(".")
    subject = Subject(names=("Zainab Zbinden-Akinwale",), relatives=relatives)
    score = 0.99 if "Akinwale" in listed else 0.9
    known = Span(0, len(listed), Kind.PERSON, score, Layer.PATIENT, Owner.PATIENT)
    rule = Span(0, len(text), Kind.PERSON, 1.0, Layer.ATTACKER)
    found = strangers([rule, known], text, subject, keeps_listed)
    assert [text[s.start : s.end].strip(" .") for s in found if s.layer is Layer.ATTACKER] == left
