"""`redoubt sequencer`: gives every audit entry its place in the log."""

from __future__ import annotations

import threading

import typer
from prometheus_client import CollectorRegistry

from streams import wiring
from streams.audit.counts import HeadCounts
from streams.cli.shared.configuration import BROKER
from streams.cli.shared.service import run_service, told_configuration
from streams.kafka.access import Role
from streams.kafka.watch import watched
from streams.settings import Settings
from streams.watch import logs
from streams.watch.endpoint import serve
from streams.watch.health import Health, Part


def sequencer() -> None:
    """Read `audit.pending`, write `audit.entries`: each entry with its index and Merkle leaf.

    With the Vault role `sequencer` (REDOUBT_VAULT__ROLE_ID_FILE, REDOUBT_VAULT__SECRET_ID_FILE) it signs the heads of
    the log, to `audit.heads` and REDOUBT_SEQUENCER__HEADS_URL. One at a time: a second one fences the first. Configured
    by REDOUBT_* variables (see docs/operations.md). Exit codes: 0 stopped; 2 wrong configuration; 3 a right or a topic
    is missing, or the log is not as it must be; 4 the broker refused or was away for too long: a restart resumes.
    """

    def run(settings: Settings, stop: threading.Event) -> int:
        registry, health = CollectorRegistry(), Health([Part.BROKER])
        port = serve(registry, health, settings.sequencer.metrics_port, settings.sequencer.metrics_address)
        logs.get("sequencer").info("sequencer started", port=port)
        # Through the topic that it reads itself: its entry gets its place as any other.
        told_configuration(settings, Role.SEQUENCER)
        with watched(settings.kafka, health), wiring.sequencer(settings, HeadCounts(registry)) as found:
            return found.run(stop)

    raise typer.Exit(run_service(Role.SEQUENCER, run, BROKER))
