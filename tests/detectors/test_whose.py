"""Ages and dates that a relative's word claims, and those of the patient beside them."""

from __future__ import annotations

import time
from datetime import date

import pytest

from detectors.findings import Kind, Layer, Owner, Span
from detectors.known import KnownValues
from detectors.subject import Subject
from detectors.text.whose import relatives

THEIRS = [
    "Mother, ⟦61⟧, has diabetes.",
    "her sister (age ⟦45⟧) drove",
    "Father had a stroke at age ⟦72⟧",
    "brother Ivo is ⟦45⟧ years old",
    "lives with a ⟦34⟧-year-old daughter",
    "his ⟦93⟧ yo mother",
    "the ⟦12⟧ y/o older brother",
    "mother-in-law, ⟦88⟧",
]
OWN = [
    "⟦45⟧-year-old woman with cough",
    "a ⟦45⟧-year-old mother of two",
    "Mother states that he is ⟦3⟧ years old",
    "Mother reports the patient, ⟦3⟧, fell",
    "Age: ⟦45⟧",
    "Her mother is well. ⟦45⟧ year old",
    "personal history: stroke at age ⟦72⟧",
    "motherly care at ⟦45⟧",
]


def owner(text: str, kind: Kind) -> Owner:
    start, end = text.index("⟦"), text.index("⟧") - 1
    plain = text.replace("⟦", "").replace("⟧", "")
    (span,) = relatives(plain, [Span(start, end, kind, 0.9, Layer.PATTERN)])
    return span.owner


@pytest.mark.parametrize("text", THEIRS)
def test_a_relatives_age(text: str) -> None:
    assert owner(text, Kind.AGE) is Owner.RELATIVE


@pytest.mark.parametrize("text", OWN)
def test_nobodys_age(text: str) -> None:
    assert owner(text, Kind.AGE) is Owner.UNKNOWN


@pytest.mark.parametrize("text", ["her roommate, ⟦94⟧, fell", "a ⟦94⟧-year-old neighbor", "his room-mate, ⟦94⟧"])
def test_over_89_another_patient_in_the_room_is_no_relative(text: str) -> None:
    """A release to the patient shows relatives' ages, and no stranger's over 89."""
    assert owner(text, Kind.AGE_OVER_89) is Owner.UNKNOWN
    assert owner(text, Kind.AGE) is Owner.RELATIVE


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Her mother died on ⟦3/4/2001⟧", Owner.RELATIVE),
        ("husband passed away ⟦3/4/2001⟧", Owner.RELATIVE),
        ("Her mother called on ⟦3/4/2001⟧", Owner.UNKNOWN),
        ("His pain died down by ⟦3/4/2001⟧", Owner.UNKNOWN),
    ],
)
def test_dates_in_a_relatives_life(text: str, wanted: Owner) -> None:
    assert owner(text, Kind.DATE) is wanted


def test_an_owner_that_is_known_stays() -> None:
    span = Span(8, 10, Kind.AGE, 0.9, Layer.PATTERN, Owner.PATIENT)
    assert relatives("Mother, 61", [span]) == [span]


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("Seen 5/6/2021. 95 year old man", "95", Owner.PATIENT),
        ("Seen 1/2/2021. 94 year old man", "94", Owner.PATIENT),
        ("Seen 5/6/21. 95 year old man", "95", Owner.PATIENT),
        ("Seen 5/6/2021. 93 year old man", "93", Owner.UNKNOWN),
        ("Seen 5/6/2021. ninety-five", "ninety-five", Owner.UNKNOWN),
        ("95 year old man", "95", Owner.UNKNOWN),
    ],
)
def test_an_age_that_the_patient_had_in_a_year_on_the_page(text: str, value: str, wanted: Owner) -> None:
    known = KnownValues(Subject(names=("Bo Lind",), birth_date=date(1926, 3, 4)))
    start = text.index(value)
    span = Span(start, start + len(value), Kind.AGE_OVER_89, 0.9, Layer.PATTERN)
    assert [s.owner for s in known.owned(text, [span])] == [wanted]


def test_a_hostile_page_takes_bounded_time() -> None:
    text = "mother father sister 61 " * 4000
    spans = [Span(24 * i + 21, 24 * i + 23, Kind.AGE, 0.9, Layer.PATTERN) for i in range(4000)]
    start = time.process_time()
    relatives(text, spans)
    assert time.process_time() - start < 2.0
