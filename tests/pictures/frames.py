"""Frames with writing of which each stroke is known, and the DICOM files that they come in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pydicom
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.pixels import pixel_array
from pydicom.uid import JPEGBaseline8Bit, RLELossless

from detectors.pages import Pixels
from tests.decode.dicoms import CAPTURE, frames, saved, written
from tests.pictures.bodies import BODIES, CLUTTER, Random
from tests.pictures.writing import COLOURS, FACES, HARMLESS, SIDES, Line, Style, values, write

SIZES: Final = ((480, 640), (512, 512), (600, 800), (768, 1024), (1400, 1200))
"""Height and width."""
COLOURED: Final = ("flow", "scope")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture, what is written in it, and the picture before it was."""

    pixels: Pixels
    lines: tuple[Line, ...]
    body: str
    bare: Pixels


def frame(seed: int, body: str = "", style: Style | None = None) -> Frame:
    """A picture with two blocks of writing in its corners or at its edges, a line in its midst now and then, markers
    of sides, and other clutter."""
    rng = np.random.default_rng(seed)
    body = body or str(rng.choice(sorted(BODIES)))
    size = SIZES[int(rng.integers(len(SIZES)))]
    pixels = BODIES[body](rng, size)
    if pixels.ndim == 2 and body in ("fan", "slice_of_ct", "counts", "field") and rng.random() < 0.5:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    for clutter in CLUTTER:
        if rng.random() < 0.35:
            clutter(rng, pixels)
    bare = pixels.copy()
    style = style or _style(rng, pixels)
    told, lines = values(rng), list[Line]()
    for corner in rng.permutation(4)[:2]:
        lines += _block(rng, pixels, style, corner, [told.pop() for _ in range(int(rng.integers(2, 5)))])
    if rng.random() < 0.4:
        at = (int(rng.uniform(0.3, 0.6) * size[1]), int(rng.uniform(0.3, 0.65) * size[0]))
        lines.append(write(pixels, told.pop(), at, style, telling=True))
    for side in SIDES[: int(rng.integers(0, 3))]:
        at = (int((0.12 if side == "R" else 0.85) * size[1]), int(0.45 * size[0]))
        marker = Style(size[0] // 16, (250, 250, 250), "DejaVuSans-Bold")
        lines.append(write(pixels, side, at, marker, telling=False))
    return Frame(pixels, tuple(lines), body, bare)


def _style(rng: Random, pixels: Pixels) -> Style:
    size_px = int(rng.choice((9, 11, 13, 16, 20, 28))) if pixels.shape[0] < 1000 else int(rng.choice((20, 28, 36)))
    face = str(rng.choice(FACES))
    if face == "hershey":
        size_px = max(size_px, 13)
    share = 1.0 if rng.random() < 0.75 else float(rng.uniform(0.45, 0.7))
    edge = str(rng.choice(("", "", "outline", "box")))
    return Style(size_px, COLOURS[int(rng.integers(len(COLOURS)))], face, share, edge, bool(rng.random() < 0.06))


def _block(rng: Random, pixels: Pixels, style: Style, corner: int, texts: Sequence[str]) -> list[Line]:
    """Lines one below the other in a corner, some of them harmless, close to the edge or a little away."""
    height, width = pixels.shape[:2]
    step, away = round(style.size_px * 1.35) + 3, int(rng.choice((1, 6, 20)))
    if rng.random() < 0.5:
        texts = [*texts, str(rng.choice(HARMLESS))]
    found = list[Line]()
    for row, text in enumerate(texts):
        y = away + row * step if corner < 2 else height - away - (len(texts) - row) * step
        x = away if corner % 2 == 0 else width
        if style.turned:
            x, y = away + row * step, away + (0 if corner < 2 else height)
            x = x if corner % 2 == 0 else width - x - step
        line = write(pixels, text, (x, y), style, telling=text not in HARMLESS)
        found.append(line)
    return found


def coded(frame: Frame, way: str) -> bytes:
    """A file that shows the frame, coded that way, of the class that its device writes; "capture" is a screen's."""
    pixels, of = frame.pixels, {"SOPClassUID": CAPTURE if way == "capture" else CLASSES.get(frame.body, CT)}
    gray = pixels if pixels.ndim == 2 else pixels[..., 1]
    if way == "JPEG":
        return _jpeg(gray, of)
    if pixels.ndim == 3 or way in ("RGB", "YBR"):
        colours = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
        if way == "YBR":
            return frames(np.asarray(Image.fromarray(colours).convert("YCbCr")), kind="YBR_FULL", **of)
        plain = frames(colours, kind="RGB", **of)
        return _rle(plain) if way == "RLE" else plain
    if way == "palette":
        return frames(gray, kind="PALETTE COLOR", **_palette(), **of)
    if way == "12":
        return frames(gray.astype(np.uint16) * 8 + 900, bits=12, WindowCenter="1920.5", WindowWidth="2041", **of)
    if way == "16":
        return frames((gray.astype(np.int32) * 90 - 9000).astype(np.int16), **of)
    full = {"WindowCenter": "128", "WindowWidth": "256"}
    if way == "MONOCHROME1":
        return frames(255 - gray, kind="MONOCHROME1", **full, **of)
    plain = frames(gray, **full, **of)
    return _rle(plain) if way == "RLE" else plain


WAYS: Final = ("8", "12", "16", "MONOCHROME1", "RGB", "YBR", "palette", "RLE", "JPEG", "capture")
CT: Final = "1.2.840.10008.5.1.4.1.1.2"
CLASSES: Final = {
    "chest": "1.2.840.10008.5.1.4.1.1.1.1",
    "bones": "1.2.840.10008.5.1.4.1.1.1",
    "head_of_mr": "1.2.840.10008.5.1.4.1.1.4",
    "fan": "1.2.840.10008.5.1.4.1.1.6.1",
    "flow": "1.2.840.10008.5.1.4.1.1.3.1",
    "breast": "1.2.840.10008.5.1.4.1.1.1.2",
    "scope": "1.2.840.10008.5.1.4.1.1.77.1.1",
    "counts": "1.2.840.10008.5.1.4.1.1.20",
    "vessels": "1.2.840.10008.5.1.4.1.1.12.1",
}


def _jpeg(gray: Pixels, of: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gray).save(out, "JPEG", quality=85)
    layout = {"Rows": gray.shape[0], "Columns": gray.shape[1], "SamplesPerPixel": 1, "PixelRepresentation": 0}
    depth = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "PhotometricInterpretation": "MONOCHROME2"}
    coded = encapsulate([out.getvalue()])
    return written(JPEGBaseline8Bit, **layout, **depth, **of, NumberOfFrames=1, PixelData=coded)


def _palette() -> dict[str, Any]:
    ramp = (np.arange(256, dtype=np.uint16) << 8).tobytes()
    colours = ("Red", "Green", "Blue")
    found: dict[str, Any] = {f"{c}PaletteColorLookupTableDescriptor": [256, 0, 16] for c in colours}
    return found | {f"{c}PaletteColorLookupTableData": ramp for c in colours}


def _rle(plain: bytes) -> bytes:
    file = pydicom.dcmread(io.BytesIO(plain))
    file.compress(RLELossless, pixel_array(file))
    return saved(file, RLELossless)
