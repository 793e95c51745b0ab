"""On a finished picture the attacker finds writing that is left, on views of its own, and takes no body for a leak."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Owner
from detectors.geometry import Box, Quad
from detectors.pages import Pixels
from detectors.reading.engines.ppocr_engine import PpocrEngine
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page
from policies.attack.report import Claim, Residual, Secret
from tests.pictures.bodies import BODIES, CLUTTER
from tests.pictures.writing import Line, Style, write

sys.path.insert(0, str(Path(__file__).parent))
from made import pdf

OTHER = cache(PpocrEngine)
WHITE = Style(18, (255, 255, 255), "DejaVuSans")


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


def body(name: str, seed: int = 9_900) -> Pixels:
    rng = np.random.default_rng(seed)
    pixels = BODIES[name](rng, (480, 640))
    for clutter in CLUTTER:
        clutter(rng, pixels)
    return pixels


def found(
    pixels: Pixels, engine: TesserocrEngine, burned: Sequence[Box] = (), secrets: Sequence[Secret] = ()
) -> tuple[Residual, ...]:
    for box in burned:
        cv2.rectangle(pixels, (box.left, box.top), (box.right - 1, box.bottom - 1), (0, 0, 0), -1)
    size = (pixels.shape[1], pixels.shape[0])
    claim = Claim((size,), (tuple(Quad.of(box) for box in burned),), tuple(secrets))
    return reread_page(pdf([(pixels, None)]), Look(0, picture=True), claim, engine, acts, other=OTHER())


def acts(_kind: Kind, _owner: Owner, _text: str) -> bool:
    return True


def takes(residuals: Sequence[Residual], line: Line) -> bool:
    return any(residual.region.bounds.overlap(line.box) > 0.6 * line.box.area for residual in residuals)


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_line_that_is_left_is_found_on_any_body(name: str, engine: TesserocrEngine) -> None:
    pixels = body(name)
    left = write(pixels, "THISTLEWOOD^MARISOL", (40, 22), WHITE, telling=True)
    assert takes(found(pixels, engine), left)


def test_a_body_alone_is_hardly_a_leak(engine: TesserocrEngine) -> None:
    places = [found(body(name), engine) for name in sorted(BODIES)]
    area = sum(residual.region.bounds.area for residuals in places for residual in residuals)
    assert area < 0.01 * len(places) * 480 * 640
    assert not [r for residuals in places for r in residuals if r.reason is Reason.KNOWN_VALUE_READABLE]


def test_what_is_burned_is_gone_and_its_neighbour_is_not(engine: TesserocrEngine) -> None:
    pixels = body("fan")
    gone = write(pixels, "Vandermolen, Ottoline", (20, 400), WHITE, telling=True)
    left = write(pixels, "04/11/1958", (20, 440), WHITE, telling=True)
    residuals = found(pixels, engine, [gone.box.grown(3)])
    assert takes(residuals, left)
    assert not takes(residuals, gone)


def test_what_tells_nobody_may_stay(engine: TesserocrEngine) -> None:
    pixels = body("slice_of_ct")
    lines = [write(pixels, text, (20, 20 + 30 * row), WHITE, False) for row, text in enumerate(("AP ERECT", "MI 1.1"))]
    residuals = found(pixels, engine)
    assert not any(takes(residuals, line) for line in lines)


def test_a_known_name_in_a_picture_is_a_certain_leak(engine: TesserocrEngine) -> None:
    pixels = body("head_of_mr")
    write(pixels, "Ottoline Vandermolen", (20, 20), Style(22, (255, 255, 255), "DejaVuSans"), telling=True)
    residuals = found(pixels, engine, secrets=[Secret(Kind.PERSON, "Ottoline Vandermolen")])
    assert any(r.certain and r.reason is Reason.KNOWN_VALUE_READABLE for r in residuals)


def test_without_the_second_engine_no_picture_is_passed(engine: TesserocrEngine) -> None:
    pixels = body("fan")
    claim = Claim(((640, 480),), ((),), ())
    with pytest.raises(RedoubtError) as refused:
        reread_page(pdf([(pixels, None)]), Look(0, picture=True), claim, engine, acts)
    assert refused.value.reason is Reason.MISCONFIGURED
