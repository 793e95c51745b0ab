"""The attacker finds every leak that is planted into a finished copy, and nothing in a clean one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from planted import CLEAN, CLEAN_JPEG, PLANTED, Planted, Scene, masked

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.finished.structure import check_structure, sheets
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page

Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


def everything(_kind: Kind, _owner: Owner, _text: str) -> bool:
    return True


def attacked(scene: Scene, engine: TesserocrEngine) -> list[Reason]:
    """As validation does it: the structure first, then every page as a file of its own."""
    if found := check_structure(scene.copy, scene.claim):
        return list(found)
    reasons: list[Reason] = []
    for page, sheet in enumerate(sheets(scene.copy, range(len(scene.claim.burned)))):
        alone = type(scene.claim)((scene.claim.page_sizes[page],), (scene.claim.burned[page],), scene.claim.secrets)
        reasons += [residual.reason for residual in reread_page(sheet, Look(0), alone, engine, everything)]
    return reasons


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name.replace(" ", "_"))
def test_the_attacker_finds_what_was_planted(
    planted: Planted, engine: TesserocrEngine, record_property: Record
) -> None:
    found = attacked(planted.build(), engine)
    record_property("case", f"planted: {planted.name}")
    record_property("source", planted.source)
    record_property("figure", ", ".join(sorted(set(found))) or "nothing found")
    assert planted.expected & set(found)


@pytest.mark.parametrize(
    "scene",
    [CLEAN, CLEAN_JPEG, masked(50, 0), masked(50, 4), masked(85, 4)],
    ids=["lossless", "jpeg", "scan", "scan_with_grain", "fine_scan_with_grain"],
)
def test_the_attacker_finds_nothing_in_a_clean_copy(scene: Scene, engine: TesserocrEngine) -> None:
    assert set(attacked(scene, engine)) <= {Reason.WIDTH_TELLS}, "whose name is longer than any of a thousand"
