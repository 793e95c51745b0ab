"""Fetches a copy back from where its event says it lies."""

from __future__ import annotations

from collections.abc import Sequence

from streams.events import DocumentMasked, ReviewRequested
from streams.events.envelope import Event
from streams.settings import Settings
from streams.store.claims import get_addressed, open_claims
from streams.store.sealed import SealedStore
from streams.vault.client import VaultSession
from streams.vault.keyring import VaultDataKeys


def copy_of(settings: Settings, results: Sequence[Event]) -> bytes | None:
    """The finished copy of a document: released, or sealed for a person's eye; None where there is none."""
    match results:
        case [DocumentMasked() as event, *_]:
            return get_addressed(open_claims(settings.store.masked_url), event.reference)
        case [ReviewRequested() as event, *_]:
            vault = VaultSession(settings.vault)
            try:
                keys = VaultDataKeys(vault, settings.vault.storage_mount)
                sealed = SealedStore(open_claims(settings.store.phi_url), keys).open(event.tenant, event.document_id)
                return sealed.get(event.reference) if event.reference else None
            finally:
                vault.close()
        case _:
            return None
