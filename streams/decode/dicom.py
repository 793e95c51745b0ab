"""DICOM: the frames as a viewer shows them, overlays drawn in, and nothing of the header; an encapsulated PDF's pages.

A frame goes through the file's own steps to the screen (PS3.3 C.7.6.3, C.11): modality, window or table, palette. What
these leave dark stays dark in the copy. Overlays in unused bits of the pixels (retired in 2004) are not drawn.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pydicom
from pydicom import config
from pydicom.encaps import get_frame
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, get_decoder, iter_pixels
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    JPEG2000TransferSyntaxes,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
)

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, Pixels, Source
from streams.decode.batch import Flaw
from streams.decode.coded import was_jpeg
from streams.decode.images import check_size
from streams.decode.limits import MAX_PAGES
from streams.decode.magic import has_pdf
from streams.decode.opened import Opened
from streams.decode.pdf import open_pdf
from streams.decode.rasters import bands, raster
from streams.decode.whole import jpeg_is_whole

# What is wrong with a value is no reason to print it.
config.settings.reading_validation_mode = config.IGNORE

_JPEG: Final = (JPEGBaseline8Bit, JPEGExtended12Bit)
_LOSSY: Final = frozenset({*_JPEG, JPEG2000, JPEGLSNearLossless, HTJ2K})
_OVERLAYS: Final = range(0x6000, 0x6020, 2)
_OVERLAY_PARTS: Final = (0x0010, 0x0011, 0x0015, 0x0050, 0x0051, 0x0100, 0x0102, 0x3000)
_MM_PER_INCH: Final = 25.4
_OF_DEVICES: Final = frozenset(
    f"1.2.840.10008.5.1.4.1.1.{name}"
    for name in (
        *("1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1", "2", "2.1", "2.2", "3", "3.1", "4", "4.1", "4.3", "4.4"),
        *("6", "6.1", "6.2", "12.1", "12.1.1", "12.2", "12.2.1", "13.1.1", "13.1.2", "13.1.3", "20", "128", "130"),
        *("77.1.1", "77.1.1.1", "77.1.2", "77.1.2.1", "77.1.5.1", "77.1.5.2", "77.1.5.4"),
    )
)
"""Classes that devices write of bodies (PS3.4, B.5): no captures of a screen or a scanner, no photographs."""
_PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_READ: Final[list[Any]] = [
    *("EncapsulatedDocument", *_PIXELS, "ExtendedOffsetTable", "ExtendedOffsetTableLengths", "NumberOfFrames"),
    *("Rows", "Columns", "SamplesPerPixel", "PlanarConfiguration"),
    *("PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    *("ModalityLUTSequence", "RescaleSlope", "RescaleIntercept", "VOILUTSequence", "WindowCenter", "WindowWidth"),
    *("VOILUTFunction", "LossyImageCompression", "NominalScannedPixelSpacing", "PixelAspectRatio"),
    *("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"),
    *(
        f"{colour}PaletteColorLookupTable{part}"
        for colour in ("Red", "Green", "Blue")
        for part in ("Data", "Descriptor")
    ),
    *(f"Segmented{colour}PaletteColorLookupTableData" for colour in ("Red", "Green", "Blue")),
    *(pydicom.tag.Tag(group, part) for group in _OVERLAYS for part in _OVERLAY_PARTS),
]
"""All that is read of a file: no name, no number and nothing private comes into memory as a value."""


def open_dicom(content: bytes, first: int = 0) -> Opened:
    """A file whose frames are taken from `first` on in order.

    Raises RedoubtError(NO_PAGES, UNKNOWN_FORMAT, TOO_MANY_*), else what pydicom and the codecs raise on damage.
    """
    warnings.simplefilter("ignore")
    file = pydicom.dcmread(io.BytesIO(content), specific_tags=_READ)
    if "EncapsulatedDocument" in file:
        inner = bytes(file.EncapsulatedDocument)
        if not has_pdf(inner):
            raise RedoubtError(Reason.UNKNOWN_FORMAT)
        return open_pdf(inner, first)
    if not any(name in file for name in _PIXELS):
        whole = "Rows" not in file and file.file_meta.get("MediaStorageSOPClassUID")
        raise RedoubtError(Reason.NO_PAGES if whole else Reason.DAMAGED)
    if not _is_read(file):
        raise RedoubtError(Reason.UNKNOWN_FORMAT)
    check_size(int(file.Columns), int(file.Rows))
    count = int(file.get("NumberOfFrames") or 1)
    if count > MAX_PAGES:
        raise RedoubtError(Reason.TOO_MANY_PAGES)
    cut = list[int]()
    return Opened(count, _frames(file, count, first, cut), lambda: Flaw.MENDED if cut else Flaw.NONE)


def _is_read(file: Any) -> bool:
    """Whether there is a codec for its pixels: for films and for JPEG of twelve bits there is none."""
    syntax = file.file_meta.TransferSyntaxUID
    try:
        known = get_decoder(syntax).is_available
    except NotImplementedError:
        return False
    return known and not (syntax == JPEGExtended12Bit and int(file.BitsStored) > 8)


def _frames(file: Any, count: int, first: int, cut: list[int]) -> Iterator[PageRaster]:
    """Those of which a part is missing are added to `cut`."""
    syntax = file.file_meta.TransferSyntaxUID
    lossy = syntax in _LOSSY or file.get("LossyImageCompression") == "01"
    x_dpi, y_dpi = _resolution(file)
    # GDCM decodes JPEG 2000 in threads, which a confined process may not start.
    codec = "pillow" if syntax in JPEG2000TransferSyntaxes else ""
    wanted = range(first, count)
    for number, values in zip(wanted, iter_pixels(file, indices=wanted, decoding_plugin=codec), strict=True):
        coded = syntax in _JPEG and get_frame(file.PixelData, number, number_of_frames=count)
        if coded and not jpeg_is_whole(coded):
            cut.append(number)
        pixels = _shown(file, values, number)
        for group in _OVERLAYS:
            _draw(file, group, number, pixels)
        page = raster(pixels, x_dpi, y_dpi, lossy=lossy or was_jpeg(pixels))
        yield replace(page, source=_source(file))


def _source(file: Any) -> Source:
    """A scanned resolution says that it was paper, whatever the class says."""
    if file.get("NominalScannedPixelSpacing"):
        return Source.FILE
    return Source.DEVICE if file.file_meta.get("MediaStorageSOPClassUID") in _OF_DEVICES else Source.FRAME


def _resolution(file: Any) -> tuple[float, float]:
    """Of what was scanned from paper; 0 else, for the size of a body tells nothing of the size of print."""
    down, across = file.get("NominalScannedPixelSpacing") or (0, 0)
    return (_MM_PER_INCH / float(across), _MM_PER_INCH / float(down)) if across > 0 and down > 0 else (0.0, 0.0)


def _shown(file: Any, values: Any, number: int) -> Pixels:
    """The pixels of a frame on the screen, writable, from its stored values of shape (rows, columns[, 3])."""
    kind = str(file.PhotometricInterpretation)
    if kind == "PALETTE COLOR":
        values = apply_color_lut(values, file)
        return np.array(values >> 8 if values.dtype.itemsize == 2 else values, np.uint8)
    if values.ndim == 3:
        return np.array(values >> max(int(file.BitsStored) - 8, 0) if values.dtype.itemsize > 1 else values, np.uint8)
    levels = apply_modality_lut(values, _of_frame(file, number, "PixelValueTransformationSequence"))
    voi = _of_frame(file, number, "FrameVOILUTSequence")
    if voi.get("VOILUTSequence"):
        levels = apply_voi(levels, voi)
        low, high = 0.0, 2.0 ** int(voi.VOILUTSequence[0].LUTDescriptor[2]) - 1
    else:
        low, high = _window(voi) or (float(levels.min()), float(levels.max()))
    pixels = np.empty(levels.shape, np.uint8)
    for rows in bands(levels.shape[0]):
        shares = (levels[rows].astype(np.float64) - low) / max(high - low, 1e-9)
        pixels[rows] = np.clip(np.nan_to_num(shares), 0, 1) * 255
    return 255 - pixels if kind == "MONOCHROME1" else pixels


def _of_frame(file: Any, number: int, sequence: str) -> Any:
    """Where a frame's values stand: in its own group, in that of all frames, or in the file itself."""
    own, shared = (file.get(f"{which}FunctionalGroupsSequence") or () for which in ("PerFrame", "Shared"))
    for groups in (own[number : number + 1], shared[:1]):
        if groups and groups[0].get(sequence):
            return groups[0][sequence][0]
    return file


def _window(voi: Any) -> tuple[float, float] | None:
    """The levels that are black and white in the first of the windows (PS3.3 C.11.2.1.2)."""
    centre, width = voi.get("WindowCenter"), voi.get("WindowWidth")
    if centre in (None, "") or width in (None, ""):
        return None
    centre, width = (float(v if isinstance(v, (int, float)) else v[0]) for v in (centre, width))
    if not (math.isfinite(centre) and math.isfinite(width)) or width < 1:
        return None
    low = (
        centre - 0.5 - (width - 1) / 2 if voi.get("VOILUTFunction", "LINEAR") != "LINEAR_EXACT" else centre - width / 2
    )
    return low, low + max(width - 1, 1)


def _draw(file: Any, group: int, number: int, pixels: Pixels) -> None:
    """Draws a frame's overlay, light on dark or dark on light (PS3.3 C.9.2)."""

    def part(element: int, default: Any) -> Any:
        found = file.get((group, element))
        return default if found is None or found.value in (None, "") else found.value

    data, rows, columns = part(0x3000, b""), int(part(0x0010, 0)), int(part(0x0011, 0))
    if not data or rows < 1 or columns < 1:
        return
    check_size(columns, rows)
    # A single one stands over every frame; of several each over its own.
    count = int(part(0x0015, 1))
    plane = number - (int(part(0x0051, 1)) - 1) if count > 1 else 0
    if not 0 <= plane < count:
        return
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    cells = bits[plane * rows * columns : (plane + 1) * rows * columns].astype(bool)
    if cells.size < rows * columns:
        raise RedoubtError(Reason.DAMAGED)
    top, left = (int(v) - 1 for v in part(0x0050, (1, 1)))
    marks = np.zeros(pixels.shape[:2], bool)
    inside = marks[max(top, 0) : max(top + rows, 0), max(left, 0) : max(left + columns, 0)]
    y, x = max(-top, 0), max(-left, 0)
    inside |= cells.reshape(rows, columns)[y : y + inside.shape[0], x : x + inside.shape[1]]
    if marks.any():
        pixels[marks] = 0 if pixels[marks].mean() >= 128 else 255
