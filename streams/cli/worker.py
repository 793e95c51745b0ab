"""`redoubt worker`: documents in, one transaction a document out."""

from __future__ import annotations

import threading

import typer

from streams import wiring
from streams.cli.shared.configuration import BROKER, VAULT
from streams.cli.shared.service import run_service, told_configuration
from streams.kafka.access import Role
from streams.kafka.watch import watched
from streams.settings import Settings
from streams.watch import logs
from streams.watch.endpoint import serve
from streams.watch.health import Health, Part
from streams.watch.metrics import Metrics


def worker() -> None:
    """Take documents from `phi.documents`, redact and validate them, publish what came of each.

    Configured by REDOUBT_* variables (see docs/operations.md). Start one a pod, each with its own
    REDOUBT_KAFKA__INSTANCE, and `redoubt attestor` beside it. SIGTERM lets documents in work finish. Exit codes: 0
    stopped; 2 wrong configuration; 3 a part is missing or refuses; 4 the broker refused or was away for too long: a
    restart resumes.
    """

    def run(settings: Settings, stop: threading.Event) -> int:
        metrics, health = Metrics(), Health()
        port = serve(metrics.registry, health, settings.worker.metrics_port, settings.worker.metrics_address)
        with wiring.worker(settings, metrics, health) as found, watched(settings.kafka, health):
            for part in (Part.VAULT, Part.STORE):
                health.up(part)  # they were probed
            told_configuration(settings, Role.WORKER)
            logs.get("worker").info("worker started", port=port, processes=settings.worker.processes)
            return found.run(stop)

    # No release without a signature: who wants none has `redoubt redact`.
    raise typer.Exit(run_service(Role.WORKER, run, (*BROKER, *VAULT, "attestor.socket")))
