"""Images and a PDF of strangers: names burned into an X-ray, a screenshot, a letter from a word processor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from tests.acceptance.command import Redaction, layers, page_pixels, read, redact
from tests.acceptance.corpora import corpus

FILES = ("3_ORIGINAL.png", "original_image.png", "purple_redact.png", "sample.pdf")
BLACK = 40
"""Gray levels; JPEG lets a black box shimmer."""
STILL_READ = {
    "original_image.png": ("contributions", "contributor", "license", "agreement", "questions"),
    "sample.pdf": ("test", "created", "contact"),
}
"""Harmless words that must not go with the rest."""


@pytest.fixture(scope="module")
def folder() -> Path:
    return corpus("presidio-image")


@pytest.fixture(scope="module")
def run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Redaction:
    return redact([folder / name for name in FILES], tmp_path_factory.mktemp("images") / "out")


@pytest.fixture(scope="module")
def texts(run: Redaction) -> Iterator[dict[str, str]]:
    with TesserocrEngine() as engine:
        yield {FILES[position - 1]: read(engine, page_pixels(copy)).casefold() for position, copy in run.copies.items()}


def copy_of(run: Redaction, name: str) -> bytes:
    """The finished copy; failing, not skipping, where there is none."""
    return run.copies[FILES.index(name) + 1]


def test_every_file_becomes_a_copy_of_its_own_size(folder: Path, run: Redaction) -> None:
    assert run.returncode in (0, 3), run.stderr[-500:]
    for name in FILES[:3]:
        with Image.open(folder / name) as original:
            assert page_pixels(copy_of(run, name)).shape == (original.height, original.width)


def test_every_listed_word_is_black(folder: Path, run: Redaction) -> None:
    listed = json.loads((folder / "word_boxes.json").read_text())
    looked_at = 0
    for name in FILES:
        for word in listed.get(name, []):
            top, left = word["top"], word["left"]
            window = np.s_[top : top + word["height"], left : left + word["width"]]
            with Image.open(folder / name) as original:
                assert np.asarray(original.convert("L"))[window].max() > 128, "no ink where the list has a word"
            assert page_pixels(copy_of(run, name))[window].max() <= BLACK, name
            looked_at += 1
    assert looked_at >= 5


def test_the_picture_is_still_a_picture(run: Redaction) -> None:
    """The X-ray below the burned lines: a black page would pass everything above."""
    pixels = page_pixels(copy_of(run, "3_ORIGINAL.png"))
    assert (pixels[pixels.shape[0] // 4 :] > BLACK).mean() > 0.8


@pytest.mark.parametrize(
    ("name", "identifiers"),
    [
        ("original_image.png", ["opencode", "microsoft.com", "cla.opensource"]),
        ("purple_redact.png", ["opencode@", "cla.opensource"]),
        ("sample.pdf", ["charles", "darwin", "hmsbeagle", "567890"]),
    ],
)
def test_identifiers_of_running_text_are_gone(texts: dict[str, str], name: str, identifiers: list[str]) -> None:
    assert [wanted for wanted in identifiers if wanted in texts[name]] == []


@pytest.mark.parametrize("name", sorted(STILL_READ))
def test_harmless_words_stay(texts: dict[str, str], name: str) -> None:
    assert [word for word in STILL_READ[name] if word not in texts[name]] == []


def test_nothing_stands_behind_the_pixels(run: Redaction) -> None:
    assert len(run.copies) == len(FILES)
    assert {position: said for position, copy in run.copies.items() if (said := layers(copy))} == {}
