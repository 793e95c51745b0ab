"""TIFF, PNG and JPEG: the frames a viewer would show, and nothing else of the file."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, Pixels
from streams.decode.batch import Flaw
from streams.decode.coded import was_jpeg
from streams.decode.limits import MAX_PAGE_PIXELS, MAX_PAGES, MAX_SIDE_PX
from streams.decode.opened import Opened
from streams.decode.rasters import bands, raster
from streams.decode.whole import jpeg_is_whole, tiff_is_whole

# Sizes are checked here, frame by frame, before anything is unpacked: one code instead of a warning or an error.
Image.MAX_IMAGE_PIXELS = None

_ORIENTATION: Final = 274
_TIFF_COMPRESSION: Final = 259
_TIFF_LOSSY: Final = frozenset({6, 7, 33_003, 33_005, 34_712})
"""JPEG, new-style JPEG, JPEG 2000 (TIFF 6.0 and its registered tags)."""
_TIFF_SILENT: Final = frozenset({2, 3, 4, 7})
"""The three codes of faxes, and new-style JPEG: with the others, what is missing is an error."""


def open_image(content: bytes, kind: str, first: int = 0) -> Opened:
    """A TIFF or an animated PNG whose frames are taken from `first` on, or the one picture of a PNG or JPEG.

    They are turned upright as their orientation tag asks. `kind` is Pillow's name of the format. Raises
    RedoubtError(TOO_MANY_PIXELS, TOO_MANY_PAGES), else what Pillow raises for damaged files.
    """
    image = Image.open(io.BytesIO(content), formats=[kind])
    if kind == "JPEG":
        return Opened(
            1, (_page(image, lossy=True) for _ in range(first, 1)), partial(_flaws, partial(jpeg_is_whole, content))
        )
    if kind == "PNG":
        count = _claimed_frames(image)
        return Opened(count, (_moment(image, number) for number in range(first, count)), lambda: Flaw.NONE)
    count, silent = _frames(image), list[int]()
    frames = (_frame(image, number, silent) for number in range(first, count))
    return Opened(count, frames, partial(_flaws, partial(tiff_is_whole, content, count, silent)))


def _flaws(whole: Callable[[], bool]) -> Flaw:
    return Flaw.NONE if whole() else Flaw.MENDED


def _frames(image: Image.Image) -> int:
    """Follows the chain of frames, whose length stands nowhere, no further than the limit."""
    for number in range(1, MAX_PAGES + 1):
        try:
            image.seek(number)
        except EOFError:
            return number
    raise RedoubtError(Reason.TOO_MANY_PAGES)


def _claimed_frames(image: Image.Image) -> int:
    """How many pictures an animated PNG says that it shows, its still one included."""
    count = int(getattr(image, "n_frames", 1))
    if count > MAX_PAGES:
        raise RedoubtError(Reason.TOO_MANY_PAGES)
    return max(count, 1)


def _moment(image: Image.Image, number: int) -> PageRaster:
    """What is to be seen while that picture of an animated PNG is shown: each is drawn over the one before.

    Raises RedoubtError(DAMAGED) where the file holds fewer pictures than it says.
    """
    if number:
        check_size(*image.size)
        try:
            image.seek(number)
        except EOFError:
            raise RedoubtError(Reason.DAMAGED) from None
    return _page(image, lossy=False)


def _frame(image: Image.Image, number: int, silent: list[int]) -> PageRaster:
    """Adds the frame to those of which libtiff would not say that something is missing."""
    image.seek(number)
    if getattr(image, "tag_v2", {}).get(_TIFF_COMPRESSION) in _TIFF_SILENT:
        silent.append(number)
    return _page(image, lossy=_tiff_lossy(image))


def check_size(width: int, height: int) -> None:
    """Raises RedoubtError(DAMAGED, TOO_MANY_PIXELS)."""
    if width < 1 or height < 1:
        raise RedoubtError(Reason.DAMAGED)
    if width * height > MAX_PAGE_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise RedoubtError(Reason.TOO_MANY_PIXELS)


def _page(image: Image.Image, *, lossy: bool) -> PageRaster:
    check_size(*image.size)
    x_dpi, y_dpi = _resolution(image)
    width, height = image.size
    bilevel = image.mode == "1"
    image.load()
    # Pillow turns a TIFF while it loads it; the others are turned here. Resolution turns with the picture.
    upright = image if image.getexif().get(_ORIENTATION, 1) == 1 else ImageOps.exif_transpose(image)
    pixels = _pixels(upright)
    lossy = lossy or (not bilevel and was_jpeg(pixels))
    check_size(pixels.shape[1], pixels.shape[0])
    if width != height and (pixels.shape[1], pixels.shape[0]) == (height, width):
        x_dpi, y_dpi = y_dpi, x_dpi
    return raster(pixels, x_dpi, y_dpi, bilevel=bilevel, lossy=lossy)


def _pixels(image: Image.Image) -> Pixels:
    """Gray or RGB on white paper, whatever the mode."""
    if image.mode == "1":
        return np.asarray(image.convert("L"), np.uint8)
    if image.mode.startswith("I;16"):
        return np.asarray(np.asarray(image).astype(np.uint16) >> 8, np.uint8)
    if image.mode in ("I", "F"):
        _, highest = image.getextrema()
        deep = isinstance(highest, int | float) and highest > 255
        return _in_bands(image, partial(_scaled, top=65_535.0 if deep else 255.0), 1)
    if "A" in image.getbands() or "transparency" in image.info:
        return _in_bands(image, _on_paper, 3)
    if image.mode == "L":
        return np.asarray(image, np.uint8)
    return _in_bands(image, lambda band: np.asarray(band.convert("RGB"), np.uint8), 3)


def _in_bands(image: Image.Image, shown: Callable[[Image.Image], Pixels], channels: int) -> Pixels:
    """What `shown` makes of the rows, some at a time."""
    width, height = image.size
    pixels = np.empty((height, width) if channels == 1 else (height, width, channels), np.uint8)
    for rows in bands(height):
        pixels[rows] = shown(image.crop((0, rows.start, width, rows.stop)))
    return pixels


def _scaled(band: Image.Image, top: float) -> Pixels:
    return np.asarray(np.clip(np.asarray(band, np.float64) / top, 0, 1) * 255, np.uint8)


def _on_paper(band: Image.Image) -> Pixels:
    paper = Image.new("RGBA", band.size, (255, 255, 255, 255))
    paper.alpha_composite(band.convert("RGBA"))
    return np.asarray(paper.convert("RGB"), np.uint8)


def _resolution(image: Image.Image) -> tuple[float, float]:
    try:
        x_dpi, y_dpi = (float(value) for value in image.info.get("dpi", (0.0, 0.0)))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 0.0, 0.0
    if not (1 <= x_dpi <= 10_000 and 1 <= y_dpi <= 10_000):
        return 0.0, 0.0
    return x_dpi, y_dpi


def _tiff_lossy(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return tags.get(_TIFF_COMPRESSION) in _TIFF_LOSSY
