"""What a file keeps besides what it shows: earlier revisions, and layers that are switched off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pymupdf
from numpy.typing import NDArray

from streams.check.finding import Found, What

MAX_REVISIONS: Final = 10
"""The latest ones: each is a whole document to draw."""
MAX_PAGES_DRAWN: Final = 50
"""Of a revision: who hides something by saving again mostly does so at the first pages."""
MIN_LETTERS: Final = 3
BLOCK_PT: Final = 6
"""Side of the blocks that are compared: half a line of print."""
BLOCKS: Final = 4
"""So many beside each other are a word."""
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
        before, after = _blocks(old[number]), _blocks(latest[here])
        high, wide = min(before.shape[0], after.shape[0]), min(before.shape[1], after.shape[1])
        gone = (before[:high, :wide] > _SEEN) & (after[:high, :wide] < _GONE)
        for row in range(high):
            for left, right in _stretches(gone[row]):
                box = tuple(float(side * BLOCK_PT) for side in (left, row, right, row + 1))
                yield Found(What.EARLIER_REVISION, here, (box[0], box[1], box[2], box[3]))


def _blocks(page: Any) -> NDArray[np.int16]:
    """How many gray levels each block of the page spans."""
    pixmap = page.get_pixmap(dpi=72, colorspace=pymupdf.csGRAY, alpha=False)
    rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    high, wide = rows.shape[0] // BLOCK_PT, rows.shape[1] // BLOCK_PT
    blocks = rows[: high * BLOCK_PT, : wide * BLOCK_PT].reshape(high, BLOCK_PT, wide, BLOCK_PT).astype(np.int16)
    found: NDArray[np.int16] = blocks.max(axis=(1, 3)) - blocks.min(axis=(1, 3))
    return found


def _stretches(row: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Where at least BLOCKS in a row are true, half-open."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    yield from ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= BLOCKS)


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
