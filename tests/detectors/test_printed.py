"""What a form prints names nobody, and what it asks for may still be called so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detectors.detect import PageDetector
from detectors.findings import Kind, Layer, Span
from detectors.labels import vocabulary
from detectors.labels.grid import of_page
from detectors.labels.printed import without_guesses
from detectors.pages import PageReading
from detectors.text.analyzer import TextDetector

LayOut = Callable[..., PageReading]
Cells = list[tuple[float, float, str]]

_STEPS = (0.0, 40.0, 75.0, 100.0)


def _rows(*rows: str) -> Cells:
    """Rows of cells, cells parted by a stroke, one below the other in columns."""
    return [
        (_STEPS[c], 1.3 * r, cell)
        for r, row in enumerate(rows)
        for c, cell in enumerate(map(str.strip, row.split("|")))
        if cell
    ]


def _guessed(page: PageReading, value: str, kind: Kind, layer: Layer = Layer.NER, score: float = 0.6) -> list[str]:
    at = page.text.index(value)
    span = Span(at, at + len(value), kind, score, layer)
    return [page.text[s.start : s.end] for s in without_guesses(of_page(page), [span])]


PRINTED = [
    (["Branch address", "9 Old Mill Rd"], "Branch", Kind.CITY),
    (["Agency", "Mt. Zorblat Imaging"], "Agency", Kind.CITY),
    (["Emerg. contact / phone", "Zo Quux"], "Emerg.", Kind.PERSON),
    (["Clinician", "Zo Quux"], "Clinician", Kind.PERSON),
    (["Resident address | Town", "9 Old Mill Rd | Zorblatville"], "Town", Kind.STREET),
    (["Responsible person | Relation", "Zo Quux | Son"], "Relation", Kind.PERSON),
    (["Responsible person | Relation", "Zo Quux | Son"], "Son", Kind.PERSON),
    (["Relationship: | Son"], "Son", Kind.PERSON),
    (["Admit date | Funeral home", "1/2/2020 | Zorblat & Sons"], "Funeral home", Kind.FACILITY),
    (["Mobility | Walker | Cane | Bedbound"], "Walker", Kind.PERSON),
    (["Mobility Alert Walker Bedbound"], "Walker", Kind.PERSON),
    (["Zo Quux", "Triage nurse"], "Triage", Kind.PERSON),
    (["GROUP HEALTH PLAN"], "GROUP HEALTH PLAN", Kind.FACILITY),
    (["EMS unit | Medic 31"], "Medic 31", Kind.STREET),
    (["Religion", "Catholic"], "Catholic", Kind.PERSON),
    (["11b. EMPLOYER'S NAME OR SCHOOL NAME"], "11b. EMPLOYER'S NAME OR SCHOOL NAME", Kind.STREET),
    (["Zo Quux", "Internal Medicine"], "Internal Medicine", Kind.FACILITY),
    (["EMS unit Medic 31"], "Medic 31", Kind.STREET),
    (["DTaP 2"], "DTaP", Kind.PERSON),
    (["MMR | Hib | IPV"], "Hib", Kind.PERSON),
]


@pytest.mark.parametrize(("rows", "value", "kind"), PRINTED)
def test_a_guess_on_what_the_form_prints_falls(laid_out: LayOut, rows: list[str], value: str, kind: Kind) -> None:
    assert _guessed(laid_out(_rows(*rows)), value, kind) == []


NAMES = [
    (["Branch, Tina"], "Branch, Tina", Kind.PERSON),
    (["Patient: Branch, Tina"], "Branch, Tina", Kind.PERSON),
    (["Nurse Walker"], "Walker", Kind.PERSON),
    (["Patient Walker"], "Walker", Kind.PERSON),
    (["Mother Grace"], "Grace", Kind.PERSON),
    (["Page Church"], "Page Church", Kind.PERSON),
    (["Surname | Given name", "Town | Page"], "Town", Kind.PERSON),
    (["Surname | Sex", "Town | Female"], "Town", Kind.PERSON),
    (["Surname | Sex", "Town | Female", "Branch | Male"], "Town", Kind.PERSON),
    (["Physician | Town", "Nurse | Page"], "Town", Kind.PERSON),
    (["Physician: | Town", "9/9/2020 | Zorblat"], "Town", Kind.PERSON),
    (["Will Price came in with pain"], "Will Price", Kind.PERSON),
    (["Branch Clinic"], "Branch Clinic", Kind.FACILITY),
    (["Walker Hospital"], "Walker Hospital", Kind.FACILITY),
    (["Family Health Center"], "Family Health Center", Kind.FACILITY),
    (["Community Hospital"], "Community Hospital", Kind.FACILITY),
    (["Church Street"], "Church Street", Kind.STREET),
    (["Mobile"], "Mobile", Kind.CITY),
    (["Normal, IL"], "Normal", Kind.CITY),
    (["Next of kin | Son"], "Son", Kind.PERSON),
    (["Hope Son"], "Hope Son", Kind.PERSON),
    (["Walker"], "Walker", Kind.PERSON),
    (["Walker | Cane"], "Walker", Kind.PERSON),
    (["Attending | Walker"], "Walker", Kind.PERSON),
    (["Walker 2"], "Walker", Kind.PERSON),
    (["Medic 3101"], "Medic 3101", Kind.STREET),
    (["Medic 31 Walker Rd"], "Medic 31 Walker Rd", Kind.STREET),
    (["Driver Case"], "Driver Case", Kind.PERSON),
    (["Zo Quux", "Walker"], "Walker", Kind.PERSON),
]


@pytest.mark.parametrize(("rows", "value", "kind"), NAMES)
def test_a_word_of_forms_that_may_be_a_name_stays_guessed(
    laid_out: LayOut, rows: list[str], value: str, kind: Kind
) -> None:
    assert _guessed(laid_out(_rows(*rows)), value, kind) == [value]


def test_what_was_not_read_surely_stays_guessed(laid_out: LayOut) -> None:
    assert _guessed(laid_out(_rows("Clinician"), confidence=60.0), "Clinician", Kind.PERSON) == ["Clinician"]


@pytest.mark.parametrize("layer", [Layer.PATIENT, Layer.PATTERN, Layer.LABEL])
def test_what_is_known_stays(laid_out: LayOut, layer: Layer) -> None:
    assert _guessed(laid_out(_rows("Clinician")), "Clinician", Kind.PERSON, layer, 0.9) == ["Clinician"]


@pytest.mark.parametrize(
    ("rows", "value", "left"),
    [
        (["Relation", "Zo Quux"], "Relation\nZo Quux", ["Zo Quux"]),
        (["Zo Quux", "Triage nurse"], "Zo Quux\nTriage", ["Zo Quux"]),
        (["ZO QUUX | Case No.:"], "ZO QUUX\nCase", ["ZO QUUX"]),
        (["Zo", "Relation", "Quux"], "Zo\nRelation\nQuux", ["Zo", "Quux"]),
        (["Relation", "Q"], "Relation\nQ", ["Q"]),
        (["Zorblat Walker"], "Zorblat Walker", ["Zorblat Walker"]),
    ],
)
def test_a_guess_over_several_cells_keeps_the_name(
    laid_out: LayOut, rows: list[str], value: str, left: list[str]
) -> None:
    page = laid_out(_rows(*rows))
    assert [v.strip() for v in _guessed(page, value, Kind.PERSON)] == left


def _table(head: str, *rows: str) -> Cells:
    return [
        (float(at), 1.3 * r, word)
        for r, line in enumerate((head, *rows))
        for word in line.split()
        for at in [line.index(word)]
    ]


@pytest.mark.parametrize("value", ["104/92", "88", "100.4", "96%"])
def test_figures_under_the_labels_of_vital_signs_are_measures(laid_out: LayOut, value: str) -> None:
    page = laid_out(_table("BP        HR      RR    Temp     SpO2", "104/92    88      27    100.4    96%"))
    assert _guessed(page, value, Kind.OTHER_ID, Layer.PATTERN, 0.35) == []


@pytest.mark.parametrize(
    ("head", "row", "value", "score"),
    [
        ("BP        HR      RR    Temp     SpO2", "104/92    8812    27    100.4    96%", "8812", 0.35),
        ("BP        HR      RR    Temp     SpO2", "104/92    88      27    100.4    96%", "88", 0.8),
        ("Order     Unit    Box   Lot      Case", "104/92    88      27    100.4    96%", "104/92", 0.35),
        ("BP        HR      RR    Temp     SpO2", "104/1992  88      27    100.4    96%", "104/1992", 0.35),
        ("BP        HR      RR    Temp     SpO2", "A88       91      27    100.4    96%", "A88", 0.35),
    ],
)
def test_other_numbers_there_stay(laid_out: LayOut, head: str, row: str, value: str, score: float) -> None:
    assert _guessed(laid_out(_table(head, row)), value, Kind.OTHER_ID, Layer.PATTERN, score) == [value]


def test_the_vocabulary_is_wide() -> None:
    assert len(vocabulary.WORDINGS) > 200
    assert sum(map(vocabulary.is_plain, vocabulary.SINGLE)) > 400


def test_only_few_wordings_are_made_of_words_that_may_all_be_names() -> None:
    """Each was looked at: the two or three together are nobody."""
    doubtful = {"casenumber", "roomnumber", "staffnurse", "placeofservice", "givenby", "datesofservice", "fallrisk"}
    listed = [p.split() for p in vocabulary.LISTED]
    named = {"".join(words) for words in listed if len(words) > 1 and not any(map(vocabulary.is_plain, words))}
    assert named <= doubtful | {"recordnumber", "caseno", "roomno", "recordno"}


@pytest.mark.parametrize(
    "name",
    [
        "branch",
        "town",
        "walker",
        "cane",
        "page",
        "church",
        "will",
        "price",
        "hope",
        "son",
        "ward",
        "case",
        "day",
        "reading",
    ],
)
def test_a_name_of_the_census_is_no_plain_word_of_forms(name: str) -> None:
    assert not vocabulary.is_plain(name)


PATIENTS = [
    (["Patient: Branch, Tina", "DOB: 3/4/1950"], "Branch"),
    (["Surname | Given name", "Town | Tina"], "Tina"),
    (["Patient name", "Walker, Page"], "Walker"),
    (["Name: Page Church"], "Page"),
    (["Attending: Dr. Walker"], "Walker"),
    (["Seen with Mrs. Branch today for pain"], "Branch"),
    (["Last, First, MI: Cane, Will T."], "Cane"),
    (["Next of kin: Son Nguyen"], "Son"),
    (["Emergency contact: Grace Town"], "Town"),
    (["Nurse: Tina Ward, RN"], "Ward"),
    (["Mr. Police was seen by Dr. Reading"], "Reading"),
]


@pytest.fixture(scope="module")
def pages(text_detector: TextDetector) -> PageDetector:
    return PageDetector(text_detector)


@pytest.mark.parametrize(("rows", "name"), PATIENTS)
def test_people_called_like_labels_are_found(laid_out: LayOut, pages: PageDetector, rows: list[str], name: str) -> None:
    page = laid_out(_rows(*rows))
    covered = {i for s in pages.spans(page, None) for i in range(s.start, s.end)}
    assert covered.issuperset(range(page.text.index(name), page.text.index(name) + len(name)))
