"""Identifiers in print that is hard to see: in a released copy their pixels are solid black, or there is no copy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from hard_print import CASES, HardPrint, Raster, Truth

RUN_LIMIT_S = 240
BLACK = 24
"""Levels up to which a pixel of a copy is black."""
COVERED = 0.995
"""Share of the truth that is black in a clean copy: scaled pages blur at the rims of what was burned."""


@dataclass(frozen=True)
class Run:
    inputs: Mapping[str, tuple[Raster, Truth]] = field(repr=False)
    released: Mapping[str, Raster] = field(repr=False)
    returncode: int
    errors: str = field(repr=False)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("hard")
    files, inputs, released = [], {}, {}
    for number, case in enumerate(CASES):
        content, truth = case.build()
        files.append(folder / f"case-{number:02d}.png")
        files[-1].write_bytes(content)
        with Image.open(files[-1]) as image:
            inputs[case.name] = np.asarray(image.convert("L"), np.uint8), truth
    command = [sys.executable, "-m", "streams.cli", "redact", *map(str, files), "--profile", "maximal", "--keep-names"]
    done = subprocess.run(
        [*command, "--out", str(folder / "out")],
        env={**os.environ, "HOME": str(folder), "OMP_THREAD_LIMIT": "1"},
        capture_output=True,
        timeout=RUN_LIMIT_S,
        check=False,
        cwd=folder,
    )
    for number, case in enumerate(CASES):
        copy = folder / "out" / f"case-{number:02d}.pdf"
        if copy.exists():
            released[case.name] = shown(copy, inputs[case.name][1].shape)
    return Run(inputs, released, done.returncode, done.stderr.decode(errors="replace"))


def shown(copy: Path, shape: tuple[int, ...]) -> Raster:
    with pymupdf.open(copy) as document:
        zoom = shape[1] / document[0].rect.width
        pixmap = document[0].get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csGRAY)
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    if rows.shape != shape:
        rows = cv2.resize(rows, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
    return np.asarray(rows, np.uint8)


def black(page: Raster, truth: Truth) -> float:
    return float((page[truth] <= BLACK).mean())


def by_name(case: HardPrint) -> str:
    return case.name.replace(" ", "_")


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_no_released_copy_shows_it(case: HardPrint, run: Run) -> None:
    page, truth = run.inputs[case.name]
    # Otherwise an untouched copy would pass as well; on black ground the letters themselves must go.
    readable = truth & (page > BLACK)
    assert readable.sum() > 0.05 * truth.sum() > 0
    assert case.name not in run.released or black(run.released[case.name], readable) >= COVERED


@pytest.mark.parametrize("case", CASES[:5], ids=by_name)
def test_one_figure_that_shows_is_told(case: HardPrint) -> None:
    """The number that ends furthest to the right, without a box on its last figure."""
    _, truth = case.build()
    copy, end = np.where(truth, 0, 255).astype(np.uint8), int(np.flatnonzero(truth.any(axis=0))[-1])
    rows = np.flatnonzero(truth[:, end])
    assert black(copy, truth) == 1
    copy[:, end - len(rows) // 2 :] = 255
    assert black(copy, truth) < COVERED


def test_the_run_judged_every_page(run: Run) -> None:
    assert run.returncode in (0, 3), run.errors[-2000:]


def test_pages_are_not_blacked_out(run: Run) -> None:
    """A page that went black hides everything, and one that is always held is of no use."""
    assert len(run.released) >= 0.3 * len(CASES)
    for name, copy in run.released.items():
        page, truth = run.inputs[name]
        away = ~np.asarray(cv2.dilate(truth.astype(np.uint8), np.ones((121, 121), np.uint8)), bool)
        assert black(copy, away) - black(page, away) < 0.01, name
