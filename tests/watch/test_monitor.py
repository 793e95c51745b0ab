"""The monitor on real brokers: every observation is in one window, whatever is restarted, and nothing else gets out."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from policies.attack.report import Verdict
from streams.events import LeakageWindow
from streams.kafka.topics import PHI_DOCUMENTS
from tests.watch.desk import Client, monitor, observation

CANARY = "Zdravka Quillfeather-Obi"
ANSWER_S = 60.0


@pytest.fixture
def client(tansu: str) -> Iterator[Client]:
    found = Client(tansu)
    yield found
    found.close()


def _documents(windows: list[LeakageWindow]) -> int:
    return sum(window.documents for window in windows)


def test_windows_hold_every_observation_once(tansu: str, client: Client, tmp_path: Path) -> None:
    with monitor(tansu, tmp_path):
        for number in range(12):
            client.send(observation(number, "maximal"))
            client.send(observation(number, "analytics", Verdict.REVIEW, residuals=2))
        # What fits no schema is counted, and the stream goes on.
        client.send_raw(b"k", [("ce_type", CANARY.encode())], json.dumps({"patient": CANARY}).encode())
        client.send(observation(99, "limited-data-set", Verdict.WITHHOLD))
        windows = client.windows(lambda w: _documents(w) >= 25, ANSWER_S)
        page = _metrics(tmp_path)
    assert _documents(windows) == 25
    assert len({window.key for window in windows}) == len(windows), "a window was told twice"
    analytics = [w for w in windows if w.profile == "analytics"]
    assert sum(w.review for w in analytics) == 12
    assert sum(w.released + w.withheld for w in analytics) == 0
    assert sum(sum(w.residuals.values()) for w in analytics) == 24
    assert sum(w.withheld for w in windows) == 1
    assert sum(sum(w.counts.values()) for w in windows) == 25 * 4
    assert (sum(w.pages for w in windows), sum(w.words for w in windows)) == (50, 2500)
    assert all((w.end - w.start).total_seconds() == 3 for w in windows)
    assert 'redoubt_observed_documents_total{verdict="review"} 12.0' in page
    assert "redoubt_observed_invalid_total 1.0" in page
    log = (tmp_path / "monitor.log").read_text()
    assert "Quillfeather" not in log + page
    assert all(json.loads(line) for line in log.splitlines()), "something bypasses the log's allow-list"


@pytest.mark.kafka
def test_a_restart_goes_on_with_the_open_window(apache: str, tmp_path: Path) -> None:
    """On Apache Kafka only: Tansu's watermarks count batches, so that faust reads a part of its changelog back."""
    client = Client(apache)
    for _ in range(3):
        client.send_raw(b"k", [], b"{}", PHI_DOCUMENTS)
    slow = {"REDOUBT_MONITOR__WINDOW_S": "15"}
    with monitor(apache, tmp_path, slow) as child:
        _wait_for_start_of_window(15, 6)
        for number in range(7):
            client.send(observation(number, "maximal"))
        _wait_for_documents(tmp_path, 7)
        time.sleep(4)  # faust commits every 2.8 s
        child.stop()
    with monitor(apache, tmp_path, slow):
        client.send(observation(7, "maximal"))
        windows = client.windows(lambda w: _documents(w) >= 8, ANSWER_S)
        backlog = _metric(tmp_path, 'redoubt_backlog_records{topic="phi.documents"}')
    client.close()
    assert _documents(windows) == 8
    assert backlog == 3, "nobody works on phi.documents here"


@pytest.mark.kafka
def test_killed_between_commits_nothing_is_lost_or_doubled(apache: str, tmp_path: Path) -> None:
    client = Client(apache)
    client.windows(lambda _: False, 8)  # what the test before left
    exactly_once = {"REDOUBT_MONITOR__EXACTLY_ONCE": "true", "REDOUBT_MONITOR__WINDOW_S": "4"}
    sent = 0
    for round_ in range(3):
        with monitor(apache, tmp_path, exactly_once) as child:
            for _ in range(40):
                client.send(observation(1000 + sent, ("maximal", "analytics")[sent % 2]))
                sent += 1
                time.sleep(0.1)
            _wait_for_documents(tmp_path, 10)
            time.sleep(0.7 * round_)
            os.kill(child.pid, signal.SIGKILL)
    with monitor(apache, tmp_path, exactly_once):
        windows = client.windows(lambda w: _documents(w) >= sent, 2 * ANSWER_S)
        windows += client.windows(lambda _: False, 8)  # a double would come now
    client.close()
    assert _documents(windows) == sent


def _wait_for_start_of_window(size_s: float, at_most_s: float) -> None:
    while time.time() % size_s > at_most_s:
        time.sleep(0.2)


def _wait_for_documents(folder: Path, number: int) -> None:
    until = time.monotonic() + ANSWER_S
    while _metric(folder, 'redoubt_observed_documents_total{verdict="release"}') < number:
        assert time.monotonic() < until
        time.sleep(0.2)


def _port(folder: Path) -> int | None:
    lines = [json.loads(line) for line in (folder / "monitor.log").read_text().splitlines()]
    ports = [line["port"] for line in lines if line["event"] == "monitor started"]
    return ports[-1] if ports else None


def _metrics(folder: Path) -> str:
    port = _port(folder)
    if port is None:
        return ""
    try:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:  # not up yet: the log still names the port of the one before
        return ""


def _metric(folder: Path, name: str) -> float:
    values = [line.rsplit(" ", 1)[1] for line in _metrics(folder).splitlines() if line.startswith(name + " ")]
    return float(values[0]) if values else 0.0
