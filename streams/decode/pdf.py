"""PDF pages: a scan's own pixels where the page is one picture, MuPDF's rendering otherwise."""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pymupdf
from PIL import Image

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, Pixels, TextLayer
from streams.decode import mupdf_log
from streams.decode.batch import Flaw
from streams.decode.coded import was_jpeg
from streams.decode.limits import (
    MAX_PAGE_PIXELS,
    MAX_PAGES,
    MAX_RENDER_DPI,
    MAX_SIDE_PX,
    MIN_RENDER_DPI,
    RENDER_DPI,
)
from streams.decode.opened import Opened
from streams.decode.pixmaps import rendered, view
from streams.decode.rasters import raster
from streams.decode.redactions import redactions
from streams.decode.text_layer import text_layer
from streams.decode.whole import jpeg_is_whole, whole_gray_jpeg

FULL_PAGE: Final = 0.95
"""Share of the page that a scan covers: scanners leave a rim of a few points."""

MIN_SCAN_DPI: Final = 40.0
"""Coarser pictures are backgrounds, not scans; the page keeps its shape by being rendered."""

GUARD_DPI: Final = 50
ROUGHLY: Final = 2.0
"""Times GUARD_DPI to which the scan is shrunk by whole pixels first."""
GUARD_MEAN: Final = 6.0
"""Mean difference in gray levels between the scan and MuPDF's rendering of the page, both at GUARD_DPI."""
GUARD_WORST: Final = 40.0
"""The same over any one block of GUARD_BLOCK pixels a side: a patch that hides or shows something."""
GUARD_BLOCK: Final = 16

MIXED_IMAGE_SHARE: Final = 0.05
"""Pictures smaller than this share of the page are logos: they neither set its resolution nor make it lossy."""

_JPEG_FILTERS: Final = ("DCTDecode", "DCT")
_CHANGING: Final = ("Decode", "DecodeParms", "Mask")
_LOSSY_FILTERS: Final = (*_JPEG_FILTERS, "JPXDecode")
_INK: Final = frozenset({"fill-path", "stroke-path", "fill-text", "stroke-text", "fill-shade"})
_TEXT: Final = frozenset({"fill-text", "stroke-text", "clip-text", "ignore-text"})
_IMAGE: Final = frozenset({"fill-image", "fill-imgmask"})
_NO_IMAGE: Final = frozenset({"fill-path", "stroke-path", "fill-text", "stroke-text", "ignore-text"})
_LINK: Final = 2
_PLACING: Final = frozenset({b"q", b"Q", b"cm", b"Do"})
"""All that a scanner's page says, with names and numbers: save, restore, place, and show what a name stands for."""
_SHORT_BYTES: Final = 1_000


Log = list[tuple[str, Any]]
"""What a page shows in turn: of what kind, and in which box (`Page.get_bboxlog`)."""


def open_pdf(content: bytes, first: int = 0) -> Opened:
    """A document whose pages are taken from `first` on in order.

    Raises RedoubtError(ENCRYPTED, DAMAGED, NO_PAGES, TOO_MANY_*), else what MuPDF raises.
    """
    mupdf_log.forget()
    document = pymupdf.open(stream=content, filetype="pdf")
    if document.needs_pass:
        raise RedoubtError(Reason.ENCRYPTED)
    count = int(document.page_count)
    if count == 0:
        raise RedoubtError(Reason.DAMAGED if document.is_repaired else Reason.NO_PAGES)
    if count > MAX_PAGES:
        raise RedoubtError(Reason.TOO_MANY_PAGES)
    pictures = _Pictures()
    pages = (_page(document, document[number], pictures) for number in range(first, count))
    return Opened(count, pages, lambda: _flaws(document, pictures))


@dataclass(slots=True)
class _Pictures:
    """The numbers of a document's pictures on the pages taken until now, and of those that were found whole."""

    shown: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)


def _flaws(document: Any, pictures: _Pictures) -> Flaw:
    """Of the document's tree and of the pages taken until now, with these pictures on them."""
    mended = document.is_repaired or mupdf_log.tells_of_loss()
    asked = pictures.shown - pictures.whole
    return Flaw.MENDED if mended or not all(_is_whole(document, xref) for xref in asked) else Flaw.NONE


def _is_whole(document: Any, xref: int) -> bool:
    """Whether a JPEG is; what is missing of other pictures MuPDF tells."""
    if not any(name in document.xref_get_key(xref, "Filter")[1] for name in _JPEG_FILTERS):
        return True
    found = document.extract_image(xref)
    return found["ext"] != "jpeg" or jpeg_is_whole(found["image"])


def _mask(document: Any, xref: int) -> int:
    """The number of a picture's mask, 0 where it has none or the table of a broken file lacks one of the two."""
    count = document.xref_length()
    kind, value = document.xref_get_key(xref, "SMask") if xref < count else ("null", "")
    number = int(value.split()[0]) if kind == "xref" else 0
    return number if number < count else 0


def _page(document: Any, page: Any, pictures: _Pictures) -> PageRaster:
    """The page's pictures are added to those seen."""
    log = page.get_bboxlog()
    images = _images(page, {kind for kind, _ in log})
    shown = {int(image["xref"]) for image in images if image["xref"]}
    pictures.shown |= shown | {mask for picture in shown if (mask := _mask(document, picture))}
    return _scan(document, page, images, log, pictures) or _rendering(document, page, images, log)


def _images(page: Any, kinds: Set[str]) -> list[dict[str, Any]]:
    """What the page shows of pictures: each one's place, size and `xref`, 0 where that is not known. `kinds` are those
    of all that it shows.

    MuPDF decodes every picture twice to tell which is which; a page that can show but one need not be asked.
    """
    if kinds <= _NO_IMAGE:
        return []
    told, shown = page.get_images(full=True), page.get_image_info()
    if len(told) == len(shown) == 1 and not page.get_xobjects() and _only_places(page.read_contents()):
        (xref, _, width, height, *_), (info,) = told[0], shown
        if (info["width"], info["height"]) == (width, height):
            return [{**info, "xref": xref}]
    return list(page.get_image_info(xrefs=True))


def _only_places(contents: bytes) -> bool:
    """Whether a page's program does nothing but show the pictures that its resources name: it brings none itself."""
    if len(contents) > _SHORT_BYTES:
        return False
    words = contents.split()
    return all(w in _PLACING or w[:1] == b"/" or not w.strip(b"+-.0123456789") for w in words)


def _scan(document: Any, page: Any, images: list[dict[str, Any]], log: Log, pictures: _Pictures) -> PageRaster | None:
    """The page's one picture in its own pixels; None where the page is anything else."""
    if not _only_an_image(page, images, log):
        return None
    info = images[0]
    width, height = int(info["width"]), int(info["height"])
    if width * height > MAX_PAGE_PIXELS or max(width, height) > MAX_SIDE_PX:
        return None
    placed = pymupdf.Matrix(info["transform"]) * page.rotation_matrix
    upright = max(abs(placed.b), abs(placed.c)) <= 0.01 * min(abs(placed.a), abs(placed.d))
    sideways = max(abs(placed.a), abs(placed.d)) <= 0.01 * min(abs(placed.b), abs(placed.c))
    if not (upright or sideways):
        return None
    pixels = _native_pixels(document, info, pictures)
    if pixels is None:
        return None
    flip_x, flip_y = (placed.a < 0, placed.d < 0) if upright else (placed.c < 0, placed.b < 0)
    if sideways:
        pixels = np.swapaxes(pixels, 0, 1)
    pixels = pixels[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    box = (pymupdf.Rect(info["bbox"]) * page.rotation_matrix).normalize()
    x_dpi, y_dpi = pixels.shape[1] * 72 / box.width, pixels.shape[0] * 72 / box.height
    if min(x_dpi, y_dpi) < MIN_SCAN_DPI or not _looks_like(page, box, pixels):
        return None
    bilevel = int(info["bpc"]) == 1
    lossy = _lossy(document, int(info["xref"])) or (not bilevel and was_jpeg(pixels))
    scan = raster(np.ascontiguousarray(pixels), x_dpi, y_dpi, bilevel=bilevel, lossy=lossy)
    hidden = any(kind in _TEXT for kind, _ in log)
    return replace(scan, layer=TextLayer.under_scan()) if hidden else scan


def _only_an_image(page: Any, images: list[dict[str, Any]], log: Log) -> bool:
    """One unmasked picture over the whole page, nothing drawn on top of it, nothing to see beside it."""
    if len(images) != 1 or not images[0]["xref"] or images[0].get("has-mask"):
        return False
    if any(kind != _LINK for _, kind, _ in page.annot_xrefs()):
        return False
    area = abs(page.rect.width * page.rect.height)
    shown = pymupdf.Rect(images[0]["bbox"]) * page.rotation_matrix
    if area <= 0 or (shown & page.rect).get_area() < FULL_PAGE * area or shown.get_area() > area / FULL_PAGE:
        return False
    marks = [kind for kind, _ in log]
    drawn = [i for i, kind in enumerate(marks) if kind in _IMAGE]
    return len(drawn) == 1 and not any(kind in _INK for kind in marks[drawn[0] :])


def _native_pixels(document: Any, info: dict[str, Any], pictures: _Pictures) -> Pixels | None:
    """A picture that is a JPEG of gray levels and no more is decoded by who tells, at once, whether it is whole, and in
    half the time; the levels are the same."""
    xref = int(info["xref"])
    if (gray := _gray_jpeg(document, info)) is not None:
        pictures.whole.add(xref)
        return gray
    pixmap = pymupdf.Pixmap(document, xref)
    if pixmap.colorspace is None:
        # A stencil: its alpha says where the ink is. That the ink is black is for the guard to see.
        return np.asarray(255 - _array(pixmap)[..., 0], np.uint8) if pixmap.n == 1 else None
    if pixmap.alpha:
        return None
    if pixmap.n not in (1, 3):
        pixmap = pymupdf.Pixmap(pymupdf.csRGB, pixmap)
    found = _array(pixmap)
    return found[..., 0] if pixmap.n == 1 else found


def _gray_jpeg(document: Any, info: dict[str, Any]) -> Pixels | None:
    """The levels of such a picture, shape (height, width); None of any other, and of one that is not whole."""
    xref = int(info["xref"])
    if info["colorspace"] != 1 or "Gray" not in info["cs-name"]:
        return None
    if document.xref_get_key(xref, "Filter")[1] != "/DCTDecode" or any(
        document.xref_get_key(xref, key)[0] != "null" for key in _CHANGING
    ):
        return None
    levels = whole_gray_jpeg(document.xref_stream_raw(xref))
    return levels if levels is not None and levels.shape == (info["height"], info["width"]) else None


def _array(pixmap: Any) -> Pixels:
    return view(pixmap).copy()


def _looks_like(page: Any, box: Any, pixels: Pixels) -> bool:
    """Whether the page as MuPDF shows it is this picture in this place, on white."""
    shown = _array(page.get_pixmap(dpi=GUARD_DPI, colorspace=pymupdf.csGRAY, alpha=False))[..., 0].astype(np.float32)
    scale = GUARD_DPI / 72
    left, top = round((box.x0 - page.rect.x0) * scale), round((box.y0 - page.rect.y0) * scale)
    width, height = max(round(box.width * scale), 1), max(round(box.height * scale), 1)
    whole = Image.fromarray(np.ascontiguousarray(pixels))
    gray = whole if whole.mode == "L" else whole.convert("L")
    small = gray.resize((width, height), Image.Resampling.BOX, reducing_gap=ROUGHLY)
    paper = Image.new("L", (shown.shape[1], shown.shape[0]), 255)
    paper.paste(small, (left, top))
    difference = np.abs(shown - np.asarray(paper, np.float32))
    rows, columns = (math.ceil(side / GUARD_BLOCK) * GUARD_BLOCK for side in difference.shape)
    blocks = np.zeros((rows, columns), np.float32)
    blocks[: difference.shape[0], : difference.shape[1]] = difference
    means = blocks.reshape(rows // GUARD_BLOCK, GUARD_BLOCK, columns // GUARD_BLOCK, GUARD_BLOCK).mean(axis=(1, 3))
    return float(difference.mean()) <= GUARD_MEAN and float(means.max()) <= GUARD_WORST


def _rendering(document: Any, page: Any, images: list[dict[str, Any]], log: Log) -> PageRaster:
    """The page as a viewer shows it, annotations and form fields included."""
    area = max(page.rect.width * page.rect.height, 1.0)
    large = [i for i in images if pymupdf.Rect(i["bbox"]).get_area() >= MIXED_IMAGE_SHARE * area]
    finest = max((_image_dpi(i) for i in large), default=0.0)
    dpi = _fitting_dpi(page.rect.width, page.rect.height, min(max(finest, RENDER_DPI), MAX_RENDER_DPI))
    drawn = page.get_displaylist()
    pixmap = rendered(drawn, dpi)
    lossy = any(i["xref"] == 0 or _lossy(document, int(i["xref"])) for i in large)
    samples = view(pixmap)[..., 0] if pixmap.n == 1 else view(pixmap)
    shown = raster(samples, float(dpi), float(dpi), lossy=lossy)
    if shown.pixels.base is not None:
        # The pixmap's own samples go with it.
        shown = replace(shown, pixels=shown.pixels.copy())
    trace = page.get_texttrace()
    hidden = redactions(page, log, trace, dpi, shown.width, shown.height)
    layer = text_layer(page, trace, images, dpi, drawn, pixmap.irect, shown.pixels)
    return replace(shown, layer=layer, redactions=hidden)


def _image_dpi(info: dict[str, Any]) -> float:
    a, b, *_ = info["transform"]
    return float(info["width"]) * 72 / max(math.hypot(a, b), 1.0)


def _fitting_dpi(width_pt: float, height_pt: float, wanted: float) -> int:
    """Raises RedoubtError(TOO_MANY_PIXELS) where the page fits only at a resolution that nobody could read."""
    if not (math.isfinite(width_pt) and math.isfinite(height_pt)) or width_pt <= 0 or height_pt <= 0:
        raise RedoubtError(Reason.DAMAGED)
    # One pixel a side is kept back: MuPDF rounds outward.
    fits = 72 * min(math.sqrt(MAX_PAGE_PIXELS / (width_pt * height_pt)), (MAX_SIDE_PX - 1) / max(width_pt, height_pt))
    dpi = math.floor(min(wanted, fits * 0.999))
    if dpi < MIN_RENDER_DPI:
        raise RedoubtError(Reason.TOO_MANY_PIXELS)
    return dpi


def _lossy(document: Any, xref: int) -> bool:
    _, filters = document.xref_get_key(xref, "Filter")
    return any(name in filters for name in _LOSSY_FILTERS)
