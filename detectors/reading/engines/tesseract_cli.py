"""The host's own Tesseract, run through pytesseract: for hosts whose packages choose the engine."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Final, Self

import numpy as np
from pytesseract import pytesseract

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.private_folder import SHARED_MEMORY, PrivateFolder

MIN_SIDE_PX: Final = 3
MAX_SIDE_PX: Final = 32_767
TIMEOUT_S: Final = 120.0
"""The densest page measured takes a tenth of it; a hung process must not outlive the document's deadline by much."""

_WORD_LEVEL: Final = 5
_COLUMNS: Final = 12


class TesseractCliEngine:
    """One process of Tesseract a page. `binary` None: the one on PATH; `tessdata` None: the binary's own models.

    Pixels and words pass through a folder of mode 0700 in memory. Not thread-safe.
    Raises RedoubtError(MISCONFIGURED) where the binary cannot be run or no memory-backed folder is to be had.
    """

    def __init__(
        self,
        binary: Path | None = None,
        tessdata: Path | None = None,
        timeout_s: float = TIMEOUT_S,
        memory: Path = SHARED_MEMORY,
    ) -> None:
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        self._command = str(binary) if binary is not None else "tesseract"
        self._tessdata = tessdata
        self._timeout_s = timeout_s
        self._name = f"tesseract-{self._version()}"
        self._folder = PrivateFolder(memory)

    @property
    def name(self) -> str:
        return self._name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._folder.close()

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        """Words of a gray raster (height, width), low confidences included. Raises RedoubtError(READER_FAILED)."""
        if gray.ndim != 2 or gray.dtype != np.uint8 or max(gray.shape) > MAX_SIDE_PX:
            raise RedoubtError(Reason.READER_FAILED)
        height, width = gray.shape
        if min(height, width) < MIN_SIDE_PX:
            return []
        try:
            try:
                return _parse(self._run(gray, dpi), width, height)
            finally:
                self._folder.empty()
        except (OSError, RuntimeError, ValueError):
            raise RedoubtError(Reason.READER_FAILED) from None

    def _run(self, gray: Pixels, dpi: int) -> str:
        height, width = gray.shape
        page, output = self._folder.path / "page.pgm", self._folder.path / "words"
        # A raw format: Pillow's PNG encoding takes longer than reading a page of line art.
        with page.open("wb") as file:
            file.write(b"P5 %d %d 255\n" % (width, height))
            file.write(np.ascontiguousarray(gray).data)
        options = ["--psm", "3", "--oem", "1", "--dpi", str(max(dpi, 1)), "-c", "tessedit_create_tsv=1"]
        if self._tessdata is not None:
            options += ["--tessdata-dir", str(self._tessdata)]
        pytesseract.tesseract_cmd = self._command
        pytesseract.run_tesseract(str(page), str(output), "tsv", "eng", shlex.join(options), timeout=self._timeout_s)
        return output.with_suffix(".tsv").read_text(encoding="utf-8")

    def _version(self) -> str:
        pytesseract.tesseract_cmd = self._command
        try:
            return str(pytesseract.get_tesseract_version())
        except (OSError, SystemExit, ValueError):
            raise RedoubtError(Reason.MISCONFIGURED) from None


def _parse(table: str, width: int, height: int) -> list[EngineWord]:
    """Words of Tesseract's TSV. Raises ValueError where it is not one."""
    header, *rows = table.rstrip("\n").split("\n")
    if not header.startswith("level\t"):
        raise ValueError("no header")
    words: list[EngineWord] = []
    line, previous = -1, None
    for row in rows:
        cells = row.split("\t", _COLUMNS - 1)
        if len(cells) < _COLUMNS - 1:
            raise ValueError("a short row")
        if int(cells[0]) != _WORD_LEVEL or len(cells) < _COLUMNS:
            continue
        text = "".join(cells[11].split())
        left, top, box_width, box_height = (int(cell) for cell in cells[6:10])
        if not text or box_width <= 0 or box_height <= 0:
            continue
        if cells[1:5] != previous:
            line, previous = line + 1, cells[1:5]
        box = Box(left, top, left + box_width, top + box_height).clipped(width, height)
        if box is None:
            raise ValueError("a word outside the page")
        words.append(EngineWord(text, min(max(float(cells[10]), 0.0), 100.0), box, line))
    return words
