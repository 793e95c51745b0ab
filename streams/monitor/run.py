"""Runs the faust app until it is told to stop."""

from __future__ import annotations

import asyncio
import threading

import faust

from streams.kafka import EXIT_OK
from streams.monitor.app import build, end
from streams.monitor.backlog import Backlog
from streams.settings import Settings
from streams.watch import logs
from streams.watch.metrics import MonitorMetrics

_LOOK_S = 0.2
_STOP_S = 20.0
"""Leaving the group and committing takes seconds; a broker that is away must not keep the process."""


def run(settings: Settings, metrics: MonitorMetrics, stop: threading.Event) -> int:
    """The process's exit code: 0 stopped. Where the broker was away or refused, the whole process ends with 4.

    Raises RedoubtError(BROKER_UNAVAILABLE) or RedoubtError(MISCONFIGURED) before anything is read.
    """
    app = build(settings, metrics)
    with Backlog(settings.kafka, metrics.backlog, metrics.overdue):
        return asyncio.run(_run(app, stop))


async def _run(app: faust.App, stop: threading.Event) -> int:
    log = logs.get("monitor")
    started = asyncio.ensure_future(app.start())
    while not stop.is_set() and not app.should_stop and not (started.done() and started.exception()):
        await asyncio.sleep(_LOOK_S)
    if not stop.is_set():
        log.error("monitor failed", error=app.crash_reason or (started.exception() if started.done() else None))
        end()
    try:
        await asyncio.wait_for(app.stop(), _STOP_S)
    except TimeoutError:
        log.warning("monitor did not stop in time", seconds=_STOP_S)
    finally:
        started.cancel()
    return EXIT_OK
