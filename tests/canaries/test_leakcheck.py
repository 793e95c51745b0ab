"""The leak check: it fires on an untouched copy, on one missing box, on hidden text; and not on a whole burn."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import cv2
import numpy as np
import pymupdf
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Owner
from detectors.pages import Pixels
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from streams.canaries.documents import Format, Layout, SyntheticDocument, one
from streams.canaries.leakcheck import LeakCheck, Reading, check, plain, rasters, read_untouched


@lru_cache(maxsize=1)
def engine() -> TesserocrEngine:
    return TesserocrEngine()


@lru_cache(maxsize=8)
def sample(layout: Layout, form: Format) -> tuple[SyntheticDocument, list[Pixels], Reading]:
    document = one(21, 0, layout, form)
    return document, rasters(document.content, document.suffix), read_untouched(document, engine())


def everything(kind: Kind, owner: Owner, text: str) -> bool:
    return True


def burned(document: SyntheticDocument, pages: list[Pixels], spare: Collection[int] = ()) -> list[Pixels]:
    """An oracle's copy: each identifier's region black, but for those spared."""
    copies = [page.copy() for page in pages]
    for index, planted in enumerate(document.identifiers):
        for region in planted.regions if index not in spare else ():
            box = region.bounds.grown(2)
            copies[planted.page][max(0, box.top) : box.bottom, max(0, box.left) : box.right] = 0
    return copies


def packed(pages: list[Pixels], text: str = "", title: str = "") -> bytes:
    """A finished PDF as the gateway writes one, with a hidden text or a title where a test plants them."""
    with pymupdf.open() as pdf:
        for page in pages:
            sheet = pdf.new_page(width=612, height=792)
            done, coded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 80])
            assert done
            sheet.insert_image(sheet.rect, stream=bytes(coded), keep_proportion=False)
        if text:
            pdf[0].insert_text((100, 700), text, render_mode=3)
        pdf.set_metadata({"title": title})
        return bytes(pdf.tobytes(deflate=True))


SAMPLES = [(Layout.REFERRAL_LETTER, Format.SCANNED_PDF), (Layout.FAX_COVER, Format.FAX_TIFF)]


@pytest.mark.parametrize(("layout", "form"), SAMPLES)
def test_an_untouched_copy_leaks_everything(layout: Layout, form: Format) -> None:
    document, pages, untouched = sample(layout, form)
    result = check(document, packed(pages), everything, engine(), untouched)
    count = len(document.identifiers)
    assert result.planted == count
    assert result.uncovered == tuple(range(count))
    assert len(result.readable) >= 0.8 * count
    assert result.words_kept >= 0.97 * result.words_clean > 0


@pytest.mark.parametrize(("layout", "form"), SAMPLES)
def test_a_whole_burn_leaks_nothing_and_keeps_the_words(layout: Layout, form: Format) -> None:
    document, pages, untouched = sample(layout, form)
    result = check(document, packed(burned(document, pages)), everything, engine(), untouched)
    assert result.leaks == ()
    assert result.words_kept >= 0.9 * result.words_clean


def test_each_single_missing_box_is_found() -> None:
    """One identifier spared at a time would take an hour of reading, so every seventh is spared at once."""
    document, pages, untouched = sample(*SAMPLES[0])
    for first in range(0, 7, 3):
        spared = tuple(range(first, len(document.identifiers), 7))
        result = check(document, packed(burned(document, pages, spared)), everything, engine(), untouched)
        assert result.uncovered == spared
        assert set(result.readable) <= set(spared)
        assert len(result.readable) >= 0.7 * len(spared)


def test_half_a_box_is_no_cover() -> None:
    document, pages, untouched = sample(*SAMPLES[0])
    index = next(i for i, p in enumerate(document.identifiers) if p.kind is Kind.PERSON and len(p.text) > 10)
    copies = burned(document, pages, (index,))
    for region in document.identifiers[index].regions:
        box = region.bounds
        copies[document.identifiers[index].page][box.top : box.bottom, box.left : (box.left + box.right) // 2] = 0
    assert check(document, packed(copies), everything, engine(), untouched).uncovered == (index,)


@pytest.mark.parametrize("place", ["text", "title"])
def test_a_value_hidden_in_the_file_is_found(place: str) -> None:
    document, pages, untouched = sample(*SAMPLES[0])
    value = document.subject.mrn
    assert value is not None
    holders = {i for i, p in enumerate(document.identifiers) if p.text == value}
    result = check(
        document, packed(burned(document, pages), **{place: f"see {value}."}), everything, engine(), untouched
    )
    assert holders
    assert set(result.readable) == holders
    assert result.uncovered == ()


def test_what_the_profile_keeps_is_no_leak() -> None:
    document, pages, untouched = sample(*SAMPLES[0])
    own = tuple(i for i, p in enumerate(document.identifiers) if p.owner is Owner.PATIENT)
    result = check(
        document,
        packed(burned(document, pages, own)),
        lambda _kind, owner, _text: owner is not Owner.PATIENT,
        engine(),
        untouched,
    )
    assert result.planted == len(document.identifiers) - len(own)
    assert result.leaks == ()


def test_a_withheld_document_keeps_no_word_and_leaks_nothing() -> None:
    document, _, untouched = sample(*SAMPLES[0])
    result = check(document, None, everything, engine(), untouched)
    assert result == LeakCheck(len(document.identifiers), (), (), result.words_clean, 0)
    assert result.words_clean > 100


def test_pages_are_matched_and_blank_ones_lose_their_words() -> None:
    document, pages, untouched = sample(*SAMPLES[1])
    copies = burned(document, pages)
    notice = np.full((2200, 1700), 255, np.uint8)
    with pytest.raises(RedoubtError) as caught:
        check(document, packed([*copies, notice]), everything, engine(), untouched)
    assert caught.value.reason is Reason.PAGE_COUNT_CHANGED
    order = [*range(len(pages)), None]
    whole = check(document, packed([*copies, notice]), everything, engine(), untouched, order)
    assert whole.leaks == ()
    blank = np.full_like(copies[0], 255)
    half = check(document, packed([blank, *copies[1:]]), everything, engine(), untouched)
    assert half.leaks == ()
    assert half.words_clean == whole.words_clean
    assert half.words_kept < 0.8 * whole.words_kept


def test_a_copy_of_another_size_is_fitted() -> None:
    document, pages, untouched = sample(*SAMPLES[0])
    copies = [cv2.resize(p, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA) for p in burned(document, pages, (0,))]
    assert check(document, packed(copies), everything, engine(), untouched).uncovered == (0,)


def test_a_copy_that_is_no_pdf_is_refused() -> None:
    document, _, untouched = sample(*SAMPLES[0])
    with pytest.raises(RedoubtError) as caught:
        check(document, b"not a pdf", everything, engine(), untouched)
    assert caught.value.reason is Reason.DAMAGED


def test_plain_forgets_case_and_marks() -> None:
    assert plain("O'Müller-Straße, 12") == "omüllerstrasse12"
