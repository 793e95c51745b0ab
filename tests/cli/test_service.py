"""The exit code of a service whose part fails: whether a restart may help is told by it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from detectors.errors import Reason, RedoubtError
from streams.cli.shared import service
from streams.cli.shared.configuration import BROKER
from streams.kafka import EXIT_BROKER, EXIT_OK, EXIT_STOPPED
from streams.kafka.access import Role
from streams.settings import Settings


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As after a start that the broker let through; signals are pytest's again afterwards."""
    monkeypatch.setenv("REDOUBT_ENVIRONMENT", "demo")
    monkeypatch.setenv("REDOUBT_KAFKA__BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setattr(service, "refusal", lambda *_: None)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("reason", "code"),
    [(Reason.BROKER_UNAVAILABLE, EXIT_BROKER), (Reason.VAULT_REFUSED, EXIT_STOPPED), (None, EXIT_OK)],
)
def test_a_broker_that_goes_away_at_the_start_is_one_that_is_away(reason: Reason | None, code: int) -> None:
    """The entry of the configuration is written between the first questions and the work."""

    def run(_settings: Settings, _stop: threading.Event) -> int:
        if reason:
            raise RedoubtError(reason)
        return EXIT_OK

    assert service.run_service(Role.MONITOR, run, BROKER) == code
