"""Text layers: glyphs in lines and words, and which of them look alike."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pymupdf
import pytest

from detectors.drawing import Drawing
from detectors.geometry import Box
from detectors.pages import PageRaster, TextLayer
from detectors.reading.text_layer.glyphs import INVISIBLE, MOST_KINDS, seen
from detectors.reading.text_layer.proof import LayerWord, agrees, contradicts
from detectors.reading.text_layer.remainder import remainder, without
from detectors.reading.text_layer.words import LayerGlyphs, in_reading_order
from streams.decode.pdf import open_pdf

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNOPQRSTUVWXYZ0123456789"
TWINS = {frozenset(pair) for pair in ("l1", "I1", "Il", "0O", "oO", "cC", "sS", "vV", "wW", "xX", "zZ")}
FACES = ("helv", "hebo", "heit", "tiro", "tibo", "cour")


def drawn(text: str, size: float = 10, at: tuple[float, float] = (40, 60), face: str = "helv") -> PageRaster:
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=300)
        page.insert_text(at, text, fontsize=size, fontname=face)
        return next(iter(open_pdf(bytes(document.tobytes())).pages))


def layer_of(page: PageRaster) -> TextLayer:
    assert page.layer is not None
    return page.layer


def test_words_and_lines_come_by_where_they_stand_not_by_their_order_in_the_file() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        for at, text in (((40, 90), "second line"), ((200, 60), "right end"), ((40, 60), "left half")):
            page.insert_text(at, text, fontsize=11)
        raster = next(iter(open_pdf(bytes(document.tobytes())).pages))
    glyphs = in_reading_order(layer_of(raster))
    words = ["".join(glyphs.texts[i] for i in np.flatnonzero(glyphs.words == w)) for w in range(glyphs.words.max() + 1)]
    assert words == ["left", "half", "right", "end", "second", "line"]
    assert [int(glyphs.lines[np.flatnonzero(glyphs.words == w)[0]]) for w in range(6)] == [0, 0, 0, 0, 1, 1]


def test_print_struck_twice_is_one_word() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=100)
        page.insert_text((40, 60), "Bold", fontsize=11)
        page.insert_text((40.3, 60), "Bold", fontsize=11)
        raster = next(iter(open_pdf(bytes(document.tobytes())).pages))
    assert "".join(in_reading_order(layer_of(raster)).texts) == "Bold"


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_cells_lie_on_the_ink_however_the_page_is_turned(rotation: int) -> None:
    """Text that stands level on the turned page is told where its pixels are; other text is not told."""
    with pymupdf.open() as document:
        page = document.new_page(width=300, height=300)
        page.insert_text((150, 150), "Kovacs", fontsize=12, rotate=rotation)
        page.set_rotation(rotation)
        raster = next(iter(open_pdf(bytes(document.tobytes())).pages))
    glyphs = in_reading_order(layer_of(raster))
    assert "".join(glyphs.texts) == "Kovacs"
    found = seen(raster.pixels, glyphs)
    assert (found.kinds != INVISIBLE).all()
    left = raster.pixels.copy()
    for x0, y0, x1, y1 in found.ink.tolist():
        left[y0 - 1 : y1 + 1, x0 - 1 : x1 + 1] = 255
    assert left.min() > 200


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("size", [8, 9.5, 12])
def test_no_letter_passes_for_another(face: str, size: float) -> None:
    """Told to be one and the same letter, they fall into kinds of their own, wherever within a pixel they were set."""
    step = 20.0
    with pymupdf.open() as document:
        page = document.new_page(width=step * len(LETTERS) + 60, height=120)
        for row, shift in enumerate((0.0, 0.18)):
            for place, letter in enumerate(LETTERS):
                page.insert_text((40 + step * place + shift, 30 + 40.13 * row), letter, fontsize=size, fontname=face)
        raster = next(iter(open_pdf(bytes(document.tobytes())).pages))
    told = layer_of(raster)
    widest = np.diff(told.places[:, [1, 3]]).max()
    places = told.places.copy()
    places[:, 3] = places[:, 1] + widest
    same = TextLayer(np.full_like(told.codes, ord("e")), places, told.pictures)
    glyphs = in_reading_order(same)
    kinds = seen(raster.pixels, glyphs).kinds
    by_letter: dict[str, set[int]] = {}
    order = np.lexsort((told.places[:, 1], np.rint(told.places[:, 0] / 40)))
    for index, kind in zip(order.tolist(), kinds.tolist(), strict=True):
        by_letter.setdefault(chr(told.codes[index]), set()).add(kind)
    mixed = {frozenset(pair) for pair in combinations(LETTERS, 2) if by_letter[pair[0]] & by_letter[pair[1]]}
    assert mixed <= TWINS
    assert len(kinds) == 2 * len(LETTERS)


def test_what_nobody_sees_has_no_kind() -> None:
    page = drawn("Kovacs")
    empty = np.full_like(page.pixels, 255)
    assert (seen(empty, in_reading_order(layer_of(page))).kinds == INVISIBLE).all()


@pytest.mark.parametrize(
    ("told", "read"),
    [("Smith,", "Smith"), ("Rüegg", "Riiegg"), ("Rüegg", "Ruegg"), ("138/82", "138/82."), ("Ill", "lll"), ("-", "—")],
)
def test_a_reading_that_bears_the_layer_out(told: str, read: str) -> None:
    assert agrees(told, read)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("and", "Wolfgang"),
        ("4471902", "5582013"),
        ("-ohn", "John"),
        ("smith", "Smythe"),
        ("Rüegg", "Riggs"),
        ("-", "J"),
    ],
)
def test_a_reading_that_does_not(told: str, read: str) -> None:
    assert not agrees(told, read)


def test_a_misread_letter_contradicts_nothing_another_word_or_number_does() -> None:
    assert not contradicts("Lüscher", "Liischer")
    assert not contradicts("rnodern", "modern")
    assert contradicts("and", "Wolfgang")
    assert contradicts("4471902", "4471802")


def test_an_explained_page_has_nothing_left_and_a_drawn_mark_is_left() -> None:
    page = drawn("Kovacs 1961")
    found = seen(page.pixels, in_reading_order(layer_of(page)))
    inked = tuple(Box(*ink) for ink in found.ink.tolist())
    whole = Box(*found.ink[:, :2].min(axis=0).tolist(), *found.ink[:, 2:].max(axis=0).tolist())
    words = [LayerWord("Kovacs1961", whole, 0, inked)]
    assert remainder(without(page, words), []).regions == ()
    pixels = page.pixels.copy()
    pixels[200:230, 900:960] = 255 - page.pixels[130:160, 120:180]
    left = remainder(without(PageRaster(pixels, page.dpi), words), [])
    assert [region.overlap(Box(900, 200, 960, 230)) for region in left.regions] == [60 * 30]
    assert left.bare.pixels[:200].min() == 255


def test_what_the_page_shows_without_its_text_is_left_under_a_word_and_beside_its_strokes() -> None:
    page = drawn("Küster:", 16)
    found = seen(page.pixels, in_reading_order(layer_of(page)))
    inked = tuple(Box(*ink) for ink in found.ink.tolist())
    whole = Box(*found.ink[:, :2].min(axis=0).tolist(), *found.ink[:, 2:].max(axis=0).tolist())
    word = LayerWord("Küster:", whole, 0, inked)
    assert layer_of(page).bare is None
    assert remainder(without(page, [word]), []).regions == ()
    bare = np.full_like(page.pixels, 255)
    first = inked[0]
    bare[(first.top + first.bottom) // 2 :][:3, first.left + 1 : first.left + 10] = 0
    page = replace(page, layer=replace(layer_of(page), bare=Drawing.of(bare)))
    assert (without(page, [word]).pixels == bare).all()
    assert remainder(without(page, [word]), []).regions


@pytest.mark.parametrize("broken", ["code", "place", "shape", "many"])
def test_no_layer_is_taken_that_no_page_could_have(broken: str) -> None:
    codes, places, pictures = np.array([65], np.uint32), np.zeros((1, 5), np.float32), np.zeros((0, 4), np.float32)
    assert TextLayer(codes, places, pictures).scanned is False
    if broken == "code":
        codes = np.array([0x110000], np.uint32)
    elif broken == "place":
        places[0, 4] = np.inf
    elif broken == "shape":
        places = places[:, :4]
    else:
        codes, places = np.zeros(50_000, np.uint32), np.zeros((50_000, 5), np.float32)
    with pytest.raises(ValueError, match=r"page|glyph|cell"):
        TextLayer(codes, places, pictures)


@pytest.mark.parametrize("face", ["helv", "tiro", "cour"])
def test_a_common_face_proves_its_own_letters_and_no_others(face: str) -> None:
    page = drawn("4471902 Dr Hook", face=face)
    glyphs = in_reading_order(layer_of(page))
    found = seen(page.pixels, glyphs)
    assert len(found.known) > 0.8 * len(set(found.kinds.tolist()))
    turned = dict(zip("0123456789", "3210987654", strict=True))
    lying = replace(glyphs, texts=[turned.get(text, text) for text in glyphs.texts])
    told = seen(page.pixels, lying)
    assert not told.known & set(told.kinds[:7].tolist())


def test_of_letters_that_all_differ_each_is_its_own_kind_however_many_an_adversary_draws() -> None:
    side, across, many = 24, 50, 2 * MOST_KINDS
    rows = -(-many // across)
    noise = np.random.default_rng(7).integers(0, 2, (rows * side // 6, across * side // 6)) * 255
    gray = np.kron(noise, np.ones((6, 6), np.int64)).astype(np.uint8)
    left, top = np.arange(many) % across * side, np.arange(many) // across * side
    cells = np.stack([left, top, left + side, top + side], axis=1).astype(np.float64)
    numbers = np.arange(many)
    glyphs = LayerGlyphs(["e"] * many, cells, cells[:, 3] - 5, numbers, numbers)
    found = seen(gray, glyphs)
    shown = np.stack([gray[y : y + side, x : x + side] for x, y in zip(left, top, strict=True)]).reshape(many, -1)
    unlike = len(np.unique(shown, axis=0))
    assert len(np.unique(found.kinds)) == unlike > MOST_KINDS
    assert not found.known


@pytest.mark.parametrize(("letter", "size"), [("L", 60), ("O", 24), ("D", 40), ("C", 96), ("T", 200)])
def test_small_print_in_the_cell_of_a_large_letter_is_not_taken_for_the_letter(letter: str, size: float) -> None:
    page, alone = (drawn(letter, size, (40, 220)) for _ in range(2))
    glyphs = in_reading_order(layer_of(page))
    wide = pymupdf.get_text_length(letter, fontsize=size)
    left = 40 + wide * {"T": 0.63, "L": 0.3}.get(letter, 0.32)
    name = drawn("471", max(4, size / 18), (left, 220 - 0.3 * size)).pixels
    page.pixels[:] = np.minimum(page.pixels, name)
    found = seen(page.pixels, glyphs)
    assert not seen(alone.pixels, glyphs).overfull
    assert set(found.kinds.tolist()) <= found.overfull
    assert not found.known
