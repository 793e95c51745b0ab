"""The attacker tells a box whose width fits a name that was taken out, and few others of a thousand; no other box.

Source: Bland, Iyer and Levchenko, "Story Beyond the Eye: Glyph Positions Break PDF Text Redaction", PETS 2023.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page
from policies.attack.report import Claim, Residual, Secret
from policies.attack.shapes.widths import standing
from tests.policies.attack.made import DPI, drawn, pdf

BODY = [
    (60, 250, "Past medical history includes hypertension and asthma without surgery."),
    (60, 270, "Continue current therapy with metformin twice daily and return next week."),
    (60, 290, "Laboratory results were discussed with nursing staff during rounds."),
]
BEFORE, BEHIND = "Yesterday evening ", " received another treatment without complaint."
START_PT = 60


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as engine:
        yield engine


def ink(text: str, x: float, y: float) -> tuple[int, int]:
    """The first and last column of a line's ink."""
    columns = np.nonzero((drawn([(x, y, text)]) < 200).any(axis=0))[0]
    return int(columns[0]), int(columns[-1])


def attacked(name: str, behind: str, x: float, engine: TesserocrEngine) -> list[Residual]:
    """`name` at x points under a box that reaches from word to word, or to a line's height beyond the name."""
    left, right = ink(name, x, 200)
    end = left + ink(name + behind, x, 200)[1] - left if behind else right + 20
    page = drawn([(START_PT, 200, BEFORE), (x, 200, name + behind), *BODY])
    first = (
        int(np.nonzero((drawn([(x, 200, name + behind)])[:, right + 4 :] < 200).any(axis=0))[0][0]) if behind else 24
    )
    box = Box(left - 3, int(188 * DPI / 72), right + first - 1 if end else end, int(204 * DPI / 72))
    page[box.top : box.bottom, box.left : box.right] = 0
    claim = Claim(((page.shape[1], page.shape[0]),), ((Quad.of(box),),), (Secret(Kind.PERSON, name),))
    return [
        residual
        for residual in reread_page(pdf([(page, None)]), Look(0), claim, engine, lambda *_: False)
        if residual.reason is Reason.WIDTH_TELLS
    ]


IN_PROSE = START_PT + 94.16


def test_prose_tells_a_long_name(engine: TesserocrEngine, record_property: Callable[[str, object], None]) -> None:
    record_property("case", "planted: width that gives a name away")
    record_property("source", "Bland and others, PETS 2023")
    (found,) = attacked("Featherstonehaugh", BEHIND, IN_PROSE, engine)
    record_property("figure", found.reason.value)
    assert (found.kind, found.certain) == (Kind.PERSON, False)
    claim = Claim(((1275, 1650),), ((found.region,),), ())
    assert standing([found], claim) == [found]
    assert standing([found], Claim(claim.page_sizes, ((),), ())) == []


@pytest.mark.parametrize(("name", "behind", "x"), [("Parker", BEHIND, IN_PROSE), ("Henderson", "", 320)])
def test_a_name_of_a_usual_width_is_not_told(name: str, behind: str, x: float, engine: TesserocrEngine) -> None:
    assert attacked(name, behind, x, engine) == []
