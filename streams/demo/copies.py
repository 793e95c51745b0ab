"""Fetches a copy back from where its event says it lies, and the folder that the copies are shown in."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from streams.events import DocumentMasked, ReviewRequested
from streams.events.envelope import Event
from streams.settings import Settings
from streams.store.claims import get_addressed, open_claims
from streams.store.sealed import SealedStore
from streams.vault.client import VaultSession
from streams.vault.keyring import VaultDataKeys

RELEASED: Final = "released"
REVIEW: Final = "review"
LOGS: Final = "logs"


def short(document_id: str) -> str:
    """The name of a copy's file: eight hexadecimal digits tell a demonstration's documents apart."""
    return document_id[:8]


def empty(folder: Path) -> bool:
    """Removes what an earlier demonstration left; False, and nothing removed, where anything else lies there."""
    ours = {RELEASED, REVIEW, LOGS}
    if folder.exists() and {entry.name for entry in folder.iterdir()} - ours:
        return False
    for name in ours:
        shutil.rmtree(folder / name, ignore_errors=True)
    return True


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
