"""Dates, coarser values and one spelling for each identifier."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.findings import Kind
from policies.values import dates
from policies.values.generalise import generalise, over_89
from policies.values.normalise import Matching, normalise


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("03/04/2021", "2021-03-04"),
        ("3-4-21", "2021-03-04"),
        ("3.4.21", "2021-03-04"),
        ("2021-03-04", "2021-03-04"),
        ("20210304", "2021-03-04"),
        ("31/12/2021", "2021-12-31"),
        ("March 4, 2021", "2021-03-04"),
        ("4th of MARCH 2021", "2021-03-04"),
        ("12-Mar-2021", "2021-03-12"),
        ("MAR 4 21", "2021-03-04"),
        ("4 Mar '21", "2021-03-04"),
        ("March 2021", "2021-03"),
        ("Mar '21", "2021-03"),
        ("03/2021", "2021-03"),
        ("Thu, 4 Mar 2021 10:22", "2021-03-04"),
        ("O3/O4/2O21", "2021-03-04"),
        ("DOB: 3/4/1950", "1950-03-04"),
        ("2021", "2021"),
        ("3/4/31", "1931-03-04"),
        ("March 4", None),
        ("3/4", None),
        ("13/13/2021", None),
        ("12/30/2020 - 1/2/2021", None),
        ("3/4/'21", "2021-03-04"),
        ("Mar-04-21", "2021-03-04"),
        ("03/04/2021 - 10:22", "2021-03-04"),
        ("03/04-05/2021", None),
        ("3/4-6/21", None),
        ("3/4-03/06/2021", None),
        ("3/4 to 3/6/2021", None),
        ("2021-03-04-2021-03-06", None),
        ("March 4-6, 2021", None),
        ("4 to 6 March 21", None),
        ("Smith", None),
        ("", None),
    ],
)
def test_dates_in_the_shapes_that_people_write(text: str, iso: str | None) -> None:
    read = dates.parse(text)
    assert (read.iso if read else None) == iso


@pytest.mark.parametrize(
    ("kind", "text", "coarse"),
    [
        (Kind.DATE, "03/04/2021", "2021"),
        (Kind.DATE, "3/4/21-3/7/21", "2021"),
        (Kind.DATE, "March 3 - April 4, 2021", "2021"),
        (Kind.DATE, "12/30/2020 - 1/2/2021", None),
        (Kind.DATE, "March 4", None),
        (Kind.DATE, "3/4/1931", None),
        (Kind.BIRTH_DATE, "3/4/1961", "1961"),
        (Kind.BIRTH_DATE, "3/4/1931", None),
        (Kind.DATE, "3/4/31", None),
        (Kind.DATE, "1939", None),
        (Kind.DATE, "1940", "1940"),
        (Kind.AGE_OVER_89, "93-year-old", "90+"),
        (Kind.AGE, "ninety-two", "90+"),
        (Kind.AGE, "45", None),
        (Kind.ZIP, "94110", "941"),
        (Kind.ZIP, "94110-1234", "941"),
        (Kind.ZIP, "941l0", "941"),
        (Kind.ZIP, "03601", "000"),
        (Kind.ZIP, "89301-0001", "000"),
        (Kind.ZIP, "9411", None),
        (Kind.SSN, "123-45-6789", None),
        (Kind.PERSON, "Maria", None),
    ],
)
def test_coarser_values(kind: Kind, text: str, coarse: str | None) -> None:
    assert generalise(kind, text) == coarse


@pytest.mark.parametrize("text", ["90", "93 y.o.", "aged 101", "Ninety-two-year-old", "one hundred"])
def test_over_89(text: str) -> None:
    assert over_89(text)


@pytest.mark.parametrize("text", ["89", "45-year-old", "6 months", "nineteen", "nine"])
def test_not_over_89(text: str) -> None:
    assert not over_89(text)


@pytest.mark.parametrize(
    ("kind", "texts", "value"),
    [
        (Kind.PERSON, ("KOVACS, MARIA J", "Maria J. Kovács", "Ms. MARIA J KOVACS"), "maria j kovacs"),
        (Kind.PERSON, ("John Smith, MD", "Dr. John Smith", "SMITH, JOHN", "J0HN 5MITH"), "john smith"),
        (Kind.PERSON, ("SMITH, JOHN, JR.", "John Smith Jr", "Smith Jr., John", "JOHN SMITH, JUNIOR"), "john smith jr"),
        (Kind.SSN, ("078-05-1120", "SSN: 078 05 1120", "O78-05-ll2O", "078051120"), "078051120"),
        (Kind.BIRTH_DATE, ("03/04/1961", "1961-03-04", "March 4, 1961", "O3/04/1961"), "1961-03-04"),
        (Kind.MRN, ("MRN 00123-4", "MRN: 00123-4", "Medical Record No. 00123-4", "# 00123-4", "00123 4"), "001234"),
        (Kind.NPI, ("NPI 1234567893", "1234567893", "I234567893"), "1234567893"),
        (Kind.PERSON, ("Dr. O'Neil", "O’NEIL"), "oneil"),
        (Kind.PHONE, ("+1 (415) 555-0100", "415.555.0100", "1-415-555-0100"), "4155550100"),
        (Kind.PHONE, ("415 555 0100 ext. 22", "(415) 555-0100 x22"), "4155550100x22"),
        (Kind.DATE, ("March 4, 2021", "3/4/21", "2021-03-04"), "2021-03-04"),
        (Kind.MRN, ("00-123 4a", "001234A"), "001234A"),
        (Kind.EMAIL, ("A.B@Example.org ", "a.b@ example.org"), "a.b@example.org"),
        (Kind.CITY, ("SAN FRANCISCO,", "San  Francisco"), "san francisco"),
        (Kind.SSN, ("- --",), ""),
    ],
)
def test_one_spelling(kind: Kind, texts: tuple[str, ...], value: str) -> None:
    assert {normalise(kind, text) for text in texts} == {value}


@pytest.mark.parametrize(
    ("kind", "texts", "value"),
    [
        (
            Kind.PERSON,
            ("SMITH, JOHN A", "John Smith", "John A. Smith, MD", "Mr John Smith", "SMITH, JOHN A, DO"),
            "john smith",
        ),
        (Kind.MRN, ("MRN 00123-4", "123-4", "mrn#1234", "1234"), "1234"),
        (Kind.MRN, ("A1O23", "A1023"), "A1023"),
        (Kind.MRN, ("28B16302", "MRN28816302", "2881-6302"), "28816302"),
        (Kind.ACCOUNT, ("Acct No: 0001l2", "112"), "112"),
        (Kind.MRN, ("0000",), "0000"),
        (Kind.MRN, ("MRN",), "MRN"),
    ],
)
def test_one_spelling_where_the_profile_is_lenient(kind: Kind, texts: tuple[str, ...], value: str) -> None:
    assert {normalise(kind, text, Matching.LENIENT) for text in texts} == {value}


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        (Kind.PERSON, "Belinda Made", ("Be1inda Made", "BelindaMade", "BEL1NDA MADE", "BELlNDA MADE")),
        (Kind.PERSON, "Ivan Ingrid Kovacs", ("lvan lngrid Kovacs", "1van Ingrid Kovacs")),
        (Kind.PERSON, "Pravoslav Ataa Jr.", ("Ataa, PravoslavJr.", "PravoslavN. Ataa Jr.")),
        (Kind.PERSON, "John Smith III", ("John Smith lII", "SMITH, JOHN 1II")),
        (Kind.PERSON, "SAMPAIO, YVES L", ("SAMPAIO YVES L", "Yves L. Sampaio")),
        (Kind.MRN, "MRN: 48530762", ("MN: 48530762", "RN 48S30762", "MR# 48530762", "MRN: 4853 0762")),
        (Kind.MRN, "42164119", ("421641l9", "42l64-119", "4216411 9")),
        (Kind.MRN, "42194119", ("421g4119", "42 1g4119")),
        (Kind.PHONE, "(899) 919-4260", ("(899) g19-4260", "(8gg) 919-4260")),
        (Kind.SSN, "816-50-5940", ("816-50-5g40",)),
        (Kind.STREET, "8200 South Vasterlang Street", ("82O0 South Vasterlang Steet", "8200 SOUTH VASTERLANG STRCET")),
        (Kind.STREET, "5 Oak Boulevard", ("5 Oak Boulcvard", "5 Oak Boulevrd", "5 Oak oulevard")),
        (Kind.STREET, "45 North Zephyrine Street", ("45North ZephyrineStreet", "45 North Zephyrine treet")),
        (Kind.STREET, "6296 Oak Street", ("6Z96 Oak Street", "62q6 Oak treet")),
    ],
)
def test_what_a_scanner_made_of_a_spelling_is_set_right(kind: Kind, written: str, read: tuple[str, ...]) -> None:
    value = normalise(kind, written, Matching.LENIENT)
    assert {normalise(kind, text, Matching.LENIENT) for text in read} == {value}


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (Kind.PERSON, ("Anna Lee", "Ann Alee", "Annalee", "Anna Lei")),
        (Kind.PERSON, ("Jan Smith", "Jon Smith", "Ian Smith", "Lan Smith")),
        (Kind.PERSON, ("Kim Il", "Kim II", "Kim Al", "Kim Ai")),
        (Kind.PERSON, ("Marta Rivera", "Marta Rivero", "Morta Rivera", "Rivera Marta")),
        (Kind.PERSON, ("ROY JAMES L", "Roy James")),
        (Kind.MRN, ("MN: 1234", "1234")),
        (Kind.MRN, ("AB 48530762", "48530762")),
        (Kind.MRN, ("48530762", "4853076", "48580762", "18530762")),
        (Kind.MRN, ("1234567g", "12345679")),
        (Kind.STREET, ("145 Oak Street", "1495 Oak Street", "145 Oak Square", "145 Oak Court", "145 Oak Courts")),
        (Kind.STREET, ("12 The Venue", "12 The Avenue")),
        (Kind.STREET, ("12 Forth Street", "12 North Street")),
        (Kind.STREET, ("12B Oak Street", "128 Oak Street")),
        (Kind.STREET, ("7S120 Oak Street", "75120 Oak Street")),
        (Kind.STREET, ("62B6 OAK STREET", "6286 Oak Street", "6266 Oak Street", "62G6 OAK STREET", "6296 Oak Street")),
        (Kind.STREET, ("12 East Oak Street", "12 West Oak Street", "12 Est Oak Street")),
        (Kind.STREET, ("12 Oak Trace", "12 Oak Terrace", "12 Lone Tree", "12 Lone Street")),
        (Kind.STREET, ("5th Street", "5 th Street")),
    ],
)
def test_no_slip_is_set_right_that_may_be_none(kind: Kind, texts: tuple[str, ...]) -> None:
    assert len({normalise(kind, text, Matching.LENIENT) for text in texts}) == len(texts)


@pytest.mark.parametrize(
    "names",
    [
        ("MaryAnn Smith", "MARYANN SMITH"),
        ("McDonald, Ronald", "RONALD MCDONALD"),
        ("FitzGerald", "FITZGERALD"),
        ("Omar AlMasri", "OMAR ALMASRI"),
        ("LaToya DeShawn", "LATOYA DESHAWN"),
        ("Llewellyn Lloyd", "llewellyn lloyd"),
    ],
)
def test_a_capital_within_a_name_is_no_slip(names: tuple[str, str]) -> None:
    assert normalise(Kind.PERSON, names[0]) == normalise(Kind.PERSON, names[1])


@pytest.mark.parametrize("matching", Matching)
@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.PERSON, "John Smith Jr", "John Smith Sr"),
        (Kind.PERSON, "John Smith", "SMITH, JOHN III"),
        (Kind.PERSON, "Maria Kovacs", "Mario Kovacs"),
        (Kind.PERSON, "James Thomas", "Thomas James"),
        (Kind.PERSON, "Linh Do", "Linh"),
        (Kind.PERSON, "Kim Linh Do", "Kim Linh"),
        (Kind.MRN, "S1234", "51234"),
        (Kind.MRN, "1234", "12340"),
        (Kind.MRN, "B12-8", "812-8"),
        (Kind.MRN, "B1234567", "81234567"),
        (Kind.MRN, "12B4-567Z", "1284-5672"),
        (Kind.STREET, "12 Main Street", "l2 Main Street"),
        (Kind.STREET, "8th Street", "5th Street"),
        (Kind.PHONE, "415 555 0100", "415 555 0100 x1"),
        (Kind.DATE, "3/4/1961", "4/3/1961"),
    ],
)
def test_different_people_never_share_a_spelling(matching: Matching, kind: Kind, one: str, other: str) -> None:
    assert normalise(kind, one, matching) != normalise(kind, other, matching)


def test_different_people_stay_different() -> None:
    assert normalise(Kind.PERSON, "Maria Kovacs") != normalise(Kind.PERSON, "Mario Kovacs")
    assert normalise(Kind.MRN, "0012") != normalise(Kind.MRN, "12")


@given(st.sampled_from(Kind), st.text(max_size=60))
def test_no_text_breaks_them_and_generalising_tells_little(kind: Kind, text: str) -> None:
    normalise(kind, text)
    coarse = generalise(kind, text)
    assert coarse is None or len(coarse) <= 4


@pytest.mark.parametrize(
    "text", ["1/" * 50_000, "1 " * 50_000, "20210101" * 10_000, "A" * 100_000, "'1" * 50_000, "l1" * 50_000]
)
def test_worst_case_time(text: str) -> None:
    started = time.process_time()
    for kind in (Kind.DATE, Kind.PERSON, Kind.PHONE, Kind.ZIP, Kind.AGE, Kind.STREET, Kind.MRN):
        normalise(kind, text, Matching.LENIENT)
        generalise(kind, text)
    assert time.process_time() - started < 2.0
