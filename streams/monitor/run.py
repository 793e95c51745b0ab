"""Runs the faust app until it is told to stop."""

from __future__ import annotations

import asyncio
import threading
from typing import NoReturn

from streams.kafka import EXIT_BROKER, EXIT_OK
from streams.monitor.app import build
from streams.monitor.backlog import Backlog
from streams.monitor.steps import Monitor, end
from streams.settings import Settings
from streams.watch import logs
from streams.watch.metrics import MonitorMetrics

_LOOK_S = 0.2
_STOP_S = 20.0
"""Committing may take seconds; a broker that is away must not keep the process."""


def run(settings: Settings, metrics: MonitorMetrics, stop: threading.Event) -> NoReturn:
    """Ends the whole process: with 0 where it was told to stop, with 4 where the broker was away or refused.

    Raises RedoubtError(BROKER_UNAVAILABLE) or RedoubtError(MISCONFIGURED) before anything is read.
    """
    app = build(settings, metrics)
    with Backlog(settings.kafka, metrics.backlog, metrics.overdue):
        asyncio.run(_run(app, stop))


async def _run(app: Monitor, stop: threading.Event) -> NoReturn:
    log = logs.get("monitor")
    started = asyncio.ensure_future(app.start())
    while not stop.is_set() and not app.should_stop and not (started.done() and started.exception()):
        await asyncio.sleep(_LOOK_S)
    if not stop.is_set():
        log.error("monitor failed", error=app.crash_reason or (started.exception() if started.done() else None))
        end(EXIT_BROKER)
    try:
        await asyncio.wait_for(app.finish(), _STOP_S)
    except TimeoutError:
        log.warning("monitor did not stop in time", seconds=_STOP_S)
    end(EXIT_OK)
