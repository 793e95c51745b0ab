"""Loops, bombs and claims: each ends in its pages or in a reason code, in time, and the gateway's memory stays flat."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PIL import Image

from detectors.errors import Reason, RedoubtError
from streams.decode.decoder import Decoder
from streams.decode.limits import MAX_BYTES, MAX_PAGE_PIXELS
from tests.decode.files import encoded, text_pdf
from tests.decode.hostile import HOSTILE
from tests.decode.memory import resident_bytes

ENDLESS = {"pdf_bomb_of_text", "pdf_bomb_of_objects", "pdf_pattern_without_end", "jpeg_of_many_scans"}
"""Work for minutes or hours: these may end at their deadline, or for want of memory."""
READABLE = {
    "pdf_bomb_of_an_image": 1,
    "pdf_deep_tree": 1,
    "pdf_references_in_a_ring": 1,
    "pdf_revisions_in_a_ring": 1,
    "tiff_frame_before_itself": 1,
    "tiff_frames_in_a_ring": 3,
    "png_of_too_many_rows": 1,
    "jpeg_of_a_comment_without_end": 1,
}
"""What a careful reader gets pages out of, and how many."""
CODES = {Reason.DAMAGED, Reason.NO_PAGES, Reason.TOO_MANY_PAGES, Reason.TOO_MANY_PIXELS}


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def outcome(decoder: Decoder, content: bytes, deadline_s: float) -> int | Reason:
    try:
        return len(decoder.decode(content, deadline_s))
    except RedoubtError as error:
        return error.reason


@pytest.mark.parametrize("name", sorted(set(HOSTILE) - ENDLESS))
def test_it_ends_in_pages_or_a_code(decoder: Decoder, name: str) -> None:
    content = HOSTILE[name]()
    assert len(content) < MAX_BYTES
    found = outcome(decoder, content, 120.0)
    if name in READABLE:
        assert found == READABLE[name]
    else:
        assert found in CODES or (isinstance(found, int) and found <= 1)
    assert len(decoder.decode(text_pdf(), 120.0)) == 1


@pytest.mark.parametrize("name", sorted(ENDLESS))
def test_what_would_take_for_ever_ends_at_its_deadline(decoder: Decoder, name: str) -> None:
    content = HOSTILE[name]()
    started = time.monotonic()
    assert outcome(decoder, content, 1.5) in CODES | {Reason.DEADLINE}
    assert time.monotonic() - started < 10
    assert len(decoder.decode(text_pdf(), 120.0)) == 1


def test_bombs_take_no_memory_of_the_gateway(decoder: Decoder) -> None:
    assert decoder._parent is not None
    contents = [HOSTILE[name]() for name in ("png_text_bomb", "tiff_of_a_bomb", "png_of_too_many_rows")]
    for content in contents:
        outcome(decoder, content, 120.0)
    before, parent_before = resident_bytes(), resident_bytes(decoder._parent.pid)
    for content in contents * 5:
        outcome(decoder, content, 120.0)
    assert resident_bytes() - before < 32 << 20
    assert resident_bytes(decoder._parent.pid) - parent_before < 8 << 20


@pytest.mark.parametrize("mode", ["RGBA", "I"])
def test_the_largest_page_fits_the_memory_of_a_child(decoder: Decoder, mode: str) -> None:
    largest = encoded(Image.new(mode, (8_900, MAX_PAGE_PIXELS // 8_900), 200), "TIFF", compression="tiff_lzw")
    (page,) = decoder.decode(largest, 240.0)
    assert page.width * page.height > 0.99 * MAX_PAGE_PIXELS
