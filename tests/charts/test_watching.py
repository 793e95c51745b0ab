"""Alerts fire when they must and stay silent when they must; alerts and dashboard ask for metrics that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from detectors.errors import Reason
from policies.attack.report import Verdict
from streams.audit.counts import HeadCounts
from streams.reidentify.counts import Counts
from streams.review.second_looks.sampler import TOLD
from streams.watch.endpoint import PART_UP
from streams.watch.metrics import Metrics, MonitorMetrics
from tests.charts.conftest import CHART, Objects, run, tool

pytestmark = pytest.mark.charts

REJECTED = 'redoubt_rejected_total{reason="%s"}'
HELD = 'redoubt_held_total{reason="%s"}'
DOCUMENTS = 'redoubt_documents_total{verdict="%s"}'
JUDGED = 'redoubt_canaries_judged_total{tenant="clinic-a",document_class="lab_report",quality="poor",leaked="%s"}'
LOOKED = 'redoubt_samples_judged_total{tenant="clinic-a",document_class="lab_report",quality="scanned",leaked="%s"}'
REFUSED = "redoubt_sampler_refused_total"
UNUSUAL = "redoubt_reidentify_unusual_total"
OVERDUE = 'redoubt_backlog_overdue_records{topic="review.%s"}'
HEADS = 'redoubt_heads_missing{place="%s"}'
BACKLOG = 'redoubt_backlog_records{topic="phi.documents"}'

# name, series and their values each minute, minute to look at, alerts that fire then
CASES = [
    ("a known value was readable", {HELD % "known_value_readable": "0x5 1x20"}, 8, {"RedoubtLeakFound"}),
    ("one leak among thousands", {HELD % "region_not_solid": "4000x5 4001x20"}, 8, {"RedoubtLeakFound"}),
    ("a leak that is long past", {HELD % "known_value_readable": "0x5 1x60"}, 50, set()),
    ("a document that kills workers", {REJECTED % "worker_died": "0x5 1x20"}, 8, {"RedoubtWorkerDied"}),
    ("a document that is broken", {REJECTED % "damaged": "0x5 9x20"}, 8, set()),
    ("doubt is no leak", {HELD % "unexplained_ink": "0+5x60"}, 30, set()),
    ("a worker that starts again", {HELD % "known_value_readable": "3x10 0x20"}, 15, set()),
    (
        "half of all documents held",
        {DOCUMENTS % "release": "0+1x120", DOCUMENTS % "review": "0+1x120", BACKLOG: "0x120"},
        90,
        {"RedoubtTooMuchHeldBack"},
    ),
    (
        "withheld counts as held",
        {DOCUMENTS % "release": "0+2x120", DOCUMENTS % "withhold": "0+1x120", BACKLOG: "0x120"},
        90,
        {"RedoubtTooMuchHeldBack"},
    ),
    ("one in ten held", {DOCUMENTS % "release": "0+9x120", DOCUMENTS % "review": "0+1x120"}, 90, set()),
    (
        "too few documents to tell",
        {DOCUMENTS % "release": "0x120", DOCUMENTS % "review": "0x60 1x30 2x30", BACKLOG: "0x120"},
        100,
        set(),
    ),
    ("waiting, and nothing finished", {BACKLOG: "5x60", DOCUMENTS % "release": "7x60"}, 40, {"RedoubtStalled"}),
    ("waiting, and no worker left", {BACKLOG: "5x60"}, 40, {"RedoubtStalled"}),
    ("waiting, and work goes on", {BACKLOG: "500x60", DOCUMENTS % "release": "0+1x60"}, 40, set()),
    (
        "waiting, and all are rejected",
        {BACKLOG: "500x60", 'redoubt_rejected_total{reason="encrypted"}': "0+1x60"},
        40,
        set(),
    ),
    ("nothing waits", {BACKLOG: "0x60", DOCUMENTS % "release": "7x60"}, 40, set()),
    ("a closed vault", {'redoubt_part_up{part="vault"}': "1x5 0x60"}, 30, {"RedoubtPartAway"}),
    ("a vault that was closed for a moment", {'redoubt_part_up{part="vault"}': "1x5 0x2 1x60"}, 30, set()),
    ("a canary leaked", {JUDGED % "true": "0x5 1x20", JUDGED % "false": "0+1x25"}, 8, {"RedoubtCanaryLeaked"}),
    ("canaries that hold", {JUDGED % "true": "0x60", JUDGED % "false": "0+1x60"}, 30, set()),
    ("a release leaked", {LOOKED % "true": "0x5 1x20", LOOKED % "false": "0+1x25"}, 8, {"RedoubtReleaseLeaked"}),
    ("releases that hold", {LOOKED % "true": "0x60", LOOKED % "false": "0+1x60"}, 30, set()),
    ("a class is held", {HELD % "class_held": "0x5 1x20"}, 8, {"RedoubtClassHeld"}),
    ("somebody turns back many tokens", {UNUSUAL: "0x5 1x20"}, 8, {"RedoubtUnusualReidentification"}),
    ("somebody did long ago", {UNUSUAL: "0x5 1x60"}, 50, set()),
    ("a judgement that does not count", {REFUSED: "0x5 1x20"}, 8, {"RedoubtJudgementRefused"}),
    ("judgements that count", {REFUSED: "3x60", LOOKED % "false": "0+1x60"}, 30, set()),
    ("a decision waits", {OVERDUE % "decisions": "0x5 1x30"}, 15, {"RedoubtDecisionsWait"}),
    ("a decision that waited for a moment", {OVERDUE % "decisions": "0x5 1x3 0x30"}, 9, set()),
    ("decisions that are carried out", {OVERDUE % "decisions": "0x60", OVERDUE % "replays": "1x60"}, 30, set()),
    ("a decision that was given again waits", {OVERDUE % "replays": "1x5 2x30"}, 15, {"RedoubtDecisionsWait"}),
    (
        "a bucket refuses heads",
        {HEADS % "outside": "0x5 1+1x40", HEADS % "topic": "0x60"},
        30,
        {"RedoubtHeadsMissing"},
    ),
    ("nobody signs heads", {HEADS % "topic": "0x5 1+1x40"}, 30, {"RedoubtHeadsMissing"}),
    ("a bucket that was away for a moment", {HEADS % "outside": "0x5 1+1x10 0x60"}, 40, set()),
    ("just stopped", {BACKLOG: "5x60", DOCUMENTS % "release": "0+1x30 30x30"}, 36, set()),
]


@pytest.mark.parametrize(("_name", "series", "minute", "firing"), CASES, ids=[case[0] for case in CASES])
def test_alerts(
    rules: dict[str, Any], tmp_path: Path, _name: str, series: dict[str, str], minute: int, firing: set[str]
) -> None:
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules))
    alerts = _alerts(rules)
    expected = [
        {
            "eval_time": f"{minute}m",
            "alertname": name,
            "exp_alerts": [{"exp_labels": rule["labels"], "exp_annotations": rule["annotations"]}]
            if name in firing
            else [],
        }
        for name, rule in alerts.items()
    ]
    test = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": expected,
            }
        ],
    }
    (tmp_path / "test.yaml").write_text(yaml.safe_dump(test))
    run(tool("promtool"), "test", "rules", str(tmp_path / "test.yaml"))


def test_each_alert_is_seen_firing_and_silent(rules: dict[str, Any]) -> None:
    assert len(_alerts(rules)) == 12
    for name in _alerts(rules):
        assert any(name in case[3] for case in CASES)
        assert any(name not in case[3] for case in CASES)


def test_every_query_is_promql(rules: dict[str, Any], objects: Objects, tmp_path: Path) -> None:
    queries = [{"record": f"panel:{n}", "expr": expr} for n, expr in enumerate(_panel_queries(objects))]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [*rules["groups"], _group(queries)]}))
    assert len(queries) >= 15
    run(tool("promtool"), "check", "rules", str(tmp_path / "rules.yaml"))


def test_every_metric_asked_for_is_one_that_we_have(rules: dict[str, Any], objects: Objects) -> None:
    ours = _metrics()
    queries = [*_panel_queries(objects), *(rule["expr"] for rule in _alerts(rules).values())]
    for query in queries:
        for name, _, labels in re.findall(r"(redoubt_[a-z_]+)(\{([^}]*)\})?", query):
            assert name in ours, f"{name} is not exported"
            for label, values in re.findall(r'([a-z_]+)=~?"([^"]*)"', labels):
                assert label in ours[name], f"{name} has no label {label}"
                known = {"reason": set(Reason), "verdict": set(Verdict)}.get(label)
                assert known is None or set(values.split("|")) <= known
        for grouped in re.findall(r"by \(([a-z_, ]+)\)", query):
            names = set(re.findall(r"redoubt_[a-z_]+", query))
            wanted = {label.strip() for label in grouped.split(",")}
            assert wanted <= set().union(*(ours[name] for name in names))


def test_the_dashboard_holds_together() -> None:
    board = json.loads((CHART / "dashboards" / "redoubt.json").read_text())
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, f"{panel['title']} lies on another panel"
        assert at["x"] + at["w"] <= 24
        taken |= cells
        assert panel["datasource"]["uid"] == "${datasource}"
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references)


def _alerts(rules: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for group in rules["groups"] for rule in group["rules"]}


def _panel_queries(objects: Objects) -> list[str]:
    (data,) = [o["data"] for o in objects if o["kind"] == "ConfigMap" and "redoubt.json" in o["data"]]
    board = json.loads(data["redoubt.json"])
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def _group(queries: list[dict[str, str]]) -> dict[str, Any]:
    return {"name": "panels", "rules": queries}


def _metrics() -> dict[str, set[str]]:
    """Every series name we export, with its labels."""
    suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
    found: dict[str, set[str]] = {PART_UP: {"part"}, **{f"redoubt_sampler_{name}_total": set() for name in TOLD}}
    reidentifier, sequencer = CollectorRegistry(), CollectorRegistry()
    Counts(reidentifier)
    HeadCounts(sequencer)
    for registry in (Metrics().registry, MonitorMetrics().registry, reidentifier, sequencer):
        for collector in {id(c): c for c in registry._collector_to_names}.values():
            for family in collector.collect():
                for suffix in suffixes[family.type]:
                    labels = set(collector._labelnames)
                    found[family.name + suffix] = labels | ({"le"} if suffix == "_bucket" else set())
    return found
