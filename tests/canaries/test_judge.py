"""The ledger of planted documents, the judge of their released copies, and the figures that come of it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from pathlib import Path

import pytest

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from policies.attack.report import Depth, Verdict
from streams.canaries.bounds import anytime, exact
from streams.canaries.documents import Format, Layout, one
from streams.canaries.judge import Judge
from streams.canaries.leakcheck import rasters
from streams.canaries.ledger import CanaryLedger, Planted
from streams.demo.judge import Blind
from streams.events import CanaryJudged, DocumentMasked, MissedBy, QualityBound
from streams.monitor import tally
from streams.store.claims import ClaimStore, open_claims, put_addressed
from streams.watch.metrics import MonitorMetrics
from tests.canaries.test_leakcheck import burned, packed

ID = f"{7:032x}"
PLANTED = Planted(21, 0, Layout.FAX_COVER.value, Format.FAX_TIFF.value)


def store(folder: Path) -> ClaimStore:
    found = open_claims(f"file://{folder}")
    found.probe()
    return found


class Once:
    """An engine that reads no picture twice."""

    def __init__(self, engine: TesserocrEngine) -> None:
        self._engine, self._read = engine, dict[bytes, list[EngineWord]]()
        self.name = engine.name

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        key = hashlib.sha256(gray.tobytes()).digest()
        if key not in self._read:
            self._read[key] = self._engine.words(gray, dpi)
        return self._read[key]


def masked(reference: str, document_id: str = ID) -> DocumentMasked:
    return DocumentMasked(
        tenant="clinic-a",
        document_id=document_id,
        reference=reference,
        size_bytes=1,
        commitment="ab" * 32,
        pages=1,
        profile="maximal",
        profile_version=profiles.load("maximal").version,
        engine="none-1",
        depth=Depth.REREAD,
        verdict=Verdict.RELEASE,
        counts={},
        kept={},
        words=1,
        words_burned=1,
        rounds=0,
    )


def test_the_ledger_knows_its_own_and_nobody_else(tmp_path: Path) -> None:
    phi = store(tmp_path)
    ledger = CanaryLedger(phi)
    ledger.plant(ID, PLANTED)
    ledger.plant(ID, PLANTED)
    assert ledger.find(ID) == PLANTED
    assert ledger.is_planted(ID)
    for other in (f"{8:032x}", "document-1", "../" + ID, ""):
        assert not ledger.is_planted(other)
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        ledger.plant(ID, Planted(22, 0, PLANTED.layout, PLANTED.format))
    phi.put(f"canaries/{9:032x}", b"{}")
    with pytest.raises(RedoubtError, match=r"^hash_mismatch$"):
        ledger.is_planted(f"{9:032x}")


def test_a_store_that_is_away_is_not_taken_for_no(tmp_path: Path) -> None:
    ledger = CanaryLedger(open_claims(f"file://{tmp_path}/unmounted"))
    with pytest.raises(RedoubtError, match=r"^store_unavailable$"):
        ledger.is_planted(ID)


def test_the_judge_tells_a_copy_that_shows_something(tmp_path: Path) -> None:
    document = one(PLANTED.seed, PLANTED.index, Layout(PLANTED.layout), Format(PLANTED.format))
    pages = rasters(document.content, document.suffix)
    ledger, copies = CanaryLedger(store(tmp_path / "phi")), store(tmp_path / "masked")
    ledger.plant(ID, PLANTED)
    with TesserocrEngine() as engine:
        seeing = Judge(ledger, copies, Once(engine))
        found = seeing(masked(put_addressed(copies, packed(burned(document, pages)))))
        shown = put_addressed(copies, packed(burned(document, pages, spare={0})))
        # Who can read the untouched page knows that the print could be read, and by the counts whether it was found.
        kinds = Counter(i.kind for i in document.identifiers)
        for counts, layer in (({}, MissedBy.DETECT), (dict(kinds), MissedBy.MASK)):
            named = seeing(dataclasses.replace(masked(shown), counts=counts))
            assert named.missed == {layer: named.leaked}
            assert named.leaked >= 1
    assert (found.planted, found.leaked) == (len(document.identifiers), 0)
    assert found.missed == {}
    assert (found.document_class, found.quality) == (document.document_class, document.difficulty.value)
    # The ink alone shows the rest.
    judge = Judge(ledger, copies, Blind())
    assert judge(masked(shown)).missed == {MissedBy.RECOGNIZE: judge(masked(shown)).leaked}
    # What is no copy of it, or none at all, leaks as much as can be.
    for content in (packed([*pages, *pages]), b"%PDF no copy"):
        assert judge(masked(put_addressed(copies, content))).leaked == len(document.identifiers)
    with pytest.raises(RedoubtError) as said:
        judge(masked(put_addressed(copies, b"x"), f"{8:032x}"))
    assert said.value.reason is Reason.CONTENT_MISSING


def judged(leaked: int, quality: str = "clean") -> CanaryJudged:
    return CanaryJudged(
        "clinic-a", ID, "lab_report", "maximal", quality, 10, leaked, {MissedBy.DETECT: leaked} if leaked else {}
    )


def test_metrics_and_windows_show_what_is_bounded() -> None:
    metrics = MonitorMetrics(tenants=("clinic-a", "clinic-b"))
    total: tally.Tally = {}
    for number in range(60):
        event = judged(leaked=3 if number == 10 else 0, quality="poor" if number % 3 else "clean")
        metrics.judged(event)
        total = tally.plus(total, tally.of_judged(event))

    def bound(document_class: str, quality: str, method: str, tenant: str = "all") -> float | None:
        labels = {"tenant": tenant, "document_class": document_class, "quality": quality, "method": method}
        return metrics.registry.get_sample_value("redoubt_canary_leak_bound", labels)

    assert metrics.registry.get_sample_value("redoubt_canary_missed_total", {"layer": "detect"}) == 3
    assert bound("all", "all", "exact") == exact(1, 60)
    assert bound("all", "all", "anytime") == anytime(1, 60)
    assert bound("lab_report", "clean", "exact") == exact(0, 20)
    assert bound("lab_report", "poor", "exact") == exact(1, 40)
    assert bound("lab_report", "poor", "exact", "clinic-a") == exact(1, 40)
    assert bound("all", "all", "anytime", "clinic-a") == anytime(1, 60)
    assert bound("all", "all", "exact", "clinic-b") is None, "nothing of it was judged"
    window = tally.window(("clinic-a", "lab_report", "maximal"), 0, 60, total)
    assert window.canary_qualities == {
        "clean": QualityBound(20, 0, exact(0, 20), anytime(0, 20)),
        "poor": QualityBound(40, 1, exact(1, 40), anytime(1, 40)),
    }
    assert window.sample_qualities == {}
    window.to_message()
    assert (window.canaries_judged, window.canaries_leaked, window.canary_bound) == (60, 1, exact(1, 60))
    assert tally.window(("clinic-a", "lab_report", "maximal"), 0, 60, {}).canary_bound == 1.0
