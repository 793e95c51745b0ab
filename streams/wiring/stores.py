"""The stores, opened and probed: which may begin empty, and which must have been begun before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.canaries.holds import ClassHolds
from streams.canaries.ledger import CanaryLedger
from streams.settings import Environment, Settings
from streams.store.claims import ClaimStore, ObjectClaims, open_claims
from streams.store.sealed import SealedStore
from streams.vault.client import VaultSession
from streams.vault.keyring import VaultDataKeys

_PROBE: Final = "probe"
_PROBE_BYTES: Final = 64 * 1024
"""More than what a full disk has left in blocks that are already its."""


def store(settings: Settings, url: str) -> ObjectClaims:
    """The store at a URL. Raises RedoubtError(STORE_UNAVAILABLE)."""
    # A bucket that is missing says so. A folder below which no volume is mounted looks like a store not yet begun.
    begins = settings.environment is Environment.DEMO or not url.startswith("file:")
    found = open_claims(url, begins=begins)
    found.probe()
    return found


def sealed_store(settings: Settings, vault: VaultSession) -> SealedStore:
    """What the PHI zone holds, opened with the rights of this session."""
    return SealedStore(store(settings, settings.store.phi_url), VaultDataKeys(vault, settings.vault.storage_mount))


def probe_stores(*stores: ClaimStore) -> None:
    """Write as documents do: a store that is full still shows its marker. Leaves no marker of its own: a volume that
    is not mounted would then pass for an empty store, and every document in it for lost."""
    for each in stores:
        try:
            each.get(_PROBE)
        except RedoubtError as error:
            if error.reason is not Reason.CONTENT_MISSING:
                raise
        each.replace(_PROBE, bytes(_PROBE_BYTES))


def masked_store(settings: Settings) -> ClaimStore:
    """Finished copies, as any reader of them has them. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return store(settings, settings.store.masked_url)


@contextmanager
def sealed(settings: Settings) -> Iterator[SealedStore]:
    """What the PHI zone holds, for as long as the block: for a person with the right to open it."""
    vault = VaultSession(settings.vault)
    try:
        yield sealed_store(settings, vault)
    finally:
        vault.close()


def ledger(settings: Settings) -> CanaryLedger:
    """Which documents are planted. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return CanaryLedger(store(settings, settings.store.phi_url))


def class_holds(settings: Settings) -> ClassHolds:
    """Which classes are held. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return ClassHolds(store(settings, settings.store.phi_url))
