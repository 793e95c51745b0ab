"""`redoubt reidentifier`: the service that turns tokens back for people who prove who they are."""

from __future__ import annotations

import threading
from typing import Final

import typer
from prometheus_client import CollectorRegistry

from streams import wiring
from streams.cli.shared.configuration import BROKER, VAULT
from streams.cli.shared.service import run_service, told_configuration
from streams.kafka import EXIT_OK
from streams.kafka.access import Role
from streams.kafka.watch import watched
from streams.reidentify.counts import Counts
from streams.settings import Settings
from streams.watch import logs
from streams.watch.endpoint import serve
from streams.watch.health import Health, Part

_NEEDED: Final = (
    *BROKER,
    *VAULT,
    "reidentify.people_file",
    "reidentify.certificate_file",
    "reidentify.key_file",
)


def reidentifier() -> None:
    """Turn tokens back over TLS, each time on record: POST /v1/turn-back and /v1/confirm (see docs/tokens.md).

    Runs with the Vault role `reidentifier`, which nobody else needs. A person proves who they are by a token of the
    identity provider (REDOUBT_REIDENTIFY__ISSUER, REDOUBT_REIDENTIFY__AUDIENCE) or by their own Vault token. Exit
    codes: 0 stopped; 2 wrong configuration; 3 a right or a topic is missing, or a part refused; 4 the broker refused
    the sign-in or was away.
    """

    def run(settings: Settings, stop: threading.Event) -> int:
        registry, health = CollectorRegistry(), Health([Part.BROKER, Part.VAULT])
        own = settings.reidentify
        metrics = serve(registry, health, own.metrics_port, own.metrics_address)
        log = logs.get("reidentifier")
        told_configuration(settings, Role.REIDENTIFIER)
        with watched(settings.kafka, health), wiring.reidentifier(settings, Counts(registry), health) as port:
            log.info("reidentifier started", port=port)
            log.info("metrics served", port=metrics)
            stop.wait()
        return EXIT_OK

    raise typer.Exit(run_service(Role.REIDENTIFIER, run, _NEEDED))
