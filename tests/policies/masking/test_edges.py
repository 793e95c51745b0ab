"""A letter that the end of a region would cut is burned whole; what stands free beside it, and rulings, are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from policies.masking.edges import cut


def page(slant: float = 0.0) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A date whose first digit begins at column 100, on a page of 60 rows, and a ruling below it."""
    pixels = np.full((60, 400), 235, np.uint8)
    cv2.putText(pixels, "7 Nov 1979", (100, 35), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2, cv2.LINE_AA)
    cv2.line(pixels, (20, 44), (380, 44), 30, 2)
    turned = cv2.getRotationMatrix2D((0, 30), -slant, 1.0)
    return np.asarray(cv2.warpAffine(pixels, turned, (400, 60), borderValue=235), np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_rest_of_a_digit_goes_with_it(channels: int) -> None:
    gray = page()
    pixels = gray if channels == 1 else np.repeat(gray[..., None], 3, axis=2)
    (found,) = cut(pixels, [Quad.of(Box(107, 16, 300, 40))])
    assert found.bounds.left <= 102
    assert 107 < found.bounds.right < 130, "the digit, and no letter of the next word"


def test_what_stands_whole_on_one_side_stays() -> None:
    assert cut(page(), [Quad.of(Box(96, 16, 300, 40))]) == []


def test_a_ruling_is_no_letter() -> None:
    assert cut(page(), [Quad.of(Box(96, 16, 300, 50))]) == []


def test_an_empty_page_has_none() -> None:
    assert cut(np.full((60, 400), 235, np.uint8), [Quad.of(Box(107, 16, 300, 40))]) == []


def test_a_region_at_the_rim_of_the_page() -> None:
    assert cut(page(), [Quad.of(Box(-5, -5, 420, 70)), Quad.of(Box(500, 10, 600, 30))]) == []


def test_lines_that_lean_have_their_letters_too() -> None:
    leaning = Quad(((107.0, 19.0), (250.0, 26.5), (249.0, 50.0), (106.0, 42.5)))
    (found,) = [quad for quad in cut(page(slant=3.0), [leaning]) if quad.bounds.left < 107]
    assert found.bounds.left <= 102


def accented(rise: int, below: int = 40) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A name of capitals from row 40 on, an accent that ends `rise` rows above it, and a line above."""
    pixels = np.full((90, 300), 235, np.uint8)
    cv2.putText(pixels, "SIME", (100, 60), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2, cv2.LINE_AA)
    cv2.putText(pixels, "Gypsum,", (100, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 30, 2, cv2.LINE_AA)
    cv2.rectangle(pixels, (106, below - rise - 4), (114, below - rise - 1), 30, -1)
    return pixels


@pytest.mark.parametrize("rise", [-2, 0, 2])
def test_an_accent_above_the_word_goes_with_it(rise: int) -> None:
    (found,) = cut(accented(rise), [Quad.of(Box(98, 40, 175, 62))])
    assert 98 <= found.bounds.left <= 106 < 115 <= found.bounds.right <= 120, "with its letter, where it touches it"
    assert found.bounds.top <= 36 - rise
    assert found.bounds.bottom >= 40 - max(rise, 0)


def test_letters_of_the_line_above_stay() -> None:
    """Their tails reach down to the word: "Gypsum," over a name."""
    pixels = accented(rise=0)
    pixels[30:41, 90:130] = 235  # no accent
    cv2.putText(pixels, "gyp", (120, 33), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 30, 2, cv2.LINE_AA)
    assert cut(pixels, [Quad.of(Box(98, 40, 175, 62))]) == []


def test_dirt_above_a_word_stays() -> None:
    pixels = accented(rise=0)
    pixels[30:40, 90:130] = 235
    pixels[37, 120] = 30
    assert cut(pixels, [Quad.of(Box(98, 40, 175, 62))]) == []


def on_ruling(ink: int, ruling: int, drop: int, pen: int = 2) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A name whose tails cross the ruling in rows 50 and 51, in ink of that level, and a label below."""
    pixels = np.full((120, 400), 235, np.uint8)
    cv2.putText(pixels, "Gypyj", (100, 46), cv2.FONT_HERSHEY_SIMPLEX, 1.0, ink, pen, cv2.LINE_AA)
    cv2.line(pixels, (150, 46), (144, 52 + drop), ink, pen)
    cv2.putText(pixels, "Patient", (100, 110), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2, cv2.LINE_AA)
    cv2.rectangle(pixels, (20, 50), (380, 51), ruling, -1)
    return pixels


@pytest.mark.parametrize(("ink", "ruling"), [(30, 30), (150, 30), (120, 150), (60, 10)])
@pytest.mark.parametrize("drop", [6, 14])
def test_tails_beyond_the_ruling_that_a_region_ends_at_go_with_it(ink: int, ruling: int, drop: int) -> None:
    pixels = on_ruling(ink, ruling, drop)
    name = Quad.of(Box(98, 20, 200, 51))
    boxes = [quad.bounds for quad in cut(pixels, [name])]
    left = pixels.copy()
    for box in boxes:
        left[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right] = 235
    below = left[53:85]
    assert (pixels[53:85] < 200).any()
    assert not (below < 200).any()
    assert (left[90:112] == pixels[90:112]).all(), "the label stays"
    upside_down = Quad.of(Box(98, 69, 200, 100))
    assert len(cut(pixels[::-1], [upside_down])) == len(boxes)


def test_what_stands_clear_of_the_ruling_is_no_tail() -> None:
    pixels = on_ruling(30, 30, 0)
    pixels[52:90] = 235
    cv2.putText(pixels, "Patient", (100, 76), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 30, 2, cv2.LINE_AA)
    assert cut(pixels, [Quad.of(Box(98, 20, 200, 51))]) == []


@pytest.mark.parametrize("rough", ["steps", "rule down"])
def test_a_rough_ruling_and_one_down_the_page_are_no_tails(rough: str) -> None:
    pixels = on_ruling(30, 30, 0)
    pixels[52:90] = 235
    if rough == "steps":
        pixels[52:54, 110:118] = 30
        pixels[52:54, 150:160] = 30
    else:
        pixels[52:90, 194:197] = 30
    assert cut(pixels, [Quad.of(Box(98, 20, 200, 51))]) == []
