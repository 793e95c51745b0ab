"""What a file keeps besides what it shows: earlier revisions, layers that are switched off, thumbnails, and the same
document once more as an attachment."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import pymupdf

from streams.check.blocks import BLOCK_PT, block_levels, stretches
from streams.check.finding import Found, What

MAX_REVISIONS: Final = 10
"""The latest ones: each is a whole document to draw."""
MAX_ATTACHED: Final = 20
"""Files of a portfolio that are opened."""
MAX_PAGES_DRAWN: Final = 50
"""Of a revision: who hides something by saving again mostly does so at the first pages."""
MIN_LETTERS: Final = 3
SAME: Final = 0.7
"""Share of what two pages show that is alike where one of them is the other, redacted."""
_SEEN, _GONE = 80, 16
"""Gray levels within a block that shows something, and that shows nothing."""
_END = re.compile(rb"%%EOF")
_LINEARISED = re.compile(rb"/Linearized\b")


def earlier_revisions(content: bytes, latest: Any) -> Iterator[Found]:
    """Places where an earlier revision shows something and the latest one a plain area; pages that were taken out.

    What was only changed or added, as a form that was filled in or signed, is none.
    """
    ends = [match.end() for match in _END.finditer(content)][:-1]
    if _LINEARISED.search(content[:1024]):
        ends = ends[1:]
    for end in ends[-MAX_REVISIONS:]:
        try:
            old = pymupdf.open(stream=content[:end], filetype="pdf")
        except pymupdf.FileDataError:
            continue
        with old:
            if not old.is_repaired and not old.needs_pass:
                yield from _taken_away(old, latest)


def _taken_away(old: Any, latest: Any) -> Iterator[Found]:
    now = {latest.page_xref(number): number for number in range(latest.page_count)}
    for number in range(min(old.page_count, MAX_PAGES_DRAWN)):
        here = now.get(old.page_xref(number))
        if here is None:
            yield Found(What.EARLIER_REVISION, min(number, latest.page_count - 1), (0.0, 0.0, 0.0, 0.0))
            continue
        yield from _gone(What.EARLIER_REVISION, here, _drawn_like(old, number, latest[here]), _drawing(latest[here]))


def _drawn_like(old: Any, number: int, page: Any) -> Any:
    """A page of an earlier revision, turned and cropped as it is now."""
    with contextlib.suppress(ValueError):
        old[number].set_mediabox(page.mediabox)
        old[number].set_cropbox(page.cropbox)
    old[number].set_rotation(page.rotation)
    return _drawing(old[number])


def _drawing(page: Any, scale: float = 1.0) -> Any:
    return page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csGRAY, alpha=False)


def _gone(what: What, page: int, before: Any, after: Any, scale: float = 1.0) -> Iterator[Found]:
    """Places that were something and are plain, of drawings with so many pixels a point."""
    (low, high), (now_low, now_high) = block_levels(before), block_levels(after)
    rows, columns = min(len(low), len(now_low)), min(low.shape[1], now_low.shape[1])
    seen = (high - low)[:rows, :columns] > _SEEN
    gone = seen & ((now_high - now_low)[:rows, :columns] < _GONE)
    places = [(left, row, right, row + 1) for row in range(rows) for left, right in stretches(gone[row])]
    # Of print that stands upright, or of a page that lies on its side.
    places += [
        (column, top, column + 1, bottom) for column in range(columns) for top, bottom in stretches(gone[:, column])
    ]
    for place in places:
        x0, y0, x1, y1 = (side * BLOCK_PT / scale for side in place)
        yield Found(what, page, (x0, y0, x1, y1))


def thumbnails(document: Any) -> Iterator[Found]:
    """Small pictures of pages, kept for lists of them, that show what the page hides: those large enough to read."""
    for page in document:
        # A page of a file that was mended may have a number that the table lacks.
        kind, value = (
            document.xref_get_key(page.xref, "Thumb") if 0 < page.xref < document.xref_length() else ("null", "")
        )
        if kind != "xref":
            continue
        small = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(document, int(value.split()[0])))
        scale = small.width / page.rect.width
        if abs(small.height - page.rect.height * scale) <= 2:
            yield from _gone(What.THUMBNAIL, page.number, small, _drawing(page, scale), scale)


def attached(document: Any) -> Iterator[bytes]:
    """The first documents among the attached files, those attached to a page included."""
    for name in document.embfile_names()[:MAX_ATTACHED]:
        content = document.embfile_get(name)
        if b"%PDF-" in content[:1024]:
            yield content
    notes = (note for page in document for note in page.annots(types=(pymupdf.PDF_ANNOT_FILE_ATTACHMENT,)))
    for note in islice(notes, MAX_ATTACHED):
        content = note.get_file()
        if b"%PDF-" in content[:1024]:
            yield content


def told_by_a_copy(document: Any, latest: Any) -> Iterator[Found]:
    """Places that a page of an attached document shows, and the page that is otherwise the same as it does not."""
    for number in range(min(document.page_count, latest.page_count, MAX_PAGES_DRAWN)):
        before, after = _drawing(document[number]), _drawing(latest[number])
        (low, high), (now_low, now_high) = block_levels(before), block_levels(after)
        if low.shape != now_low.shape:
            continue
        shown = (high - low > _SEEN) | (now_high - now_low > _SEEN)
        same = (abs(low - now_low) < _GONE) & (abs(high - now_high) < _GONE)
        if shown.sum() and (same & shown).sum() > SAME * shown.sum():
            yield from _gone(What.ATTACHMENT, number, before, after)


def hidden_layers(document: Any) -> Iterator[Found]:
    """Pages that show more letters or pictures once every layer is switched on (ISO 32000-2, 8.11)."""
    groups = document.get_ocgs()
    if all(group["on"] for group in groups.values()):
        return
    with pymupdf.open(stream=document.tobytes(), filetype="pdf") as other:
        every = " ".join(f"{xref} 0 R" for xref in groups)
        other.xref_set_key(other.pdf_catalog(), "OCProperties", f"<</OCGs[{every}]/D<</BaseState/ON>>>>")
        with pymupdf.open(stream=other.tobytes(), filetype="pdf") as shown:
            for number in range(min(document.page_count, shown.page_count)):
                more = _drawn(shown[number]) - _drawn(document[number])
                letters, pictures = sum(n for code, n in more.items() if code), more[0]
                if letters >= MIN_LETTERS or pictures:
                    rect = shown[number].rect
                    yield Found(What.HIDDEN_LAYER, number, (0.0, 0.0, rect.width, rect.height), letters)


def _drawn(page: Any) -> Counter[int]:
    """How often each letter or digit is drawn on the page, and as 0 how many pictures."""
    codes = Counter(
        int(code) for span in page.get_texttrace() for code, _, _, _ in span["chars"] if chr(code).isalnum()
    )
    codes[0] = sum(kind in ("fill-image", "fill-imgmask") for kind, _ in page.get_bboxlog())
    return codes
