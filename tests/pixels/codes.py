"""Every symbology in every state that it comes in on paper: a sheet for each state, a code of each symbology on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

import cv2
import numpy as np
import zxingcpp

from detectors.pages import Pixels
from tests.pixels.sheets import Mask, Plant, Sheet, blank, inked, letters, plant, png, seeded, turned

CONTENTS: Final = {
    "Code 39": "MRN88419", "Code 93": "MRN88419", "Code 128": "MRN8841907", "Codabar": "A8841907B", "ITF": "88419071",
    "EAN-8": "9638507", "EAN-13": "590123412345", "UPC-A": "03600029145", "UPC-E": "0123456",
    "DataBar": "0950110153000", "DataBar Limited": "0950110153000",
    "DataBar Expanded": "(01)09501101530003(10)88419", "Telepen": "MRN88419",
    "QR Code": "MRN 8841907 DOB 1962-03-14", "Micro QR Code": "8841907", "rMQR Code": "MRN 8841907",
    "Data Matrix": "MRN 8841907", "Aztec": "MRN 8841907 DOB", "PDF417": "MRN 8841907 DOB 1962",
    "MicroPDF417": "MRN 8841907", "MaxiCode": "MRN 8841907",
}  # fmt: skip
LINEAR: Final = frozenset(CONTENTS) - {
    "QR Code", "Micro QR Code", "rMQR Code", "Data Matrix", "Aztec", "PDF417", "MicroPDF417", "MaxiCode"
}  # fmt: skip
LINEAR_PX: Final = 70
"""Height of the bars of linear codes."""
State = Callable[[Pixels, Random], Pixels]
"""From a code's coverage to what is printed."""


def drawn(name: str, module_px: int) -> Pixels | None:
    """Coverage of a code without its quiet zone; None where the writer has none of it."""
    try:
        code = zxingcpp.create_barcode(CONTENTS[name], zxingcpp.barcode_format_from_str(name))
        image = np.array(code.to_image(scale=module_px, add_quiet_zones=False))
    except (ValueError, RuntimeError, TypeError):
        return None
    return np.asarray(255 - image, np.uint8)


def _damaged(cover: Pixels, rng: Random) -> Pixels:
    """A scratch across, a blot, and a corner torn off."""
    out = cover.copy()
    height, width = out.shape
    cv2.line(out, (0, rng.randrange(height)), (width, rng.randrange(height)), 0, max(2, height // 20))
    cv2.circle(out, (rng.randrange(width), rng.randrange(height)), max(3, height // 10), 255, -1)
    out[: height // 5, : width // 5] = 0
    return out


def _torn(cover: Pixels, rng: Random) -> Pixels:
    """Half of it."""
    return np.ascontiguousarray(cover[:, : cover.shape[1] // 2])


STATES: Final[dict[str, tuple[int, float, State]]] = {
    "upright": (3, 0.0, lambda cover, _: cover),
    "sideways": (3, 90.0, lambda cover, _: cover),
    "upside down": (3, 180.0, lambda cover, _: cover),
    "at 10 degrees": (3, 10.0, lambda cover, _: cover),
    "at 37 degrees": (3, 37.0, lambda cover, _: cover),
    "damaged": (3, 0.0, _damaged),
    "torn in half": (3, 0.0, _torn),
    "tiny": (1, 0.0, lambda cover, _: cover),
    "blurred": (3, 0.0, lambda cover, _: np.asarray(cv2.GaussianBlur(cover, (0, 0), 2.0), np.uint8)),
    "inverted": (3, 0.0, lambda cover, _: cover),
    "pale": (3, 0.0, lambda cover, _: cover),
}
COLUMNS: Final = 3
CELL: Final = (425, 300)


def sheets(seed: int) -> Iterator[tuple[Sheet, Pixels]]:
    """Two sheets a state, and their pixels; linear codes have their number written below."""
    for state, (module_px, degrees, change) in STATES.items():
        names = [name for name in CONTENTS if drawn(name, 1) is not None]
        for part in range(0, len(names), 15):
            page = blank()
            inked(page, letters(("Specimen labels of the ward, one to a patient.",), 24), (90, 30))
            plants = []
            for index, name in enumerate(names[part : part + 15]):
                at = (40 + CELL[0] * (index % COLUMNS), 110 + CELL[1] * (index // COLUMNS))
                rng = seeded(f"{seed}/{state}/{name}")
                plants.append(_placed(page, name, state, change(_sized(name, module_px), rng), degrees, at))
            yield Sheet(f"codes {state}, {part // 15 + 1}", png(page), tuple(plants)), page


def _sized(name: str, module_px: int) -> Pixels:
    """A code that fits its cell: narrower modules where it would not."""
    for module in range(module_px, 0, -1):
        cover = drawn(name, module)
        if cover is not None and cover.shape[1] <= CELL[0] - 40:
            return np.ascontiguousarray(cover[:LINEAR_PX]) if name in LINEAR else cover
    raise ValueError(f"no room for {name}")


def _placed(page: Pixels, name: str, state: str, cover: Pixels, degrees: float, at: tuple[int, int]) -> Plant:
    if name in LINEAR:
        text = letters((CONTENTS[name],), 18)
        high, wide = cover.shape[0] + 6 + text.shape[0], max(cover.shape[1], text.shape[1])
        whole: Pixels = np.zeros((high, wide), np.uint8)
        whole[: cover.shape[0], : cover.shape[1]] = cover
        whole[-text.shape[0] :, : text.shape[1]] = text
        cover = whole
    cover = turned(cover, degrees) if degrees else cover
    strokes: Mask
    if state == "inverted":
        high, wide = cover.shape
        page[at[1] : at[1] + high + 40, at[0] : at[0] + wide + 40] = 15
        strokes = inked(page, cover, (at[0] + 20, at[1] + 20), (250, 250, 250))
    else:
        strokes = inked(page, cover, at, (190, 190, 190) if state == "pale" else (0, 0, 0))
    return plant(f"{name}, {state}", strokes)
