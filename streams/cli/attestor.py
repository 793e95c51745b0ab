"""`redoubt attestor`: signs what workers release, with a right that no worker has."""

from __future__ import annotations

import os
import signal
import threading

import typer

from streams import wiring
from streams.cli.shared.acting import failing_in_words
from streams.cli.shared.configuration import VAULT, configured
from streams.watch import logs


def attestor() -> None:
    """Sign a statement on every release of the worker that shares the socket REDOUBT_ATTESTOR__SOCKET.

    Runs beside the worker under another user, with the Vault role `attestor`: it reads each finished copy itself,
    refuses what is not built as one, and needs no broker and no store. Configured by REDOUBT_* variables (see
    docs/operations.md). Exit codes: 0 stopped; 1 Vault refused or is away; 2 wrong configuration.
    """
    logs.configure()
    os.umask(0o077)
    settings = configured(*VAULT, "attestor.socket")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with failing_in_words(), wiring.attestor(settings) as service:
        logs.get("attestor").info("attestor started")
        service.run(stop)
    raise typer.Exit(0)
