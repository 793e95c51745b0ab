"""`make picture`: a synthetic page before and after, as docs/before-after.png."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pymupdf

from detectors.pages import Pixels
from detectors.reading.views.view import to_gray
from streams.canaries.documents import Format, Layout, one
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool

SEED = 2026
WIDTH_PX = 640
MARGIN_PX = 24
PROFILE = "hipaa-safe-harbor"


def main() -> None:
    """Takes the first page of a scanned face sheet through the pipeline and draws both beside each other."""
    made = one(SEED, 0, Layout.FACE_SHEET, Format.SCANNED_PDF)
    with Decoder() as decoder, PagePool(1) as pages:
        before = decoder.decode(made.content, 60.0)[0].pixels
        incoming = Document("picture", made.id, made.content, PROFILE, subject=made.subject)
        outcome = process(incoming, Parts(decoder, pages), Deadline.after(120.0))
    if outcome.copy is None:
        raise SystemExit("the page was withheld")
    with pymupdf.open(stream=outcome.copy) as copy:
        pixmap = copy[0].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
    after = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    sheets = [_sheet(to_gray(before)), _sheet(after)]
    target = Path(__file__).parents[2] / "docs" / "before-after.png"
    target.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(target), np.hstack(sheets), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def _sheet(gray: Pixels) -> Pixels:
    height = round(gray.shape[0] * WIDTH_PX / gray.shape[1])
    small = cv2.resize(gray, (WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    # Sixteen grays are enough for a picture, and a quarter of the bytes.
    small = (small // 17 * 17).astype(np.uint8)
    framed = np.pad(small, 1, constant_values=160)
    return np.pad(framed, MARGIN_PX, constant_values=232)


if __name__ == "__main__":
    main()
