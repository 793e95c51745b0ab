"""What a test of the monitor needs: observations to send, the process to run, windows to read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from confluent_kafka import Consumer, Producer

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth, Verdict
from streams.embedded.process import ChildProcess
from streams.events import Event, LeakageObserved, LeakageWindow, derived_id
from streams.kafka.topics import LEAKAGE_OBSERVATIONS, LEAKAGE_WINDOWS

SESSION_MS = 6_000
"""Tansu lets a group join only after a session's length."""


def observation(
    number: int,
    profile: str = "maximal",
    verdict: Verdict = Verdict.RELEASE,
    residuals: int = 0,
    tenant: str = "clinic-a",
    document_class: str = "unknown",
) -> LeakageObserved:
    return LeakageObserved(
        tenant=tenant,
        document_id=derived_id("observation", profile, str(number)),
        document_class=document_class,
        profile=profile,
        depth=Depth.REREAD,
        verdict=verdict,
        reasons=(Reason.RESIDUAL_FINDING,) if residuals else (),
        pages=2,
        counts={Kind.PERSON: 3, Kind.MRN: 1},
        residuals={Kind.PERSON: residuals} if residuals else {},
        words=100,
        words_burned=7,
        words_doubtful=5,
        rounds=1,
        seconds={"ingest": 0.25},
    )


class Client:
    """Sends observations and reads the windows of its own tenants: a broker serves several tests."""

    def __init__(self, bootstrap: str, *tenants: str) -> None:
        self._tenants = tenants
        common = {"bootstrap.servers": bootstrap}
        self._producer = Producer({**common, "enable.idempotence": True})
        self._consumer = Consumer(
            {
                **common,
                "group.id": f"watch-{time.monotonic_ns()}",
                "session.timeout.ms": SESSION_MS,
                "auto.offset.reset": "earliest",
                "isolation.level": "read_committed",
            }
        )
        self._consumer.subscribe([LEAKAGE_WINDOWS])

    def send(self, event: Event, topic: str = LEAKAGE_OBSERVATIONS, at_ms: int = 0) -> None:
        key, headers, value = event.to_message()
        self.send_raw(key, headers, value, topic, at_ms)

    def send_raw(
        self,
        key: bytes,
        headers: list[tuple[str, bytes]],
        value: bytes,
        topic: str = LEAKAGE_OBSERVATIONS,
        at_ms: int = 0,
    ) -> None:
        """`at_ms` since 1970, 0 for now."""
        self._producer.produce(topic, value, key, headers=headers, timestamp=at_ms)
        self._producer.flush(10)

    def windows(self, enough: Callable[[list[LeakageWindow]], bool], timeout_s: float) -> list[LeakageWindow]:
        """Those that came until `enough` says so, or until the time is up."""
        found: list[LeakageWindow] = []
        until = time.monotonic() + timeout_s
        while time.monotonic() < until and not enough(found):
            message = self._consumer.poll(0.2)
            if message is not None and message.error() is None:
                window = LeakageWindow.from_message(message.key(), message.headers(), message.value())
                found += [window] if window.tenant in self._tenants else []
        return found

    def close(self) -> None:
        self._consumer.close()


_RUN: Final = """
import runpy, sys
sys.argv = ["redoubt", "monitor"]
runpy.run_module("streams.cli", run_name="__main__")
"""


@contextmanager
def monitor(
    bootstrap: str, folder: Path, settings: Mapping[str, str] | None = None, before: str = ""
) -> Iterator[ChildProcess]:
    """`redoubt monitor` in a process of its own, ended with the block; its log is `folder`/monitor.log. `before` is
    code that the process runs first."""
    environment = {
        "REDOUBT_ENVIRONMENT": "demo",
        "REDOUBT_KAFKA__BOOTSTRAP": bootstrap,
        "REDOUBT_KAFKA__SESSION_TIMEOUT_MS": str(SESSION_MS),
        "REDOUBT_MONITOR__WINDOWS_S": "[3]",
        "REDOUBT_MONITOR__GRACE_S": "0.5",
        "REDOUBT_MONITOR__METRICS_PORT": "0",
        "REDOUBT_MONITOR__METRICS_ADDRESS": "127.0.0.1",
        **(settings or {}),
    }
    child = ChildProcess("monitor", [sys.executable, "-c", before + _RUN], folder, environment)
    try:
        yield child
    finally:
        child.stop()
