"""A whole name with slips that its parts alone do not bear stays the patient's; a relative's, a namesake's does not."""

from __future__ import annotations

import time
from datetime import date

import pytest

from detectors.findings import Kind, Layer, Owner, Span
from detectors.known import KnownValues
from detectors.known.whole_names import WholeNames
from detectors.spans.merge import merge
from detectors.subject import Subject
from detectors.text.analyzer import TextDetector
from detectors.text.whose import relatives, strangers

NAMES = (
    "Dasa T. Kilk", "Edgaras U. Weyland", "Valerio I. Ben-Riquelme", "Feliciano L. Oshodi", "Sheela M. Breasail",
    "Blažej R. Bağırov", "Martina Kovacs", "Timotej Szabo",
    "Ann B. Okafor",
)  # fmt: skip


def whose(detector: TextDetector, text: str, names: tuple[str, ...], **others: tuple[str, ...]) -> set[Owner]:
    """Whose the words of names in `text` are, as on a page whose patient is known."""
    known = KnownValues(Subject(names=names, **others))
    merged = merge(text, known.settled(text, [*known.spans(text), *detector.spans(text)]))
    spans = strangers(text, known.owned(text, relatives(text, merged)))
    return {s.owner for s in spans if s.kind is Kind.PERSON}


@pytest.mark.parametrize(
    "text",
    [
        "Patient: Kil k, Dasa T.", "Patient Name: Edgaras U. Weylancl", "RE: Valerio I. Beu-Riquelme",
        "401B  Oshodi, Fe.lic,iano L.  MRN", "RE:$heela M. Breasail", "Patient: Breasail, S hee1a M.",
        "BLAŽEJ BAĞIROV", "Ms. Okator is seen", "Name: Bağırov, B1ažcj", "Patient: BAĞ1ROV, BLAŽEJ R.",
        "Kovacs, Martin a",
    ],
)  # fmt: skip
def test_a_whole_name_with_slips_is_the_patient_s(text: str, text_detector: TextDetector) -> None:
    assert whose(text_detector, text, NAMES) == {Owner.PATIENT}


@pytest.mark.parametrize(
    "text",
    [
        "Patient: Kovacs, Martin A", "Patient: KOVACS, MARTIN A", "Patient: Tina T. Kilk",
        "Patient: Weylancl, Ugnius", "Timoteja Szabo", "Feliciona Oshodi", "Patient: Feliciana L. Oshodi",
        "Weylanclova, Edita", "Dr. Okator came", "Roommate Okator came", "Ms. Okafar is seen",
        "Patient: Breasail, N eera M.", "Valeria I. Beu-Riquelme",
    ],
)  # fmt: skip
def test_one_who_is_called_nearly_so_is_not(text: str, text_detector: TextDetector) -> None:
    assert Owner.UNKNOWN in whose(text_detector, text, NAMES)


@pytest.mark.parametrize(("relative", "found"), [("Mireta Tilkens", 0), ("Ugnius Tilkens", 1)])
def test_what_may_be_a_listed_relative_s_name_as_well_is_not_vouched_for(relative: str, found: int) -> None:
    search = WholeNames([("Mirela Tilkens", Owner.PATIENT), (relative, Owner.RELATIVE)])
    text = "Mire1a Ti1kens"
    part = Span(0, len(text), Kind.PERSON, 0.9, Layer.PATIENT, Owner.PATIENT)
    assert len(list(search.spans(text, [part]))) == found


@pytest.mark.parametrize(
    ("text", "born", "found"),
    [
        ("DOBNov 25, 1923", date(1923, 11, 25), True),
        ("DOB 19A1-09-04", date(1941, 9, 4), True),
        ("DOB: 18 Decembcr 198g", date(1989, 12, 18), True),
        ("JDOBNov 26, 1923", date(1923, 11, 25), False),
        ("DOB 18 December 1989", date(1989, 12, 19), False),
        ("born 21 JAN 2008", date(2008, 1, 20), False),
        ("born 5 12/1989", date(1989, 12, 19), False),
        ("onset December 1989", date(1989, 12, 19), False),
        ("DOB 12/1989", date(1989, 12, 19), False),
    ],
)
def test_a_month_with_its_year_is_no_birth_date(text: str, born: date, found: bool) -> None:
    spans = KnownValues(Subject(birth_date=born)).spans(text)
    assert any(s.kind is Kind.BIRTH_DATE and s.owner is Owner.PATIENT for s in spans) is found


def test_hostile_lines_take_bounded_time(text_detector: TextDetector) -> None:
    known = KnownValues(Subject(names=NAMES))
    began = time.process_time()
    known.spans("Kilk Dasa Kiik " * 2000 + "\n" + "Weyland," * 4000)
    assert time.process_time() - began < 4.0
