"""The faust app: observations in, one event a window and group of documents out.

    leakage.observations ─┬─► observe ─► figures (by group, with ticks) ─► count ─► leakage.windows
    canary.results ───────┘

A group is a tenant, a declared class and a profile. Every figure counts in one window of each length.

Windows are closed here and not by faust: its expiry (0.15.3) forgets windows after a restart, and of windows that
end together it closes those of one partition and drops the others. A tick, a record in every partition of the
figures once a second, moves that partition's clock. So a window's closing stands in the log beside what it counts,
and happens where tables may be changed: in the stream.

A late figure counts in the window open when it comes: none is lost, and no window is told twice.

A figure names the record it comes from, and the table keeps which records of each source were counted last. After a
broker and the monitor died one after the other, faust read observations again whose figures were committed, and in
another order: they count once.

What one record leads to is one step, committed as a whole (streams/monitor/steps.py).
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import faust

from detectors.errors import RedoubtError
from streams.events import CanaryJudged, LeakageObserved, Message, SampleJudged, derived_id, type_of
from streams.kafka.topics import CANARY_RESULTS, LEAKAGE_OBSERVATIONS, LEAKAGE_WINDOWS
from streams.monitor import tally
from streams.monitor.connection import credentials, partitions
from streams.monitor.steps import ChangeTable, Monitor
from streams.monitor.topics import APP, FIGURES, TABLE
from streams.settings import Settings
from streams.watch import logs
from streams.watch.metrics import MonitorMetrics

TICK_S: Final = 1.0
WINDOW_PARTS: Final = 5
"""The table's keys: tenant, class, profile, start and end of a window; or topic and partition of a source, and the
partition of the figures that it was counted in."""
_KEY: Final = b"figure"
_LOG: Final = logs.get("monitor")


@dataclass(frozen=True, slots=True)
class Windows:
    """Tumbling windows of `size_s` seconds since 1970, closed `grace_s` after their end."""

    size_s: int
    grace_s: float

    def of(self, at_s: float, clock_s: float) -> tuple[float, float]:
        """The window that counts a figure of `at_s`: its own, or the current one where its own is closed."""
        start = at_s // self.size_s * self.size_s
        if ended(start + self.size_s, self.grace_s, clock_s):
            start = clock_s // self.size_s * self.size_s
        return float(start), float(start + self.size_s)


def ended(end_s: float, grace_s: float, clock_s: float) -> bool:
    """Whether a window that ends at `end_s` is closed for good."""
    return end_s + grace_s <= clock_s


def build(settings: Settings, metrics: MonitorMetrics) -> Monitor:
    """The app, ready to start. Raises RedoubtError where the broker or its topics are not as they must be."""
    app = _app(settings)
    figures = _topic(app, FIGURES)
    lengths = [Windows(size_s, settings.monitor.grace_s) for size_s in settings.monitor.windows_s]
    table = app.Table(TABLE, default=dict, partitions=app.conf.topic_partitions)
    step = partial(app.step, table)
    clocks: dict[int, float] = defaultdict(float)
    home = partial(_partition, count=app.conf.topic_partitions)

    @table.on_recover  # type: ignore[untyped-decorator]
    async def hold() -> None:
        # Else faust reads on from wherever it is before it goes back to what is committed: some records come twice,
        # others not at all. It lets the flow go on by itself once it has gone back.
        app.consumer.stop_flow()

    @app.agent(_topic(app, LEAKAGE_OBSERVATIONS, CANARY_RESULTS))  # type: ignore[untyped-decorator]
    async def observe(stream: faust.Stream[bytes]) -> None:
        async for event in stream.events():
            message = event.message
            canary = message.topic == CANARY_RESULTS
            kind = type_of(message.headers)
            if canary and kind not in (LeakageObserved.TYPE, CanaryJudged.TYPE):
                continue
            observed: LeakageObserved | CanaryJudged | SampleJudged
            try:
                if canary and kind == CanaryJudged.TYPE:
                    observed = judged = CanaryJudged.from_message(message.key, message.headers, message.value)
                    counts = tally.of_judged(judged)
                    metrics.judged(judged)
                elif not canary and kind == SampleJudged.TYPE:
                    observed = looked_at = SampleJudged.from_message(message.key, message.headers, message.value)
                    counts = tally.of_sample(looked_at)
                    metrics.looked_at(looked_at)
                else:
                    observed = seen = LeakageObserved.from_message(message.key, message.headers, message.value)
                    counts = tally.of_canary(seen) if canary else tally.of(seen)
                    if not canary:
                        metrics.observed(seen)
            except RedoubtError:
                metrics.invalid()
                _LOG.warning("invalid observation", partition=message.partition, offset=message.offset)
                continue
            group = (observed.tenant, observed.document_class, observed.profile)
            source = (message.topic, message.partition, message.offset)
            figure = {"group": group, "at": message.timestamp, "tally": counts, "source": source}
            target = home(group)
            async with step():
                await _send(app, message.partition, FIGURES, target, (_KEY, [], json.dumps(figure).encode()))

    @app.agent(figures)  # type: ignore[untyped-decorator]
    async def count(stream: faust.Stream[bytes]) -> None:
        async for event in stream.events():
            partition, value = event.message.partition, json.loads(event.message.value)
            async with step():
                if "tick" in value:
                    clocks[partition] = max(clocks[partition], value["tick"])
                    await close(partition)
                else:
                    add(partition, value)

    def add(partition: int, figure: dict[str, Any]) -> None:
        *source, offset = figure["source"]
        counted = (*source, partition)
        seen = tally.with_source(table[counted], offset)
        if seen is None:
            metrics.again()
            return
        table[counted] = seen
        for windows in lengths:
            key = (*figure["group"], *windows.of(figure["at"], clocks[partition]))
            table[key] = tally.plus(table[key], figure["tally"])

    async def close(partition: int) -> None:
        for key in [k for k in table if len(k) == WINDOW_PARTS and home(k[:3]) == partition]:
            *group, start_s, end_s = key
            if ended(end_s, settings.monitor.grace_s, clocks[partition]):
                closed = tally.window((*group,), start_s, end_s, table[key])
                await _send(app, partition, LEAKAGE_WINDOWS, partition, closed.to_message())
                del table[key]
                metrics.closed(closed)
                seconds = end_s - start_s
                _LOG.info("window closed", seconds=seconds, documents=closed.documents, pages=closed.pages)

    @app.timer(TICK_S)  # type: ignore[untyped-decorator]
    async def tick() -> None:
        now = json.dumps({"tick": time.time()}).encode()
        for found in app.consumer.assignment():
            if found.topic == FIGURES:
                await (await app.producer.send(FIGURES, _KEY, now, found.partition, None, None))

    return app


def _app(settings: Settings) -> Monitor:
    session_s = settings.kafka.session_timeout_ms / 1000
    exactly_once = settings.monitor.exactly_once
    app = Monitor(
        APP,
        broker=[f"kafka://{address.strip()}" for address in settings.kafka.bootstrap.split(",")],
        broker_credentials=credentials(settings.kafka),
        broker_session_timeout=session_s,
        broker_heartbeat_interval=session_s / 3,
        broker_rebalance_timeout=session_s,
        broker_request_timeout=max(90.0, 2 * session_s),
        consumer_group_instance_id=APP,
        store="memory://",
        Table=ChangeTable,
        processing_guarantee="exactly_once" if exactly_once else "at_least_once",
        consumer_auto_offset_reset="earliest",
        topic_partitions=partitions(settings.kafka),
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
    )
    # Without it faust takes itself for a guest in another program, and leaves transactions out without a word.
    app.in_worker = True
    return app


async def _send(app: faust.App, source: int, topic: str, partition: int, message: Message) -> None:
    """Sends in the transaction of the partition that is being read, and waits until the broker has it.

    faust would choose the transaction by where a record goes to; then the record and the progress that it rests on
    are committed apart, and a crash between the two loses or doubles it.
    """
    transaction = None
    if app.in_transaction:
        transaction = f"{app.conf.id}-{app.assignor.group_for_topic(FIGURES)}-{source}"
    key, headers, value = message
    await (await app.producer.send(topic, key, value, partition, None, headers, transactional_id=transaction))


def _topic(app: faust.App, *names: str) -> faust.Topic:
    """Bytes as they are: what an event is, its own schema says."""
    return app.topic(*names, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")


def _partition(group: tally.Group, count: int) -> int:
    return int(derived_id(*group), 16) % count
