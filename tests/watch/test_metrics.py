from collections import Counter
from urllib.request import urlopen

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth, Verdict
from streams.document import Outcome
from streams.endpoint import serve
from streams.health import Health
from streams.metrics import STAGES, Metrics, MonitorMetrics
from streams.monitor import tally
from tests.watch.desk import observation

OUTCOME = Outcome(
    document_id="d",
    pages=2,
    verdict=Verdict.REVIEW,
    reasons=(Reason.RESIDUAL_FINDING,),
    depth=Depth.REREAD,
    profile="maximal",
    profile_version="1",
    engine="e",
    copy=b"",
    record=None,
    counts=Counter({Kind.PERSON: 3}),
    words=100,
    words_burned=7,
    rounds=1,
    seconds={"ingest": 0.2, "somebody's name": 1.0},
)


def _scraped(metrics: Metrics) -> str:
    port = serve(metrics.registry, Health(), 0, "127.0.0.1")
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        return str(answer.read().decode())


def test_an_outcome_is_counted() -> None:
    metrics = Metrics()
    metrics.observe(OUTCOME)
    metrics.rejected(Reason.ENCRYPTED)
    page = _scraped(metrics)
    assert 'redoubt_documents_total{verdict="review"} 1.0' in page
    assert 'redoubt_held_total{reason="residual_finding"} 1.0' in page
    assert 'redoubt_findings_total{kind="person"} 3.0' in page
    assert 'redoubt_rejected_total{reason="encrypted"} 1.0' in page
    assert "redoubt_pages_total 2.0" in page


def test_an_unknown_stage_makes_no_label() -> None:
    metrics = Metrics()
    metrics.observe(OUTCOME)
    assert "somebody" not in _scraped(metrics)


def test_free_text_never_becomes_a_label() -> None:
    with pytest.raises(TypeError):
        Metrics().rejected("Zdravka Quillfeather")  # type: ignore[arg-type]


def test_the_stages_are_those_of_the_pipeline() -> None:
    from pathlib import Path

    story = (Path(__file__).parents[2] / "streams" / "pipeline.py").read_text()
    assert all(f'clock.time("{stage}"' in story or f'\n        "{stage}",' in story for stage in STAGES)


def test_the_last_window_is_shown() -> None:
    metrics = MonitorMetrics()
    metrics.observed(observation(1, verdict=Verdict.REVIEW, residuals=2))
    metrics.closed(tally.window("maximal", 0, 60, tally.of(observation(1, verdict=Verdict.REVIEW, residuals=2))))
    port = serve(metrics.registry, Health(), 0, "127.0.0.1")
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        page = answer.read().decode()
    assert 'redoubt_observed_residuals_total{kind="person"} 2.0' in page
    assert 'redoubt_window_documents{profile="maximal",verdict="review"} 1.0' in page
    assert 'redoubt_window_words_kept_ratio{profile="maximal"} 0.93' in page
    assert 'redoubt_window_residuals{profile="maximal"} 2.0' in page
    assert "redoubt_window_end_timestamp_seconds 60.0" in page


def test_a_profile_that_is_not_ours_makes_no_label() -> None:
    metrics = MonitorMetrics()
    metrics.closed(tally.window("zdravka.quillfeather", 0, 60, {"documents": 1, "words": 10}))
    names = {label for family in metrics.registry.collect() for s in family.samples for label in s.labels.values()}
    assert "zdravka.quillfeather" not in names
    assert "other" in names
