"""Labels and values, by columns of text and by places on a page."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

import pytest
from rapidfuzz.distance import Levenshtein

from detectors import labels
from detectors.findings import Kind
from detectors.folding import as_name
from detectors.labels.table import KINDS, label_key
from detectors.pages import PageReading

LayOut = Callable[..., PageReading]

BESIDE = [
    ("Patient Name: Zorblat Quux", Kind.PERSON, "Zorblat Quux"),
    ("PATIENT NAME: QUUX, ZORBLAT T", Kind.PERSON, "QUUX, ZORBLAT T"),
    ("Pat1ent Narne: Zorblat Quux", Kind.PERSON, "Zorblat Quux"),
    ("Attending Physician: Zo Quux, MD", Kind.PERSON, "Zo Quux, MD"),
    ("Attending Physician: Quux, zorblat Y.", Kind.PERSON, "Quux, zorblat"),
    ("Signed: Zo Quux, DO Jun 9, 2018", Kind.PERSON, "Zo Quux, DO"),
    ("Signed: Zo Quux June", Kind.PERSON, "Zo Quux June"),
    ("Referred by: zorblat quux", Kind.PERSON, "zorblat quux"),
    ("Emergency Contact: Zorblat Quux   Phone: 555 0100", Kind.PERSON, "Zorblat Quux"),
    ("Emergency Contact: Zorblat Quux   Phone: 555 0100", Kind.PHONE, "555 0100"),
    ("Name: Zorblat Quux Sex: F", Kind.PERSON, "Zorblat Quux"),
    ("DOB: 3 ? 1950", Kind.BIRTH_DATE, "3 ? 1950"),
    ("Date of Birth 03/04/1950", Kind.BIRTH_DATE, "03/04/1950"),
    ("Date of Admission: Fed 4, 2622", Kind.DATE, "Fed 4, 2622"),
    ("MRN: A-77 1234", Kind.MRN, "A-77 1234"),
    ("Account No.: 99-8", Kind.ACCOUNT, "99-8"),
    ("Member ID: XQZ 123 456", Kind.HEALTH_PLAN, "XQZ 123 456"),
    ("Address: 9 Zorblat Mews, Apt 4", Kind.STREET, "9 Zorblat Mews, Apt 4"),
    ("Employer: Acme Widgets", Kind.OTHER_ID, "Acme Widgets"),
    ("Employer: Retired, was Acme Widgets", Kind.OTHER_ID, "Acme Widgets"),
    ("Employer: Retired from Zorblat Potters", Kind.OTHER_ID, "Zorblat Potters"),
    ("Employer: Disabled American Veterans", Kind.OTHER_ID, "Disabled American Veterans"),
    ("Facility: Zorblat House", Kind.FACILITY, "Zorblat House"),
    ("City, State, ZIP: Zorblat, QQ 12345", Kind.CITY, "Zorblat, QQ 12345"),
    ("Age: 93", Kind.AGE_OVER_89, "93"),
    ("Age: 54", Kind.AGE, "54"),
    ("VIN: 1HGBH41JXMN109186", Kind.VEHICLE, "1HGBH41JXMN109186"),
    ("Serial No: ZX 4411", Kind.DEVICE, "ZX 4411"),
    ("Name:Zorblat", Kind.PERSON, "Zorblat"),
    ("Patient:\nZorblat Quux", Kind.PERSON, "Zorblat Quux"),
    ("Patient Name: Seven, Age A.", Kind.PERSON, "Seven, Age A."),
    ("Patient: Long, Will", Kind.PERSON, "Long, Will"),
]


@pytest.mark.parametrize(("text", "kind", "value"), BESIDE)
def test_value_beside_its_label(text: str, kind: Kind, value: str) -> None:
    assert (kind, value) in [(s.kind, text[s.start : s.end]) for s in labels.in_text(text)]


NOTHING = [
    "Patient: denies pain and fever",
    "Phone: N/A",
    "Name: ______________",
    "Physician: see below",
    "Name: Last, First",
    "Contact: Same, See above",
    "Name: Age, Sex",
    "Drug name: Lisinopril",
    "Test name: Potassium",
    "The patient was seen in the clinic",
    "Account was taken of the history",
    "To: be determined",
    "Date: pending",
    "order of the day",
    "the case was discussed",
    "Address the pain with rest",
    "Age: adult",
    "DATE OF CURRENT ILLNESS 18. HOSPITALIZATION",
    "State: stable",
    "Order: rollator, bedside commode",
]


@pytest.mark.parametrize("text", NOTHING)
def test_running_text_and_blanks_are_no_values(text: str) -> None:
    assert [text[s.start : s.end] for s in labels.in_text(text)] == []


def found(page: PageReading) -> list[tuple[Kind, str]]:
    return [(s.kind, page.text[s.start : s.end]) for s in labels.on_page(page)]


@pytest.mark.parametrize("degrees", [0.0, 1.5, -2.0])
def test_boxes_with_the_label_on_top(laid_out: LayOut, degrees: float) -> None:
    page = laid_out(
        [
            (0, 0, "PATIENT NAME"), (30, 0, "DATE OF BIRTH"), (55, 0, "MRN"),
            (0, 1, "Zorblat Quux"), (30, 1, "3 4 1950"), (55, 1, "77-1"),
            (0, 3, "1a. INSURED'S I.D. NUMBER"), (0, 4, "XQ 991 A"),
        ],
        degrees=degrees,
    )  # fmt: skip
    assert set(found(page)) >= {
        (Kind.PERSON, "Zorblat Quux"),
        (Kind.BIRTH_DATE, "3 4 1950"),
        (Kind.MRN, "77-1"),
        (Kind.HEALTH_PLAN, "XQ 991 A"),
    }


def test_a_row_that_the_engine_read_as_two_columns(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Guarantor:"), (0, 1, "Phone:"), (20, 0, "Zorblat Quux"), (20, 1, "555 0100 22")])
    assert found(page) == [(Kind.PERSON, "Zorblat Quux"), (Kind.PHONE, "555 0100 22")]


def test_an_address_goes_on_below(laid_out: LayOut) -> None:
    page = laid_out(
        [(0, 0, "Address:"), (12, 0, "9 Zorblat Mews"), (12, 1, "Quuxville QQ 12345"), (0, 3, "Notes: none")]
    )
    assert (Kind.STREET, "Quuxville QQ 12345") in found(page)


def test_neighbouring_labels_are_no_values_of_each_other(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Patient Name:"), (25, 0, "Physician:"), (50, 0, "Phone:")])
    assert found(page) == []


def test_a_label_far_above_owns_nothing(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "PATIENT NAME"), (0, 9, "Zorblat Quux")])
    assert found(page) == []


@pytest.mark.parametrize("unit", ["a: ", "Name: ", "Name ", "1", "A;", "patient name mrn dob: \n", "\t"])
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    began = time.process_time()
    labels.in_text(text)
    assert time.process_time() - began < 5.0


def test_a_tables_head_speaks_for_every_row_under_it(laid_out: LayOut) -> None:
    page = laid_out(
        [
            (0, 0, "Date of Service"), (20, 0, "Code"), (30, 0, "Description"), (60, 0, "Rendering NPI"),
            (0, 1, "11/5"), (20, 1, "97110"), (30, 1, "Therapeutic exercises"), (60, 1, "25803"),
            (0, 2, "12/6"), (20, 2, "97112"), (30, 2, "Office visit"), (60, 2, "25804"),
            (0, 3, "1/7"), (20, 3, "97113"), (30, 3, "Gait training"), (60, 3, "25805"),
            (0, 7, "3/4 strength"),
        ]
    )  # fmt: skip
    assert set(found(page)) == {
        *((Kind.DATE, value) for value in ("11/5", "12/6", "1/7")),
        *((Kind.NPI, value) for value in ("25803", "25804", "25805")),
    }


def test_columns_that_run_together(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "ISSUED"), (12, 0, "AGE"), (20, 0, "MRN"), (0, 1, "13-Feb-2018 108"), (17, 1, "x KX-12")])
    assert (Kind.AGE_OVER_89, "108") in found(page)


def births(page: PageReading) -> set[str]:
    return {value for kind, value in found(page) if kind is Kind.BIRTH_DATE}


@pytest.mark.parametrize("head", ["DOB", "Birth", "Born", "Birthdate", "Date of Birth", "Geburtsdatum"])
@pytest.mark.parametrize("shift", [-9, -5, 0, 5, 9])
def test_births_under_a_head_that_stands_nearby(laid_out: LayOut, head: str, shift: int) -> None:
    rows = [("Zelda Quimby", "07/22/1948", "01/05/2024"), ("Orin Tavish", "11/30/1952", "01/06/2024")]
    cells = [(0, 0, "Name"), (30 + shift, 0, head), (60, 0, "Admit")]
    cells += [(30 * c, r, text) for r, row in enumerate(rows, 1) for c, text in enumerate(row)]
    assert births(laid_out(cells)) == {"07/22/1948", "11/30/1952"}


def test_births_of_a_table_whose_columns_run_together(laid_out: LayOut) -> None:
    page = laid_out(
        [
            (0, 0, "Name DOB Visit"),
            (0, 1, "Zelda Quimby 07/22/1948 01/05/2024"),
            (0, 2, "Orin Tavish 11/30/1952 01/06/2024"),
        ]
    )
    assert births(page) == {"07/22/1948", "11/30/1952"}


def test_a_date_in_words_under_its_head(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Patient"), (26, 0, "Born"), (0, 1, "Zelda Quimby"), (20, 1, "July 22, 1948")])
    assert "July 22, 1948" in births(page)


@pytest.mark.parametrize(
    "cells",
    [
        # Straight under another head, and the cell under this one empty.
        [(0, 0, "Name"), (20, 0, "DOB"), (28, 0, "Admit"), (0, 1, "Zelda Quimby"), (28, 1, "01/05/2024")],
        # Too far away, across and down.
        [(0, 0, "Name"), (20, 0, "DOB"), (0, 1, "Zelda Quimby"), (60, 1, "01/05/2024")],
        [(0, 0, "Name"), (20, 0, "DOB"), (20, 6, "01/05/2024")],
        # A sentence, and a label with its value.
        [(0, 0, "She was Born here and moved"), (2, 1, "01/05/2024")],
        [(0, 0, "Note: Born"), (20, 0, "Plan"), (20, 1, "01/05/2024")],
        # Another head altogether.
        [(0, 0, "Name"), (20, 0, "Admit"), (0, 1, "Zelda Quimby"), (20, 1, "01/05/2024")],
    ],
)
def test_dates_that_are_no_births(laid_out: LayOut, cells: list[tuple[int, int, str]]) -> None:
    assert births(laid_out(cells)) == set()


@pytest.mark.parametrize(
    ("value", "confidence", "wanted"),
    [
        ("oF", 45.0, [(Kind.AGE_OVER_89, "oF")]),
        ("ou", 70.0, [(Kind.AGE_OVER_89, "ou")]),
        ("54", 45.0, [(Kind.AGE, "54")]),
        # Well read, too long, or no value at all.
        ("oF", 95.0, []),
        ("adult", 45.0, []),
        ("F", 45.0, []),
        ("N/A", 45.0, []),
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_an_age_read_as_letters(
    laid_out: LayOut, value: str, confidence: float, wanted: list[tuple[Kind, str]], *, below: bool
) -> None:
    cells = [(0, 0, "Age"), (0, 1, value)] if below else [(0, 0, f"Age: {value}")]
    assert found(laid_out(cells, confidence=confidence)) == wanted


def test_a_damaged_wording_is_the_label_nearest_to_it() -> None:
    """Looking only at labels that share a part with it finds what comparing it with every label finds."""
    rng = Random("damaged wordings")  # noqa: S311
    near = 0
    for _ in range(250):
        letters = list(rng.choice([*KINDS]))
        for _ in range(rng.randint(0, 3)):
            at = rng.randrange(len(letters))
            letters[at : at + rng.randint(0, 1)] = rng.choice(["", "k", "1", "e"])
            letters = letters or ["k"]
        wording = "".join(letters)
        if (found := label_key(wording)) is not None and found[1]:
            continue
        name, limit = as_name(wording), 1 if len(wording) < 11 else 2
        distances = [Levenshtein.distance(name, as_name(key)) for key in KINDS if len(key) >= 6]
        least = min(distances) if len(wording) >= 6 else limit + 1
        assert (found is not None) == (least <= limit), wording
        if found is not None:
            assert Levenshtein.distance(name, as_name(found[0])) == least
            near += 1
    assert near > 40


def test_a_label_with_an_error_in_it_is_looked_up_only_where_a_colon_would_make_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(labels, "near_key", lambda folded: asked.append(folded))
    assert not labels.in_text("Pat1ent narne of the ward said that she slept well and had no pain today")
    assert not asked
    labels.in_text("Pat1ent Narne: Zorblat Quux")
    assert "pat1entnarne" in asked
