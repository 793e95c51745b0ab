"""`redoubt monitor`: turns the figures of single documents into figures of windows."""

from __future__ import annotations

import threading

import typer

from streams.cli.shared.configuration import BROKER
from streams.cli.shared.service import run_service, told_configuration
from streams.kafka.access import Role
from streams.kafka.watch import watched
from streams.settings import Settings
from streams.watch import logs
from streams.watch.endpoint import serve
from streams.watch.health import Health, Part


def monitor() -> None:
    """Read `leakage.observations`, write `leakage.windows`: counts for each profile and span of time.

    Start it before the first document. Its own topics must exist, with as many partitions as the observations.
    Configured by REDOUBT_* variables (see docs/operations.md); REDOUBT_MONITOR__WINDOWS_S lists the windows' lengths in
    seconds, e.g. [60, 3600, 86400].
    Exit codes: 0 stopped; 2 wrong configuration; 3 a right or a topic is missing; 4 the broker refused or was away
    for too long: a restart resumes.
    """

    def run(settings: Settings, stop: threading.Event) -> int:
        from streams.monitor.run import run as run_monitor  # faust takes half a second that no other command needs
        from streams.watch.metrics import MonitorMetrics

        metrics, health = MonitorMetrics(tenants=settings.monitor.tenants), Health([Part.BROKER])
        port = serve(metrics.registry, health, settings.monitor.metrics_port, settings.monitor.metrics_address)
        logs.get("monitor").info("monitor started", port=port)
        logs.configure()  # again: faust's loggers are there only now
        told_configuration(settings, Role.MONITOR)
        with watched(settings.kafka, health):
            return run_monitor(settings, metrics, stop)

    raise typer.Exit(run_service(Role.MONITOR, run, BROKER))
