"""Rulings that noise and words break into pieces are no unread ink, and what was written on them stays some."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.visual.ink.accounting import InkReport, unexplained

DPI = 90
ROWS = range(300, 600, 30)
COLUMNS = (100, 300, 420, 560, 700)


def table(broken: float, seed: int = 0) -> tuple[Pixels, list[tuple[str, Box]]]:
    """A table whose lines lack this share of their pixels, with words that were read."""
    page: Pixels = np.full((11 * DPI, 17 * DPI // 2), 240, np.uint8)
    rng = Random(seed)  # noqa: S311

    def line(level: bool, at: int, start: int, end: int) -> None:
        while start < end:
            piece, gap = rng.randint(12, 40), rng.randint(2, 6) if rng.random() < broken else 0
            part = np.s_[at, start : min(start + piece, end)] if level else np.s_[start : min(start + piece, end), at]
            page[part] = 120
            start += piece + gap

    for row in ROWS:
        line(True, row, COLUMNS[0], COLUMNS[-1])
    for column in COLUMNS:
        line(False, column, ROWS[0], ROWS[-1])
    words = []
    for top in ROWS[:-1]:
        for left in COLUMNS[:-1]:
            words += [written(page, "Glucose", left + 8, top + 20)]
    return page, words


def written(page: Pixels, said: str, left: int, baseline: int) -> tuple[str, Box]:
    ink = np.zeros_like(page)
    cv2.putText(ink, said, (left, baseline), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1, cv2.LINE_AA)
    np.minimum(page, np.where(ink > 0, 240 - ink * 0.85, 255).astype(np.uint8), out=page)
    x, y, width, height = cv2.boundingRect((ink > 100).astype(np.uint8))
    return said, Box(x, y, x + width, y + height)


def accounted(page: Pixels, placed: list[tuple[str, Box]]) -> InkReport:
    words, text = [], ""
    for line, (said, box) in enumerate(placed):
        words.append(Word(said, 95.0, Quad.of(box), line, len(text), len(text) + len(said)))
        text += said + "\n"
    reading = PageReading(page.shape[1], page.shape[0], float(DPI), tuple(words), text, "hand")
    return unexplained(PageRaster(page, DPI), reading)


def covered(report: InkReport, box: Box) -> bool:
    return sum(region.bounds.overlap(box) for region in report.regions) >= 0.9 * box.area


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("broken", [0.0, 0.5, 1.0])
def test_a_table_that_was_read_has_no_unread_ink(broken: float, seed: int) -> None:
    report = accounted(*table(broken, seed))
    assert report.regions == ()
    assert report.share < 0.02


@pytest.mark.parametrize("seed", range(4))
def test_what_was_not_read_in_a_broken_table_is_told_and_nothing_else(seed: int) -> None:
    page, words = table(0.7, seed)
    unread = [words.pop(at) for at in (21, 13, 0)]
    report = accounted(page, words)
    assert all(covered(report, box) for _, box in unread)
    assert all(any(region.bounds.overlap(box) for _, box in unread) for region in report.regions)


@pytest.mark.parametrize("said", ["Illig", "Ottil", "Tiefel", "TTEE", "HILL"])
def test_a_name_on_a_forms_line_is_told(said: str) -> None:
    page, words = table(0.0)
    cv2.line(page, (100, 700), (330, 700), 60, 1)
    on_it, in_line = written(page, said, 180, 699), written(page, said, 336, 704)
    report = accounted(page, words)
    assert covered(report, on_it[1])
    assert covered(report, in_line[1])


def test_lines_of_unread_print_that_begin_alike_are_told() -> None:
    page, words = table(0.0)
    unread = [written(page, "Illig Hillel", 100, 700 + 16 * row) for row in range(8)]
    report = accounted(page, words)
    assert all(covered(report, box) for _, box in unread)
