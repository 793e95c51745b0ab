"""Hostile and broken documents: each ends in a reason code within its deadline, and the decoder lives on."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pymupdf
import pytest

from detectors.errors import Reason, RedoubtError
from streams.decode import decoder as decoder_module
from streams.decode.decoder import Decoder
from streams.decode.limits import BATCH_PAGES, MAX_BYTES, MAX_PAGE_PIXELS, MAX_PAGES
from tests.decode.decoding import (
    DEADLINE_S,
    assert_alive,
    decoder,
    outcome,
    reason,
    sized_pdf,
    slow_pdf,
)
from tests.decode.files import drawing, encoded, pdf_without_pages, text_pdf, tiff_bomb

__all__ = ["decoder"]
BAD: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "nothing": (lambda: b"", Reason.EMPTY),
    "text": (lambda: b"Patient: Maria Kovacs\n", Reason.UNKNOWN_FORMAT),
    "zip": (lambda: b"PK\x03\x04" + b"\0" * 60, Reason.UNKNOWN_FORMAT),
    "gif": (lambda: encoded(drawing(50, 50), "GIF"), Reason.UNKNOWN_FORMAT),
    "pdf_named_late": (lambda: b" " * 2_000 + text_pdf(), Reason.UNKNOWN_FORMAT),
    "png_cut": (lambda: encoded(drawing(), "PNG")[:900], Reason.DAMAGED),
    "jpeg_cut": (lambda: encoded(drawing(), "JPEG")[:3_000], Reason.DAMAGED),
    "tiff_cut": (lambda: encoded(drawing(), "TIFF", compression="tiff_lzw")[:2_000], Reason.DAMAGED),
    "png_head_only": (lambda: b"\x89PNG\r\n\x1a\n", Reason.DAMAGED),
    "pdf_head_only": (lambda: b"%PDF-1.7\n", Reason.DAMAGED),
    "pdf_cut": (lambda: text_pdf(3)[:250], Reason.DAMAGED),
    "pdf_encrypted": (
        lambda: text_pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="a", user_pw="b"),
        Reason.ENCRYPTED,
    ),
    "pdf_without_pages": (pdf_without_pages, Reason.NO_PAGES),
    "pdf_of_many_pages": (lambda: text_pdf(MAX_PAGES + 1), Reason.TOO_MANY_PAGES),
    "pdf_huge_page": (lambda: sized_pdf("[0 0 1000000 1000000]"), Reason.TOO_MANY_PIXELS),
    "pdf_long_page": (lambda: sized_pdf("[0 0 100 1000000]"), Reason.TOO_MANY_PIXELS),
    "tiff_bomb": (lambda: tiff_bomb(2_000_000_000, 2_000_000_000), Reason.TOO_MANY_PIXELS),
    "tiff_bomb_just_over": (lambda: tiff_bomb(10_000, MAX_PAGE_PIXELS // 10_000 + 1), Reason.TOO_MANY_PIXELS),
    "tiff_of_no_height": (lambda: tiff_bomb(100, 0), Reason.DAMAGED),
    "too_many_bytes": (lambda: b"%PDF-" + bytes(MAX_BYTES), Reason.TOO_MANY_BYTES),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_ends_in_its_code(decoder: Decoder, name: str) -> None:
    make, expected = BAD[name]
    content = make()
    started = time.monotonic()
    assert reason(decoder, content) is expected
    assert time.monotonic() - started < 10
    assert_alive(decoder)


def test_a_png_bomb_is_refused_by_its_header(decoder: Decoder) -> None:
    head = encoded(drawing(50, 50), "PNG")
    bomb = head[:16] + (60_000).to_bytes(4, "big") * 2 + head[24:]
    assert reason(decoder, bomb) in (Reason.TOO_MANY_PIXELS, Reason.DAMAGED)


@pytest.mark.parametrize("box", ["[0 0 0 0]", "[0 0 0.5 0.5]", "[0 0 -612 -792]", "[0 0 6120 7920]"])
def test_an_odd_page_size_gives_a_page_or_a_code(decoder: Decoder, box: str) -> None:
    found = outcome(decoder, sized_pdf(box))
    if isinstance(found, Reason):
        assert found in (Reason.DAMAGED, Reason.TOO_MANY_PIXELS)
    else:
        assert found[0].width * found[0].height <= MAX_PAGE_PIXELS
    assert_alive(decoder)


def test_an_oversized_page_is_rendered_coarser(decoder: Decoder) -> None:
    (page,) = decoder.decode(sized_pdf("[0 0 4000 4000]"), DEADLINE_S)
    assert 100 <= page.width * 72 / 4000 < 200
    assert page.width * page.height <= MAX_PAGE_PIXELS


def test_the_deadline_ends_endless_work(decoder: Decoder) -> None:
    content = slow_pdf()
    started = time.monotonic()
    assert reason(decoder, content, 1.0) is Reason.DEADLINE
    assert time.monotonic() - started < 3
    assert_alive(decoder)


def test_a_deadline_of_nothing_is_over(decoder: Decoder) -> None:
    assert reason(decoder, text_pdf(), 0.0) is Reason.DEADLINE
    assert_alive(decoder)


def test_pages_come_in_batches_each_from_a_child_of_its_own(decoder: Decoder) -> None:
    content = text_pdf(2 * BATCH_PAGES + 3)
    whole = decoder.decode(content, DEADLINE_S)
    assert len(whole) == 2 * BATCH_PAGES + 3
    first, last = decoder.batch(content, 0, DEADLINE_S), decoder.batch(content, 2 * BATCH_PAGES, DEADLINE_S)
    assert (len(first.pages), len(last.pages), first.total, last.total) == (BATCH_PAGES, 3, len(whole), len(whole))
    assert np.array_equal(last.pages[-1].pixels, whole[-1].pixels)
    assert not np.array_equal(whole[-1].pixels, whole[0].pixels)


def test_no_more_pages_come_than_are_wanted(decoder: Decoder) -> None:
    batch = decoder.batch(text_pdf(9), 4, DEADLINE_S, at_most=2)
    assert (len(batch.pages), batch.total) == (2, 9)


def test_a_tiff_starts_in_the_middle_too(decoder: Decoder) -> None:
    sheets = [drawing(400 + 10 * n, 500) for n in range(4)]
    content = encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])
    batch = decoder.batch(content, 2, DEADLINE_S)
    assert ([page.width for page in batch.pages], batch.total) == ([420, 430], 4)


def test_a_page_that_is_not_there_is_no_empty_batch(decoder: Decoder) -> None:
    for content in (text_pdf(2), encoded(drawing(), "PNG")):
        with pytest.raises(RedoubtError) as caught:
            decoder.batch(content, 2, DEADLINE_S)
        assert caught.value.reason is Reason.DECODER_CRASHED


def test_pages_over_the_documents_limit_are_refused(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    content = text_pdf(BATCH_PAGES + 1)
    samples = sum(page.pixels.nbytes for page in decoder.decode(content, DEADLINE_S))
    monkeypatch.setattr(decoder_module, "MAX_DOCUMENT_SAMPLES", samples)
    assert len(decoder.decode(content, DEADLINE_S)) == BATCH_PAGES + 1
    monkeypatch.setattr(decoder_module, "MAX_DOCUMENT_SAMPLES", samples - 1)
    assert reason(decoder, content) is Reason.TOO_MANY_PIXELS
