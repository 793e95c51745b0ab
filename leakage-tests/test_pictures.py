"""Names, numbers and days burned into medical pictures, in each coding that devices use: none is left, the body is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from detectors.errors import Reason
from policies.attack.report import Verdict
from streams.canaries.leakcheck import rasters
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from tests.decode.dicoms import frames
from tests.pictures.bodies import BODIES
from tests.pictures.frames import CLASSES, WAYS, coded, frame
from tests.pictures.score import DEADLINE_S, scored
from tests.pictures.writing import Style, write

SOURCE = "DICOM PS3.15, E.3.1 Clean Pixel Data Option; Presidio's image redactor reads the first frame alone"
UNTOUCHED = 0.75
"""Of each frame at least: large letters take much of a small one. The mean is what `python -m tests.pictures` tells."""


@pytest.fixture(scope="module")
def parts() -> Iterator[Parts]:
    with Decoder() as decoder, PagePool(2) as pool:
        yield Parts(decoder, pool)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_into_a_picture_goes(
    way: str, parts: Parts, record_property: Callable[[str, object], None]
) -> None:
    body = ("fan", "bones", "slice_of_ct", "breast", "flow", "scope", "head_of_mr", "counts")[WAYS.index(way) % 8]
    made = frame(9_000 + WAYS.index(way), body)
    score = scored(made, coded(made, way), "hipaa-safe-harbor", parts)
    record_property("case", f"planted, in a picture: {way}, {body}")
    record_property("source", SOURCE)
    record_property("figure", f"{score.telling - len(score.missed)} of {score.telling} burned, {score.verdict}")
    assert score.telling >= 4
    assert score.missed == ()
    assert score.untouched >= UNTOUCHED


def test_a_series_shows_no_frame_with_its_writing(parts: Parts, record_property: Callable[[str, object], None]) -> None:
    rng = np.random.default_rng(9_050)
    style = Style(16, (255, 255, 255), "DejaVuSans")
    shown, lines = [], []
    for number in range(4):
        pixels = BODIES["fan"](rng, (480, 640))
        lines.append([
            write(pixels, "VANDERMOLEN^OTTOLINE", (12, 10), style, telling=True),
            write(pixels, f"11:48:{7 * number + 10}", (540, 10), style, telling=True),
        ])  # fmt: skip
        shown.append(pixels)
    content = frames(*shown, WindowCenter="128", WindowWidth="256", SOPClassUID=CLASSES["flow"])
    outcome = process(Document("t", "series", content, "hipaa-safe-harbor"), parts, Deadline.after(DEADLINE_S))
    assert (outcome.verdict, outcome.reasons) == (Verdict.REVIEW, (Reason.PICTURE_OF_A_BODY,))
    assert isinstance(outcome.copy, bytes)
    copies = rasters(outcome.copy, ".pdf")
    record_property("case", "planted, in a picture: a series, a line that stays and one that changes")
    record_property("source", SOURCE)
    assert len(copies) == 4
    for copy, pixels, written in zip(copies, shown, lines, strict=True):
        assert all(copy[line.strokes].max() <= 40 for line in written)
        assert np.abs(copy[200:300, 260:380].astype(int) - pixels[200:300, 260:380]).mean() < 8, "the body is there"
