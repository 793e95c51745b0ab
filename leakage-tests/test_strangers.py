"""The check of strangers' redactions on the red team's own files: it fires on what was to be hidden, on no other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from cases import CASES, Case

from streams.check.confined import found_in
from streams.check.finding import What

HIDING = {
    "under a black box": What.TEXT_UNDER_A_BOX,
    "under a highlight": What.SEE_THROUGH,
    "under a square": What.SEE_THROUGH,
    "marked for removal": What.NOT_CARRIED_OUT,
    "under an image": What.TEXT_UNDER_A_COVER,
    "hidden layer": What.HIDDEN_LAYER,
    "earlier revision": What.EARLIER_REVISION,
    "cropped away": What.CROPPED_AWAY,
}


@pytest.mark.parametrize("case", [case for case in CASES if case.suffix == "pdf"], ids=lambda case: case.name)
def test_it_fires_where_somebody_meant_to_hide(case: Case, record_property: Callable[[str, object], None]) -> None:
    found = {each.what for each in found_in(case.build(case.canary))}
    record_property("case", f"check: {case.name}")
    record_property("source", case.source)
    record_property("figure", ", ".join(sorted(found)) or "nothing found, as it should be")
    assert found == ({HIDING[case.name]} if case.name in HIDING else set())
