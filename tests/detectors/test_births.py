"""A date of birth is one by the words around it; a date of care beside those words is not."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from detectors.detect import PageDetector, findings
from detectors.findings import Finding, Kind, Layer, Owner, Span
from detectors.pages import PageReading
from detectors.spans.merge import merge
from detectors.subject import Subject
from detectors.text.analyzer import TextDetector
from detectors.text.births import is_birth, told

LayOut = Callable[..., PageReading]
SUBJECT = Subject(names=("Maria Kovacs",), birth_date=date(1961, 3, 4), relatives=("Ana Kovacs",))

BORN = [
    "DOB ⟦3/4/1961⟧",
    "DOB: ⟦03-04-61⟧",
    "D.O.B. ⟦March 4, 1961⟧",
    "D0B: ⟦3/4/1961⟧",
    "DOB (mm/dd/yyyy): ⟦03/04/1961⟧",
    "DOB/Sex: ⟦3/4/1961⟧ F",
    "Date of Birth\n⟦3/4/1961⟧",
    "Her date of birth is ⟦4 March 1961⟧.",
    "Birth date ⟦1961-03-04⟧",
    "She was born on ⟦3/4/1961⟧.",
    "born at St. Mary's Hospital in Springfield, Illinois, on ⟦March 4, 1961⟧",
    "Mother, born ⟦3/4/1931⟧, has diabetes",
    "Ana Lopez, b. ⟦3/4/1961⟧, lives nearby",
    "her daughter Ana Lopez (⟦3/4/2008⟧) came along",
    "LOPEZ, ANA ⟦3/4/1961⟧ (60 y.o.)",
    "LOPEZ, ANA ⟦3/4/1961⟧ F\n",
    "Lopez, Ana ⟦3/4/1961⟧ (DOB)",
    "patient DOB ⟦3/4/1961⟧ seen 5/6/2021",
    "Birth: ⟦3/4/1961⟧",
    "Sex F  Birth ⟦3/4/1961⟧",
    "BIRTH - ⟦03-04-61⟧",
    "DOB per wristband as verified: ⟦07/22/1948⟧",
    "Geburtsdatum ⟦22.07.1948⟧",
    "geboren am ⟦22.07.1948⟧",
    "Fecha de nacimiento: ⟦22/07/1948⟧",
    "Date de naissance : ⟦22/07/1948⟧",
    "née le ⟦22/07/1948⟧",
    "Data di nascita ⟦22/07/1948⟧",
    "Dependent 1 Ola Nordmann ⟦07/22/2008⟧",
    "Dependent #2: Kari Nordmann, daughter, ⟦07/22/2010⟧",
    "DEPENDENT 3 OLA NORDMANN F ⟦07/22/2008⟧",
]
CARE = [
    "DOB 3/4/1961 seen ⟦5/6/2021⟧",
    "DOB: on file. Seen ⟦5/6/2021⟧",
    "DOB:   Admitted: ⟦5/6/2021⟧",
    "identified by name and DOB on ⟦5/6/2021⟧",
    "DOB verified ⟦5/6/2021⟧",
    "born in Kenya and then moved here ⟦5/6/2015⟧",
    "Date of service ⟦5/6/2021⟧",
    "Date ⟦5/6/2021⟧",
    "newborn screen ⟦5/6/2021⟧",
    "childbirth ⟦5/6/2021⟧",
    "gave birth. Seen ⟦5/6/2021⟧",
    "stubborn pain since ⟦5/6/2021⟧",
    "hepatitis b. ⟦5/6/2021⟧ negative",
    "a. labs\nb. ⟦5/6/2021⟧ CT",
    "her daughter Ana called on ⟦5/6/2021⟧",
    "⟦5/6/2021⟧ 60 yo male presents",
    "on ⟦5/6/2021⟧ f/u with cardiology",
    "seen ⟦5/6/2021⟧ (60 minutes)",
    "DOB checked ⟦5/6/2021⟧",
    "DOB checked at the desk: ⟦5/6/2021⟧",
    "Insulin Dependent ⟦5/6/2021⟧",
    "Dependent 1 Ola Nordmann effective ⟦05/06/2021⟧",
    "Ventilator dependent, 2 trials ⟦5/6/2021⟧",
    "Fecha de ingreso: ⟦5/6/2021⟧",
    "Jeanne, née Le, ⟦5/6/2021⟧",
]


def marked(text: str) -> tuple[str, int, int]:
    start, end = text.index("⟦"), text.index("⟧") - 1
    return text.replace("⟦", "").replace("⟧", ""), start, end


@pytest.mark.parametrize("text", BORN)
def test_a_date_of_birth(text: str) -> None:
    assert is_birth(*marked(text))


@pytest.mark.parametrize("text", CARE)
def test_a_date_of_care(text: str) -> None:
    assert not is_birth(*marked(text))


@pytest.mark.parametrize("text", BORN + CARE)
def test_the_detector_says_so_too(text_detector: TextDetector, text: str) -> None:
    plain, start, end = marked(text)
    wanted = Kind.BIRTH_DATE if text in BORN else Kind.DATE
    kinds = {s.kind for s in text_detector.spans(plain) if s.start < end and start < s.end}
    assert wanted in kinds
    assert not kinds & {Kind.DATE, Kind.BIRTH_DATE} - {wanted}


def test_a_date_that_a_label_above_it_names_is_one_for_every_layer() -> None:
    text = "Name ___ \nAna Lopez 3/4/1961"
    date_span = Span(19, 27, Kind.DATE, 0.9, Layer.PATTERN)
    label = Span(19, 27, Kind.BIRTH_DATE, 0.65, Layer.LABEL)
    assert {s.kind for s in told(text, [date_span, label])} == {Kind.BIRTH_DATE}
    assert {s.kind for s in told(text, [date_span])} == {Kind.DATE}
    apart = Span(0, 8, Kind.BIRTH_DATE, 0.65, Layer.LABEL)
    assert {s.kind for s in told(text, [date_span, apart]) if s.start == 19} == {Kind.DATE}


@pytest.mark.parametrize(
    ("text", "name", "owner", "wanted"),
    [
        ("Zelda Quimby (07/22/1948) shared room", "Zelda Quimby", Owner.UNKNOWN, Kind.BIRTH_DATE),
        ("QUIMBY, ZELDA [July 22, 1948]", "QUIMBY, ZELDA", Owner.UNKNOWN, Kind.BIRTH_DATE),
        ("Zelda Quimby (07/22/1948)", "Zelda Quimby", Owner.PROVIDER, Kind.DATE),
        ("Dr. Zelda Quimby (05/06/2021)", "Zelda Quimby", Owner.UNKNOWN, Kind.DATE),
        ("Signed by Zelda Quimby (05/06/2021)", "Zelda Quimby", Owner.UNKNOWN, Kind.DATE),
        ("Zelda Quimby RN (05/06/2021)", "Zelda Quimby RN", Owner.UNKNOWN, Kind.DATE),
        ("Zelda Quimby (seen 05/06/2021)", "Zelda Quimby", Owner.UNKNOWN, Kind.DATE),
        ("Zelda Quimby (05/2021)", "Zelda Quimby", Owner.UNKNOWN, Kind.DATE),
        ("Zelda Quimby 05/06/2021", "Zelda Quimby", Owner.UNKNOWN, Kind.DATE),
        ("Zelda Quimby came (05/06/2021)", "Zelda Quimby", Owner.UNKNOWN, Kind.DATE),
        ("Lisinopril (05/06/2021)", "Lisinopril", Owner.UNKNOWN, Kind.DATE),
    ],
)
@pytest.mark.parametrize("bracket", [False, True])
def test_a_date_in_brackets_behind_a_person(text: str, name: str, owner: Owner, wanted: Kind, *, bracket: bool) -> None:
    """A word of the page, and so a span, may hold the bracket."""
    start, at = text.index(name), next(i for i, c in enumerate(text) if c.isdigit() or text.startswith("July", i))
    end = max(i for i, c in enumerate(text) if c.isdigit()) + 1
    grown = int(bracket and text[at - 1] in "([" and text[end : end + 1] in (")", "]"))
    person = Span(start, start + len(name), Kind.PERSON, 0.9, Layer.NER, owner)
    dated = Span(at - grown, end + grown, Kind.DATE, 0.9, Layer.PATTERN)
    assert {s.kind for s in told(text, [person, dated])} == {Kind.PERSON, wanted}


def on(page: PageReading, detector: TextDetector, subject: Subject | None = SUBJECT) -> list[Finding]:
    return findings([page], [PageDetector(detector).spans(page, subject)], subject)


def owner(found: list[Finding], page: PageReading, value: str) -> tuple[Kind, Owner]:
    (hit,) = [f for f in found if f.span and value in page.text[f.span.start : f.span.end]]
    return hit.kind, hit.owner


def test_only_the_patients_own_is_the_patients(text_detector: TextDetector, laid_out: LayOut) -> None:
    page = laid_out(
        [
            (0, 0, "Patient: Maria Kovacs DOB: 03/04/1961 Admitted: 05/06/2021"),
            (0, 1, "Her sister, born 7 August 1958, was well. MRN 00412 DOB: 09/10/1977"),
        ]
    )
    found = on(page, text_detector)
    assert owner(found, page, "03/04/1961") == (Kind.BIRTH_DATE, Owner.PATIENT)
    assert owner(found, page, "05/06/2021") == (Kind.DATE, Owner.UNKNOWN)
    assert owner(found, page, "7 August 1958")[0] is Kind.BIRTH_DATE
    assert owner(found, page, "7 August 1958")[1] is not Owner.PATIENT
    assert owner(found, page, "09/10/1977") == (Kind.BIRTH_DATE, Owner.UNKNOWN)


def test_a_table_of_the_household(text_detector: TextDetector, laid_out: LayOut) -> None:
    rows = [("Name", "Relationship", "DOB"), ("Ana Lopez", "sister", "05/06/1958"), ("Ivo Lopez", "son", "07/08/1999")]
    page = laid_out([(30 * c, r, text) for r, row in enumerate(rows) for c, text in enumerate(row)])
    found = on(page, text_detector)
    assert owner(found, page, "05/06/1958")[0] is Kind.BIRTH_DATE
    assert owner(found, page, "07/08/1999")[0] is Kind.BIRTH_DATE


def test_a_strangers_date_of_birth_is_one_on_every_page(text_detector: TextDetector, laid_out: LayOut) -> None:
    pages = [laid_out([(0, 0, "Insured DOB: 09/10/1977")]), laid_out([(0, 0, "Insured since youth 09/10/1977 card")])]
    spans = [PageDetector(text_detector).spans(page, SUBJECT) for page in pages]
    found = findings(pages, spans, SUBJECT)
    assert {(f.page, f.kind) for f in found if f.span and f.kind in (Kind.DATE, Kind.BIRTH_DATE)} == {
        (0, Kind.BIRTH_DATE),
        (1, Kind.BIRTH_DATE),
    }


def test_no_year_is_left_of_dates_that_overlap_with_one_of_birth() -> None:
    """A year alone is one that a profile keeps: here it would be a rest."""
    text = "11.19.2022 November 28, 2022"
    spans = [Span(a, b, Kind.DATE, 0.9, Layer.PATTERN) for a, b in ((0, 10), (6, 22), (11, 28))]
    born = Span(0, 10, Kind.BIRTH_DATE, 0.65, Layer.LABEL)
    assert [(s.start, s.end, s.kind) for s in merge(text, [*spans, born])] == [(0, 28, Kind.BIRTH_DATE)]
    apart = [spans[0], spans[2], born]
    assert [(s.start, s.kind) for s in merge(text, apart)] == [(0, Kind.BIRTH_DATE), (11, Kind.DATE)]


@pytest.mark.parametrize("piece", ["DOB ", "born in ", "born,", "DOB 3/4/1961 ", "son Ana (", "b. "])
def test_a_hostile_page_takes_bounded_time(piece: str) -> None:
    text = (piece * 30_000)[:100_000]
    spans = [Span(i, i + 8, Kind.DATE, 0.9, Layer.PATTERN) for i in range(0, len(text) - 8, 50)]
    spans += [Span(i, i + 8, Kind.BIRTH_DATE, 0.9, Layer.LABEL) for i in range(10, len(text) - 8, 50)]
    start = time.process_time()
    told(text, spans)
    assert time.process_time() - start < 4.0
