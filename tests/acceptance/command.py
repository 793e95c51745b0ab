"""Runs the command as its users do, and reads back what came out with an engine of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from detectors.pages import Pixels
from detectors.reading.engines.tesserocr_engine import TesserocrEngine


@dataclass(frozen=True)
class Redaction:
    """One run of `redoubt redact`. `copies` are the finished files by the position of their input, from 1."""

    returncode: int
    stdout: str
    stderr: str
    report: Mapping[str, Any]
    copies: Mapping[int, bytes] = field(repr=False)

    def entry(self, position: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.report["documents"][position - 1]
        return found


def redact(
    files: Sequence[Path],
    out: Path,
    *options: str,
    profile: str = "maximal",
    limit_s: float = 300.0,
    environment: Mapping[str, str] | None = None,
) -> Redaction:
    # Never with the key of whoever runs the tests.
    options = ("--profile", profile, "--out", str(out), "--key", str(out.parent / "releases.key"), *options)
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", "redact", *map(str, files), *options],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )
    file = out / "report.json"
    report = json.loads(file.read_text()) if file.exists() else {"documents": []}
    copies = {e["position"]: (out / e["output"]).read_bytes() for e in report["documents"] if e["output"]}
    return Redaction(done.returncode, done.stdout, done.stderr, report, copies)


def page_pixels(copy: bytes, page: int = 0) -> Pixels:
    """The raster of a finished page, pixel for pixel, in gray."""
    with pymupdf.open(stream=copy) as document:
        pixmap = pymupdf.Pixmap(document, document[page].get_images()[0][0])
        gray = pixmap if pixmap.n == 1 else pymupdf.Pixmap(pymupdf.csGRAY, pixmap)
        rows = np.frombuffer(gray.samples, np.uint8).reshape(gray.height, gray.stride)[:, : gray.width]
    return np.ascontiguousarray(rows)


def read(engine: TesserocrEngine, pixels: Pixels, dpi: int = 200) -> str:
    return " ".join(word.text for word in engine.words(pixels, dpi))


def layers(copy: bytes) -> str:
    """What the file says besides its pixels: text layer, metadata and outline. A finished copy says nothing."""
    with pymupdf.open(stream=copy) as document:
        text = "".join(page.get_text() for page in document)
        metadata = "".join(str(v) for k, v in document.metadata.items() if v and k not in ("format", "encryption"))
        return (text + metadata + str(document.get_toc() or "")).strip()
