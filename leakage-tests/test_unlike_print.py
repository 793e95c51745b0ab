"""The attacker's second engine has a reason: it finds leaks that the first, at another scale, reads past."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from planted import CLEAN_JPEG, Scene
from unlike_print import PLANTED, Unlike

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind, Owner
from detectors.reading.engines.ppocr_engine import PpocrEngine
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page
from policies.attack.report import Depth, Residual

FIRST = cache(TesserocrEngine)
OTHER = cache(PpocrEngine)


def everything(_kind: Kind, _owner: Owner, _text: str) -> bool:
    return True


def read_at(depth: Depth, scene: Scene) -> tuple[Residual, ...]:
    return reread_page(scene.copy, Look(0, depth=depth), scene.claim, FIRST(), everything, other=OTHER())


@cache
def is_read(depth: Depth, planted: Unlike) -> bool:
    return any(residual.reason is Reason.KNOWN_VALUE_READABLE for residual in read_at(depth, planted.build()))


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name.replace(" ", "_"))
def test_another_engine_reads_what_the_first_may_read_past(
    planted: Unlike, record_property: Callable[[str, object], None]
) -> None:
    alone = is_read(Depth.REREAD, planted)
    record_property("case", f"planted, unlike print: {planted.name}")
    record_property("source", planted.source)
    record_property("figure", f"read at full, {'' if alone else 'not '}at reread")
    assert is_read(Depth.FULL, planted)


def test_the_first_engine_reads_past_most_of_them(record_property: Callable[[str, object], None]) -> None:
    missed = sum(not is_read(Depth.REREAD, planted) for planted in PLANTED)
    record_property("figure", f"{missed} of {len(PLANTED)} not read at depth reread")
    assert missed > len(PLANTED) / 2


def test_whole_pages_are_read_at_the_greatest_depth(record_property: Callable[[str, object], None]) -> None:
    record_property("case", f"planted, unlike print: {PLANTED[0].name}")
    record_property("figure", "read at forensic")
    assert is_read(Depth.FORENSIC, PLANTED[0])


@pytest.mark.parametrize("depth", [Depth.FULL, Depth.FORENSIC])
def test_a_clean_copy_passes_at_every_depth(depth: Depth) -> None:
    """Nothing is read, that is: its boxes are tight, and the width of one tells the name."""
    assert {residual.reason for residual in read_at(depth, CLEAN_JPEG)} <= {Reason.WIDTH_TELLS}


def test_a_depth_that_needs_an_engine_does_not_do_without() -> None:
    scene = CLEAN_JPEG
    with pytest.raises(RedoubtError) as refused:
        reread_page(scene.copy, Look(0, depth=Depth.FULL), scene.claim, FIRST(), everything)
    assert refused.value.reason is Reason.MISCONFIGURED
