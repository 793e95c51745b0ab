"""Further rounds: read again is what lies near the new boxes, as strictly as before, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from detectors.errors import Reason
from detectors.findings import Kind, Layer, Owner, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.looks import Band, Look, bands, beside, where_to_look
from policies.attack.readings.judge import Hunter
from policies.attack.readings.reread import reread_page
from policies.attack.report import Claim, Residual, Secret

sys.path.insert(0, str(Path(__file__).parent))
from made import DPI, drawn, pdf

NOTES = [
    (60, 80 + 20 * i, f"Sodium {130 + i} and potassium 4.{i} were within the usual limits today.") for i in range(30)
]
TOP, MIDDLE = (60, 80), (60, 380)
SECRETS = (Secret(Kind.PERSON, "Bogdana Kovacs-Achterberg"), Secret(Kind.MRN, "MR-4471923"))


def quad(left: int, top: int, right: int, bottom: int) -> Quad:
    return Quad.of(Box(left, top, right, bottom))


def at(baseline_pt: float, x_pt: float = 300, wide_px: int = 120) -> Quad:
    """A region over one line of print of the page that `made.drawn` makes."""
    left, bottom = int(x_pt * DPI / 72), int((baseline_pt + 4) * DPI / 72)
    return quad(left, bottom - 30, left + wide_px, bottom)


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


def always(kind: Kind, owner: Owner, text: str) -> bool:
    return True


def page(*extra: tuple[float, float, str]) -> Pixels:
    return drawn([*NOTES, *extra])


def boxed(pixels: Pixels, *regions: Quad) -> tuple[Pixels, Claim]:
    out = pixels.copy()
    for region in regions:
        box = region.bounds
        out[box.top : box.bottom, box.left : box.right] = 0
    return out, Claim(((pixels.shape[1], pixels.shape[0]),), (regions,), SECRETS)


def attack(pixels: Pixels, look: Look, claim: Claim, engine: TesserocrEngine, *hunters: Hunter) -> tuple[Residual, ...]:
    return reread_page(pdf([(pixels, None)]), look, claim, engine, always, hunters)


def claim_of(*pages: tuple[Quad, ...]) -> Claim:
    return Claim(((100, 100),) * len(pages), pages, ())


def residual(page: int, region: Quad) -> Residual:
    return Residual(page, Kind.PERSON, region, Reason.RESIDUAL_FINDING, True)


A, B, C = quad(0, 0, 9, 9), quad(20, 0, 29, 9), quad(0, 50, 9, 59)


def test_the_first_attack_looks_at_every_page_whole() -> None:
    assert where_to_look(None, claim_of((A,), (), (B,)), []) == [Look(0), Look(1), Look(2)]


def test_a_further_attack_looks_where_something_was_burned_or_found() -> None:
    looks = where_to_look(claim_of((A,), (B,), ()), claim_of((A, B), (B,), (C,)), [residual(0, B), residual(1, C)])
    assert looks == [Look(0, (B,)), Look(1, (C,)), Look(2, (C,))]


def test_a_finding_that_burning_did_not_change_is_looked_at_again() -> None:
    """Or what nobody manages to burn would be released."""
    assert where_to_look(claim_of((A,)), claim_of((A,)), [residual(0, A)]) == [Look(0, (A,))]


def test_a_box_that_grew_is_a_new_one() -> None:
    grown = quad(0, 0, 15, 9)
    assert where_to_look(claim_of((A,), (B,)), claim_of((grown,), (B,)), []) == [Look(0, (grown,))]


def test_claims_of_different_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        where_to_look(claim_of((A,)), claim_of((A,), ()), [])


def test_bands_are_whole_rows_with_a_margin_and_do_not_overlap() -> None:
    assert bands(Look(0), 1000, 100.0) == [Band(0, 1000)]
    low, near = quad(5, 950, 90, 990), quad(5, 130, 9, 140)
    assert bands(Look(0, (low, A, near)), 1000, 100.0) == [Band(0, 39), Band(100, 170), Band(920, 1000)]
    assert bands(Look(0, (A, quad(50, 60, 60, 70))), 1000, 100.0) == [Band(0, 100)]


def test_a_page_with_print_that_runs_down_is_read_whole() -> None:
    word, letter = quad(100, 100, 120, 180), quad(100, 100, 108, 120)
    assert bands(Look(0, (A, word)), 1000, 100.0) == [Band(0, 1000)]
    assert bands(Look(0, (letter,)), 1000, 100.0) == [Band(70, 150)]


@pytest.mark.parametrize("value", ["Bogdana Kovacs-Achterberg", "MR-4471923"])
@pytest.mark.parametrize("above_px", [0, 40])
def test_a_known_value_near_a_new_box_is_found(engine: TesserocrEngine, value: str, above_px: int) -> None:
    pixels, claim = boxed(page((400, MIDDLE[1] + above_px * 72 / DPI, value)), at(MIDDLE[1], 250, 100))
    found = attack(pixels, Look(0, claim.burned[0]), claim, engine)
    assert any(r.reason is Reason.KNOWN_VALUE_READABLE and r.certain for r in found)


def test_something_unknown_near_a_new_box_is_found_by_rule(engine: TesserocrEngine) -> None:
    pixels, claim = boxed(page((400, MIDDLE[1], "SSN: 219-09-9999")), at(MIDDLE[1], 250, 100))
    assert {r.kind for r in attack(pixels, Look(0, claim.burned[0]), claim, engine)} == {Kind.SSN}


def test_what_did_not_change_is_not_read_again(engine: TesserocrEngine) -> None:
    seen: list[PageReading] = []

    def hunter(reading: PageReading) -> list[Span]:
        seen.append(reading)
        return []

    pixels, claim = boxed(page(), at(MIDDLE[1]))
    attack(pixels, Look(0, claim.burned[0]), claim, engine, hunter)
    attack(pixels, Look(0), claim, engine, hunter)
    near, whole = seen
    assert "145" in near.text, "the line of the box"
    assert len(near.words) < len(whole.words) / 5
    tops = [word.region.bounds.top for word in near.words]
    lines = {word.region.bounds: word.text for word in whole.words}
    assert min(tops) > claim.burned[0][0].bounds.top - 60
    assert max(tops) < claim.burned[0][0].bounds.bottom + 60
    assert {w.text for w in near.words if w.text[0] != "█"} <= {*lines.values()}, "a line that an edge cuts is no word"


def test_two_places_are_read_each_in_its_own_band(engine: TesserocrEngine) -> None:
    pixels, claim = boxed(
        page((400, TOP[1], "MR-4471923"), (400, 600, "MR-4471923")), at(TOP[1], 250, 90), at(600, 250, 90)
    )
    found = attack(pixels, Look(0, claim.burned[0]), claim, engine)
    places = {r.region.bounds.bottom for r in found if r.reason is Reason.KNOWN_VALUE_READABLE}
    lines = {region.bounds.bottom for region in claim.burned[0]}
    assert len(places) == 2
    assert all(any(abs(place - line) < 20 for line in lines) for place in places), "told where they stand"


def test_what_lies_between_two_places_is_not_shown(engine: TesserocrEngine) -> None:
    """An engine pays for empty rows as well."""
    shown: list[Pixels] = []

    class Watched:
        name = engine.name

        def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
            shown.append(gray)
            return engine.words(gray, dpi)

    pixels, claim = boxed(page(), at(TOP[1]), at(600))
    for near in (claim.burned[0], None):
        reread_page(pdf([(pixels, None)]), Look(0, near), claim, Watched(), always)
    bands_, whole = shown
    assert len(bands_) < len(whole) / 3


def test_regions_beside_rows_are_those_that_come_so_near() -> None:
    rows = [Band(100, 200), Band(400, 500)]
    above, across, between = quad(0, 50, 9, 100), quad(0, 150, 9, 450), quad(0, 210, 9, 390)
    assert beside([above, across, between], rows) == [across]
    assert beside([above, across, between], rows, 1) == [above, across]
    assert beside([above, across, between], rows, 11) == [above, across, between]


def test_what_is_found_once_is_looked_for_on_the_rest_of_the_page(engine: TesserocrEngine) -> None:
    """A hunter may know a name in one sentence and miss it in the next; the next round reads only the first again."""
    pixels, claim = boxed(page((400, TOP[1], "by Oluwaseun"), (400, 640, "Oluwaseun")))

    def hunter(reading: PageReading) -> list[Span]:
        start = reading.text.index("Oluwaseun")
        return [Span(start, start + 9, Kind.PERSON, 0.85, Layer.NER)]

    found = attack(pixels, Look(0), claim, engine, hunter)
    assert sorted(r.region.bounds.top // 400 for r in found) == [0, 3]
    assert {(r.reason, r.certain) for r in found} == {(Reason.RESIDUAL_FINDING, False)}


@pytest.mark.parametrize("near", [True, False])
def test_a_code_that_still_decodes_is_found_where_it_stands(engine: TesserocrEngine, near: bool) -> None:
    code = zxingcpp.create_barcode("0044-7192", zxingcpp.BarcodeFormat.QRCode)
    symbol = cv2.resize(np.asarray(code.to_image()), (160, 160), interpolation=cv2.INTER_NEAREST)
    pixels = page()
    pixels[900:1060, 1000:1160] = symbol
    pixels, claim = boxed(pixels, quad(200, 900, 300, 1060) if near else at(TOP[1]))
    codes = [r for r in attack(pixels, Look(0, claim.burned[0]), claim, engine) if r.kind is Kind.BARCODE]
    assert [(abs(r.region.bounds.top - 900) < 40, abs(r.region.bounds.left - 1000) < 40) for r in codes] == (
        [(True, True)] if near else []
    )
