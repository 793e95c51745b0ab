"""The release desk's figures on a few seeded charts."""

from __future__ import annotations

from detectors.detect import PageDetector
from tests.eval.damage import Strength
from tests.eval.desk import Share, scores
from tests.eval.desk_charts import OTHERS, OWN, charts


def test_a_few_charts() -> None:
    found = scores(charts(4, "test"), None, PageDetector())
    assert {name: share.missed for name, share in found.items() if share.missed} == {}
    assert all(share.of >= 2 for share in found.values())


def test_what_is_lightly_damaged_stays_the_patients() -> None:
    found = scores(charts(3, "test"), Strength.LIGHT, PageDetector())
    missed = {name: len(share.missed) for name, share in found.items() if share.missed}
    assert missed in ({}, {"own kept": 1}), "a figure read as another figure burns, and nothing else"


def test_every_chart_has_own_and_others_and_every_second_a_misfiled_page() -> None:
    made = charts(20)
    kinds = {gold.kind for chart in made for page in chart.pages for gold in page.golds}
    assert {OWN, OTHERS} < kinds
    assert [len(chart.misfiled) for chart in made] == [0, 1] * 10
    for chart in made:
        for page in chart.misfiled:
            assert OWN not in {gold.kind for gold in chart.pages[page].golds}


def test_the_interval_is_wilsons() -> None:
    low, high = Share(hits=299, of=299).interval()
    assert (round(low, 3), high) == (0.987, 1.0)
