"""Labels, results and doses stay however they were read; what could be an identifier does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detectors.detect import findings
from detectors.findings import Kind
from detectors.pages import PageReading
from detectors.words.harmless import is_furniture, is_measure

LayOut = Callable[..., PageReading]


@pytest.mark.parametrize(
    "text",
    [
        "Birth",
        "Addres",
        "ZIP",
        "Vehicle",
        "ID",
        "MRN",
        "Tel:",
        "infsurance",
        "“Transcribed!",
        "(parking).",
        "DOB:",
        "D.O.B.:",
        "PATIENT'S",
        "usual.sterile",
    ],
)
def test_labels_and_common_words_are_furniture(text: str) -> None:
    assert is_furniture(text)


@pytest.mark.parametrize(
    "text",
    ["Zorblat", "May", "Brown", "Quuxin", "Kovacs", "MRN7", "", "-", "Brth0", "Ott", "J.B.", "O'Quux", "usual.Kovacs"],
)
def test_names_and_codes_are_none(text: str) -> None:
    assert not is_furniture(text)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("10.days", True),
        ("500mg", True),
        ("-8.3", True),
        ("3.5-", True),
        ("412B", False),
        ("2016", False),
        ("-3-", False),
    ],
)
def test_a_number_glued_to_its_unit_is_a_measure(text: str, measure: bool) -> None:
    assert is_measure(text) is measure


def unread(page: PageReading) -> set[str]:
    return {page.words[i].text for f in findings([page], [[]], None) if f.kind is Kind.UNREADABLE for i in f.words}


@pytest.mark.parametrize(
    "line",
    [
        "Na 138, K 41",
        "atorvastatin 20 mg daily",
        "glucose 104 70-99 mg/dL",
        "BP 122/78 mmHg",
        "in 10 days",
        "weight 161 lbs",
    ],
)
def test_results_and_doses_stay(laid_out: LayOut, line: str) -> None:
    assert unread(laid_out([(0, 0, line)], confidence=45.0)) <= {"K"}
    assert unread(laid_out([(0, 0, line)], confidence=25.0)) == set(line.split())


@pytest.mark.parametrize(
    ("line", "burned"),
    [
        ("room 412", "412"),
        ("was seen 3/14 by", "3/14"),
        ("glucose 10412 mg", "10412"),
        ("BP 3/14 mmHg", "3/14"),
        ("no 4471 XKJ", "4471"),
        ("in 2016", "2016"),
    ],
)
def test_a_number_that_could_be_more_goes(laid_out: LayOut, line: str, burned: str) -> None:
    assert burned in unread(laid_out([(0, 0, line)], confidence=45.0))


def test_a_burned_neighbour_does_not_take_a_label(laid_out: LayOut) -> None:
    assert unread(laid_out([(0, 0, "MRN 0O12%4 Fax")], confidence=70.0)) == {"0O12%4"}


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("P.1/2", "P.1/2"),
        ("Page 1 of 2", "Page 1 of 2"),
        ("Pg 3 of 11.", "Pg 3 of 11."),
        ("I consent to treatment", "I consent to treatment"),
        ("| consent to treatment", "| consent to treatment"),
        ("Page 2.of 2", "Page 2.of 2"),
        ("1/2", ""),
        ("Page 2.of", ""),
        ("Page 1of2 41", "Page 1of2"),
        ("P.2/1", ""),
        ("Page 3 of 2", "of"),
        ("Page 5551 of 6000", "of"),
        ("Page 555 0133", ""),
        ("Room 1 of 2", "of"),
        ("I Zorblat", ""),
        ("Adams I consent", "consent"),
        ("412 I consent", "consent"),
    ],
)
def test_page_counts_and_the_pronoun_stay_where_they_were_read_badly(line: str, stays: str, laid_out: LayOut) -> None:
    page = laid_out([(0, 0, line)], confidence=55.0)
    burned = {index for finding in findings([page], [[]], None) for index in finding.words}
    assert " ".join(w.text for i, w in enumerate(page.words) if i not in burned) == stays


def test_a_page_count_ends_with_its_line(laid_out: LayOut) -> None:
    page = laid_out([(0, 0, "Page 1of2"), (0, 1, "Zorblat 412")], confidence=55.0)
    burned = {index for finding in findings([page], [[]], None) for index in finding.words}
    assert [w.text for i, w in enumerate(page.words) if i in burned] == ["Zorblat", "412"]


def test_a_page_count_that_nobody_could_read_burns(laid_out: LayOut) -> None:
    assert findings([laid_out([(0, 0, "P.1/2")], confidence=20.0)], [[]], None)
