"""What people's commands need of the broker, the vault and the stores."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from detectors.subject import Subject
from policies.retention import load as load_retention
from policies.tokens.derived import OFFSET_KEY, TransitSecrets
from policies.values import shift
from streams.export.export import Exported, Exporter
from streams.export.folder import open_folder
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.starts import sweep
from streams.kafka.submit import Request, Submitter
from streams.rejected import Act, Settler
from streams.settings import Settings
from streams.store.claims import ClaimStore
from streams.store.retention import Retention
from streams.vault.client import VaultSession
from streams.wiring.stores import sealed, sealed_store, store


@contextmanager
def submitter(settings: Settings) -> Iterator[Submitter]:
    """Seals and stores documents, and announces them. Raises RedoubtError by the part that is missing."""
    vault = VaultSession(settings.vault)
    try:
        offsets = TransitSecrets(vault, OFFSET_KEY, settings.vault.tokens_mount)
        with Submitter(settings.kafka, sealed_store(settings, vault), offsets=offsets) as found:
            yield found
    finally:
        vault.close()


def offset_secret(settings: Settings, request: Request, patient: Subject | None) -> bytes | None:
    """What the dates of all of a patient's documents move by, with the submitter's rights. Raises RedoubtError."""
    vault = VaultSession(settings.vault)
    try:
        offsets = TransitSecrets(vault, OFFSET_KEY, settings.vault.tokens_mount)
        return shift.offset_secret(offsets, request.tenant, request.purpose, patient)
    finally:
        vault.close()


def export(settings: Settings, folder: Path, stop: threading.Event) -> Exported:
    """Exports what is new. The masked store is opened for the first record that is too large for the topic."""
    stores: list[ClaimStore] = []

    def fetch(reference: str) -> bytes:
        if not stores:
            stores.append(store(settings, settings.store.masked_url))
        return stores[0].get(reference)

    with open_folder(folder) as opened:
        return Exporter(settings.kafka, fetch).run(opened, stop)


@contextmanager
def settler(settings: Settings, act: Act, vault: bool) -> Iterator[Settler]:
    """Replays and discards. With `vault` also what only the store still has: it is opened once it is needed."""
    with ExitStack() as stack:
        opened = (lambda: stack.enter_context(sealed(settings))) if vault else None
        yield stack.enter_context(Settler(settings.kafka, act, opened))


def retention(settings: Settings, actor: str) -> Retention:
    """Ends documents and holds them; the broker is asked at the first entry.

    Raises RedoubtError(STORE_UNAVAILABLE), RedoubtError(MISCONFIGURED) for a policy that is none.
    """
    policy = load_retention(settings.store.retention_file)
    audit = AuditWriter(settings.kafka)
    phi, masked = store(settings, settings.store.phi_url), store(settings, settings.store.masked_url)
    return Retention(phi, masked, policy, audit.append, actor)


def sweep_starts(settings: Settings, now: datetime) -> int:
    """How many notes of dead processes were old enough to go. Raises RedoubtError(STORE_UNAVAILABLE)."""
    return sweep(store(settings, settings.store.phi_url), now)
