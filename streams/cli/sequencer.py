"""`redoubt sequencer`: gives every audit entry its place in the log."""

from __future__ import annotations

import threading

import typer

from streams.audit import Sequencer
from streams.cli.configuration import BROKER
from streams.cli.service import run_service
from streams.settings import Settings


def sequencer() -> None:
    """Read `audit.pending`, write `audit.entries`: each entry with its index and Merkle leaf.

    One at a time: a second one fences the first. Configured by REDOUBT_* variables (see README).
    """

    def run(settings: Settings, stop: threading.Event) -> int:
        return Sequencer(settings.kafka).run(stop)

    raise typer.Exit(run_service("sequencer", run, BROKER))
