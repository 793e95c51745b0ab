"""What the long-running commands share: settings, logs, the broker's leave, signals, exit codes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence

import typer

from detectors.errors import RedoubtError
from streams.audit.configuration import in_force
from streams.cli.shared.configuration import configured
from streams.kafka import exit_code
from streams.kafka.access import Role
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.preflight import ANSWER_S, refusal
from streams.reasons import told
from streams.settings import Settings
from streams.watch import logs


def run_service(role: Role, run: Callable[[Settings, threading.Event], int], needed: Sequence[str]) -> int:
    """Runs until SIGTERM or SIGINT sets the event; the exit code. `needed` are settings that must have been given."""
    logs.configure()
    os.umask(0o077)
    log = logs.get(role.value)
    settings = configured(*needed)
    refused = told_refusal(settings, role)
    if refused is not None:
        log.error("broker refused", code=refused)
        return refused
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        code = run(settings, stop)
    except RedoubtError as error:
        code = exit_code(error)
        log.error("part failed", error=error, code=code)
        typer.echo(f"redoubt: {told(error.reason)}", err=True)
        return code
    log.info("ended", code=code)
    return code


def told_configuration(settings: Settings, role: Role) -> None:
    """The audit log has under what configuration this process works, before it does. Raises
    RedoubtError(BROKER_UNAVAILABLE)."""
    actor = settings.kafka.instance if role is Role.WORKER else role.value
    AuditWriter(settings.kafka).append(in_force(actor, settings))


def told_refusal(settings: Settings, role: Role | None, within_s: float = ANSWER_S) -> int | None:
    """Why the broker does not let this process work, in lines on stderr; its exit code, or None where it does."""
    found = refusal(settings, role, within_s)
    if found is None:
        return None
    for line in found.lines:
        typer.echo(f"redoubt: kafka: {line}", err=True)
    return found.code
