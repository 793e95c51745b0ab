"""An independent look at a finished copy against the truth of the document that it was made of.

It shares nothing with masker, detectors or attacker: it opens both files itself, compares pixels, reads the copy
with the engine it is given, and searches text layer, metadata and objects for every planted value.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Owner
from detectors.geometry import Box, Quad
from detectors.pages import Pixels
from detectors.reading.engines.engine import Engine, EngineWord
from streams.canaries.documents import RENDER_DPI, PlantedIdentifier, SyntheticDocument

COVERED_SHARE = 0.98
"""Of an identifier's ink, so much must lie under solid black or be gone; the rest is the grain of a scan."""
READ_DPI = 200
"""A page of less is enlarged to this before it is read, because the engine misses small print otherwise."""
PAGE_INCHES = 8.5
SECOND_READ_UNDER = 0.95
"""Share of clean words: a page on which fewer were read is read once more with its black areas lightened."""
PART_CHARS = 4
"""A shorter part of a value gives nobody away, and stands in clean words by chance."""
SEARCHED_CHARS = 6
_BLACK_BELOW = 64
_UNIFORM_GRAYS = 40
_SOLID_PT = 3.0
"""Black stays solid when a square of this side is slid through it; strokes of print are thinner and vanish."""

Reading = tuple[tuple[EngineWord, ...], ...]
"""What an engine read on each page, boxes in source pixels."""


@dataclass(frozen=True, slots=True)
class LeakCheck:
    """Indices are of the document's identifiers. `planted` counts those that the profile acts upon.

    `uncovered` have ink outside solid black; `readable` can still be read, or found in the file's text or objects.
    `words_clean` and `words_kept` are design's "words kept", as multisets over all submitted pages.
    """

    planted: int
    uncovered: tuple[int, ...]
    readable: tuple[int, ...]
    words_clean: int
    words_kept: int

    @property
    def leaks(self) -> tuple[int, ...]:
        return tuple(sorted({*self.uncovered, *self.readable}))


def check(
    document: SyntheticDocument,
    finished: bytes | None,
    acts_on: Callable[[Kind, Owner, str], bool],
    engine: Engine,
    untouched_words: Reading | None = None,
    pages: Sequence[int | None] | None = None,
) -> LeakCheck:
    """Compare a finished PDF with the truth; None means withheld: nothing leaks and no word is kept.

    `acts_on` says by kind, owner and text what the profile takes out. `untouched_words` is what `read_untouched`
    gave for this document, so that several copies of it cost one reading. `pages` names the source page of each
    finished page where they differ (None for an added notice).
    Raises RedoubtError: PAGE_COUNT_CHANGED where pages and copy do not agree, DAMAGED where the copy is no PDF,
    READER_FAILED from the engine.
    """
    sources = rasters(document.content, document.suffix)
    untouched = read_untouched(document, engine) if untouched_words is None else untouched_words
    clean = [_clean(document, page, words) for page, words in enumerate(untouched)]
    acted = [i for i, p in enumerate(document.identifiers) if acts_on(p.kind, p.owner, p.text)]
    total = sum(counter.total() for counter in clean)
    if finished is None:
        return LeakCheck(len(acted), (), (), total, 0)
    copies = rasters(finished, ".pdf")
    order: Sequence[int | None] = range(len(sources)) if pages is None else pages
    if len(order) != len(copies):
        raise RedoubtError(Reason.PAGE_COUNT_CHANGED)
    uncovered: set[int] = set()
    readable: set[int] = set()
    kept = 0
    for copy, page in zip(copies, order, strict=True):
        if page is None:
            continue
        fitted = _fitted(copy, sources[page])
        solid = _solid(fitted)
        words = _read(fitted, engine)
        seen = _clean(document, page, words)
        if (clean[page] & seen).total() < SECOND_READ_UNDER * clean[page].total():
            lightened = _read(_lightened(fitted, solid), engine)
            seen |= _clean(document, page, lightened)
            words += lightened
        mine = [i for i in acted if document.identifiers[i].page == page]
        uncovered |= {
            i
            for i in mine
            if any(not _covered(r, sources[page], fitted, solid) for r in document.identifiers[i].regions)
        }
        open_text = _open_text(document, set(acted), page)
        readable |= {i for i in mine if _readable(document.identifiers[i], words, open_text, i in uncovered)}
        kept += (clean[page] & seen).total()
    readable |= _found_in_file(document, acted, finished)
    return LeakCheck(len(acted), tuple(sorted(uncovered)), tuple(sorted(readable)), total, kept)


def read_untouched(document: SyntheticDocument, engine: Engine) -> Reading:
    """What the engine reads on the untouched pages: one call a page."""
    return tuple(_read(page, engine) for page in rasters(document.content, document.suffix))


def rasters(content: bytes, suffix: str) -> list[Pixels]:
    """Each page in gray: the page's own picture where it is one, a rendering at `RENDER_DPI` elsewhere.

    Raises RedoubtError(DAMAGED).
    """
    try:
        if suffix == ".pdf":
            with pymupdf.open(stream=content, filetype="pdf") as pdf:
                return [_pdf_page(pdf, page) for page in pdf]
        with Image.open(io.BytesIO(content)) as image:
            frames = []
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                frames.append(np.asarray(image.convert("L"), np.uint8))
            return frames
    except (pymupdf.FileDataError, OSError):
        raise RedoubtError(Reason.DAMAGED) from None


def _pdf_page(pdf: pymupdf.Document, page: pymupdf.Page) -> Pixels:
    images = page.get_images(full=True)
    if len(images) == 1 and not page.get_text("text").strip() and not page.get_drawings():
        pixmap = pymupdf.Pixmap(pdf, images[0][0])
        if pixmap.colorspace is None or pixmap.n != 1:
            pixmap = pymupdf.Pixmap(pymupdf.csGRAY, pixmap)
    else:
        pixmap = page.get_pixmap(dpi=RENDER_DPI, colorspace=pymupdf.csGRAY, alpha=False)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
    return np.ascontiguousarray(pixels[:, : pixmap.width])


def _fitted(copy: Pixels, source: Pixels) -> Pixels:
    """The finished page in the source's frame, without the notice below it; the same pixels where it kept its size."""
    copy = copy[: round(source.shape[0] * copy.shape[1] / source.shape[1])]
    if copy.shape == source.shape:
        return copy
    return np.asarray(cv2.resize(copy, source.shape[::-1], interpolation=cv2.INTER_CUBIC), np.uint8)


def _read(page: Pixels, engine: Engine) -> tuple[EngineWord, ...]:
    dpi = page.shape[1] / PAGE_INCHES
    factor = max(1.0, READ_DPI / dpi)
    scaled = page if factor == 1 else cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return tuple(
        EngineWord(w.text, w.confidence, _shrunk(w.box, factor), w.line)
        for w in engine.words(scaled, round(dpi * factor))
    )


def _shrunk(box: Box, factor: float) -> Box:
    return Box.around([(box.left / factor, box.top / factor), (box.right / factor, box.bottom / factor)])


def plain(text: str) -> str:
    """Letters and digits only, case folded: how values are compared."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _touches(word: EngineWord, region: Quad) -> bool:
    """Whether they share a fifth of the smaller one: neighbours graze each other on a tight line."""
    bounds = region.bounds
    return word.box.overlap(bounds) > 0.2 * min(word.box.area, bounds.area)


def _clean(document: SyntheticDocument, page: int, words: Sequence[EngineWord]) -> Counter[str]:
    """Words under no identifier of any kind."""
    gold = [r for p in document.identifiers if p.page == page for r in p.regions]
    outside = (plain(w.text) for w in words if not any(_touches(w, region) for region in gold))
    return Counter(word for word in outside if word)


def _solid(copy: Pixels) -> NDArray[np.bool_]:
    """Where black is a filled area and not a stroke of print."""
    side = max(3, round(_SOLID_PT / 72 * copy.shape[1] / PAGE_INCHES))
    black = (copy < _BLACK_BELOW).astype(np.uint8)
    solid = cv2.morphologyEx(black, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    return np.asarray(cv2.dilate(solid, np.ones((3, 3), np.uint8)).astype(bool))


def _lightened(copy: Pixels, solid: NDArray[np.bool_]) -> Pixels:
    """The page with its filled areas in the paper's tone and its print black on white: an engine skips pale print
    between black boxes, and a person reads it."""
    plain_paper = np.where(solid, np.uint8(np.median(copy)), copy)
    ink, paper = np.percentile(plain_paper, (1, 50))
    stretched = (plain_paper.astype(np.float32) - ink) * 255.0 / max(paper - ink, 1.0)
    return np.asarray(np.clip(stretched, 0, 255), np.uint8)


def _covered(region: Quad, source: Pixels, copy: Pixels, solid: NDArray[np.bool_]) -> bool:
    """Whether the region's ink is under solid black, or the copy shows one flat tone there."""
    box = region.bounds.clipped(source.shape[1], source.shape[0])
    if box is None:
        return True
    window = np.s_[box.top : box.bottom, box.left : box.right]
    inside = np.zeros((box.height, box.width), np.uint8)
    corners = np.array([(x - box.left, y - box.top) for x, y in region.corners])
    cv2.fillConvexPoly(inside, np.round(corners).astype(np.int32), 1)
    mask = inside.astype(bool)
    tones, left = source[window][mask], copy[window][mask]
    if int(left.max()) - int(left.min()) < _UNIFORM_GRAYS:
        return True
    dark, paper = np.percentile(tones, (2, 95))
    ink = mask & (source[window] <= (dark + paper) / 2)
    return float(solid[window][ink].mean()) >= COVERED_SHARE


def _open_text(document: SyntheticDocument, acted: set[int], page: int) -> set[str]:
    """Every plain word that may stand on the page: clean words, and identifiers that the profile keeps."""
    words = {plain(w.text) for w in document.words if w.page == page and not any(i in acted for i in w.identifiers)}
    kept = {plain(p.text) for i, p in enumerate(document.identifiers) if i not in acted and p.page == page}
    return words | kept


def _parts(text: str) -> list[str]:
    """The words of a value, split at anything but letters and digits, that are long enough to tell."""
    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return [word for word in words if len(word) >= PART_CHARS]


def _readable(planted: PlantedIdentifier, words: Sequence[EngineWord], open_text: set[str], uncovered: bool) -> bool:
    near = [w for w in words if any(_touches(w, region) for region in planted.regions)]
    if not near:
        return False
    value, seen = plain(planted.text), "".join(plain(w.text) for w in near)
    if len(value) < PART_CHARS:
        # two letters come out of a black box by chance: a short value counts only where its ink is open
        return uncovered and value in {plain(w.text) for w in near}
    if value in seen:
        return True
    return any(part in seen and part not in open_text for part in _parts(planted.text))


def _found_in_file(document: SyntheticDocument, acted: Sequence[int], finished: bytes) -> set[int]:
    """Values in the copy's text layer, metadata, outline, objects or raw bytes."""
    taken = set(acted)
    may_stand = _row(" ".join(w.text for w in document.words if taken.isdisjoint(w.identifiers)))
    loose, raw = _file_text(finished)
    found = set()
    for i in acted:
        text = document.identifiers[i].text
        if len(plain(text)) < SEARCHED_CHARS:
            continue
        forms = {form for name in ("utf-8", "latin-1", "utf-16-be") if (form := _encoded(text, name))}
        in_text = any(form in loose and form not in may_stand for form in (_row(text), f" {plain(text)} "))
        if in_text or any(form in raw for form in forms):
            found.add(i)
    return found


def _row(text: str) -> str:
    """Its runs of letters and digits, folded, a space before and after each: whole words are found, not halves."""
    return " " + " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split()) + " "


def _encoded(text: str, name: str) -> bytes:
    try:
        return text.encode(name)
    except UnicodeEncodeError:
        return b""


def _file_text(finished: bytes) -> tuple[str, bytes]:
    """The copy's text in rows of words, and its bytes with every object and stream that is no picture opened."""
    raw = [finished]
    with pymupdf.open(stream=finished, filetype="pdf") as pdf:
        texts = [page.get_text("text") for page in pdf]
        texts += [str(value) for value in (pdf.metadata or {}).values()]
        texts += [str(entry) for entry in pdf.get_toc(simple=False)] + [pdf.get_xml_metadata()]
        for xref in range(1, pdf.xref_length()):
            raw.append(pdf.xref_object(xref, compressed=True).encode())
            if pdf.xref_is_stream(xref) and not pdf.xref_is_image(xref):
                raw.append(pdf.xref_stream(xref) or b"")
    return _row("\n".join(texts)), b"\n".join(raw)
