"""The monitor on real brokers: every observation is in one window, whatever is restarted, and nothing else gets out."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from policies.attack.report import Verdict
from streams.embedded.process import ChildProcess
from streams.events import DocumentMasked, LeakageWindow
from streams.kafka.topics import CANARY_RESULTS, PHI_DOCUMENTS, REVIEW_DECISIONS
from streams.monitor.topics import APP
from tests.events.examples import EXAMPLES
from tests.watch.conftest import PARTITIONS
from tests.watch.desk import Client, monitor, observation

MASKED = next(event for event in EXAMPLES if isinstance(event, DocumentMasked))
CANARY = "Zdravka Quillfeather-Obi"
ANSWER_S = 60.0


def _documents(windows: list[LeakageWindow]) -> int:
    return sum(window.documents for window in windows)


def test_windows_hold_every_observation_once(tansu: str, tmp_path: Path) -> None:
    client = Client(tansu, "clinic-a")
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


def test_tenants_classes_and_canaries_are_counted_apart(tansu: str, tmp_path: Path) -> None:
    groups = [("clinic-b", "lab_report"), ("clinic-c", "lab_report"), ("clinic-b", "referral_letter")]
    client = Client(tansu, "clinic-b", "clinic-c")
    with monitor(tansu, tmp_path, {"REDOUBT_MONITOR__WINDOWS_S": "[2, 4]"}):
        for number in range(6):
            tenant, document_class = groups[number % 3]
            client.send(observation(200 + number, tenant=tenant, document_class=document_class))
        planted = observation(300, verdict=Verdict.REVIEW, residuals=2, tenant="clinic-b", document_class="lab_report")
        client.send(planted, CANARY_RESULTS)
        client.send(MASKED, CANARY_RESULTS)  # what else a planted document leads to is no figure
        windows = client.windows(lambda w: all(_of(w, s, "documents") == 6 for s in (2, 4)), ANSWER_S)
        windows += client.windows(lambda _: all(_of(windows, s, "canaries") == 1 for s in (2, 4)), ANSWER_S)
    for seconds in (2, 4):
        for tenant, document_class in groups:
            mine = [w for w in windows if (w.tenant, w.document_class) == (tenant, document_class)]
            assert _of(mine, seconds, "documents") == 2
        assert _of(windows, seconds, "canaries") == _of(windows, seconds, "canaries_held") == 1
        assert _of(windows, seconds, "canary_residuals") == 2
        assert _of(windows, seconds, "pages") == 12


@pytest.mark.kafka
def test_a_late_figure_counts_in_the_window_open_when_it_comes(apache: str, tmp_path: Path) -> None:
    client = Client(apache, "clinic-d")
    hour_ago_ms = int((time.time() - 3600) * 1000)
    with monitor(apache, tmp_path):
        client.send(observation(400, tenant="clinic-d"))
        assert _documents(client.windows(lambda w: _documents(w) >= 1, ANSWER_S)) == 1
        client.send(observation(401, tenant="clinic-d"), at_ms=hour_ago_ms)
        late = client.windows(lambda w: _documents(w) >= 1, ANSWER_S)
        late += client.windows(lambda _: False, 5)
    client.close()
    assert _documents(late) == 1
    assert late[0].end.timestamp() > time.time() - 600


@pytest.mark.kafka
def test_a_restart_goes_on_with_the_open_window(apache: str, tmp_path: Path) -> None:
    """On Apache Kafka only: Tansu's watermarks count batches, so that faust reads a part of its changelog back."""
    client = Client(apache, "clinic-e")
    for _ in range(3):
        client.send_raw(b"k", [], b"{}", PHI_DOCUMENTS)
    for _ in range(2):
        client.send_raw(b"k", [], b"{}", REVIEW_DECISIONS)
    slow = {"REDOUBT_MONITOR__WINDOWS_S": "[15]"}
    with monitor(apache, tmp_path, slow) as child:
        _wait_for_start_of_window(15, 6)
        for number in range(7):
            client.send(observation(number, "maximal", tenant="clinic-e"))
        _wait_for_documents(tmp_path, 7)
        time.sleep(4)  # faust commits every 2.8 s
        child.stop()
    with monitor(apache, tmp_path, slow):
        client.send(observation(7, "maximal", tenant="clinic-e"))
        windows = client.windows(lambda w: _documents(w) >= 8, ANSWER_S)
        backlog = {
            topic: _metric(tmp_path, f'redoubt_backlog_records{{topic="{topic}"}}')
            for topic in (PHI_DOCUMENTS, REVIEW_DECISIONS)
        }
    client.close()
    assert _documents(windows) == 8
    assert backlog == {PHI_DOCUMENTS: 3, REVIEW_DECISIONS: 2}, "nobody works on them here"


@pytest.mark.kafka
def test_killed_between_commits_nothing_is_lost_or_doubled(apache: str, tmp_path: Path) -> None:
    client = Client(apache, "clinic-f")
    exactly_once = {"REDOUBT_MONITOR__EXACTLY_ONCE": "true", "REDOUBT_MONITOR__WINDOWS_S": "[4, 12]"}
    sent = 0
    for round_ in range(3):
        with monitor(apache, tmp_path, exactly_once) as child:
            for _ in range(40):
                client.send(observation(1000 + sent, ("maximal", "analytics")[sent % 2], tenant="clinic-f"))
                sent += 1
                time.sleep(0.1)
            _wait_for_documents(tmp_path, 10)
            time.sleep(0.7 * round_)
            os.kill(child.pid, signal.SIGKILL)
    with monitor(apache, tmp_path, exactly_once):
        windows = client.windows(lambda w: _documents(w) >= 2 * sent, 2 * ANSWER_S)
        windows += client.windows(lambda _: False, 8)  # a double would come now
    client.close()
    for seconds in (4, 12):
        assert _documents([w for w in windows if (w.end - w.start).total_seconds() == seconds]) == sent


_SLOW_TABLE = """
import asyncio
from faust.transport.producer import ProducerBuffer
send = ProducerBuffer._send_pending
async def slowly(self, message):
    await asyncio.sleep(0.2)
    await send(self, message)
ProducerBuffer._send_pending = slowly
"""


@pytest.mark.kafka
@pytest.mark.parametrize(("moment", "window_s"), [("counted", 20), ("told", 4), ("stopped", 20)])
def test_what_belongs_together_is_committed_together(apache: str, tmp_path: Path, moment: str, window_s: int) -> None:
    """faust writes a table's changes behind the stream's back: progress must not be committed before them."""
    tenant = f"clinic-{moment}"
    client = Client(apache, tenant)
    exactly_once = {"REDOUBT_MONITOR__EXACTLY_ONCE": "true", "REDOUBT_MONITOR__WINDOWS_S": f"[{window_s}]"}
    windows: list[LeakageWindow] = []
    with monitor(apache, tmp_path, exactly_once, _SLOW_TABLE) as child:
        _wait_for_start_of_window(window_s, window_s / 4)
        for number in range(24):
            client.send(observation(number, tenant=tenant))
        _wait_for_documents(tmp_path, 24)
        if moment == "told":
            windows += client.windows(lambda w: _documents(w) >= 1, 2 * ANSWER_S)
        else:
            time.sleep(7)  # faust commits every 2.8 s: the figures first, then that they were counted
        if moment != "stopped":
            os.kill(child.pid, signal.SIGKILL)
    with monitor(apache, tmp_path, exactly_once):
        client.send(observation(24, tenant=tenant))
        windows += client.windows(lambda w: _documents(windows) + _documents(w) >= 25, ANSWER_S)
        windows += client.windows(lambda _: False, 6)  # a double would come now
    client.close()
    assert _documents(windows) == 25


@pytest.mark.kafka
def test_it_ends_when_its_partitions_are_taken(apache: str, tmp_path: Path) -> None:
    """What it holds in memory may not stand then: the next one begins with what is committed."""
    client = Client(apache, "clinic-g")
    exactly_once = {"REDOUBT_MONITOR__EXACTLY_ONCE": "true", "REDOUBT_MONITOR__WINDOWS_S": "[4]"}
    with monitor(apache, tmp_path, exactly_once) as child:
        for number in range(12):
            client.send(observation(number, tenant="clinic-g"))
        _wait_for_documents(tmp_path, 12)
        with _stranger_in_the_group(apache, tmp_path):
            assert not child.wait_until(lambda: False, ANSWER_S)
            assert not child.alive(), "it went on with a table that the broker may have undone"
    _wait_until_gone(apache)
    with monitor(apache, tmp_path, exactly_once):
        windows = client.windows(lambda w: _documents(w) >= 12, 2 * ANSWER_S)
        windows += client.windows(lambda _: False, 6)  # a double would come now
    client.close()
    assert _documents(windows) == 12


@pytest.mark.kafka
def test_what_the_broker_undoes_is_counted_by_the_next_one(apache: str, tmp_path: Path) -> None:
    client = Client(apache, "clinic-h")
    exactly_once = {"REDOUBT_MONITOR__EXACTLY_ONCE": "true", "REDOUBT_MONITOR__WINDOWS_S": "[4]"}
    with monitor(apache, tmp_path, exactly_once) as child:
        for number in range(12):
            client.send(observation(number, tenant="clinic-h"))
        _wait_for_documents(tmp_path, 12)
        _undo(apache)
        client.send(observation(12, tenant="clinic-h"))
        child.wait_until(lambda: False, ANSWER_S)
        assert not child.alive(), "it went on with a table that the broker has undone"
    with monitor(apache, tmp_path, exactly_once):
        windows = client.windows(lambda w: _documents(w) >= 13, 2 * ANSWER_S)
        windows += client.windows(lambda _: False, 6)
    client.close()
    assert _documents(windows) == 13


_STRANGER = """
import asyncio, sys, faust
app = faust.App(sys.argv[1], broker="kafka://" + sys.argv[2], consumer_group_instance_id="stranger", store="memory://",
                broker_session_timeout=6, broker_heartbeat_interval=2, topic_disable_leader=True, web_enabled=False,
                topic_allow_declare=False)
@app.agent(app.topic(sys.argv[3]))
async def read(stream):
    async for _ in stream:
        pass
async def main():
    await app.start()
    await asyncio.sleep(600)
asyncio.run(main())
"""


@contextmanager
def _stranger_in_the_group(apache: str, folder: Path) -> Iterator[None]:
    """A process that joins the monitor's group, and takes a share of the partitions."""
    command = [sys.executable, "-c", _STRANGER, APP, apache, CANARY_RESULTS]
    child = ChildProcess("stranger", command, folder, {})
    try:
        yield
    finally:
        child.stop()


def _undo(apache: str) -> None:
    """Aborts every open transaction of the monitor, as a broker does with those that it takes for dead."""
    for group in range(3):
        for partition in range(PARTITIONS):
            names = {"bootstrap.servers": apache, "transactional.id": f"{APP}-{group}-{partition}"}
            Producer(names).init_transactions(ANSWER_S)


def _wait_until_gone(apache: str) -> None:
    """Until the group has no member: the broker has given the monitor up."""
    admin = AdminClient({"bootstrap.servers": apache})
    until = time.monotonic() + ANSWER_S
    while admin.describe_consumer_groups([APP])[APP].result().members:
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.2)


def _of(windows: list[LeakageWindow], seconds: int, figure: str) -> int:
    return sum(getattr(w, figure) for w in windows if (w.end - w.start).total_seconds() == seconds)


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
