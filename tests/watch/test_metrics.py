from collections import Counter
from urllib.request import urlopen

import pytest

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth, Verdict
from streams.canaries.bounds import exact
from streams.events import CanaryJudged
from streams.monitor import tally
from streams.pipeline.document import Outcome
from streams.watch.endpoint import serve
from streams.watch.health import Health
from streams.watch.metrics import STAGES, Metrics, MonitorMetrics
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

    story = (Path(__file__).parents[2] / "streams" / "pipeline" / "path.py").read_text()
    assert all(f'clock.time("{stage}"' in story or f'\n        "{stage}",' in story for stage in STAGES)


def _value(metrics: MonitorMetrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_the_last_window_of_each_length_is_shown_over_all_tenants() -> None:
    metrics = MonitorMetrics()
    held = tally.of(observation(1, verdict=Verdict.REVIEW, residuals=2))
    for tenant in ("clinic-a", "clinic-b"):
        metrics.closed(tally.window((tenant, "lab_report", "maximal"), 0, 60, held))
    metrics.closed(tally.window(("clinic-a", "lab_report", "maximal"), 0, 3600, tally.of(observation(2))))
    minute = {"window_s": "60", "document_class": "lab_report", "profile": "maximal"}
    assert _value(metrics, "redoubt_window_documents", **minute) == 2
    assert _value(metrics, "redoubt_window_review", **minute) == 2
    assert _value(metrics, "redoubt_window_released", **minute) == 0
    assert _value(metrics, "redoubt_window_words_doubtful", **minute) == 10
    assert _value(metrics, "redoubt_window_residuals", **minute) == 4
    assert _value(metrics, "redoubt_window_released", **{**minute, "window_s": "3600"}) == 1
    assert _value(metrics, "redoubt_window_end_timestamp_seconds", window_s="60") == 60
    assert _value(metrics, "redoubt_window_end_timestamp_seconds", window_s="3600") == 3600


def test_what_had_documents_in_the_window_before_and_has_none_now_shows_none() -> None:
    metrics = MonitorMetrics()
    metrics.closed(tally.window(("t", "lab_report", "maximal"), 0, 60, tally.of(observation(1))))
    metrics.closed(tally.window(("t", "unknown", "analytics"), 60, 120, tally.of(observation(2))))
    metrics.closed(tally.window(("t", "lab_report", "maximal"), 0, 60, tally.of(observation(3))))
    assert (
        _value(metrics, "redoubt_window_documents", window_s="60", document_class="lab_report", profile="maximal") == 0
    )
    assert (
        _value(metrics, "redoubt_window_documents", window_s="60", document_class="unknown", profile="analytics") == 1
    )


def test_a_name_that_is_not_ours_makes_no_label() -> None:
    metrics = MonitorMetrics()
    group = ("quillfeather-clinic", "letter.of.zdravka", "zdravka.quillfeather")
    metrics.closed(tally.window(group, 0, 60, {"documents": 1, "words": 10}))
    labels = {label for family in metrics.registry.collect() for s in family.samples for label in s.labels.values()}
    assert not labels & set(group)
    assert "other" in labels


def leaks_shown(metrics: MonitorMetrics) -> set[str]:
    return {
        sample.labels["tenant"]
        for family in metrics.registry.collect()
        for sample in family.samples
        if "tenant" in sample.labels
    }


def test_a_tenant_s_leaks_are_shown_by_name_where_the_settings_name_it_and_nowhere_else() -> None:
    metrics = MonitorMetrics(tenants=("clinic-a", "all", "other"))
    for tenant in ("clinic-a", "quillfeather-clinic", "all", "other"):
        leaked = int(tenant == "quillfeather-clinic")
        metrics.judged(CanaryJudged(tenant, f"{1:032x}", "lab_report", "maximal", "poor", 10, leaked))
    assert leaks_shown(metrics) == {"clinic-a", "other", "all"}
    group = {"document_class": "lab_report", "quality": "poor"}
    judged, bound = "redoubt_canaries_judged_total", "redoubt_canary_leak_bound"
    assert _value(metrics, judged, tenant="clinic-a", **group, leaked="false") == 1
    assert _value(metrics, judged, tenant="other", **group, leaked="true") == 1
    assert _value(metrics, judged, tenant="other", **group, leaked="false") == 2
    assert _value(metrics, bound, tenant="clinic-a", **group, method="exact") == exact(0, 1)
    assert _value(metrics, bound, tenant="all", **group, method="exact") == exact(1, 4), "a tenant named `all` is one"
    assert _value(metrics, bound, tenant="other", **group, method="exact") is None, "strangers bound nobody"


def test_the_backlog_is_told_in_pages_too() -> None:
    metrics = MonitorMetrics()
    metrics.backlog(7)
    assert _value(metrics, "redoubt_backlog_pages", topic="phi.documents") == 7, "nothing seen: a page a document"
    metrics.observed(observation(1))
    metrics.backlog(7)
    assert _value(metrics, "redoubt_backlog_records", topic="phi.documents") == 7
    assert _value(metrics, "redoubt_backlog_pages", topic="phi.documents") == 14
