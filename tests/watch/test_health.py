"""What `/live` and `/ready` tell: over HTTP, as a probe asks."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from detectors.errors import Reason
from streams.embedded.process import ChildProcess
from streams.embedded.tansu import EmbeddedBroker
from streams.kafka.topics import create_topics
from streams.settings import KafkaSettings
from streams.watch.endpoint import serve
from streams.watch.health import Health, Part

ANSWER_S = 60.0


def asked(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def test_a_part_is_down_until_it_was_seen_up() -> None:
    health = Health([Part.BROKER, Part.VAULT])
    assert not health.ready
    health.up(Part.BROKER)
    assert not health.ready
    health.up(Part.VAULT)
    assert health.ready


def test_a_part_keeps_the_time_since_when_it_is_down() -> None:
    health = Health()
    health.down(Part.VAULT, Reason.VAULT_UNAVAILABLE)
    first = health.parts[Part.VAULT]
    health.down(Part.VAULT, Reason.VAULT_UNAVAILABLE)
    assert health.parts[Part.VAULT] is first
    health.down(Part.VAULT, Reason.VAULT_REFUSED)
    later = health.parts[Part.VAULT]
    assert first is not None
    assert later is not None
    assert (later.since, later.reason) == (first.since, Reason.VAULT_REFUSED)
    health.up(Part.VAULT)
    health.down(Part.VAULT, Reason.VAULT_UNAVAILABLE)
    again = health.parts[Part.VAULT]
    assert again is not None
    assert again.since > first.since


def test_a_part_that_nobody_needs_cannot_be_told_of() -> None:
    health = Health([Part.BROKER])
    with pytest.raises(KeyError):
        health.up(Part.STORE)
    with pytest.raises(KeyError):
        health.down(Part.STORE, Reason.STORE_UNAVAILABLE)


def test_readiness_names_the_part_that_is_away() -> None:
    health = Health()
    port = serve(CollectorRegistry(), health, 0, "127.0.0.1")
    status, body = asked(port, "/ready")
    assert status == 503
    assert {part["reason"] for part in json.loads(body)["parts"].values()} == {"starting"}
    for part in Part:
        health.up(part)
    assert asked(port, "/ready")[0] == 200
    health.down(Part.VAULT, Reason.VAULT_UNAVAILABLE)
    status, body = asked(port, "/ready")
    told = json.loads(body)
    assert (status, told["ready"]) == (503, False)
    assert told["parts"]["broker"] == {"state": "up"}
    assert (told["parts"]["vault"]["state"], told["parts"]["vault"]["reason"]) == ("down", "vault_unavailable")
    assert datetime.fromisoformat(told["parts"]["vault"]["since"]).tzinfo
    assert asked(port, "/live")[0] == 200
    metrics = asked(port, "/metrics")[1]
    assert 'redoubt_part_up{part="vault"} 0.0' in metrics
    assert 'redoubt_part_up{part="store"} 1.0' in metrics
    assert asked(port, "/passwd")[0] == 404


def test_a_loop_that_hangs_is_not_alive() -> None:
    waits, hangs = Health(), Health(still_s=0)
    ports = [serve(CollectorRegistry(), health, 0, "127.0.0.1") for health in (waits, hangs)]
    assert [asked(port, "/live")[0] for port in ports] == [200, 200], "nothing turns yet"
    for health in (waits, hangs):
        health.turned()
    assert [asked(port, "/live") for port in ports] == [(200, '{"live": true}\n'), (503, '{"live": false}\n')]


def test_a_busy_process_still_answers() -> None:
    """A page that takes long holds a thread, not the port."""
    health = Health([Part.BROKER])
    health.up(Part.BROKER)
    port = serve(CollectorRegistry(), health, 0, "127.0.0.1")
    over = threading.Event()

    def page() -> None:
        while not over.is_set():
            sum(range(10_000))

    slow = threading.Thread(target=page)
    slow.start()
    try:
        assert asked(port, "/ready")[0] == 200
    finally:
        over.set()
        slow.join()


def test_a_broker_that_goes_away_is_told_by_readiness(tmp_path: Path) -> None:
    """The real command: ready while the broker answers, not ready once it is gone, and which part it is."""
    with EmbeddedBroker(tmp_path / "broker") as broker:
        create_topics(KafkaSettings(bootstrap=broker.bootstrap), partitions=1)
        given = {
            "REDOUBT_ENVIRONMENT": "demo",
            "REDOUBT_KAFKA__BOOTSTRAP": broker.bootstrap,
            "REDOUBT_SEQUENCER__METRICS_PORT": "0",
            "REDOUBT_SEQUENCER__METRICS_ADDRESS": "127.0.0.1",
        }
        command = [sys.executable, "-m", "streams.cli", "sequencer"]
        child = ChildProcess("sequencer", command, tmp_path, given)
        try:
            assert child.wait_until(lambda: _port(tmp_path) is not None, ANSWER_S)
            port = _port(tmp_path) or 0
            assert child.wait_until(lambda: asked(port, "/ready")[0] == 200, ANSWER_S)
            assert broker.pid is not None
            os.killpg(broker.pid, signal.SIGKILL)
            assert child.wait_until(lambda: asked(port, "/ready")[0] == 503, ANSWER_S)
            assert json.loads(asked(port, "/ready")[1])["parts"]["broker"]["reason"] == "broker_unavailable"
            assert asked(port, "/live")[0] == 200
        finally:
            child.stop()


def _port(folder: Path) -> int | None:
    lines = [json.loads(line) for line in (folder / "sequencer.log").read_text().splitlines()]
    return next((line["port"] for line in lines if line["event"] == "sequencer started"), None)
