"""Shapes of letters: faces that are not in the table are proven by it, and no letter is proven by another's shape."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest

from detectors.reading.text_layer.draw_shapes import FAMILIES
from detectors.reading.text_layer.shapes import Shapes, alike, letter
from streams.canaries import faces

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
OUTSIDE = ("figo", "ubuntu", "notos", "cascadia")
"""Of the faces that measure the product: none of them was drawn into the table."""


def pictures(face: str, size: float = 28) -> list[Shapes]:
    """Each letter in a picture of its own."""
    font, found = pymupdf.Font(face), []
    for character in LETTERS:
        with pymupdf.open() as document:
            page = document.new_page(width=60, height=60)
            writer = pymupdf.TextWriter(page.rect)
            writer.append((12.3, 40), character, font=font, fontsize=size)
            writer.write_text(page)
            pixmap = page.get_pixmap(colorspace=pymupdf.csGRAY, alpha=False)
            gray = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
            found.append(np.asarray((255 - gray) / 255, np.float32))
    return found


def _seen(character: str) -> str:
    """As `letter`; the zero of one face is the O of another."""
    return {"0": "O"}.get(character, letter(character))


@pytest.mark.parametrize("face", ["tiro", "cour", *OUTSIDE])
def test_letters_are_proven_and_none_is_taken_for_another(face: str) -> None:
    drawn = pictures(face)
    assert alike(drawn, LETTERS)[0].mean() > 0.7
    for told in LETTERS:
        taken = [c for c, like in zip(LETTERS, alike(drawn, told * len(drawn))[0], strict=True) if like]
        assert {_seen(c) for c in taken} <= {_seen(told)}, told


def test_a_bar_too_many_or_a_stroke_too_few_proves_nothing() -> None:
    for told, shown in (("c", "e"), ("e", "c"), ("F", "E"), ("3", "8"), ("l", "t"), ("1", "7"), ("n", "h")):
        picture = pictures("helv")[LETTERS.index(shown)]
        assert not alike([picture], [told])[0].any()
    barred = pictures("helv")[LETTERS.index("c")].copy()
    rows, columns = np.nonzero(barred > 0.5)
    middle = (rows.min() + rows.max()) // 2
    barred[middle, columns.min() : columns.max()] = 1.0
    assert alike([pictures("helv")[LETTERS.index("c")]], ["c"])[0].all()
    assert not alike([barred], ["c"])[0].any()


def test_a_zero_is_proven_by_its_shape_whatever_an_o_looks_like() -> None:
    for face in ("cour", "helv", "ubuntu"):
        zero = pictures(face, 20)[LETTERS.index("0")]
        assert alike([zero] * 3, ["0", "8", "c"])[0].tolist() == [True, False, False], face


def test_what_is_no_letter_looks_like_none() -> None:
    noise = np.random.default_rng(3).random((30, 20)).astype(np.float32)
    blank, full = np.zeros((30, 20), np.float32), np.ones((30, 20), np.float32)
    shown = [noise, blank, full]
    for told in LETTERS + ",.":
        assert not alike(shown[:2], [told] * 2)[0].any()
    assert not alike(shown, ["\u0416", "fi", ""])[0].any()


def test_an_unproven_letter_is_the_same_at_another_size_and_another_is_not() -> None:
    shown = [pictures("ubuntu", size)[LETTERS.index("5")] for size in (28, 31)]
    shown += [pictures("ubuntu")[LETTERS.index("S")]]
    proven, firsts = alike(shown, "555")
    assert not proven.any()
    assert firsts == [0, 0, 2]


def test_no_face_that_measures_the_product_was_drawn() -> None:
    measuring = {family for family in faces.FAMILIES if family not in ("helvetica", "times", "courier")}
    assert not {family for family in FAMILIES if any(name.split("-")[0] in family for name in measuring)}
