"""The attacker reads a finished copy: what is left readable it finds, and a clean copy passes in silence."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Layer, Owner, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page
from policies.attack.report import Claim, Residual, Secret

sys.path.insert(0, str(Path(__file__).parent))
from made import drawn, jpeg, pdf

HEADER = [
    (60, 80, "Lakeside Medical Center"),
    (60, 110, "Patient:"),
    (60, 130, "Date of Birth:"),
    (60, 150, "MRN:"),
    (60, 170, "Phone:"),
]
VALUES = [
    (160, 110, "Bogdana Kovacs-Achterberg"),
    (160, 130, "03/14/1962"),
    (160, 150, "MR-4471923"),
    (160, 170, "(312) 555-0187"),
]
BODY = [
    (60, 230, "Chief Complaint: Shortness of breath on exertion for two weeks."),
    (60, 250, "Past Medical History: Hypertension, Type 2 Diabetes Mellitus, Normal Sinus Rhythm."),
    (60, 270, "Blood pressure 138/82, heart rate 76, temperature 98.6, respiratory rate 16."),
    (60, 290, "White Blood Cells 7.2, Hemoglobin 13.4, Platelet Count 250, Sodium 139."),
    (60, 310, "Medications: Metformin 500 mg twice daily, Lisinopril 10 mg daily, Aspirin 81 mg."),
    (60, 330, "Assessment and Plan: Continue current therapy. May return to work in one week."),
    (60, 350, "Chest x-ray shows no acute disease. Ejection fraction 55-60 percent."),
    (60, 370, "Discharge Instructions: Low sodium diet. Follow up in the Cardiology Clinic."),
]
SECRETS = (
    Secret(Kind.PERSON, "Bogdana Kovacs-Achterberg"),
    Secret(Kind.DATE, "03/14/1962"),
    Secret(Kind.MRN, "MR-4471923"),
    Secret(Kind.PHONE, "(312) 555-0187"),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


def always(kind: Kind, owner: Owner, text: str) -> bool:
    return True


def boxed(lines: Sequence[tuple[float, float, str]], cut_px: int = 0) -> tuple[np.ndarray, Claim]:
    """The page with these lines burned; `cut_px` leaves so much of each box's right end open."""
    page = drawn([*HEADER, *VALUES, *BODY])
    quads = []
    for x, y, text in lines:
        ink = np.nonzero((drawn([(x, y, text)]) < 200).any(axis=0))[0]
        left, right = int(ink[0]) - 3, int(ink[-1]) + 4
        box = Box(left, int((y - 11) * 150 / 72), right - cut_px, int((y + 4) * 150 / 72))
        page[box.top : box.bottom, box.left : box.right] = 0
        quads.append(Quad.of(box))
    return page, Claim(((page.shape[1], page.shape[0]),), (tuple(quads),), SECRETS)


def attack(page: np.ndarray, claim: Claim, engine: TesserocrEngine, lossy: bool = False) -> tuple[Residual, ...]:
    return readable(reread_page(pdf([(page, jpeg(page) if lossy else None)]), Look(0), claim, engine, always))


def readable(found: Sequence[Residual]) -> tuple[Residual, ...]:
    """Without what widths tell: the name is longer than any of a thousand, and its tight box says so."""
    return tuple(residual for residual in found if residual.reason is not Reason.WIDTH_TELLS)


@pytest.mark.parametrize("lossy", [False, True])
def test_a_clean_copy_has_no_residuals(engine: TesserocrEngine, lossy: bool) -> None:
    page, claim = boxed(VALUES)
    assert attack(page, claim, engine, lossy) == ()


@pytest.mark.parametrize("left", VALUES, ids=["name", "date", "mrn", "phone"])
def test_a_value_left_readable_is_found_in_its_place(engine: TesserocrEngine, left: tuple[float, float, str]) -> None:
    page, claim = boxed([v for v in VALUES if v is not left])
    found = attack(page, claim, engine)
    known = [r for r in found if r.reason is Reason.KNOWN_VALUE_READABLE]
    assert known
    assert all(r.certain for r in known)
    x, y, _ = left
    for residual in found:
        bounds = residual.region.bounds
        assert bounds.left >= (x - 4) * 150 / 72
        assert bounds.top >= (y - 12) * 150 / 72
        assert bounds.bottom <= (y + 6) * 150 / 72


def test_a_value_left_elsewhere_on_the_page_is_found(engine: TesserocrEngine) -> None:
    page, claim = boxed(VALUES)
    footer = drawn([(60, 740, "Printed for B. Achterberg on 14 Mar 1962")])
    found = attack(np.minimum(page, footer), claim, engine)
    reasons = {(r.kind, r.reason) for r in found}
    assert (Kind.PERSON, Reason.KNOWN_VALUE_READABLE) in reasons
    assert (Kind.DATE, Reason.RESIDUAL_FINDING) in reasons


@pytest.mark.parametrize(("left", "cut_px", "kind"), [(VALUES[2], 80, Kind.MRN), (VALUES[2], 110, Kind.MRN)])
def test_the_rest_of_a_value_beside_its_box_is_found(
    engine: TesserocrEngine, left: tuple[float, float, str], cut_px: int, kind: Kind
) -> None:
    page, claim = boxed([left], cut_px)
    rest, _ = boxed([v for v in VALUES if v is not left])
    found = attack(np.minimum(page, rest), claim, engine)
    assert any(r.kind is kind and r.reason is Reason.KNOWN_VALUE_READABLE and r.certain for r in found)


@pytest.mark.parametrize(("cut", "lossy"), [("half", True), ("caps", False), ("feet", False)])
def test_what_a_box_cuts_lengthwise_is_told_where_it_stands(engine: TesserocrEngine, cut: str, lossy: bool) -> None:
    page, claim = boxed(VALUES)
    name = claim.burned[0][0].bounds
    shown = drawn([*HEADER, *VALUES, *BODY])
    place = (slice(name.top, name.bottom), slice(name.left, name.right))
    page[place] = shown[place]
    top, bottom = {"half": (17, 0), "caps": (15, 0), "feet": (0, 14)}[cut]
    box = Box(name.left, name.top + top, name.right, name.bottom - bottom)
    page[box.top : box.bottom, box.left : box.right] = 0
    claim = dataclasses.replace(claim, burned=((Quad.of(box), *claim.burned[0][1:]),))
    (found,) = [r for r in attack(page, claim, engine, lossy) if r.kind is Kind.INK]
    rest = found.region.bounds
    assert (found.reason, found.certain) == (Reason.RESIDUAL_FINDING, False)
    assert rest.overlap(name) == rest.area
    assert not rest.overlap(box)
    assert (rest.bottom == box.top) if top else (rest.top == box.bottom)
    assert rest.width > 0.8 * (name.width - 7), "all of the name"


def test_something_unknown_is_found_by_rule(engine: TesserocrEngine) -> None:
    page, claim = boxed(VALUES)
    extra = drawn([(60, 500, "Emergency Contact: Oluwaseun Adeyemi"), (60, 520, "SSN 219-09-9999")])
    found = attack(np.minimum(page, extra), claim, engine)
    assert {r.kind for r in found} == {Kind.PERSON, Kind.SSN}
    assert all(r.reason is Reason.RESIDUAL_FINDING for r in found)


@pytest.mark.parametrize("level", [0.75, 0.6, 0.4, 0.25])
def test_text_under_a_see_through_marker_is_found(engine: TesserocrEngine, level: float) -> None:
    page, claim = boxed(VALUES)
    marked = np.minimum(page, drawn([(60, 520, "SSN: 219-09-9999")]))
    top, bottom = int(506 * 150 / 72), int(526 * 150 / 72)
    marked[top:bottom, 100:700] = (marked[top:bottom, 100:700] * level).astype(np.uint8)
    assert {r.kind for r in attack(marked, claim, engine, lossy=True)} == {Kind.SSN}


def test_pale_ink_beside_solid_boxes_is_read(engine: TesserocrEngine) -> None:
    page, claim = boxed(VALUES[1:])
    pale = np.where(page == 0, 0, 150 + page.astype(int) * 90 // 255).astype(np.uint8)
    for quad in claim.burned[0]:
        box = quad.bounds
        pale[box.top : box.bottom, box.left : box.right] = 0
    pale[(page == 0) & (drawn([*HEADER, *VALUES[:1], *BODY]) == 0)] = 150
    noisy = np.clip(pale + np.random.default_rng(3).normal(0, 4, pale.shape), 0, 255).astype(np.uint8)
    noisy[pale == 0] = 0
    assert any(r.kind is Kind.PERSON and r.certain for r in attack(noisy, claim, engine, lossy=True))


def test_what_the_profile_keeps_is_no_residual(engine: TesserocrEngine) -> None:
    page, claim = boxed(VALUES[1:])

    def not_names(kind: Kind, owner: Owner, text: str) -> bool:
        return kind is not Kind.PERSON

    assert reread_page(pdf([(page, None)]), Look(0), claim, engine, not_names) == ()


def test_a_hunter_is_asked_and_its_weak_guesses_are_not_taken(engine: TesserocrEngine) -> None:
    page, claim = boxed(VALUES)
    seen: list[PageReading] = []

    def hunter(reading: PageReading) -> list[Span]:
        seen.append(reading)
        at = reading.text.index("Metformin")
        weak = reading.text.index("Lisinopril")
        return [
            Span(at, at + 9, Kind.PERSON, 0.85, Layer.NER),
            Span(weak, weak + 10, Kind.PERSON, 0.2, Layer.NER),
        ]

    (residual,) = readable(reread_page(pdf([(page, None)]), Look(0), claim, engine, always, [hunter]))
    (word,) = [w for w in seen[0].words if w.text == "Metformin"]
    assert residual.region == word.region
    assert not residual.certain
    assert (seen[0].width_px, seen[0].height_px) == (page.shape[1], page.shape[0])


def test_words_in_burned_regions_are_ignored(engine: TesserocrEngine) -> None:
    """Whether a region is solid is the structure's question; what an engine makes of a black box is no word."""
    page = drawn([*HEADER, *VALUES, *BODY])
    _, claim = boxed(VALUES)
    assert attack(page, claim, engine) == ()


def test_pages_are_told_apart(engine: TesserocrEngine) -> None:
    clean, claim = boxed(VALUES)
    open_page = drawn([*HEADER, *VALUES])
    copy = pdf([(clean, None), (open_page, None)])
    both = Claim(claim.page_sizes * 2, (claim.burned[0], ()), SECRETS)
    assert readable(reread_page(copy, Look(0), both, engine, always)) == ()
    found = reread_page(copy, Look(1), both, engine, always)
    assert {r.page for r in found} == {1}


@pytest.mark.parametrize("copy", [b"", b"%PDF-1.4 nothing", pdf([(drawn([]), None)])[:1500]])
def test_a_broken_copy_is_an_error_never_a_clean_page(engine: TesserocrEngine, copy: bytes) -> None:
    _, claim = boxed(VALUES)
    with pytest.raises(RedoubtError):
        reread_page(copy, Look(0), claim, engine, always)
