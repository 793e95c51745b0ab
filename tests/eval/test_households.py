"""Families' pages of every layout: others burn, the patient's own stays."""

from __future__ import annotations

from detectors.detect import PageDetector
from tests.eval.desk_charts import OTHERS, OWN
from tests.eval.households import LAYOUTS, shares, visits

PAGES = 24


def test_others_burn_and_the_patients_own_stays() -> None:
    found = shares(visits(PAGES, "test-2"), None, PageDetector())
    for whose, least in ((OTHERS, 0.97), (OWN, 0.99)):
        of = [share for how, share in found.items() if how.startswith(whose)]
        total = sum(share.of for share in of)
        assert total > 5 * PAGES
        missed = [share.missed for share in of if share.missed]
        assert sum(share.hits for share in of) >= least * total, missed


def test_every_layout_is_made_and_has_both() -> None:
    made = visits(PAGES, "test")
    assert {visit.page.id.partition("/")[0] for visit in made} == set(LAYOUTS)
    kinds = {gold.kind.partition(":")[0] for visit in made for gold in visit.page.golds}
    assert kinds == {OWN, OTHERS}
