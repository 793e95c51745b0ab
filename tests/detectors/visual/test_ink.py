"""Ink that nothing explains: skipped text counts, rulings, specks and punch holes do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Word
from detectors.visual.ink.accounting import unexplained
from detectors.visual.ink.struck import struck

DPI = 200
LINES = ("Patient was seen today in good spirits", "Zorblat Quuxin 555 0100", "Follow up in two weeks or sooner")


@pytest.fixture
def paper() -> NDArray[np.uint8]:
    return np.full((11 * DPI, 17 * DPI // 2), 255, np.uint8)


def write(page: NDArray[np.uint8], line: str, top: int, colour: int = 0) -> Iterator[tuple[str, Box]]:
    left = 200
    for word in line.split():
        (width, height), base = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 2)
        cv2.putText(page, word, (left, top + height), cv2.FONT_HERSHEY_SIMPLEX, 1.0, colour, 2, cv2.LINE_AA)
        yield word, Box(left, top, left + width, top + height + base)
        left += width + 20


def reading(page: NDArray[np.uint8], placed: list[tuple[str, Box]], confidence: float = 90.0) -> PageReading:
    words, text = [], ""
    for word, box in placed:
        text += " " if text else ""
        words.append(Word(word, confidence, Quad.of(box), 0, len(text), len(text) + len(word)))
        text += word
    return PageReading(page.shape[1], page.shape[0], float(DPI), tuple(words), text, "hand")


def test_words_that_were_read_explain_their_ink(paper: NDArray[np.uint8]) -> None:
    placed = [hit for i, line in enumerate(LINES) for hit in write(paper, line, 300 + 80 * i)]
    report = unexplained(PageRaster(paper, DPI), reading(paper, placed))
    assert report.share < 0.01
    assert report.regions == ()
    assert report.dark > 0


@pytest.mark.parametrize("colour", [0, 228])
def test_pale_print_that_was_read_counts_as_ink_like_any_other(paper: NDArray[np.uint8], colour: int) -> None:
    lines = [list(write(paper, line, 300 + 80 * i, colour)) for i, line in enumerate(LINES * 5)]
    unread = lines.pop(7)[0][1]
    report = unexplained(PageRaster(paper, DPI), reading(paper, [hit for line in lines for hit in line]))
    assert 0.03 < report.share < 0.1
    assert any(region.bounds.overlap(unread) for region in report.regions)


@pytest.mark.parametrize("confidence", [90.0, 10.0])
def test_a_line_that_was_not_read_is_a_region(paper: NDArray[np.uint8], confidence: float) -> None:
    placed = [list(write(paper, line, 300 + 80 * i)) for i, line in enumerate(LINES)]
    known = placed[0] + placed[2]
    if confidence < 30:
        known = known + placed[1]
    read = reading(paper, known)
    if confidence < 30:
        read = reading(paper, placed[0] + placed[1] + placed[2], confidence)
    report = unexplained(PageRaster(paper, DPI), read)
    assert report.share > 0.2
    for _, box in placed[1]:
        assert any(region.bounds.overlap(box) > 0.6 * box.area for region in report.regions)


def test_light_text_on_a_dark_bar_is_a_region(paper: NDArray[np.uint8]) -> None:
    cv2.rectangle(paper, (150, 480), (1500, 560), 60, -1)
    hidden = list(write(paper, "Zorblat Quuxin", 500, 255))
    report = unexplained(PageRaster(paper, DPI), reading(paper, []))
    for _, box in hidden:
        assert any(region.bounds.overlap(box) > 0.5 * box.area for region in report.regions)


@pytest.mark.parametrize("unread", [False, True])
def test_paper_between_black_bars_is_no_ink_and_a_line_there_is(unread: bool, paper: NDArray[np.uint8]) -> None:
    placed = [hit for i, line in enumerate(LINES * 2) for hit in write(paper, line, 300 + 80 * i)]
    for box in [placed[1][1].union(placed[3][1]), placed[7][1].union(placed[8][1])]:
        cv2.rectangle(paper, (box.left - 6, box.top - 6), (box.right + 6, box.bottom + 6), 0, -1)
        placed = [(word, own) for word, own in placed if not box.overlap(own)]
    if unread:
        placed = [(word, own) for word, own in placed if own.top != 300]
    report = unexplained(PageRaster(paper, DPI), reading(paper, placed))
    assert (report.share > 0.05) == unread
    assert bool(report.regions) == unread


def test_rulings_specks_and_punch_holes_are_no_text(paper: NDArray[np.uint8]) -> None:
    placed = list(write(paper, LINES[0], 300))
    for y in (500, 700, 900):
        cv2.line(paper, (150, y), (1500, y + 4), 0, 3)
    cv2.rectangle(paper, (150, 1000), (900, 1300), 0, 2)
    for y in (400, 1100, 1800):
        cv2.circle(paper, (60, y), 26, 0, -1)
    rng = np.random.default_rng(5)
    for x, y in zip(rng.integers(0, 1690, 300), rng.integers(0, 2190, 300), strict=True):
        paper[y : y + 2, x : x + 2] = 0
    report = unexplained(PageRaster(paper, DPI), reading(paper, placed))
    assert report.share < 0.03
    assert report.regions == ()
    assert report.rulings > 0.2
    assert report.blobs > 0.1
    assert report.specks > 0.005


def test_turned_text_and_colour_pages(paper: NDArray[np.uint8]) -> None:
    list(write(paper, LINES[1], 300))
    turned = np.ascontiguousarray(np.rot90(paper))
    colour = cv2.cvtColor(turned, cv2.COLOR_GRAY2RGB)
    empty = PageReading(turned.shape[1], turned.shape[0], float(DPI), (), "", "hand")
    report = unexplained(PageRaster(colour, DPI), empty)
    assert report.share > 0.9
    assert report.regions


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (50, 50)])
def test_odd_sizes(shape: tuple[int, int]) -> None:
    for fill in (0, 128, 255):
        page = PageRaster(np.full(shape, fill, np.uint8))
        report = unexplained(page, PageReading(shape[1], shape[0], 0.0, (), "", "hand"))
        assert 0.0 <= report.share <= 1.0


def test_an_empty_page_has_no_ink(paper: NDArray[np.uint8]) -> None:
    report = unexplained(PageRaster(paper, DPI), reading(paper, []))
    assert (report.share, report.dark, report.regions) == (0.0, 0.0, ())


@pytest.mark.parametrize("degrees", [0.0, 1.0, 3.0, -3.0])
def test_boxes_of_a_leaning_form_are_rulings(paper: NDArray[np.uint8], degrees: float) -> None:
    for top in range(300, 1900, 160):
        cv2.rectangle(paper, (150, top), (1500, top + 160), 0, 2)
        cv2.line(paper, (1100, top), (1100, top + 160), 0, 2)
    placed = [hit for i, line in enumerate(LINES) for hit in write(paper, line, 360 + 160 * i)]
    unread = list(write(paper, "Quuxin unread", 1340))
    turn = cv2.getRotationMatrix2D((850, 1100), -degrees, 1.0)
    turned = np.asarray(cv2.warpAffine(paper, turn, paper.shape[::-1], borderValue=255), np.uint8)
    map_ = np.vstack([turn, (0, 0, 1)])
    flat = reading(paper, placed)
    words = tuple(replace(w, region=w.region.mapped(map_)) for w in flat.words)
    report = unexplained(PageRaster(turned, DPI), replace(flat, words=words))
    assert report.rulings > 0.5
    corners = [Quad.of(box).mapped(map_).bounds for _, box in unread]
    assert all(any(region.bounds.overlap(box) * 2 > box.area for region in report.regions) for box in corners)
    everything = reading(paper, [*placed, *unread])
    read = replace(everything, words=tuple(replace(w, region=w.region.mapped(map_)) for w in everything.words))
    assert unexplained(PageRaster(turned, DPI), read).share < 0.03


def test_the_ground_around_a_sheet_hides_no_unread_line(paper: NDArray[np.uint8]) -> None:
    placed = [hit for i, line in enumerate(LINES * 5) for hit in write(paper, line, 400 + 80 * i)]
    ground = cv2.copyMakeBorder(paper, 200, 200, 200, 200, cv2.BORDER_CONSTANT, value=60)
    moved = [(word, Box(b.left + 200, b.top + 200, b.right + 200, b.bottom + 200)) for word, b in placed]
    page = PageRaster(np.asarray(ground, np.uint8), DPI)
    assert unexplained(page, reading(page.pixels, moved)).share < 0.03
    assert unexplained(page, reading(page.pixels, moved[:-20])).share > 0.1


def test_a_hole_on_an_empty_page_is_no_lost_text(paper: NDArray[np.uint8]) -> None:
    cv2.circle(paper, (64, 1100), 26, 30, -1, cv2.LINE_AA)
    assert unexplained(PageRaster(paper, DPI), reading(paper, [])).share < 0.05


INKS = {
    "yellow": ((255, 255, 120), (255, 255, 255)),
    "pale blue": ((190, 225, 255), (255, 255, 255)),
    "pale gray": ((225, 225, 225), (255, 255, 255)),
    "green on red of equal luma": ((82, 168, 110), (230, 100, 100)),
    "45 on black": ((45, 45, 45), (0, 0, 0)),
    "85 on 40": ((85, 85, 85), (40, 40, 40)),
    "black on 26": ((0, 0, 0), (26, 26, 26)),
    "dark red on green of equal luma": ((204, 10, 10), (0, 115, 0)),
}


@pytest.mark.parametrize("name", INKS)
def test_print_that_is_hard_to_see_is_a_region(name: str, paper: NDArray[np.uint8]) -> None:
    ink, ground = INKS[name]
    placed = [hit for i, line in enumerate(LINES * 4) for hit in write(paper, line, 700 + 80 * i)]
    page = cv2.cvtColor(paper, cv2.COLOR_GRAY2RGB)
    page[250:500, 100:1600] = ground
    stencil = np.zeros_like(paper)
    hidden = list(write(stencil, LINES[1], 350, 255))
    share = stencil[:, :, None] / 255.0
    page = np.round(page * (1 - share) + np.array(ink) * share).astype(np.uint8)
    report = unexplained(PageRaster(page, DPI), reading(paper, placed))
    for _, box in hidden:
        assert sum(region.bounds.overlap(box) for region in report.regions) > 0.6 * box.area
    assert not any(region.bounds.overlap(box) > 0.1 * box.area for region in report.regions for _, box in placed)


@pytest.mark.parametrize("noise", [0.0, 4.0, 12.0])
def test_noise_gradients_shading_and_highlights_are_no_pale_print(noise: float, paper: NDArray[np.uint8]) -> None:
    page = cv2.cvtColor(paper, cv2.COLOR_GRAY2RGB)
    page[1000:1300, 100:1600] = (235, 240, 250)
    page[395:440, 195:900] = (255, 255, 0)
    cv2.rectangle(page, (100, 1400), (1600, 1700), (190, 225, 255), 2)
    print_ = np.full_like(paper, 255)
    placed = [hit for i, line in enumerate(LINES * 4) for hit in write(print_, line, 400 + 80 * i)]
    slope = np.linspace(0, 30, paper.shape[1])[None, :, None]
    rough = np.random.default_rng(3).normal(0, noise, page.shape)
    noisy = np.clip(np.minimum(page, print_[:, :, None]) - slope + rough, 0, 255).astype(np.uint8)
    report = unexplained(PageRaster(noisy, DPI), reading(paper, placed))
    assert report.share < 0.03
    # Noise tears the rims of shading into short pieces.
    assert sum(region.bounds.area for region in report.regions) <= (0.002 * paper.size if noise else 0)
    assert not any(region.bounds.overlap(box) > 0.3 * box.area for region in report.regions for _, box in placed)


def test_small_print_is_a_region_and_dots_and_rulings_are_none() -> None:
    page = np.full((4400, 3400), 255, np.uint8)
    for top in (900, 1200):
        cv2.line(page, (300, top), (2400, top), 0, 4)
    for left in range(300, 2400, 16):
        cv2.circle(page, (left, 1500), 3, 0, -1)
        cv2.line(page, (left, 1800), (left + 8, 1800), 0, 4)
    placed = list(write(page, LINES[0], 300))
    bare = unexplained(PageRaster(page, 400), reading(page, placed))
    assert bare.regions == ()
    cv2.putText(page, LINES[1], (500, 2400), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 0, 1, cv2.LINE_AA)
    cv2.putText(page, LINES[1], (500, 2440), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 0, 1, cv2.LINE_AA)
    report = unexplained(PageRaster(page, 400), reading(page, placed))
    (width, height), _ = cv2.getTextSize(LINES[1], cv2.FONT_HERSHEY_SIMPLEX, 0.45, 1)
    for bottom in (2400, 2440):
        row = Box(500, bottom - height, 500 + width, bottom)
        assert sum(region.bounds.overlap(row) for region in report.regions) > 0.8 * row.area


@pytest.mark.parametrize("degrees", [5.0, -7.0, 20.0])
@pytest.mark.parametrize("lean", [0.0, 2.0])
def test_a_block_that_leans_against_its_page_is_one_region(degrees: float, lean: float) -> None:
    """Whatever was read in it."""
    level = np.full((2200, 1700), 255, np.uint8)
    placed = [hit for i, line in enumerate(LINES * 2) for hit in write(level, line, 300 + 80 * i)]
    block = np.full_like(level, 255)
    for i, line in enumerate(LINES):
        list(write(block, line, 1300 + 60 * i))
    turn = cv2.getRotationMatrix2D((550, 1370), -degrees, 1.0)
    page = np.minimum(level, np.asarray(cv2.warpAffine(block, turn, (1700, 2200), borderValue=255), np.uint8))
    whole = cv2.getRotationMatrix2D((850, 1100), -lean, 1.0)
    page = np.asarray(cv2.warpAffine(page, whole, (1700, 2200), borderValue=255), np.uint8)
    map_ = np.vstack([whole, (0, 0, 1)])
    flat = reading(level, placed)
    words = tuple(replace(w, region=w.region.mapped(map_)) for w in flat.words)
    report = unexplained(PageRaster(page, DPI), replace(flat, words=words))
    covered = np.zeros(page.shape, np.uint8)
    for region in report.regions:
        cv2.fillConvexPoly(covered, np.array(region.corners, np.int32), 1)
    mask = cv2.warpAffine(np.asarray(cv2.warpAffine(255 - block, turn, (1700, 2200))), whole, (1700, 2200)) > 99
    assert covered[mask].mean() > 0.99
    others = cv2.warpAffine(np.asarray(255 - level), whole, (1700, 2200)) > 99
    assert covered[others].mean() < 0.02


def test_print_made_of_dots_is_a_region_and_dotted_leaders_and_shading_are_none(paper: NDArray[np.uint8]) -> None:
    placed = list(write(paper, LINES[0], 300))
    for left in range(200, 1500, 8):
        paper[500:503, left : left + 3] = 0
        for top in range(700, 780, 8):
            paper[top : top + 3, left : left + 3] = 0
    noise = np.random.default_rng(7)
    for x, y in zip(noise.integers(0, 1690, 300), noise.integers(1200, 2190, 300), strict=True):
        paper[y : y + 2, x : x + 2] = 0
    assert unexplained(PageRaster(paper, DPI), reading(paper, placed)).regions == ()
    stencil = np.zeros((16, 120), np.uint8)
    cv2.putText(stencil, "123-45-6789", (0, 12), cv2.FONT_HERSHEY_PLAIN, 1.0, 255, 1)
    ys, xs = np.nonzero(stencil > 100)
    for y, x in zip(900 + 8 * ys, 300 + 8 * xs, strict=True):
        paper[y : y + 3, x : x + 3] = 0
    number = Box(300 + 8 * int(xs.min()), 900 + 8 * int(ys.min()), 300 + 8 * int(xs.max()), 900 + 8 * int(ys.max()))
    report = unexplained(PageRaster(paper, DPI), reading(paper, placed))
    assert sum(region.bounds.overlap(number) for region in report.regions) > 0.8 * number.area
    assert all(region.bounds.overlap(number) > 0 for region in report.regions)


@pytest.mark.parametrize("dpi", [80, 90, 100, 150, 200])
def test_print_under_a_ruling_is_covered_and_the_page_around_it_is_not(dpi: int) -> None:
    height, width = 11 * dpi, 17 * dpi // 2
    ink, rulings = np.zeros((height, width), bool), np.zeros((height, width), bool)
    rulings[5 * dpi : 5 * dpi + 2, dpi : 7 * dpi] = True
    for column in range(12):
        stroke = np.s_[5 * dpi - dpi // 20 : 5 * dpi + dpi // 20 + column % 3, (30 + column) * dpi // 12]
        ink[stroke] = True
    boxes = struck(ink | rulings, rulings, dpi)
    assert boxes
    covered = np.zeros_like(ink)
    for box in boxes:
        covered[box.top : box.bottom, box.left : box.right] = True
    assert covered[ink].all()
    assert covered.mean() < 0.02


def test_paper_between_dense_bold_lines_is_no_light_ink(paper: NDArray[np.uint8]) -> None:
    placed = []
    for row in range(12):
        top = 300 + 40 * row
        cv2.putText(paper, "MEASURED WITHOUT BLOOD LOSS", (200, top + 30), cv2.FONT_HERSHEY_DUPLEX, 1.3, 0, 4)
        placed.append(("MEASURED-WITHOUT-BLOOD-LOSS", Box(200, top - 2, 1000, top + 36)))
    report = unexplained(PageRaster(paper, DPI), reading(paper, placed))
    assert report.regions == ()
    assert report.dark < 0.08


@pytest.mark.parametrize("degrees", [-11.0, 3.0])
def test_on_a_leaning_page_boxes_lie_along_its_lines(paper: NDArray[np.uint8], degrees: float) -> None:
    placed = [list(write(paper, line, 300 + 60 * i)) for i, line in enumerate(LINES)]
    cv2.line(paper, (200, 520), (1500, 520), 0, 2)
    (hidden,) = [box for word, box in placed[1] if word == "Quuxin"]
    turn = np.vstack([cv2.getRotationMatrix2D((850, 1100), degrees, 1.0), (0, 0, 1)])
    paper = np.asarray(cv2.warpAffine(paper, turn[:2], paper.shape[::-1], borderValue=255), np.uint8)
    level = reading(paper, [hit for line in placed for hit in line if hit[1] != hidden])
    words = tuple(replace(word, region=word.region.mapped(turn)) for word in level.words)
    regions = unexplained(PageRaster(paper, DPI), replace(level, words=words)).regions
    burned, where = (np.zeros(paper.shape, np.uint8) for _ in range(2))
    for mask, quads in ((burned, regions), (where, [Quad.of(hidden).mapped(turn)])):
        for quad in quads:
            cv2.fillConvexPoly(mask, np.round(np.array(quad.corners)).astype(np.int32), 1)
    assert burned[(where > 0) & (paper < 128)].all()
    assert burned.sum() < 2 * hidden.area


@pytest.mark.parametrize(("said", "open_"), [("[DT]", False), ("DT", True)])
def test_what_stands_in_a_box_that_was_read_as_brackets_is_not_explained(
    paper: NDArray[np.uint8], said: str, open_: bool
) -> None:
    placed = [hit for i, line in enumerate(LINES * 3) for hit in write(paper, line, 300 + 80 * i)]
    cv2.rectangle(paper, (200, 1200), (310, 1270), 0, 2)
    cv2.putText(paper, "DT", (225, 1255), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.4, 0, 2, cv2.LINE_AA)
    placed.append((said, Box(196, 1196, 314, 1274)))
    report = unexplained(PageRaster(paper, DPI), lined(reading(paper, placed)))
    assert (report.regions == ()) is open_


def test_what_was_read_into_a_word_from_above_its_line_is_not_explained(paper: NDArray[np.uint8]) -> None:
    placed = [hit for i, line in enumerate(LINES * 3) for hit in write(paper, line, 300 + 80 * i)]
    said, box = placed[2]
    assert unexplained(PageRaster(paper, DPI), reading(paper, placed)).regions == ()
    cv2.putText(paper, "Quuxin", (box.left, box.top - 22), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    placed[2] = (said, Box(box.left, box.top - 50, box.right, box.bottom))
    regions = unexplained(PageRaster(paper, DPI), lined(reading(paper, placed))).regions
    assert regions
    assert all(region.bounds.bottom <= box.top + 4 for region in regions)


@pytest.mark.parametrize("box", [Box(100, 900, 1600, 1900), Box(190, 990, 520, 1150), Box(190, 1000, 520, 1040)])
def test_no_single_sign_explains_half_a_page(paper: NDArray[np.uint8], box: Box) -> None:
    placed = [hit for i, line in enumerate(LINES) for hit in write(paper, line, 300 + 80 * i)]
    list(write(paper, "Zorblat Quuxin", 1003))
    for said in ("0", "I.", "l1"):
        found = lined(reading(paper, [*placed, (said, box)], 99.0))
        assert unexplained(PageRaster(paper, DPI), found).regions, said


@pytest.mark.parametrize(("said", "size"), [("CONSENT", 5.0), ("W", 3.0), ("I", 3.0), ("-", 1.0), ("MMMM", 1.0)])
def test_headlines_and_wide_letters_explain_their_ink(paper: NDArray[np.uint8], said: str, size: float) -> None:
    placed = [hit for i, line in enumerate(LINES * 3) for hit in write(paper, line, 600 + 80 * i)]
    (width, height), base = cv2.getTextSize(said, cv2.FONT_HERSHEY_DUPLEX, size, 8)
    cv2.putText(paper, said, (200, 100 + height), cv2.FONT_HERSHEY_DUPLEX, size, 0, 8)
    placed.append((said, Box(196, 96, 204 + width, 104 + height)))
    assert base > 0
    assert unexplained(PageRaster(paper, DPI), lined(reading(paper, placed))).regions == ()


def test_a_word_in_a_margin_that_runs_up_explains_its_ink(paper: NDArray[np.uint8]) -> None:
    placed = [hit for i, line in enumerate(LINES) for hit in write(paper, line, 300 + 80 * i)]
    strip = np.full((60, 500), 255, np.uint8)
    cv2.putText(strip, "CONFIDENTIAL COPY", (20, 42), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2, cv2.LINE_AA)
    paper[900:1400, 60:120] = cv2.rotate(strip, cv2.ROTATE_90_COUNTERCLOCKWISE)
    placed.append(("CONFIDENTIALCOPY", Box(62, 902, 118, 1398)))
    assert unexplained(PageRaster(paper, DPI), lined(reading(paper, placed))).regions == ()


def lined(found: PageReading) -> PageReading:
    """The same words, by their lines."""
    return replace(found, words=tuple(replace(w, line=round(w.region.bounds.bottom / 80)) for w in found.words))
