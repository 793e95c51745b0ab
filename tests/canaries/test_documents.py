"""The generator: the same bytes for the same seed, every pairing and kind, boxes that sit on the ink, valid numbers."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise

import cv2
import numpy as np
import pytest

from detectors.findings import Kind
from streams.canaries.documents import Difficulty, Format, Layout, SyntheticDocument, generate, one
from streams.canaries.faces import ACCENTED
from streams.canaries.leakcheck import rasters
from streams.canaries.names import listed
from streams.canaries.values import luhn_digit

NOT_PLANTED = {
    Kind.BIOMETRIC,
    Kind.UNREADABLE,
    Kind.INK,
    Kind.REDACTION,
    Kind.BARCODE,
    Kind.HANDWRITING,
    Kind.PICTURE,
    Kind.SENSITIVE,
}


@pytest.fixture(scope="module")
def forty() -> list[SyntheticDocument]:
    return list(generate(11, 40))


def test_the_same_seed_gives_the_same_bytes(forty: list[SyntheticDocument]) -> None:
    script = "import hashlib; from streams.canaries.documents import generate\n"
    script += "for d in generate(11, 6): print(d.id, hashlib.sha256(d.content).hexdigest())"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
    assert printed.split() == [part for d in forty[:6] for part in (d.id, hashlib.sha256(d.content).hexdigest())]
    again = list(generate(11, 6))
    assert again == forty[:6]
    other = next(generate(12, 1))
    assert other.content != forty[0].content
    assert other.subject != forty[0].subject


def test_every_layout_comes_in_every_format(forty: list[SyntheticDocument]) -> None:
    assert {(d.layout, d.format) for d in forty} == {(a, b) for a in Layout for b in Format}
    assert {d.difficulty for d in forty} == set(Difficulty)
    assert all(len(d.page_sizes) >= 2 for d in forty if d.format is Format.MIXED_PDF)
    assert any(len(d.page_sizes) >= 2 for d in forty if d.format is Format.FAX_TIFF)
    few = (Format.FAX_TIFF, Format.SCANNED_PDF, Format.BORN_DIGITAL_PDF)
    assert len({(d.layout, d.format) for d in generate(1, 24, few)}) == 24
    with pytest.raises(ValueError, match="no format"):
        next(generate(1, 1, ()))


def test_files_are_what_their_suffix_says(forty: list[SyntheticDocument]) -> None:
    magic = {".pdf": b"%PDF", ".tiff": b"II*\x00", ".jpg": b"\xff\xd8\xff\xe0"}
    for document in forty:
        assert document.content.startswith(magic[document.suffix])
        sizes = [page.shape[::-1] for page in rasters(document.content, document.suffix)]
        assert tuple(sizes) == document.page_sizes


def test_every_kind_is_planted(forty: list[SyntheticDocument]) -> None:
    kinds = Counter(i.kind for d in forty for i in d.identifiers)
    assert set(kinds) == set(Kind) - NOT_PLANTED
    assert min(kinds.values()) >= 4
    assert len({i.owner for d in forty for i in d.identifiers}) == 3


def test_most_words_are_clean(forty: list[SyntheticDocument]) -> None:
    shares = [sum(not w.identifiers for w in d.words) / len(d.words) for d in forty]
    assert sum(shares) / len(shares) >= 0.75
    assert min(shares) >= 0.65


def test_truth_is_whole(forty: list[SyntheticDocument]) -> None:
    for document in forty:
        for index, planted in enumerate(document.identifiers):
            words = [w for w in document.words if index in w.identifiers]
            assert words
            assert {w.page for w in words} == {planted.page}
            assert len(planted.regions) == len(words)
            printed = " ".join(w.text for w in words)
            assert planted.text in printed or len({w.page for w in words}) > 1 or _wraps(document, planted.text)
            width, height = document.page_sizes[planted.page]
            for region in planted.regions:
                box = region.bounds
                assert box.left >= 0
                assert box.top >= 0
                assert box.right <= width
                assert box.bottom <= height


def _wraps(document: SyntheticDocument, text: str) -> bool:
    """Whether an identifier stands on two pages, a part of it on each."""
    return sum(p.text == text for p in document.identifiers) >= 2


def test_boxes_sit_on_the_ink() -> None:
    """On an undamaged page every box holds ink that reaches its edges, and no ink of print lies outside all boxes."""
    for index, layout in enumerate(Layout):
        document = one(5, index, layout, Format.BORN_DIGITAL_PDF)
        for page, pixels in enumerate(rasters(document.content, document.suffix)):
            dark = pixels < 128
            left_over = dark.copy()
            for word in (w for w in document.words if w.page == page):
                box = word.region.bounds
                ink = dark[box.top : box.bottom, box.left : box.right]
                ys, xs = np.nonzero(ink)
                assert len(ys) > 0
                slack = (ys.min(), xs.min(), ink.shape[0] - 1 - ys.max(), ink.shape[1] - 1 - xs.max())
                assert max(slack) <= 3, slack
                left_over[box.top : box.bottom, box.left : box.right] = False
            assert _print_left(left_over) == 0


def _print_left(dark: np.ndarray) -> int:
    """Connected ink that is no ruling: rulings are long and thin, or cross each other."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    return sum(1 for i in range(1, count) if max(stats[i][2], stats[i][3]) < 60 and stats[i][4] > 6)


@pytest.mark.parametrize("form", [Format.SCANNED_PDF, Format.FAX_TIFF, Format.PHOTO_JPEG])
def test_boxes_follow_the_damage(form: Format) -> None:
    """On damaged pages a box is much darker in its ink than the ring around it has room for: no ink is cut off."""
    for index in range(3):
        document = one(6, index, Layout.REFERRAL_LETTER, form)
        pages = rasters(document.content, document.suffix)
        inside, edge = [], []
        for word in document.words:
            box = word.region.bounds
            if box.height < 12 or box.width < 30:
                continue
            page = pages[word.page].astype(np.float32)
            window = page[box.top : box.bottom, box.left : box.right]
            paper = float(np.percentile(window, 90))
            inside.append(paper - float(window[box.height // 3 : 2 * box.height // 3].mean()))
            above = page[max(0, box.top - 3) : max(1, box.top - 1), box.left + 6 : box.right - 6]
            edge.append(abs(paper - float(above.mean())))
        assert np.median(inside) > 25
        assert np.median(edge) < np.median(inside) / 3


def test_numbers_pass_their_checks(forty: list[SyntheticDocument]) -> None:
    for planted in (i for d in forty for i in d.identifiers):
        text = planted.text
        if planted.kind is Kind.NPI:
            assert re.fullmatch(r"[12]\d{9}", text)
            assert luhn_digit("80840" + text[:9]) == text[9]
        elif planted.kind is Kind.CARD:
            digits = re.sub(r"\D", "", text)
            assert len(digits) == 16
            assert luhn_digit(digits[:15]) == digits[15]
        elif planted.kind is Kind.DEA:
            assert re.fullmatch(r"[ABFGM][A-Z]\d{7}", text)
            total = sum(int(text[i]) for i in (2, 4, 6)) + 2 * sum(int(text[i]) for i in (3, 5, 7))
            assert total % 10 == int(text[8])
        elif planted.kind is Kind.MBI:
            letter = "[AC-HJKMNP-RT-Y]"
            shape = rf"[1-9]{letter}[AC-HJKMNP-RT-Y0-9]\d-?{letter}[AC-HJKMNP-RT-Y0-9]\d-?{letter}{letter}\d\d"
            assert re.fullmatch(shape, text)
        elif planted.kind is Kind.SSN:
            assert re.fullmatch(r"(?!000|666|9)\d{3}[- ]?(?!00)\d{2}[- ]?(?!0000)\d{4}", text)
        elif planted.kind is Kind.VEHICLE:
            assert _vin_check(text) == text[8]
        elif planted.kind in (Kind.AGE, Kind.AGE_OVER_89):
            assert (int(text) > 89) == (planted.kind is Kind.AGE_OVER_89)


def _vin_check(vin: str) -> str:
    values = {c: int(v) for c, v in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)}
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum(w * (int(c) if c.isdigit() else values[c]) for w, c in zip(weights, vin, strict=True))
    return "X" if total % 11 == 10 else str(total % 11)


def test_luhn_agrees_with_a_published_number() -> None:
    assert luhn_digit("80840123456789") == "3"  # 1234567893, the example of the NPI standard


def test_lists_are_wide_sorted_out_and_printable() -> None:
    least = {"given": 500, "surnames": 500, "towns": 200, "streets": 200, "facilities": 200}
    for name, count in least.items():
        entries = listed(name)
        assert len(entries) >= count
        assert all(a != b for a, b in pairwise(sorted(entries)))
        for entry in entries:
            assert all(c.isascii() or c in ACCENTED for c in entry + entry.upper()), entry
    assert not set(listed("given")) & set(listed("surnames"))


def test_values_stay_out_of_representations(forty: list[SyntheticDocument]) -> None:
    for document in forty[:8]:
        shown = repr(document)
        assert not any(i.text in shown for i in document.identifiers if len(i.text) > 5)


def test_two_pages_take_less_than_a_second() -> None:
    one(1, 0, Layout.FAX_COVER, Format.SCANNED_PDF)
    start = time.process_time()
    for index in range(4):
        document = one(2, index, Layout.FAX_COVER, Format.SCANNED_PDF)
        assert len(document.page_sizes) >= 2
    assert (time.process_time() - start) / 4 < 1.0
