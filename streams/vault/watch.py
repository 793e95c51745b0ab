"""Whether Vault still answers this process, asked from the side: who only waits for requests would not notice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from detectors.errors import RedoubtError
from streams.vault.client import VaultSession
from streams.watch.aside import looking
from streams.watch.health import Health, Part


@contextmanager
def watched(vault: VaultSession, health: Health) -> Iterator[None]:
    """Tells `health` every few seconds while the block lasts; the first answer comes before the block begins."""

    def look() -> None:
        try:
            vault.read("auth/token/lookup-self")
        except RedoubtError as error:
            health.down(Part.VAULT, error.reason)
        else:
            health.up(Part.VAULT)

    with looking(look):
        yield
