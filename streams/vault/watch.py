"""Whether Vault still answers this process, asked from the side: who only waits for requests would not notice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from detectors.errors import RedoubtError
from streams.vault.client import VaultSession
from streams.watch.health import Health, Part

_EVERY_S: Final = 5.0


@contextmanager
def watched(vault: VaultSession, health: Health) -> Iterator[None]:
    """Tells `health` every few seconds while the block lasts; the first answer comes before the block begins."""
    over = threading.Event()

    def look() -> None:
        try:
            vault.read("auth/token/lookup-self")
        except RedoubtError as error:
            health.down(Part.VAULT, error.reason)
        else:
            health.up(Part.VAULT)

    def watch() -> None:
        while not over.wait(_EVERY_S):
            look()

    look()
    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
