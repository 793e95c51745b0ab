"""What `redoubt keys` does, with the rotator's rights: it sees no data key and no identifier."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from policies.tokens.renewal import Renewal
from policies.tokens.versions import CONVERGENT_KEY
from streams.export.folder import open_folder
from streams.export.mapping import Asked, Mapped, write_mapping
from streams.export.retoken import Retokened
from streams.export.retoken import retoken as carry_over
from streams.kafka.audit_writer import AuditWriter
from streams.settings import Settings
from streams.store.rewrap import Rewrap
from streams.vault.client import VaultSession
from streams.vault.rotation import VaultRotation
from streams.wiring.stores import store


@contextmanager
def rotation(settings: Settings, of_tokens: bool = False) -> Iterator[VaultRotation]:
    """Rotates the storage key and rewraps data keys, or rotates the tokens' key, with the rotator's rights."""
    vault = VaultSession(settings.vault)
    try:
        if of_tokens:
            yield VaultRotation(vault, settings.vault.tokens_mount, CONVERGENT_KEY)
        else:
            yield VaultRotation(vault, settings.vault.storage_mount)
    finally:
        vault.close()


def rewrap(settings: Settings, rotation: VaultRotation) -> Rewrap:
    """Carries the stored data keys over. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return Rewrap(store(settings, settings.store.phi_url), rotation)


def retoken(settings: Settings, folder: Path, purposes: Sequence[str], stop: threading.Event) -> Retokened:
    """Carries an export's convergent tokens over, with the rotator's rights. Raises RedoubtError."""
    vault = VaultSession(settings.vault)
    try:
        renewal = Renewal(vault, purposes, settings.vault.token_key_version, settings.vault.tokens_mount)
        with open_folder(folder) as opened:
            return carry_over(opened, renewal, stop)
    finally:
        vault.close()


def mapping(settings: Settings, extract: Path, out: Path, asked: Asked, stop: threading.Event) -> Mapped:
    """Writes the successors of an extract's tokens, with the rotator's rights and on record. Raises RedoubtError."""
    vault = VaultSession(settings.vault)
    try:
        renewal = Renewal(vault, [asked.purpose], settings.vault.token_key_version, settings.vault.tokens_mount)
        return write_mapping(extract, out, asked, renewal, AuditWriter(settings.kafka).append, stop)
    finally:
        vault.close()
