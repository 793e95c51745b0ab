"""The judge of `make pixels` tells a burned plant from an open one, and a blacked-out page from a copy."""

from __future__ import annotations

import numpy as np
import pytest

from policies.attack.report import Verdict
from tests.pixels import codes, hands, paint, papers, scans
from tests.pixels.product import Made, is_burned
from tests.pixels.score import Graded, graded, rows, targets
from tests.pixels.sheets import seeded


@pytest.mark.parametrize("name", ["light on dark", "dark on dark"])
def test_an_untouched_copy_shows_what_was_planted_and_a_black_one_does_not(name: str) -> None:
    sheet, page = next(pair for pair in paint.sheets(3) if pair[0].name == name)
    gray = np.asarray(page.mean(axis=2), np.uint8)
    (planted,) = sheet.plants
    assert not is_burned(planted, page, gray)
    assert is_burned(planted, page, np.zeros_like(gray))
    (row,) = rows(Made(sheet, Verdict.RELEASE, (), gray), page)
    assert row.missed
    (held,) = rows(Made(sheet, Verdict.REVIEW, (), gray), page)
    assert held.reviewed
    assert not held.missed


def test_a_scan_is_judged_by_its_identifiers_and_its_words() -> None:
    sheet, page = next(iter(scans.sheets(3, scans.Grade.CLEAN, 1)))
    gray = page if page.ndim == 2 else np.asarray(page.mean(axis=2), np.uint8)
    untouched = graded(Made(sheet, Verdict.RELEASE, (), gray), page)
    black = graded(Made(sheet, Verdict.RELEASE, (), np.zeros_like(gray)), page)
    assert (untouched.burned, untouched.words_kept) == (0, len(sheet.words))
    assert (black.burned, black.words_kept) == (len(sheet.plants), 0)
    assert len(sheet.plants) > 10
    missed = [t["target"] for t in targets({"clean": untouched + Graded()}, {}) if not t["pass"]]
    assert missed == ["clean scans, identifiers burned"]


def test_each_wear_changes_the_paper_and_leaves_print_to_be_read() -> None:
    page = np.full((600, 500), 250, np.uint8)
    page[100:500:20, 50:450] = 20
    for name, wear in papers.WEARS.items():
        worn = wear(page, 100, seeded(name))
        assert worn.shape == page.shape
        assert (worn != page).mean() > 0.005, name
        assert worn[100:500:20].mean() < worn[110:500:20].mean() - 40, name


def test_every_symbology_can_be_drawn() -> None:
    assert {name for name in codes.CONTENTS if codes.drawn(name, 1) is None} == set()


def test_without_fonts_of_handwriting_drawn_letters_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hands, "FOLDERS", ())
    assert hands.fonts() == []
    first, _ = next(iter(hands.sheets(3)))
    assert first.name == f"form in {next(iter(hands.HERSHEY))}"
